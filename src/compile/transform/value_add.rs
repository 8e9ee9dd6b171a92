//! The kind `ValueAddTransformer`: puts one value into fields, or as one more folder into the paths that stand there.

use std::collections::BTreeSet;

use super::super::fields::Fields;
use super::super::{Step, Work, doubles};
use super::Transformer;
use super::namespace;
use super::write::{new_untagged, open_annotations, set_untagged, warn_of_unknown, wrong_kind};
use crate::compile::patch::Target;
use crate::finding::Finding;
use crate::resource::{WrongKind, split_escaped};
use crate::source::{Entry, FieldPath, Key, Node, Signature};

/// `ValueAddTransformer`.
pub(super) static VALUE_ADD: Transformer =
    Transformer { field: "", kind: "ValueAddTransformer", apply: |_, _| {}, configured };

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "a ValueAddTransformer", work.findings) else { return };
    warn_of_unknown(&fields, &["value", "targets", "targetFilePath"], work.findings);
    let given = fields.text("value", work.findings).map_or("", |(text, _)| text.trim());
    let folder = work.loader.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let value = if given.is_empty() { folder } else { given.to_owned() };
    let mut targets: Vec<Node> = fields.list("targets", work.findings).to_vec();
    let start = work.findings.len();
    if let Some((path, node)) = fields.nonempty("targetFilePath", work.findings)
        && let Some(parsed) = work.loader.whole(path, node.location(), work.findings)
        && let Some(root) = parsed.documents.first().and_then(|document| document.root.as_ref())
        && let Some(file) = Fields::of_object(root, "a list of targets", work.findings)
    {
        targets.extend_from_slice(file.list("targets", work.findings));
    }
    doubles::warn(start, work.findings);
    if targets.is_empty() {
        work.findings.push(
            Finding::error("build/field-value", "a ValueAddTransformer needs at least one target")
                .at(fields.location(), "no `targets` here")
                .help("write `targets: [{fieldPath: metadata/namespace}]`"),
        );
    }
    targets.iter().for_each(|target| add(&value, target, work));
}

fn add(value: &str, target: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(target, "a target", work.findings) else { return };
    let Some((path, at)) = fields.nonempty("fieldPath", work.findings) else {
        work.findings.push(
            Finding::error("build/field-value", "a target needs a `fieldPath`")
                .at(target.location(), "no `fieldPath` here")
                .help("name the field, such as `fieldPath: metadata/namespace`"),
        );
        return;
    };
    let position = match fields.number("filePathPosition", work.findings) {
        Some((number, node)) if number < 0 => {
            let message = "`filePathPosition` is less than nothing";
            work.findings.push(
                Finding::error("build/field-value", message)
                    .at(node.location(), "")
                    .help("the first folder of a path is 1; 0 replaces the whole value"),
            );
            return;
        }
        found => found.map_or(0, |(number, _)| usize::try_from(number).unwrap_or(usize::MAX)),
    };
    let selected: Vec<usize> = match fields.node("selector") {
        None => (0..work.set.len()).collect(),
        Some(selector) => match Target::read(selector, work.findings) {
            Some(target) => target.positions(work.set, &BTreeSet::new()),
            None => return,
        },
    };
    let sign = Step::transform("ValueAddTransformer").sign(at.location());
    let parts = split_escaped(path, '/');
    work.set.unsettle();
    for index in selected {
        let Some(resource) = work.set.rename_mut().get_mut(index) else { continue };
        let put = if path == "metadata/namespace" {
            namespace::put_on(resource, value, work.compat, at.location(), sign)
        } else {
            let leads_there =
                matches!(&parts[..], [first, second, _, ..] if first == "metadata" && second == "annotations");
            if leads_there && resource.fleeting_annotations {
                continue;
            }
            if leads_there && resource.has_notes() {
                open_annotations(resource, &sign);
            }
            put(&mut resource.root, &parts, value, position, &sign)
        };
        resource.settle_version();
        if let Err(wrong) = put {
            work.findings.push(wrong_kind(wrong, resource, "ValueAddTransformer", at.location()));
        }
    }
}

/// One part of a path, as kustomize's `PathGetter` reads it.
enum Part<'p> {
    Index(usize),
    Last,
    /// The item of a list whose field `key` is `value`.
    Item(&'p str, &'p str),
    Key(&'p str),
}

