//! Which kinds kustomize knows to live outside of namespaces.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

use super::{Compat, Gvk};
use crate::source::Symbol;

/// Stands for the namespace of a cluster-scoped resource when ids are compared.
pub const CLUSTER: &str = "_non_namespaceable_";

/// The namespace of a resource that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

const ADMISSION: &str = "admissionregistration.k8s.io";

/// Group, kind, versions. Facts of the OpenAPI document (Kubernetes 1.21) that kustomize builds in; what is not
/// listed counts as namespaced there, newer kinds of Kubernetes included but for the admission policies.
const CLUSTER_SCOPED: &[(&str, &str, &[&str])] = &[
    ("", "ComponentStatus", &["v1"]),
    ("", "Namespace", &["v1"]),
    ("", "Node", &["v1"]),
    ("", "NodeProxyOptions", &["v1"]),
    ("", "PersistentVolume", &["v1"]),
    (ADMISSION, "MutatingWebhookConfiguration", &["v1", "v1beta1"]),
    (ADMISSION, "ValidatingAdmissionPolicy", &["v1"]),
    (ADMISSION, "ValidatingAdmissionPolicyBinding", &["v1"]),
    (ADMISSION, "ValidatingWebhookConfiguration", &["v1", "v1beta1"]),
    ("apiextensions.k8s.io", "CustomResourceDefinition", &["v1", "v1beta1"]),
    ("apiregistration.k8s.io", "APIService", &["v1", "v1beta1"]),
    ("certificates.k8s.io", "CertificateSigningRequest", &["v1", "v1beta1"]),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema", &["v1beta1"]),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", &["v1beta1"]),
    ("networking.k8s.io", "IngressClass", &["v1", "v1beta1"]),
    ("node.k8s.io", "RuntimeClass", &["v1", "v1beta1"]),
    ("policy", "PodSecurityPolicy", &["v1beta1"]),
    ("rbac.authorization.k8s.io", "ClusterRole", &["v1", "v1beta1"]),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", &["v1", "v1beta1"]),
    ("scheduling.k8s.io", "PriorityClass", &["v1", "v1beta1"]),
    ("storage.k8s.io", "CSIDriver", &["v1", "v1beta1"]),
    ("storage.k8s.io", "CSINode", &["v1", "v1beta1"]),
    ("storage.k8s.io", "StorageClass", &["v1", "v1beta1"]),
    ("storage.k8s.io", "VolumeAttachment", &["v1", "v1beta1"]),
];

/// Whether kustomize is certain that this kind has no namespace.
pub fn is_certainly_cluster_scoped(gvk: &Gvk) -> bool {
    // Asked many times for every resource, and of few kinds the answer is yes.
    static KINDS: LazyLock<HashSet<Symbol, FxBuildHasher>> =
        LazyLock::new(|| CLUSTER_SCOPED.iter().map(|(_, kind, _)| Symbol::new(kind)).collect());
    KINDS.contains(&gvk.kind)
        && CLUSTER_SCOPED.iter().any(|(group, kind, versions)| {
            gvk.kind == **kind && gvk.group == **group && versions.contains(&gvk.version.as_str())
        })
}

/// The namespace of a resource as kustomize compares it, of the one that is written: [`DEFAULT_NAMESPACE`] if there is
/// none, [`CLUSTER`] for a kind known to be cluster-scoped.
pub fn effective<'a>(gvk: &Gvk, written: &'a str) -> &'a str {
    if is_certainly_cluster_scoped(gvk) {
        CLUSTER
    } else if written.is_empty() {
        DEFAULT_NAMESPACE
    } else {
        written
    }
}

/// Whether `namespace` leaves resources of this kind alone.
pub fn is_left_out_of_namespaces(gvk: &Gvk, compat: Compat) -> bool {
    let is_policy = || gvk.group == *ADMISSION && gvk.kind.as_str().starts_with("ValidatingAdmissionPolicy");
    is_certainly_cluster_scoped(gvk) && (compat.knows_admission_policies() || !is_policy())
}
