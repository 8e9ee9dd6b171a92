//! What comments say of collections: `items: # {"x-kubernetes-patch-merge-key": "name", ...}` is a schema of the field.
//!
//! Kustomize keeps comments at the nodes that they stand at, and asks there how a list merges.

use super::{Node, View};

/// What a comment says.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The JSON in the comment.
    pub says: Node,
    /// Whether it stands at the key: then it is not copied along with the value, and counts less than one there.
    pub of_key: bool,
}

impl Node {
    /// What a comment says of this collection.
    pub(crate) fn noted(&self) -> Option<&Noted> {
        match self.view() {
            View::Scalar(..) => None,
            View::Sequence(_) => self.sequence()?.noted(),
            View::Mapping(mapping) => mapping.noted(),
        }
    }

    /// Notes what a comment says of this collection. Of a scalar there is nothing to say.
    pub(in crate::source) fn note(&mut self, noted: Option<Noted>) {
        if let Some(mapping) = self.as_mapping_mut() {
            mapping.note(noted);
        } else if let Some(list) = self.as_sequence_mut() {
            list.note(noted);
        }
    }

    /// This value as put where `old` stands, or nothing: comments at the key stay, those at the value come with it.
    pub(crate) fn noted_as(mut self, old: Option<&Node>) -> Node {
        let own = self.noted().filter(|noted| !noted.of_key).cloned();
        let kept = own.or_else(|| old.and_then(Node::noted).filter(|noted| noted.of_key).cloned());
        if kept.is_some() || self.noted().is_some() {
            self.note(kept);
        }
        self
    }

    /// This collection without what a comment at the value says, if there is one.
    pub(crate) fn without_comment(&self) -> Option<Node> {
        self.noted().filter(|noted| !noted.of_key)?;
        let mut new = self.clone();
        new.note(None);
        Some(new)
    }

    /// The tree without what comments say.
    pub(crate) fn forget_comments(&mut self) {
        if !self.has_comments() {
            return;
        }
        if self.noted().is_some() {
            self.note(None);
        }
        if let Some(mapping) = self.as_mapping_mut() {
            mapping.iter_mut().for_each(|(_, value)| value.forget_comments());
        } else if let Some(list) = self.as_sequence_mut() {
            list.items_mut().iter_mut().for_each(Node::forget_comments);
        }
    }

    fn has_comments(&self) -> bool {
        self.noted().is_some()
            || match self.view() {
                View::Scalar(..) => false,
                View::Sequence(items) => items.iter().any(Node::has_comments),
                View::Mapping(mapping) => mapping.iter().any(|entry| entry.value.has_comments()),
            }
    }
}
