//! The generators of a kustomization.

use super::Work;
use crate::source::Node;

/// A generator: one list field of a kustomization, and the kind that asks for the same in a `generators:` entry.
pub struct Generator {
    /// The field of `kustomization.yaml`.
    pub field: &'static str,
    /// The kind of a `generators:` entry (`apiVersion: builtin`).
    pub kind: &'static str,
    /// Does what one entry of the list asks for, given the kustomization's `generatorOptions`.
    pub generate: fn(&Node, Option<&Node>, &mut Work<'_>),
    /// Does what a configuration object of a `generators:` entry asks for.
    pub configured: fn(&Node, &mut Work<'_>),
}

/// All generators, in kustomize's order.
pub const GENERATORS: &[&Generator] = &[];
