"""What the package does not say about Kubernetes, stated by hand. Each table is a fact of the API, not of the package."""

# Kinds outside every namespace. The kind decides in all versions of a group, so versions are not listed.
CLUSTER_SCOPED = {
    "": "ComponentStatus Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration"
    " ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "authentication.k8s.io": "SelfSubjectReview TokenReview",
    "authorization.k8s.io": "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "internal.apiserver.k8s.io": "StorageVersion",
    "networking.k8s.io": "ClusterCIDR IPAddress IngressClass ServiceCIDR",
    "node.k8s.io": "RuntimeClass",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "resource.k8s.io": "DeviceClass DeviceTaintRule ResourceClass ResourcePoolStatusRequest ResourceSlice",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "storagemigration.k8s.io": "StorageVersionMigration",
}


def scope(api, kind):
    """`cluster`, `namespaced`, or `list` for the envelope of several objects."""
    group = api.rpartition("/")[0]
    if kind.endswith("List"):
        return "list"
    return "cluster" if kind in CLUSTER_SCOPED.get(group, "").split() else "namespaced"


# Fields the OpenAPI document calls required while the API server takes an object without them: the Go type decodes to
# its zero value and validation says nothing.
NOT_ENFORCED = {
    "apps.v1.StatefulSetSpec": {"serviceName"},
}

# The generic list has no definition of its own; clients know it. A type is {(field, "!" or "", type): versions}.
ADDED_KINDS = [("v1", "List", "core.v1.List")]


def ADDED_TYPES(versions):
    fields = [
        ("apiVersion", "", "string"),
        ("items", "!", "[object]"),
        ("kind", "", "string"),
        ("metadata", "", "meta.v1.ListMeta"),
    ]
    return {"core.v1.List": {field: versions for field in fields}}


# Values of string fields, which the published OpenAPI document leaves out. Only sets that are the same in every version
# of the store: a set that grows would refuse, on the newer version, what that version takes.
_SELECTOR = "In NotIn Exists DoesNotExist".split()
_STRATEGY = "RollingUpdate OnDelete".split()
ENUMS = {
    ("apiextensions.v1.CustomResourceConversion", "strategy"): ["None", "Webhook"],
    ("apiextensions.v1.CustomResourceDefinitionSpec", "scope"): ["Cluster", "Namespaced"],
    ("apiextensions.v1.JSONSchemaProps", "type"): "array boolean integer number object string".split(),
    ("apps.v1.DaemonSetUpdateStrategy", "type"): _STRATEGY,
    ("apps.v1.DeploymentStrategy", "type"): ["Recreate", "RollingUpdate"],
    ("apps.v1.StatefulSetSpec", "podManagementPolicy"): ["OrderedReady", "Parallel"],
    ("apps.v1.StatefulSetUpdateStrategy", "type"): _STRATEGY,
    ("autoscaling.v2.HPAScalingRules", "selectPolicy"): ["Max", "Min", "Disabled"],
    ("autoscaling.v2.MetricTarget", "type"): ["Utilization", "Value", "AverageValue"],
    ("batch.v1.CronJobSpec", "concurrencyPolicy"): ["Allow", "Forbid", "Replace"],
    ("batch.v1.JobSpec", "completionMode"): ["NonIndexed", "Indexed"],
    ("core.v1.Container", "imagePullPolicy"): ["Always", "IfNotPresent", "Never"],
    ("core.v1.Container", "terminationMessagePolicy"): ["File", "FallbackToLogsOnError"],
    ("core.v1.ContainerPort", "protocol"): ["TCP", "UDP", "SCTP"],
    ("core.v1.EphemeralContainer", "imagePullPolicy"): ["Always", "IfNotPresent", "Never"],
    ("core.v1.HTTPGetAction", "scheme"): ["HTTP", "HTTPS"],
    ("core.v1.NodeSelectorRequirement", "operator"): [*_SELECTOR, "Gt", "Lt"],
    ("core.v1.PersistentVolumeSpec", "persistentVolumeReclaimPolicy"): ["Delete", "Recycle", "Retain"],
    ("core.v1.PersistentVolumeSpec", "volumeMode"): ["Block", "Filesystem"],
    ("core.v1.PersistentVolumeClaimSpec", "volumeMode"): ["Block", "Filesystem"],
    ("core.v1.PodSpec", "dnsPolicy"): ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
    ("core.v1.PodSpec", "preemptionPolicy"): ["Never", "PreemptLowerPriority"],
    ("core.v1.PodSpec", "restartPolicy"): ["Always", "OnFailure", "Never"],
    ("core.v1.PodSecurityContext", "fsGroupChangePolicy"): ["Always", "OnRootMismatch"],
    ("core.v1.SeccompProfile", "type"): ["Localhost", "RuntimeDefault", "Unconfined"],
    ("core.v1.ServicePort", "protocol"): ["TCP", "UDP", "SCTP"],
    ("core.v1.ServiceSpec", "externalTrafficPolicy"): ["Cluster", "Local"],
    ("core.v1.ServiceSpec", "internalTrafficPolicy"): ["Cluster", "Local"],
    ("core.v1.ServiceSpec", "ipFamilyPolicy"): ["SingleStack", "PreferDualStack", "RequireDualStack"],
    ("core.v1.ServiceSpec", "sessionAffinity"): ["ClientIP", "None"],
    ("core.v1.ServiceSpec", "type"): ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
    ("core.v1.Taint", "effect"): ["NoSchedule", "PreferNoSchedule", "NoExecute"],
    ("core.v1.Toleration", "effect"): ["NoSchedule", "PreferNoSchedule", "NoExecute"],
    ("core.v1.TopologySpreadConstraint", "nodeAffinityPolicy"): ["Honor", "Ignore"],
    ("core.v1.TopologySpreadConstraint", "nodeTaintsPolicy"): ["Honor", "Ignore"],
    ("core.v1.TopologySpreadConstraint", "whenUnsatisfiable"): ["DoNotSchedule", "ScheduleAnyway"],
    ("core.v1.VolumeMount", "mountPropagation"): ["None", "HostToContainer", "Bidirectional"],
    ("meta.v1.LabelSelectorRequirement", "operator"): _SELECTOR,
    ("networking.v1.HTTPIngressPath", "pathType"): ["Exact", "Prefix", "ImplementationSpecific"],
    ("networking.v1.NetworkPolicyPort", "protocol"): ["TCP", "UDP", "SCTP"],
    ("policy.v1.PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy"): ["AlwaysAllow", "IfHealthyBudget"],
    ("storage.v1.StorageClass", "reclaimPolicy"): ["Delete", "Retain"],
    ("storage.v1.StorageClass", "volumeBindingMode"): ["Immediate", "WaitForFirstConsumer"],
}
