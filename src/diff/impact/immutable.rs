//! `rejected`: fields that the API server refuses to change in place.
//!
//! From the update validation of Kubernetes' own kinds (`pkg/apis/*/validation`).

use super::scene::{Scene, keys_of};
use super::{Class, Impacts};
use crate::diff::change::Op;
use crate::diff::tree::Difference;
use crate::finding::Severity;
use crate::resource::Quantity;
use crate::source::{Node, Symbol};

/// Group, kind, fields that cannot change.
const FIXED: &[(&str, &str, &[&str])] = &[
    ("apps", "Deployment", &["spec.selector"]),
    ("apps", "ReplicaSet", &["spec.selector"]),
    ("apps", "DaemonSet", &["spec.selector"]),
    (
        "batch",
        "Job",
        &[
            "spec.template",
            "spec.selector",
            "spec.completionMode",
            "spec.podFailurePolicy",
            "spec.backoffLimitPerIndex",
            "spec.managedBy",
            "spec.successPolicy",
            "spec.completions",
        ],
    ),
    ("rbac.authorization.k8s.io", "RoleBinding", &["roleRef"]),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", &["roleRef"]),
    ("", "Secret", &["type"]),
    ("", "PersistentVolume", &["spec.volumeMode", "spec.csi", "spec.nfs", "spec.hostPath", "spec.local"]),
    ("storage.k8s.io", "StorageClass", &["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]),
    ("storage.k8s.io", "CSIDriver", &["spec.attachRequired", "spec.volumeLifecycleModes"]),
    ("scheduling.k8s.io", "PriorityClass", &["value", "preemptionPolicy"]),
    ("networking.k8s.io", "IngressClass", &["spec.controller"]),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        &["spec.group", "spec.scope", "spec.names.plural", "spec.names.kind"],
    ),
];

/// Group, kind, the only fields below `spec` that can change.
const OPEN: &[(&str, &str, &[&str])] = &[
    (
        "apps",
        "StatefulSet",
        &[
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds",
            "revisionHistoryLimit",
        ],
    ),
    ("", "PersistentVolumeClaim", &["resources", "volumeAttributesClassName"]),
    (
        "",
        "Pod",
        &[
            "containers.image",
            "initContainers.image",
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "schedulingGates",
        ],
    ),
];

/// Kind, field, value that the API server sets if there is none: setting or unsetting it changes nothing.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("StatefulSet", "spec.podManagementPolicy", "OrderedReady"),
    ("Job", "spec.completionMode", "NonIndexed"),
    ("Job", "spec.completions", "1"),
    ("PersistentVolumeClaim", "spec.volumeMode", "Filesystem"),
    ("PersistentVolume", "spec.volumeMode", "Filesystem"),
    ("Secret", "type", "Opaque"),
    ("StorageClass", "reclaimPolicy", "Delete"),
    ("StorageClass", "volumeBindingMode", "Immediate"),
    ("PriorityClass", "preemptionPolicy", "PreemptLowerPriority"),
    ("CSIDriver", "spec.attachRequired", "true"),
];

/// Says which changes the API server refuses.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    if !scene.in_place() {
        return;
    }
    let gvk = scene.gvk();
    for (at, difference) in scene.differences.iter().enumerate() {
        let keys = keys_of(&difference.path);
        let field = dotted(&keys);
        let fixed = FIXED.iter().filter(|(group, kind, _)| gvk.is(group, kind)).find_map(|(.., fields)| {
            fields.iter().find(|fixed| is_below(&field, fixed)).map(|fixed| (*fixed).to_owned())
        });
        let closed = OPEN.iter().find(|(group, kind, _)| gvk.is(group, kind)).and_then(|(.., open)| {
            let inner = field.strip_prefix("spec.")?;
            let closed = !open.iter().any(|open| is_below(inner, open));
            closed.then(|| format!("spec.{}", keys.get(1).map_or("", |key| key.as_str())))
        });
        if let Some(fixed) = fixed.or(closed).filter(|_| !is_default(&gvk.kind, &field, difference)) {
            let help = advice(&gvk.kind);
            refuse(impacts, at, format!("`{fixed}` cannot change in place: the API server refuses the update{help}"));
        }
    }
    match gvk.kind.as_str() {
        "Service" => service(scene, impacts),
        "PersistentVolumeClaim" => claim(scene, impacts),
        "ConfigMap" | "Secret" if gvk.group.is_empty() => frozen(scene, impacts),
        _ => {}
    }
}

fn refuse(impacts: &mut Impacts, at: usize, message: String) {
    impacts.add(at, Class::Rejected, Severity::Error, message);
}

fn advice(kind: &str) -> &'static str {
    match kind {
        "StatefulSet" => "; delete it with `--cascade=orphan` first",
        "Job" | "Pod" => "; delete it first or give it another name",
        "RoleBinding" | "ClusterRoleBinding" => "; give the new binding another name",
        _ => "",
    }
}

fn dotted(keys: &[Symbol]) -> String {
    keys.iter().map(|key| key.as_str()).collect::<Vec<_>>().join(".")
}

/// Whether `field` is `top` or stands below it.
fn is_below(field: &str, top: &str) -> bool {
    field.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn is_default(kind: &str, field: &str, difference: &Difference<'_>) -> bool {
    let one = match difference.op {
        Op::Added => difference.after,
        Op::Removed => difference.before,
        Op::Modified => None,
        // The order of the items of a list that the API server compares as it is.
        Op::Moved => return false,
    };
    let Some(value) = one.and_then(Node::text) else {
        return false;
    };
    DEFAULTS.iter().any(|&(of, path, default)| of == kind && path == field && default == value)
}

fn service(scene: &Scene<'_>, impacts: &mut Impacts) {
    // An address that is left out is kept; a Service without one has none that could stay.
    let external = |node: Option<&Node>| node.and_then(Node::text) == Some("ExternalName");
    if external(scene.before_at(&["spec", "type"])) || external(scene.after_at(&["spec", "type"])) {
        return;
    }
    for field in ["clusterIP", "clusterIPs"] {
        for (at, difference) in scene.below(&["spec", field]) {
            if difference.op == Op::Modified || difference.op == Op::Added {
                let message = format!(
                    "`spec.{field}` cannot change in place: the API server refuses the update; delete the Service first"
                );
                refuse(impacts, at, message);
            }
        }
    }
}

fn claim(scene: &Scene<'_>, impacts: &mut Impacts) {
    let path = ["spec", "resources", "requests", "storage"];
    let amount = |node: Option<&Node>| node.and_then(Node::text).and_then(Quantity::parse);
    if let (Some(old), Some(new)) = (amount(scene.before_at(&path)), amount(scene.after_at(&path)))
        && new < old
        && let Some(at) = scene.touching(&path)
    {
        refuse(impacts, at, "a claim cannot shrink: the API server refuses the update".to_owned());
    }
}

fn frozen(scene: &Scene<'_>, impacts: &mut Impacts) {
    if scene.before_at(&["immutable"]).and_then(Node::text) != Some("true") {
        return;
    }
    for field in ["data", "binaryData", "stringData", "immutable"] {
        for (at, _) in scene.below(&[field]) {
            refuse(impacts, at, format!("it is `immutable`: the API server refuses a change of `{field}`"));
        }
    }
}
