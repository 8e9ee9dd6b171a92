//! What comments say of collections: `items: # {"x-kubernetes-patch-merge-key": "name", ...}` is a schema of the field.
//!
//! Kustomize keeps comments at the keys and values that they stand at, and asks there how a list merges.

use std::sync::Arc;

use super::{Node, Value, View};
use crate::source::{Entry, Mapping};

impl Node {
    /// The JSON of a comment at this value; only a collection has one.
    pub(crate) fn comment(&self) -> Option<&Node> {
        match self.view() {
            View::Scalar(..) => None,
            View::Sequence(_) => self.sequence()?.comment(),
            View::Mapping(mapping) => mapping.comment(),
        }
    }

    /// Notes the JSON of a comment at this value. Of a scalar there is nothing to say.
    pub(in crate::source) fn note(&mut self, says: Option<Node>) {
        if let Some(mapping) = self.as_mapping_mut() {
            mapping.note(says);
        } else if let Some(list) = self.as_sequence_mut() {
            list.note(says);
        }
    }

    /// This collection without what a comment at it says, if there is one.
    pub(crate) fn without_comment(&self) -> Option<Node> {
        self.comment()?;
        let mut new = self.clone();
        new.note(None);
        Some(new)
    }

    /// A mapping that stands where this one was read, with these entries and the comments at their keys.
    pub(crate) fn holding(&self, entries: Vec<Entry>) -> Node {
        Node::read_mapping(entries, self.location()).commented_as(self)
    }

    /// This collection with the comments of another.
    pub(in crate::source) fn commented_as(mut self, other: &Node) -> Node {
        match (other.view(), &mut self.value) {
            (View::Mapping(from), Value::Mapping(to)) if from.has_comments() => Arc::make_mut(to).take_comments(from),
            (View::Sequence(_), Value::Sequence(to)) if other.comment().is_some() => {
                Arc::make_mut(to).note(other.comment().cloned());
            }
            _ => {}
        }
        self
    }

    /// Forgets all that comments say in the tree.
    pub(crate) fn forget_comments(&mut self) {
        if !self.has_comments() {
            return;
        }
        self.note(None);
        if let Some(mapping) = self.as_mapping_mut() {
            mapping.take_comments(&Mapping::default());
            mapping.iter_mut().for_each(|(_, value)| value.forget_comments());
        } else if let Some(list) = self.as_sequence_mut() {
            list.items_mut().iter_mut().for_each(Node::forget_comments);
        }
    }

    fn has_comments(&self) -> bool {
        match self.view() {
            View::Scalar(..) => false,
            View::Sequence(items) => self.comment().is_some() || items.iter().any(Node::has_comments),
            View::Mapping(mapping) => mapping.has_comments() || mapping.iter().any(|entry| entry.value.has_comments()),
        }
    }
}
