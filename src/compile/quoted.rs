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

/// The scalar as kustomize writes it if it has several lines and no quotes: as a block, which matters where it begins with
/// a tab and so cannot be read again.
pub fn as_block(node: Node) -> Node {
    let plain = matches!(node.style(), Style::Plain | Style::Tagged);
    let text = node.text().filter(|text| plain && text.starts_with('\t') && text.contains('\n'));
    if text.is_some() { node.restyled(Style::Literal) } else { node }
}

/// Whether a line of YAML 1.1 is a string (`IsValueNonString`): a time and one that is no YAML are, and `&a` is not.
fn is_string(text: &str) -> bool {
    if text.contains(BREAKS) {
        return reads_as_string(&text.replace(BREAKS, "\n"));
    }
    let may_be_more = text.starts_with(['&', '*', '!', '{', '[', '#', '\'', '"', '|', '>', '%', '@', '`'])
        || ["- ", "? ", "---", "..."].iter().any(|start| text.starts_with(start))
        || [": ", ":\t", " #", "\t#"].iter().any(|part| text.contains(part))
        || text.ends_with([':', ' ', '\t'])
        || text.starts_with([' ', '\t'])
        || matches!(text, "-" | "?");
    if may_be_more { reads_as_string(text) } else { is_text(text) }
}

/// What ends a line in YAML 1.1 beside a line feed.
const BREAKS: [char; 4] = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];

fn reads_as_string(text: &str) -> bool {
    let parsed = yaml::parse(text, FileId::default());
    // To a reader of YAML 1.1, a mapping needs a word for its key, and no document ends before it began.
    let ends = text
        .trim_start_matches('\n')
        .strip_prefix("...")
        .is_some_and(|rest| rest.trim_start().len() < rest.len() || rest.is_empty());
    if !parsed.errors.is_empty() || text.starts_with(": ") || ends {
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
