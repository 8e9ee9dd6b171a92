//! API versions that Kubernetes dropped before the oldest embedded version, which the store therefore does not hold.
//!
//! Source: the deprecated API migration guide of the Kubernetes documentation.

/// An API version that is gone.
pub(super) struct Retired {
    pub(super) api_version: &'static str,
    pub(super) kinds: &'static [&'static str],
    /// The minor version of Kubernetes that no longer has it.
    pub(super) removed_in: u16,
    /// The API version that took its place, if any did.
    pub(super) instead: Option<&'static str>,
}

const fn retired(
    api_version: &'static str,
    kinds: &'static [&'static str],
    removed_in: u16,
    instead: Option<&'static str>,
) -> Retired {
    Retired { api_version, kinds, removed_in, instead }
}

const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const REVIEWS: &[&str] =
    &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"];
const ROLES: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const STORAGE: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];

/// In the order of removal.
pub(super) const RETIRED: &[Retired] = &[
    retired("apps/v1beta1", &["ControllerRevision", "Deployment", "StatefulSet"], 16, Some("apps/v1")),
    retired(
        "apps/v1beta2",
        &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        16,
        Some("apps/v1"),
    ),
    retired("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], 16, Some("apps/v1")),
    retired("extensions/v1beta1", &["NetworkPolicy"], 16, Some("networking.k8s.io/v1")),
    retired("extensions/v1beta1", &["PodSecurityPolicy"], 16, None),
    retired("admissionregistration.k8s.io/v1beta1", WEBHOOKS, 22, Some("admissionregistration.k8s.io/v1")),
    retired("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], 22, Some("apiextensions.k8s.io/v1")),
    retired("apiregistration.k8s.io/v1beta1", &["APIService"], 22, Some("apiregistration.k8s.io/v1")),
    retired("authentication.k8s.io/v1beta1", &["TokenReview"], 22, Some("authentication.k8s.io/v1")),
    retired("authorization.k8s.io/v1beta1", REVIEWS, 22, Some("authorization.k8s.io/v1")),
    retired("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], 22, Some("certificates.k8s.io/v1")),
    retired("coordination.k8s.io/v1beta1", &["Lease"], 22, Some("coordination.k8s.io/v1")),
    retired("extensions/v1beta1", &["Ingress"], 22, Some("networking.k8s.io/v1")),
    retired("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], 22, Some("networking.k8s.io/v1")),
    retired("rbac.authorization.k8s.io/v1beta1", ROLES, 22, Some("rbac.authorization.k8s.io/v1")),
    retired("scheduling.k8s.io/v1beta1", &["PriorityClass"], 22, Some("scheduling.k8s.io/v1")),
    retired("storage.k8s.io/v1beta1", STORAGE, 22, Some("storage.k8s.io/v1")),
    retired("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], 25, Some("autoscaling/v2")),
    retired("batch/v1beta1", &["CronJob"], 25, Some("batch/v1")),
    retired("discovery.k8s.io/v1beta1", &["EndpointSlice"], 25, Some("discovery.k8s.io/v1")),
    retired("events.k8s.io/v1beta1", &["Event"], 25, Some("events.k8s.io/v1")),
    retired("node.k8s.io/v1beta1", &["RuntimeClass"], 25, Some("node.k8s.io/v1")),
    retired("policy/v1beta1", &["PodDisruptionBudget"], 25, Some("policy/v1")),
    retired("policy/v1beta1", &["PodSecurityPolicy"], 25, None),
];
