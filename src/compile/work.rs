//! One layer at work: what its generators, patches and transformers may use.

use std::sync::Arc;

use super::configuration::LayerSpecs;
use super::load::Loader;
use super::patch::{BuiltIn, MergeSchema};
use crate::finding::Findings;
use crate::resource::{Compat, Maker, Resource, ResourceSet};

/// What a generator, patch or transformer of one layer works on.
pub struct Work<'a> {
    /// The resources gathered so far.
    pub set: &'a mut ResourceSet,
    /// Resources that patches deleted, for `explain`; their root's origin says who.
    pub deleted: &'a mut Vec<Resource>,
    /// Where names, labels and images live.
    pub specs: &'a LayerSpecs,
    /// How lists merge.
    pub merge_schema: &'a MergeSchema,
    /// What has become of the built-in schema.
    pub built_in: &'a mut BuiltIn,
    /// Reads files as seen from the layer's folder.
    pub loader: &'a mut Loader,
    /// The field at work, while the build keeps book of who changed a resource.
    pub maker: Option<Arc<Maker>>,
    /// Whose output to equal.
    pub compat: Compat,
    /// Where mistakes are reported.
    pub findings: &'a mut Findings,
}
