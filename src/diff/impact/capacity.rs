//! `capacity`: it has more or less room to run.

use super::pods::pods;
use super::scene::{Scene, text};
use super::{Class, Impacts};
use crate::finding::Severity;
use crate::resource::Quantity;
use crate::source::Node;

/// Says which changes give more or less room.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    let gvk = scene.gvk();
    match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("apps", "Deployment" | "StatefulSet" | "ReplicaSet") | ("", "ReplicationController") => {
            count(scene, impacts, &["spec", "replicas"], "replicas", "1");
        }
        ("autoscaling", "HorizontalPodAutoscaler") => {
            count(scene, impacts, &["spec", "minReplicas"], "the autoscaler's minimum", "1");
            count(scene, impacts, &["spec", "maxReplicas"], "the autoscaler's maximum", "");
            if scene.is_gone() && !scene.renamed {
                impacts.add(0, Class::Capacity, Severity::Warning, "nothing scales its target any more");
            }
        }
        _ => {}
    }
    resources(scene, impacts);
}

/// A number of pods. `default` is what an absent field means.
fn count(scene: &Scene<'_>, impacts: &mut Impacts, path: &[&str], what: &str, default: &str) {
    let (Some(_), Some(_)) = (scene.before, scene.after) else {
        return;
    };
    let number = |node: Option<&Node>| text(node).unwrap_or(default).parse::<i64>().ok();
    let (Some(old), Some(new)) = (number(scene.before_at(path)), number(scene.after_at(path))) else {
        return;
    };
    let Some(at) = scene.touching(path).filter(|_| old != new) else {
        return;
    };
    let severity = if new < old { Severity::Warning } else { Severity::Info };
    let change = if old > 0 {
        format!(" ({:+}%)", (i128::from(new) - i128::from(old)) * 100 / i128::from(old))
    } else {
        String::new()
    };
    impacts.add(at, Class::Capacity, severity, format!("{what} {old} → {new}{change}"));
}

/// Requests and limits of containers that stay.
fn resources(scene: &Scene<'_>, impacts: &mut Impacts) {
    let (Some(before), Some(after)) = (scene.before.and_then(pods), scene.after.and_then(pods)) else {
        return;
    };
    let old = before.containers();
    for (list, name, container) in after.containers() {
        let Some((.., was)) = old.iter().find(|(other, known, _)| *other == list && *known == name) else {
            continue;
        };
        for field in ["requests", "limits"] {
            for resource in ["cpu", "memory"] {
                let keys = ["resources", field, resource];
                let (was, is) = (text(was.dig(&keys)), text(container.dig(&keys)));
                let path = keys.iter().fold(after.container(list, name), |path, key| path.key(key));
                let (Some(at), Some((severity, words))) = (scene.setting(&path), judge(field, resource, was, is))
                else {
                    continue;
                };
                let field = field.trim_end_matches('s');
                let message = format!("container `{name}`: {resource} {field} {words}");
                impacts.add(at, Class::Capacity, severity, message);
            }
        }
    }
}

fn judge(field: &str, resource: &str, was: Option<&str>, is: Option<&str>) -> Option<(Severity, String)> {
    let amount = |text: Option<&str>| text.and_then(Quantity::parse);
    match (was, is) {
        (Some(was), Some(is)) => {
            let (old, new) = (amount(Some(was))?, amount(Some(is))?);
            // Memory above its limit ends the container, processor time is only stretched.
            let worse = field == "limits" && resource == "memory" && new < old;
            let severity = if worse { Severity::Warning } else { Severity::Info };
            (old != new).then(|| (severity, format!("{was} → {is}")))
        }
        (Some(was), None) => Some((Severity::Warning, format!("{was} is gone"))),
        (None, Some(is)) => Some((Severity::Info, format!("is now {is}"))),
        (None, None) => None,
    }
}
