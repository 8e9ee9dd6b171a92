//! The transformer fields of a kustomization, in kustomize's order.

mod affix;
mod common_annotations;
mod common_labels;
mod containers;
mod hash;
mod image_name;
mod images;
mod labels;
mod name_prefix;
mod name_suffix;
mod namespace;
pub mod replacements;
mod replicas;
mod value_add;
mod write;

use super::{Work, patch};
use crate::source::Node;

pub use image_name::ImageName;
pub(super) use write::nameless_label;
pub(super) use write::{untagged_kind, warn_of_unknown};

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
pub const TRANSFORMERS: &[&Transformer] = &[
    &patch::PATCHES_STRATEGIC_MERGE,
    &patch::PATCHES,
    &namespace::NAMESPACE,
    &name_prefix::NAME_PREFIX,
    &name_suffix::NAME_SUFFIX,
    &labels::LABELS,
    &common_labels::COMMON_LABELS,
    &common_annotations::COMMON_ANNOTATIONS,
    &patch::PATCHES_JSON6902,
    &replicas::REPLICAS,
    &images::IMAGES,
    &images::IMAGE_TAGS,
    &replacements::REPLACEMENTS,
];

impl Transformer {
    /// The transformer that a `transformers:` entry of this kind asks for.
    pub fn by_kind(kind: &str) -> Option<&'static Transformer> {
        // Kinds without a field of their own.
        let others = [&affix::PREFIX_SUFFIX, &hash::HASH, &value_add::VALUE_ADD];
        TRANSFORMERS.iter().copied().chain(others).find(|transformer| transformer.kind == kind)
    }
}
