//! `rollout`: pods are replaced.

use super::scene::{Scene, text};
use super::{Class, Impacts};
use crate::finding::Severity;
use crate::source::Node;

/// Says which changes replace the pods of a workload.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    let gvk = scene.gvk();
    if !scene.in_place() || *gvk.group != *"apps" || !rolls(scene) {
        return;
    }
    let field = match gvk.kind.as_str() {
        "Deployment" => "strategy",
        "StatefulSet" | "DaemonSet" => "updateStrategy",
        _ => return,
    };
    let strategy = text(scene.after_at(&["spec", field, "type"])).unwrap_or("RollingUpdate");
    let name = scene.after.map_or("", |after| after.name());
    let kind = gvk.kind;
    let (severity, message) = match strategy {
        "Recreate" => {
            (Severity::Warning, format!("all pods of {kind} `{name}` stop before new ones start (`Recreate`)"))
        }
        "OnDelete" => (Severity::Info, format!("{kind} `{name}` takes it up as its pods are deleted (`OnDelete`)")),
        _ => (Severity::Info, format!("the pods of {kind} `{name}` are replaced")),
    };
    for (at, _) in scene.below(&["spec", "template"]) {
        impacts.add(at, Class::Rollout, severity, message.clone());
    }
}

/// Whether there are pods that a change of the template replaces now.
fn rolls(scene: &Scene<'_>) -> bool {
    let is = |node: Option<&Node>, wanted: &str| text(node) == Some(wanted);
    !is(scene.after_at(&["spec", "paused"]), "true")
        && !is(scene.after_at(&["spec", "replicas"]), "0")
        && !is(scene.before_at(&["spec", "replicas"]), "0")
}
