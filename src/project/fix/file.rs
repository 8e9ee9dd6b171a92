//! The text of a kustomization at one stage of its rewriting, and its first document.

use super::whole;
use crate::source::edit::Layout;
use crate::source::{Entry, FileId, Location, Node, Span, yaml};

/// A text that was read.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) text: String,
    pub(super) root: Node,
    comments: Vec<Span>,
    id: FileId,
    /// A key that stands twice.
    pub(super) doubled: Option<Location>,
}

impl File {
    /// Reads `text`. `None` if it is not YAML or its first document is no mapping.
    pub(super) fn read(text: &str, id: FileId) -> Option<File> {
        let parsed = yaml::parse(text, id);
        if !parsed.errors.is_empty() {
            return None;
        }
        let doubled = parsed.warnings.first().map(|problem| problem.location);
        let root = parsed.documents.into_iter().next()?.root?;
        root.as_mapping()?;
        Some(File { text: text.to_owned(), root, comments: parsed.comments, id, doubled })
    }

    pub(super) fn layout(&self) -> Layout<'_> {
        Layout::new(&self.text, &self.comments)
    }

    /// The entry of a field, in any letter case, as kustomize takes it.
    pub(super) fn entry(&self, field: &str) -> Option<&Entry> {
        entry(&self.root, field)
    }

    /// Where a field stands; the beginning of the file if it does not.
    pub(super) fn place(&self, field: &str) -> Location {
        self.entry(field).map_or_else(|| whole(self.id), |entry| entry.key.location)
    }
}

/// The entry of a field of `node`, in any letter case.
pub(super) fn entry<'a>(node: &'a Node, field: &str) -> Option<&'a Entry> {
    let mapping = node.as_mapping()?;
    mapping.entry(field).or_else(|| mapping.iter().find(|entry| entry.key.name.eq_ignore_ascii_case(field)))
}

/// The value of a field of `node`, in any letter case, unless it is null.
pub(super) fn value<'a>(node: &'a Node, field: &str) -> Option<&'a Node> {
    entry(node, field).map(|entry| &entry.value).filter(|value| !value.is_null())
}

/// The text of a field of `node`; empty if it has none.
pub(super) fn text<'a>(node: &'a Node, field: &str) -> &'a str {
    value(node, field).and_then(Node::text).unwrap_or_default()
}