impl Part<'_> {
    fn of(part: &str) -> Part<'_> {
        let inner = part.strip_prefix('[').and_then(|part| part.strip_suffix(']'));
        match (part.parse(), inner.and_then(|inner| inner.split_once('='))) {
            (Ok(index), _) => Part::Index(index),
            (_, Some((key, value))) => Part::Item(key, value),
            _ if part == "-" => Part::Last,
            _ => Part::Key(part),
        }
    }

    /// Whether it leads to an item of a list, so that what holds it is made one.
    fn is_in_list(&self) -> bool {
        !matches!(self, Part::Key(_))
    }
}

fn put(node: &mut Node, parts: &[String], value: &str, position: usize, sign: &Signature) -> Result<(), WrongKind> {
    let Some((part, rest)) = parts.split_first() else {
        if !node.is_scalar() {
            return Err(WrongKind::new(node, "a single value"));
        }
        let old = if node.is_null() { "" } else { node.text().unwrap_or_default() };
        let text = text_with(old, value, position);
        set_untagged(node, text, sign);
        return Ok(());
    };
    // What is null has no fields, and gets none.
    if node.is_null() {
        return Ok(());
    }
    let key = match Part::of(part) {
        Part::Key(key) => key,
        item => return in_list(node, &item, rest, value, position, sign),
    };
    let Some(mapping) = node.as_mapping_mut() else { return Err(WrongKind::new(node, "a mapping")) };
    if mapping.get(key).is_none() {
        let new = match rest.first().map(|next| Part::of(next).is_in_list()) {
            // Made with its value at once, so that its history begins with it.
            None => {
                mapping.set_key(key, new_untagged(text_with("", value, position), sign), sign);
                return Ok(());
            }
            Some(true) => Node::new_sequence(Vec::new(), sign),
            Some(false) => Node::new_mapping(Vec::new(), sign),
        };
        mapping.set_key(key, new, sign);
    }
    let child = mapping.get_mut(key);
    child.map_or(Ok(()), |child| put(child, rest, value, position, sign).map_err(|wrong| under(key, wrong)))
}

fn in_list(
    node: &mut Node,
    part: &Part<'_>,
    rest: &[String],
    value: &str,
    position: usize,
    sign: &Signature,
) -> Result<(), WrongKind> {
    let Some(list) = node.as_sequence_mut() else { return Err(WrongKind::new(node, "a list")) };
    let at = match *part {
        Part::Index(index) => Some(index),
        Part::Last => list.items().len().checked_sub(1),
        Part::Item(key, wanted) => {
            let is_meant = |item: &Node| item.get(key).and_then(Node::text) == Some(wanted);
            let found = list.items().iter().position(is_meant);
            if found.is_none() {
                let entry = Entry { key: Key::new(key, sign.at), value: new_untagged(wanted, sign) };
                list.push(Node::new_mapping(vec![entry], sign), sign);
            }
            found.or(list.items().len().checked_sub(1))
        }
        Part::Key(_) => None,
    };
    let item = at.and_then(|at| list.items_mut().get_mut(at));
    item.map_or(Ok(()), |item| put(item, rest, value, position, sign))
}

/// What is wrong below `key`, with its path from here.
fn under(key: &str, mut wrong: WrongKind) -> WrongKind {
    let inner = std::mem::replace(&mut wrong.path, FieldPath::root().key(key));
    inner.steps().iter().for_each(|step| wrong.path.push(step.clone()));
    wrong
}

/// What a field with the text `old` becomes.
fn text_with(old: &str, value: &str, position: usize) -> String {
    if position > 0 { insert_folder(old, position - 1, value) } else { value.to_owned() }
}

/// Puts a folder into a path; a leading slash stays in front, and a position behind the end means the end.
fn insert_folder(path: &str, position: usize, folder: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), folder);
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::insert_folder;

    #[test]
    fn a_folder_goes_where_its_number_says() {
        let cases = [
            ("", 0, "new"),
            ("/", 5, "/new"),
            ("pie", 0, "new/pie"),
            ("/pie", 0, "/new/pie"),
            ("raw", 9, "raw/new"),
            ("/a/nice/warm/pie", 3, "/a/nice/warm/new/pie"),
        ];
        for (path, position, expected) in cases {
            assert_eq!(insert_folder(path, position, "new"), expected, "{path} at {position}");
        }
    }
}
