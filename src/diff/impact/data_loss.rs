//! `data-loss`: data, or everything in a namespace or of a kind, may be destroyed.

use super::pods::{item, pods};
use super::scene::{Scene, text};
use super::{Class, Impacts};
use crate::diff::change::Op;
use crate::finding::Severity;
use crate::source::{Node, PathStep};

/// Group, kind, how bad its end is, and what is lost.
const PRECIOUS: &[(&str, &str, Severity, &str)] = &[
    ("", "Namespace", Severity::Error, "everything in the namespace is deleted with it"),
    ("", "PersistentVolumeClaim", Severity::Error, "the volume is destroyed unless its reclaim policy is `Retain`"),
    ("", "PersistentVolume", Severity::Warning, "the cluster loses its hold on the volume"),
    ("apps", "StatefulSet", Severity::Warning, "its pods end; its claims stay, without an owner to use them"),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        Severity::Error,
        "every custom resource of the kind is deleted with it",
    ),
];

/// Says which changes may destroy data.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    let gvk = scene.gvk();
    if scene.is_gone() {
        for (_, _, severity, message) in PRECIOUS.iter().filter(|(group, kind, ..)| gvk.is(group, kind)) {
            let at = scene.touching(&["metadata"]).unwrap_or_default();
            impacts.add(at, Class::DataLoss, *severity, *message);
        }
        return;
    }
    if scene.before.is_none() {
        return;
    }
    if gvk.is("", "PersistentVolume") {
        becomes_delete(
            scene,
            impacts,
            &["spec", "persistentVolumeReclaimPolicy"],
            "the volume is destroyed with its claim",
        );
    }
    if gvk.is("apps", "StatefulSet") {
        let policy = |when| ["spec", "persistentVolumeClaimRetentionPolicy", when];
        becomes_delete(scene, impacts, &policy("whenDeleted"), "its claims are deleted with it");
        becomes_delete(scene, impacts, &policy("whenScaled"), "claims are deleted when it scales down");
    }
    if gvk.is("apiextensions.k8s.io", "CustomResourceDefinition") {
        for (at, difference) in scene.below(&["spec", "versions"]) {
            if difference.op == Op::Removed && matches!(difference.path.steps().last(), Some(PathStep::Match(_))) {
                let message = "objects stored in the removed version can no longer be read";
                impacts.add(at, Class::DataLoss, Severity::Error, message);
            }
        }
    }
    volumes(scene, impacts);
}

fn becomes_delete(scene: &Scene<'_>, impacts: &mut Impacts, path: &[&str], message: &str) {
    if text(scene.after_at(path)) == Some("Delete")
        && text(scene.before_at(path)) != Some("Delete")
        && let Some(at) = scene.touching(path)
    {
        impacts.add(at, Class::DataLoss, Severity::Error, message);
    }
}

/// Volumes of the same name that are no longer the same claim.
fn volumes(scene: &Scene<'_>, impacts: &mut Impacts) {
    let (Some(before), Some(after)) = (scene.before.and_then(pods), scene.after.and_then(pods)) else {
        return;
    };
    for old in before.list("volumes") {
        let Some(name) = text(old.get("name")) else {
            continue;
        };
        let Some(claim) = claim_of(old) else {
            continue;
        };
        let Some(new) = after.list("volumes").find(|volume| text(volume.get("name")) == Some(name)) else {
            continue;
        };
        let path = item(&after.path.key("volumes"), "name", new, 0);
        let Some(at) = scene.setting(&path) else {
            continue;
        };
        match claim_of(new) {
            Some(other) if other != claim => {
                let message = format!("volume `{name}` is another claim: the pods start with other data");
                impacts.add(at, Class::DataLoss, Severity::Warning, message);
            }
            None if new.get("emptyDir").is_some() => {
                let message = format!("volume `{name}` was claim `{claim}` and is now empty with every new pod");
                impacts.add(at, Class::DataLoss, Severity::Error, message);
            }
            _ => {}
        }
    }
}

fn claim_of(volume: &Node) -> Option<&str> {
    text(volume.dig(&["persistentVolumeClaim", "claimName"]))
}
