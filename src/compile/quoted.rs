//! Texts that kustomize puts in quotes when it sets them, which later writers then find there.

use crate::source::yaml::{self, scalar};
use crate::source::{FileId, Node, ScalarKind, Style};

/// The scalar in quotes, if it would be something else than text without them (`FieldSetter`).
pub fn in_quotes(node: &Node) -> Option<Node> {
    let text = node.text().filter(|text| !text.is_empty() && !text.contains('\n'))?;
    if node.style() != Style::Plain || is_string(text) {
        return None;
    }
    (node.kind() == ScalarKind::String || node.is_untagged())
        .then(|| node.respelled(Style::DoubleQuoted, ScalarKind::String))
}

/// Whether a line of YAML 1.1 is a string (`IsValueNonString`): a time and one that is no YAML are, and `&a` is not.
fn is_string(text: &str) -> bool {
    let may_be_more = text.starts_with(['&', '*', '!', '{', '[', '#', '\'', '"', '|', '>', '%', '@', '`'])
        || ["- ", "? ", "---", "..."].iter().any(|start| text.starts_with(start))
        || [": ", ":\t", " #", "\t#"].iter().any(|part| text.contains(part))
        || text.ends_with([':', ' ', '\t'])
        || text.starts_with([' ', '\t'])
        || matches!(text, "-" | "?");
    if !may_be_more {
        return is_text(text);
    }
    let parsed = yaml::parse(text, FileId::default());
    // A mapping without a word for a key is none to a reader of YAML 1.1.
    if !parsed.errors.is_empty() || text.starts_with(": ") {
        return true;
    }
    let root = parsed.documents.first().and_then(|document| document.root.as_ref());
    root.is_some_and(|root| match root.style() {
        Style::Plain => root.text().is_some_and(is_text),
        _ => root.is_scalar() && root.kind() == ScalarKind::String,
    })
}

fn is_text(text: &str) -> bool {
    matches!(scalar::resolve_v2(text), ScalarKind::String | ScalarKind::Timestamp)
}
