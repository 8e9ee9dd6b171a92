//! What of a file is a secret: its text can be shown once that is masked.

use super::file::{text, value};
use crate::source::edit::Edits;
use crate::source::{FileId, Node, View, yaml};

/// What stands for a secret.
const MASK: &str = "***";

/// `text` with the values of Secrets, and the literals that a `secretGenerator` makes Secrets of, masked. Lines stay
/// lines. A text that is no YAML is masked whole.
pub fn masked(text: &str) -> String {
    let parsed = yaml::parse(text, FileId::default());
    let mut edits = Edits::new();
    if parsed.errors.is_empty() {
        parsed.documents.iter().filter_map(|document| document.root.as_ref()).for_each(|root| {
            walk(root, text, &mut edits);
        });
        if let Ok(shown) = edits.apply(text) {
            return shown;
        }
    }
    text.lines().map(|_| format!("{MASK}\n")).collect()
}

fn walk(node: &Node, whole: &str, edits: &mut Edits) {
    match node.view() {
        View::Mapping(mapping) => {
            if text(node, "kind") == "Secret" {
                for field in ["data", "stringData"] {
                    value(node, field).into_iter().for_each(|values| mask_all(values, whole, edits));
                }
            }
            let generators = value(node, "secretGenerator").and_then(Node::as_sequence).unwrap_or_default();
            for generator in generators {
                value(generator, "literals").into_iter().for_each(|values| mask_all(values, whole, edits));
            }
            let of_secret = value(node, "target").is_some_and(|target| text(target, "kind") == "Secret");
            if let Some(patch) = value(node, "patch").filter(|_| of_secret) {
                mask(patch, whole, edits);
            }
            mapping.iter().for_each(|entry| walk(&entry.value, whole, edits));
        }
        View::Sequence(items) => items.iter().for_each(|item| walk(item, whole, edits)),
        // A patch within the file that changes a Secret.
        View::Scalar(text, _) if text.contains('\n') && text.contains("Secret") => mask(node, whole, edits),
        View::Scalar(..) => {}
    }
}

fn mask_all(node: &Node, whole: &str, edits: &mut Edits) {
    match node.view() {
        View::Mapping(mapping) => mapping.iter().for_each(|entry| mask_all(&entry.value, whole, edits)),
        View::Sequence(items) => items.iter().for_each(|item| mask_all(item, whole, edits)),
        View::Scalar(..) => mask(node, whole, edits),
    }
}

/// Masks each line of a scalar; the name before the `=` of a literal and the indentation stay.
fn mask(node: &Node, whole: &str, edits: &mut Edits) {
    let span = node.location().span;
    let written = &whole[span.range()];
    let mut shown = String::new();
    for (index, line) in written.split_inclusive('\n').enumerate() {
        let words = line.trim_end_matches(['\n', '\r']);
        let kept = match words.split_once('=') {
            Some((name, _)) if index == 0 => name.len() + 1,
            _ if index == 0 && words.starts_with(['|', '>']) => words.len(),
            _ => words.len() - words.trim_start().len(),
        };
        let hidden = if kept < words.len() { MASK } else { "" };
        shown.push_str(&words[..kept]);
        shown.push_str(hidden);
        shown.push_str(&line[words.len()..]);
    }
    let mut one = Edits::new();
    one.replace(span, shown);
    // An alias brings the same text in twice.
    edits.merge(&one);
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_are_masked_and_nothing_else() {
        let text = "secretGenerator:\n- name: a\n  literals: [\"user=me\", pass=word]\nconfigMapGenerator:\n- literals:\n  - a=b\n\
            patches:\n- patch: |-\n    kind: Secret\n    data: {a: b}\n- target: {kind: Secret}\n  patch: '[]'\n\
            ---\nkind: Secret\nmetadata: {name: x}\nstringData:\n  a: |\n    b\n    c\n  d: e # why\n";
        let shown = "secretGenerator:\n- name: a\n  literals: [\"user=***, pass=***]\nconfigMapGenerator:\n- literals:\n  - a=b\n\
            patches:\n- patch: |-\n    ***\n    ***\n- target: {kind: Secret}\n  patch: ***\n\
            ---\nkind: Secret\nmetadata: {name: x}\nstringData:\n  a: |\n    ***\n    ***\n  d: *** # why\n";
        assert_eq!(masked(text), shown);
        assert_eq!(masked("a: [b\n"), "***\n");
    }
}
