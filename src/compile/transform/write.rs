//! What all transformers share: writing to the fields that specs select, and saying what stands in the way.

use super::super::configuration::read_specs;
use super::super::fields::Fields;
use super::super::shared_label;
use crate::finding::{Finding, Findings};
use crate::resource::{FieldSpec, Missing, Resource, WrongKind};
use crate::source::yaml::scalar;
use crate::source::{Location, Node, ScalarKind, Signature, Style};

/// Gives a scalar another text as kustomize's `SetScalar` does: quotes stay, and a plain text means what it looks like.
pub(super) fn set_untagged(node: &mut Node, text: String, sign: &Signature) {
    let (style, kind) = (node.style(), untagged_kind(&text, node.style()));
    node.set(new_untagged(text, sign).respelled(style, kind).untagged(), sign);
}

/// A new scalar without a tag or quotes.
pub(super) fn new_untagged(text: impl Into<String>, sign: &Signature) -> Node {
    let text = text.into();
    let kind = untagged_kind(&text, Style::Plain);
    Node::new_scalar(text, kind, sign).untagged()
}

/// What a text without a tag means when it is read again.
pub fn untagged_kind(text: &str, style: Style) -> ScalarKind {
    if style == Style::Plain { scalar::resolve(text) } else { ScalarKind::String }
}

/// Visits the fields that `spec` selects in `resource`, annotations as kustomize has them.
pub(super) fn visit(
    spec: &FieldSpec,
    resource: &mut Resource,
    missing: &Missing,
    sign: &Signature,
    visit: &mut dyn FnMut(&mut Node) -> Result<(), WrongKind>,
) -> Result<(), WrongKind> {
    open_for(spec, resource, sign);
    let done = spec.visit_mut(&mut resource.root, missing, sign, visit);
    shared_label::follow_field(&mut resource.root, spec.path.iter().map(|part| part.key.as_str()));
    done
}

/// Makes the annotations that are missing or null, if `spec` leads to them and kustomize keeps its notes in them. Left
/// empty they go at the end.
///
/// Without notes null annotations take what is put into them and stay null, so that a patch loses it; until a field spec
/// that creates what is missing makes a mapping of them.
pub(super) fn open_for(spec: &FieldSpec, resource: &mut Resource, sign: &Signature) {
    let [first, second, ref rest @ ..] = spec.path[..] else { return };
    if first.key != *"metadata" || second.key != *"annotations" {
        return;
    }
    let noted = resource.has_notes();
    let null = resource.root.dig(&["metadata", "annotations"]).is_some_and(Node::is_null);
    if noted || null && (spec.create || rest.is_empty()) {
        resource.fleeting_annotations |= null && !noted && !spec.create;
        open_annotations(resource, sign);
    }
    resource.fleeting_annotations &= !spec.create;
}

/// Makes annotations that are missing or hold nothing: kustomize clears what has no items when it notes something there.
pub(super) fn open_annotations(resource: &mut Resource, sign: &Signature) {
    let is_bare = |node: &Node| node.is_scalar() || node.as_sequence().is_some_and(<[Node]>::is_empty);
    let is_missing = |metadata: &&mut Node| metadata.get("annotations").is_none_or(is_bare);
    if let Some(metadata) = resource.root.get_mut("metadata").filter(is_missing)
        && let Some(mapping) = metadata.as_mapping_mut()
    {
        mapping.set_key("annotations", Node::new_mapping(Vec::new(), sign), sign);
    }
}

/// Says that a field of `resource` is not of the kind that `field`, which is asked for at `asked`, needs.
pub(super) fn wrong_kind(wrong: WrongKind, resource: &Resource, field: &str, asked: Location) -> Finding {
    let WrongKind { at, path, found, expected } = wrong;
    if expected == WrongKind::NO_FIELD {
        let message =
            format!("a field spec of `{field}` has a path with an empty part, and selects `{}`", resource.id());
        return Finding::error("build/field-spec", message)
            .at(asked, format!("`{field}` asks for it here"))
            .related(resource.named_at(), "selected")
            .help("write the path as in `spec/template/metadata/labels`")
            .resource(resource.id());
    }
    if expected == WrongKind::NO_NAME {
        return nameless_label(at, field).related(resource.named_at(), "put on this").resource(resource.id());
    }
    let message = format!("`{path}` of `{}` is {found}, and `{field}` needs {expected} there", resource.id());
    Finding::error("build/wrong-kind", message)
        .at(at, format!("this is {found}"))
        .related(asked, format!("`{field}` asks for it here"))
        .help("correct the resource, or narrow the field spec to the kinds that have the field")
        .resource(resource.id())
        .path(path)
}

/// Says that the label or annotation at `asked` has an empty name.
pub(in crate::compile) fn nameless_label(asked: Location, field: &str) -> Finding {
    Finding::error("build/nameless-label", format!("`{field}` holds a pair without a name"))
        .at(asked, "its name is empty")
        .help("write a name before the colon, or remove the pair")
}

/// The field specs that a configuration object brings. A null among them is one without a path.
pub(super) fn own_specs(fields: &Fields<'_>, findings: &mut Findings) -> Vec<FieldSpec> {
    let mut specs = Vec::new();
    for row in fields.list("fieldSpecs", findings) {
        match row.is_null() {
            true => specs.push(FieldSpec::new("", false)),
            false => specs.extend(read_specs([row], findings).into_iter().map(|(spec, _)| spec)),
        }
    }
    specs
}

/// The fields that every configuration object has.
pub(super) const HEAD: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Warns of fields of a configuration object that are neither [`HEAD`] nor `own`.
pub fn warn_of_unknown(fields: &Fields<'_>, own: &[&str], findings: &mut Findings) {
    fields.warn_of_unknown(&[&HEAD, own].concat(), findings);
}
