//! Texts that kustomize puts in quotes when it sets them, which later writers then find there.

use crate::source::yaml::scalar;
use crate::source::{Node, ScalarKind, Style};

/// The scalar in quotes, if it would be something else than text without them (`FieldSetter`).
pub fn in_quotes(node: &Node) -> Option<Node> {
    let text = node.text().filter(|text| !text.is_empty() && !text.contains('\n'))?;
    if node.style() != Style::Plain || scalar::resolve_v2(text) == ScalarKind::String {
        return None;
    }
    (node.kind() == ScalarKind::String || node.is_untagged())
        .then(|| node.respelled(Style::DoubleQuoted, ScalarKind::String))
}
