//! What holds of a resource on one side. A fact that is new is a gain; a protection that is gone is a loss.

use std::collections::BTreeSet;

use super::{Class, Impacts, Scene};
use crate::diff::change::Op;
use crate::diff::tree::Difference;
use crate::finding::Severity;
use crate::resource::Resource;
use crate::source::{FieldPath, PathStep};

/// Something that holds of a resource.
pub(super) struct Fact {
    /// Where it is written.
    pub path: FieldPath,
    /// How bad it is to come about, or to end.
    pub severity: Severity,
    /// What to say when it comes about, or ends. Two sides with the same words have the same fact.
    pub message: String,
}

/// Facts under way.
pub(super) type Facts = Vec<Fact>;

/// Reports the facts that hold after and not before.
pub(super) fn gained(scene: &Scene<'_>, impacts: &mut Impacts, class: Class, facts: fn(&Resource, &mut Facts)) {
    let (old, new) = (collect(scene.before, facts), collect(scene.after, facts));
    missing(&new, &old).for_each(|fact| add(scene, impacts, class, fact));
}

/// Reports the facts that hold before and not after, of what is still there.
pub(super) fn lost(scene: &Scene<'_>, impacts: &mut Impacts, class: Class, facts: fn(&Resource, &mut Facts)) {
    if scene.after.is_some() {
        let (old, new) = (collect(scene.before, facts), collect(scene.after, facts));
        let stays =
            |fact: &&Fact| !scene.nearest(&fact.path).is_some_and(|(_, difference)| is_removed_item(difference));
        missing(&old, &new).filter(stays).for_each(|fact| add(scene, impacts, class, fact));
    }
}

/// Whether a whole item of a list is gone: then its protections are no loss.
fn is_removed_item(difference: &Difference<'_>) -> bool {
    difference.op == Op::Removed && !matches!(difference.path.steps().last(), Some(PathStep::Key(_)))
}

fn collect(resource: Option<&Resource>, facts: fn(&Resource, &mut Facts)) -> Facts {
    let mut found = Facts::new();
    if let Some(resource) = resource {
        facts(resource, &mut found);
    }
    found
}

fn missing<'f>(facts: &'f [Fact], others: &'f [Fact]) -> impl Iterator<Item = &'f Fact> {
    let known: BTreeSet<&str> = others.iter().map(|fact| fact.message.as_str()).collect();
    facts.iter().filter(move |fact| !known.contains(fact.message.as_str()))
}

fn add(scene: &Scene<'_>, impacts: &mut Impacts, class: Class, fact: &Fact) {
    let at = scene.nearest(&fact.path).map_or(0, |(at, _)| at);
    impacts.add(at, class, fact.severity, scene.mask.text(&fact.message));
}

/// A note to add to a list of facts.
pub(super) fn fact(path: FieldPath, severity: Severity, message: impl Into<String>) -> Fact {
    Fact { path, severity, message: message.into() }
}
