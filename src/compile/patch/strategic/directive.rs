//! `$patch: merge | replace | delete` in mappings and lists of a patch.

use crate::source::Node;

/// The key of a directive.
pub const KEY: &str = "$patch";

/// What a directive asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directive {
    /// Merge, as without a directive.
    Merge,
    /// The patch takes the place of the base.
    Replace,
    /// The base is deleted.
    Delete,
}

/// The directive of a mapping or list, and the node without it. `Err` is the value of an unknown directive.
pub fn take(node: &Node) -> Result<Option<(Directive, Node)>, &Node> {
    if node.as_mapping().is_some() {
        let Some(value) = node.get(KEY) else { return Ok(None) };
        return Ok(Some((parse(value)?, without_key(node))));
    }
    let items = node.as_sequence().unwrap_or_default();
    // Only the first item with `$patch` counts, and only if it holds nothing else.
    let marked = items.iter().filter_map(Node::as_mapping).find(|item| item.get(KEY).is_some());
    let Some(value) = marked.filter(|item| item.len() == 1).and_then(|item| item.get(KEY)) else { return Ok(None) };
    Ok(Some((parse(value)?, without_items(node, items, value))))
}

fn parse(value: &Node) -> Result<Directive, &Node> {
    match value.text() {
        Some("merge") => Ok(Directive::Merge),
        Some("replace") => Ok(Directive::Replace),
        Some("delete") => Ok(Directive::Delete),
        _ => Err(value),
    }
}

fn without_key(node: &Node) -> Node {
    let entries = node.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
    node.holding(entries.filter(|entry| entry.key.name != *KEY).cloned().collect())
}

/// Kustomize removes the directive as it removes any item by key: nulls and empty mappings go too, and so do items
/// that have more beside the same directive.
fn without_items(node: &Node, items: &[Node], value: &Node) -> Node {
    let keep = |item: &&Node| match item.as_mapping() {
        Some(mapping) => !mapping.is_empty() && mapping.get(KEY).and_then(Node::text) != value.text(),
        None => !item.is_null(),
    };
    Node::read_sequence(items.iter().filter(keep).cloned().collect(), node.location())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::{FileId, yaml};

    fn read(text: &str) -> Node {
        yaml::parse(text, FileId::default()).documents[0].root.clone().unwrap()
    }

    fn printed(node: &Node) -> String {
        let mut out = String::new();
        yaml::print(node, &mut out).unwrap();
        out
    }

    #[test]
    fn directives_are_found_and_taken_out() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/merge2/smp_directive.json");
        let Ok(text) = std::fs::read_to_string(corpus) else { return };
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        for row in &rows {
            let node = read(row["patch"].as_str().unwrap());
            // A scalar has none; kustomize never asks there, and would fail.
            if !row["error_contains"].is_null() {
                assert!(node.is_scalar() && matches!(take(&node), Ok(None)), "{row}");
                continue;
            }
            let (directive, rest) = take(&node).unwrap().unwrap_or((Directive::Merge, node.clone()));
            assert_eq!(format!("{directive:?}").to_lowercase(), row["directive"].as_str().unwrap(), "{row}");
            assert_eq!(printed(&rest), printed(&read(row["elided"].as_str().unwrap())), "{row}");
        }
        assert_eq!(rows.len(), 9);
    }
}
