//! Scalars that kustomize keeps without a tag, so that their text says anew what they are, whenever it changes and when
//! it is printed; and texts that it puts in quotes when it sets them, which later writers then find there.

use crate::source::yaml::scalar;
use crate::source::{Cause, Node, ScalarKind, Style};

/// Whether the scalar has no tag: its last writers gave it a text, and no kind.
pub fn is_untagged(node: &Node) -> bool {
    let Some(origin) = node.origin() else { return false };
    match origin.by {
        Cause::Transformed("namePrefix" | "nameSuffix" | "ValueAddTransformer") => true,
        // One that is made has no tag; one that is there keeps what it has.
        Cause::Transformed("replacements") => origin.was.as_ref().is_none_or(is_untagged),
        _ => false,
    }
}

/// The scalar in quotes, if it would be something else than text without them (`FieldSetter`).
pub fn in_quotes(node: &Node) -> Option<Node> {
    let text = node.text().filter(|text| !text.is_empty() && !text.contains('\n'))?;
    if node.style() != Style::Plain || scalar::resolve_v2(text) == ScalarKind::String {
        return None;
    }
    (node.kind() == ScalarKind::String || is_untagged(node)).then(|| node.as_quoted_string())
}
