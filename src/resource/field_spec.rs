//! Field specs: where in which kinds a meaning (image, name, label) lives.

use std::sync::Arc;

use super::Gvk;
use crate::source::Symbol;

/// Where a meaning lives: a path through mappings (lists on the way are walked item by item) in the kinds selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Selects by group; empty selects any.
    pub group: Symbol,
    /// Selects by version; empty selects any.
    pub version: Symbol,
    /// Selects by kind; empty selects any.
    pub kind: Symbol,
    /// The keys from the root. A trailing `[]` of a part, which configurations write for lists, is not kept.
    pub path: Vec<Symbol>,
    /// Whether a missing field is made.
    pub create: bool,
}

impl FieldSpec {
    /// Whether the spec speaks of this kind.
    pub fn selects(&self, gvk: &Gvk) -> bool {
        let fits = |wanted: Symbol, found: Symbol| wanted.is_empty() || wanted == found;
        fits(self.kind, gvk.kind) && fits(self.group, gvk.group) && fits(self.version, gvk.version)
    }
}

/// Fields that hold the name of a resource of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameReference {
    /// The kind referred to: group, version, kind; empty parts mean any.
    pub target: Gvk,
    /// The fields that refer to it.
    pub fields: Vec<FieldSpec>,
}

/// All field specs that are in force in a layer: kustomize's defaults and those that `configurations` and `crds` add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSpecs {
    /// `namePrefix`.
    pub name_prefix: Vec<FieldSpec>,
    /// `nameSuffix`.
    pub name_suffix: Vec<FieldSpec>,
    /// `namespace`.
    pub namespace: Vec<FieldSpec>,
    /// `commonLabels`, and `labels` with `includeSelectors`.
    pub common_labels: Vec<FieldSpec>,
    /// `labels` with `includeTemplates`.
    pub template_labels: Vec<FieldSpec>,
    /// `commonAnnotations`.
    pub common_annotations: Vec<FieldSpec>,
    /// Names that follow a renamed resource.
    pub name_reference: Vec<NameReference>,
    /// Where `$(VAR)` is resolved.
    pub var_reference: Vec<FieldSpec>,
    /// `images`.
    pub images: Vec<FieldSpec>,
    /// `replicas`.
    pub replicas: Vec<FieldSpec>,
}

impl FieldSpecs {
    /// Kustomize's own.
    pub fn standard() -> Arc<FieldSpecs> {
        Arc::new(FieldSpecs::default())
    }

    /// Both sets; the same one if they are the same.
    pub fn union(a: &Arc<FieldSpecs>, b: &Arc<FieldSpecs>) -> Arc<FieldSpecs> {
        if Arc::ptr_eq(a, b) { a.clone() } else { b.clone() }
    }
}
