//! Provenance: who set a node, where the user wrote it, and what it overwrote.
//!
//! A node as read needs no entry: its file and span say it. Every later write leaves an [`Origin`] on the node,
//! which holds the node it replaced, so the chain from newest to oldest is the node's history.

use std::sync::Arc;

use super::{Location, Node, Symbol};

/// What kind of act set a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The text of a file says so.
    Read,
    /// A generator made it (`configMapGenerator`, `secretGenerator`, ...).
    Generated(&'static str),
    /// A patch set or deleted it.
    Patched,
    /// A transformer field of a kustomization (`namespace`, `images`, ...).
    Transformed(&'static str),
    /// The link step: a reference that follows a renamed resource, or a hash suffix.
    Linked(&'static str),
}

/// The record of one write.
#[derive(Debug)]
pub struct Origin {
    /// Where the user wrote what caused this.
    pub at: Location,
    /// What kind of act it was.
    pub by: Cause,
    /// The node that stood here before; `None` if there was none.
    pub was: Option<Node>,
    /// The node that the value was copied from (replacements, name references).
    pub from: Option<Node>,
}

/// What signs a write: the place in the user's files that asked for it, and the kind of act.
///
/// Only `compile::Step` makes these after parsing, so that no write to a node goes unsigned.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Where the user wrote what causes the write.
    pub at: Location,
    /// What kind of act it is.
    pub by: Cause,
}

impl Signature {
    pub(crate) fn new(at: Location, by: Cause) -> Self {
        Signature { at, by }
    }

    pub(super) fn origin(&self, was: Option<Node>, from: Option<Node>) -> Arc<Origin> {
        Arc::new(Origin { at: self.at, by: self.by, was, from })
    }
}

/// The record that a deleted key or list item leaves in the mapping or sequence it was deleted from.
#[derive(Clone, Debug)]
pub struct Removal {
    /// The key; for a list item the value of its merge key or its index.
    pub key: Symbol,
    /// Who deleted it, and what it was (`origin.was`).
    pub origin: Arc<Origin>,
}

/// One entry of a node's [history](Node::history).
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Where the user wrote it.
    pub at: Location,
    /// What kind of act it was.
    pub by: Cause,
    /// The node after this event.
    pub node: &'a Node,
    /// What the value was copied from.
    pub from: Option<&'a Node>,
}
