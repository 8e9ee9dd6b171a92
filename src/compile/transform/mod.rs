//! The transformer fields of a kustomization, in kustomize's order.

use super::Work;
use crate::source::Node;

/// A transformer: one field of a kustomization, and the kind that asks for the same in a `transformers:` entry.
pub struct Transformer {
    /// The field of `kustomization.yaml`.
    pub field: &'static str,
    /// The kind of a `transformers:` entry (`apiVersion: builtin`).
    pub kind: &'static str,
    /// Does what the field's value asks for.
    pub apply: fn(&Node, &mut Work<'_>),
    /// Does what a configuration object of a `transformers:` entry asks for.
    pub configured: fn(&Node, &mut Work<'_>),
}

/// All transformer fields, in the order in which kustomize applies them. The order is part of the output.
pub const TRANSFORMERS: &[&Transformer] = &[];
