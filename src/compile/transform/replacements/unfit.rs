//! Fields that were given a text which does not mean what the field is: `web` in the place of a number.
//!
//! Kustomize keeps the kind of the field, and stumbles over it once the object is written: a later patch may still mend
//! it, or take it away.

use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::yaml::scalar;
use crate::source::{Cause, FieldPath, Node, PathStep, ScalarKind, Style, View};

/// Whether a replacement has left the scalar with a text that does not mean what it is.
pub(super) fn is_unfit(node: &Node) -> bool {
    let replaced = node.origin().is_some_and(|origin| origin.by == Cause::Transformed("replacements"));
    replaced && node.text().is_some_and(|text| !reads_as(text, node.kind()))
}

/// How a resource is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// As it stands, for a JSON patch.
    InBetween,
    /// At the end, when all annotations are made texts.
    Last,
}

/// Reports such fields of a resource that is written now.
pub fn check(resource: &mut Resource, writing: Writing, findings: &mut Findings) {
    if !std::mem::take(&mut resource.unfit) {
        return;
    }
    if writing == Writing::Last
        && let Some(metadata) = resource.root.get_mut("metadata")
        && let Some(annotations) = metadata.get_mut("annotations")
    {
        make_texts(annotations);
    }
    let mut path = FieldPath::root();
    each(&resource.root, &mut path, &mut |node, path| {
        let (Some(origin), Some(text)) = (node.origin().filter(|_| is_unfit(node)), node.text()) else { return };
        let id = resource.id();
        let message = format!("`{path}` of `{id}` is {}, and `{text}` is not", kind_words(node.kind()));
        let finding = Finding::error("replacements/unfit-value", message)
            .at(origin.at, "the value does not fit")
            .help("write the field in quotes, or copy a value of its type");
        let field = origin.was.as_ref().map(Node::location);
        findings.push(field.into_iter().fold(finding, |it, at| it.related(at, "this field")).resource(id));
    });
    make_texts(&mut resource.root);
}

/// Makes texts of such fields, so that nobody stumbles over them again.
fn make_texts(node: &mut Node) {
    if is_unfit(node) {
        *node = node.respelled(Style::Plain, ScalarKind::String);
    } else if let Some(mapping) = node.as_mapping_mut() {
        mapping.iter_mut().for_each(|(_, value)| make_texts(value));
    } else if let Some(list) = node.as_sequence_mut() {
        list.items_mut().iter_mut().for_each(make_texts);
    }
}

fn each(node: &Node, path: &mut FieldPath, visit: &mut dyn FnMut(&Node, &FieldPath)) {
    match node.view() {
        View::Scalar(..) => visit(node, path),
        View::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathStep::Index(index));
                each(item, path, visit);
                path.pop();
            }
        }
        View::Mapping(mapping) => {
            for entry in mapping.iter() {
                path.push(PathStep::Key(entry.key.name));
                each(&entry.value, path, visit);
                path.pop();
            }
        }
    }
}

/// Whether a text is of this kind once it is written into a field of the kind.
fn reads_as(text: &str, kind: ScalarKind) -> bool {
    let found = scalar::resolve(text);
    match kind {
        ScalarKind::String | ScalarKind::Binary => true,
        ScalarKind::Float => matches!(found, ScalarKind::Float | ScalarKind::Int),
        kind => found == kind,
    }
}

fn kind_words(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "null",
        ScalarKind::Bool => "true or false",
        ScalarKind::Int => "a whole number",
        ScalarKind::Float => "a number",
        ScalarKind::Timestamp => "a date",
        ScalarKind::String | ScalarKind::Binary => "text",
    }
}
