//! What happens once, at the root, after all layers: hash suffixes, name references, vars, local resources, order.
//!
//! Owns: how a name that changed is followed wherever it is written. Must not: judge a reference that leads nowhere
//! (that is `check`).

mod annotations;
mod circular;
mod expand;
pub mod hash;
mod node_tree;
mod order;
mod references;
mod referral;
mod shape;
mod vars;
mod walk;

use std::collections::{HashMap, HashSet};

use super::clash::{clash, settle};
use super::transform::replacements::{Writing, check_fit};
use super::{LayerSpecs, doubles, foot, resources};
use crate::finding::Findings;
use crate::resource::{Compat, Resource, ResourceId, ResourceSet};
use crate::source::{Location, Node, SourceMap};

pub use annotations::HELM_GENERATED;
pub use annotations::make_texts as make_annotations_texts;
pub use hash::add_suffixes;
pub use order::{Order, order};
pub(super) use order::{gvk_text, legacy_rank};
pub use references::fix_references;
pub use vars::{claim_vars, resolve_vars};

/// Marks a resource that is input to the build and no output; any value but `false` counts.
pub const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// Links the resources of a whole build, in kustomize's order: what has a hash suffix is renamed, references follow,
/// vars see the final names, and only then resources that are local to the build leave, and annotations that are so.
pub fn link(
    set: &mut ResourceSet,
    specs: &LayerSpecs,
    vars: &[Node],
    compat: Compat,
    map: &SourceMap,
    findings: &mut Findings,
) {
    let generated = set.iter_mut().filter(|resource| resource.generated.is_some());
    generated.for_each(|resource| check_fit(resource, Writing::Last, findings));
    hash::add_suffixes(set, None, map);
    fix_references(set, specs, findings);
    resolve_vars(set, || specs.var_reference(), vars, findings);
    let with_identity = |(): &mut (), resource: &mut Resource| resources::check_identity(resource);
    set.change_each(|| (), with_identity).into_iter().for_each(|finding| findings.push(finding));
    drop_local(set, findings);
    settle(set, None, findings);
    finish(set, compat, findings);
}

/// What the resources need before they are written, each for itself.
fn finish(set: &mut ResourceSet, compat: Compat, findings: &mut Findings) {
    // These look at what was told before.
    set.iter_mut().for_each(|resource| doubles::check_last(resource, findings));
    let finish = |(): &mut (), resource: &mut Resource| {
        let mut found = Findings::new();
        check_fit(resource, Writing::Last, &mut found);
        annotations::finish(resource, compat, &mut found);
        foot::grow_last_text(resource);
        (!found.is_empty()).then_some(found)
    };
    set.change_each(|| (), finish).into_iter().for_each(|found| findings.extend(found));
}

/// Drops the resources that are local to the build, by their ids: one that bears the id of another stays with that, to
/// be told of as a clash.
fn drop_local(set: &mut ResourceSet, findings: &mut Findings) {
    let is_local = |resource: &Resource| resource.annotation(LOCAL_CONFIG).is_some_and(|value| value != "false");
    if !set.iter().any(is_local) {
        return;
    }
    let shown: HashSet<ResourceId> = set.iter().filter(|resource| !is_local(resource)).map(Resource::id).collect();
    let mut dropped: HashMap<ResourceId, Location> = HashMap::new();
    for resource in set.iter().filter(|resource| is_local(resource) && !shown.contains(&resource.id())) {
        if let Some(known) = dropped.insert(resource.id(), resource.named_at()) {
            findings.push(clash(resource, known));
        }
    }
    set.retain(|resource| !is_local(resource) || shown.contains(&resource.id()));
}

#[cfg(test)]
mod tests;
