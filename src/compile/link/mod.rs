//! What happens once, at the root, after all layers: hash suffixes, name references, vars, order.

use crate::finding::Findings;
use crate::resource::{FieldSpecs, ResourceSet};
use crate::source::Node;

/// The order of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By kind, so that what others need comes first.
    #[default]
    Legacy,
    /// As gathered.
    Fifo,
}

/// Links the resources of a whole build.
pub fn link(set: &mut ResourceSet, specs: &FieldSpecs, vars: &[Node], findings: &mut Findings) {
    let _ = (set, specs, vars, findings);
}

/// Brings them into output order.
pub fn order(set: &mut ResourceSet, options: Option<&Node>, default: Order, findings: &mut Findings) {
    let _ = (set, options, default, findings);
}
