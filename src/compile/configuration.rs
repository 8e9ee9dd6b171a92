//! `configurations` and `crds`: files that add field specs.

use crate::finding::Findings;
use crate::resource::FieldSpecs;
use crate::source::Node;

/// Adds what a `configurations` file says.
pub fn merge_configuration(specs: &mut FieldSpecs, root: &Node, findings: &mut Findings) {
    let _ = (specs, root, findings);
}

/// Adds what a `crds` file says.
pub fn merge_crds(specs: &mut FieldSpecs, root: &Node, findings: &mut Findings) {
    let _ = (specs, root, findings);
}
