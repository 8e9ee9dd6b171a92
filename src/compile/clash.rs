//! Resources that bear one id.

use crate::finding::{Finding, Findings};
use crate::resource::{Resource, ResourceSet};
use crate::source::Location;

/// Looks for resources that have come to bear one id. `put_together` is where they are gathered anew, and how,
/// if not at the end of the build.
pub fn settle(set: &mut ResourceSet, put_together: Option<(Location, &'static str)>, findings: &mut Findings) {
    for (first, second) in set.clashes() {
        let (Some(first), Some(second)) = (set.get(first), set.get(second)) else { continue };
        let finding = clash(second, first.named_at());
        findings.push(match put_together {
            Some((at, how)) => finding.related(at, how),
            None => finding,
        });
    }
}

/// Says that `resource` has the id of the one at `known`.
pub fn clash(resource: &Resource, known: Location) -> Finding {
    let id = resource.id();
    Finding::error("build/id-conflict", format!("two resources are called `{id}`"))
        .at(resource.named_at(), "this one")
        .related(known, "and this one")
        .help("give one of them another name or namespace, or list it only once; to change the first, use a patch")
        .resource(id)
}
