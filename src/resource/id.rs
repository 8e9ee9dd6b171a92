//! The identity of a resource.

use std::fmt;

use compact_str::CompactString;

use super::{Gvk, scope};
use crate::source::Node;

/// What makes a resource one and the same: group, version, kind, namespace and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    /// Group, version, kind.
    pub gvk: Gvk,
    /// `metadata.namespace` as it stands; empty if unset.
    pub namespace: CompactString,
    /// `metadata.name`.
    pub name: CompactString,
}

impl ResourceId {
    /// Reads the id off a resource's root.
    pub fn of(root: &Node) -> Self {
        let meta = root.get("metadata");
        let field = |key| meta.and_then(|meta| meta.get(key)).filter(|node: &&Node| !node.is_null());
        let text = |key| field(key).and_then(Node::text).unwrap_or_default();
        ResourceId { gvk: Gvk::of(root), namespace: text("namespace").into(), name: text("name").into() }
    }

    /// The namespace as kustomize compares it: `default` if unset, [`scope::CLUSTER`] for a kind known to be
    /// cluster-scoped.
    pub fn effective_namespace(&self) -> &str {
        scope::effective(&self.gvk, &self.namespace)
    }

    /// Whether both name the same resource, namespaces compared as [effective](Self::effective_namespace).
    pub fn same(&self, other: &ResourceId) -> bool {
        self.name == other.name && self.gvk == other.gvk && self.effective_namespace() == other.effective_namespace()
    }
}

impl fmt::Display for ResourceId {
    /// `Deployment shop/web`, as messages name a resource.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.gvk.kind)?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        write!(f, "{}", self.name)
    }
}
