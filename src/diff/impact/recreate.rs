//! `recreate`: an object is deleted and another one made in its place.

use super::scene::Scene;
use super::{Class, Impacts};
use crate::finding::Severity;

/// Says what a new name or namespace does.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    let (Some(before), Some(after), true) = (scene.before, scene.after, scene.renamed) else {
        return;
    };
    let field = if before.name() == after.name() { "namespace" } else { "name" };
    let at = scene.touching(&["metadata", field]).unwrap_or_default();
    let old = scene.mask.id_text(before);
    let new = scene.mask.id_text(after);
    let message = format!("{old} is deleted if the deployer prunes, and {new} is made");
    impacts.add(at, Class::Recreate, Severity::Warning, message);
}
