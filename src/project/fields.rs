//! Reads typed fields of our own files from their trees, with a finding for each mistake.

use crate::finding::{Finding, Findings, nearest};
use crate::source::{Key, Mapping, Node, ScalarKind, View};

/// What a node is, in words.
pub(super) fn describe(node: &Node) -> &'static str {
    match node.view() {
        View::Mapping(_) => "a mapping",
        View::Sequence(_) => "a list",
        View::Scalar(_, kind) => match kind {
            ScalarKind::String | ScalarKind::Binary => "a string",
            ScalarKind::Null => "empty",
            ScalarKind::Bool => "a boolean",
            ScalarKind::Int | ScalarKind::Float => "a number",
            ScalarKind::Timestamp => "a date",
        },
    }
}

/// Says that `field` is not what it must be.
pub(super) fn wrong_type(field: &str, node: &Node, expected: &str, example: &str) -> Finding {
    Finding::error("project/wrong-type", format!("`{field}` must be {expected}"))
        .at(node.location(), format!("this is {}", describe(node)))
        .help(format!("write `{example}`"))
}

/// `node` as a mapping.
pub(super) fn mapping<'a>(field: &str, node: &'a Node, example: &str, findings: &mut Findings) -> Option<&'a Mapping> {
    let mapping = node.as_mapping();
    if mapping.is_none() {
        findings.push(wrong_type(field, node, "a mapping", example));
    }
    mapping
}

/// `node` as a string.
pub(super) fn string<'a>(field: &str, node: &'a Node, example: &str, findings: &mut Findings) -> Option<&'a str> {
    let text = node.as_str();
    if text.is_none() {
        findings.push(wrong_type(field, node, "a string", example));
    }
    text
}

/// Reports the fields of `mapping` that are not `known`. `owner` says whose fields they are.
pub(super) fn unknown(mapping: &Mapping, known: &[&str], owner: &str, findings: &mut Findings) {
    for entry in mapping.iter().filter(|entry| !known.contains(&entry.key.name.as_str())) {
        findings.push(unknown_field(&entry.key, known, owner));
    }
}

fn unknown_field(key: &Key, known: &[&str], owner: &str) -> Finding {
    let finding = Finding::error("project/unknown-field", format!("{owner} has no field `{}`", key.name))
        .at(key.location, "unknown field");
    match nearest(&key.name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(key.location, near),
        None => finding.help(format!("the fields are {}", list(known))),
    }
}

/// Words in backticks with commas between them.
pub(super) fn list<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}
