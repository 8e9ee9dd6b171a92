//! Group, version and kind.

use std::fmt;

use crate::source::{Node, Symbol, Word};

/// Group, version and kind of a resource. The core group is the empty string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvk {
    /// `apps`; empty for the core group.
    pub group: Symbol,
    /// `v1`; empty if the resource has no `apiVersion`, which kustomize lets pass.
    pub version: Symbol,
    /// `Deployment`.
    pub kind: Symbol,
}

impl Gvk {
    /// From an `apiVersion` (`apps/v1`, `v1`) and a kind.
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Gvk { group: Symbol::new(group), version: Symbol::new(version), kind: Symbol::new(kind) }
    }

    /// From the `apiVersion` and `kind` fields of a resource's root.
    pub fn of(root: &Node) -> Self {
        let text = |key: Word| root.get(key).and_then(Node::text).unwrap_or_default();
        Gvk::new(text(Word::ApiVersion), text(Word::Kind))
    }

    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_string() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether this is `kind` of `group`, in any version.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind == *kind && self.group == *group
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.api_version(), self.kind)
    }
}
