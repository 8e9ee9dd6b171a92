//! Kustomize's built-in merge keys, as facts of the OpenAPI document of Kubernetes 1.21.2 that kustomize embeds.
//!
//! Only fields are listed through which a merging list can be reached; every other list is replaced as a whole.
//! Lists that are themselves replaced need no entry either, since their items are never merged one by one.

use super::merge_schema::{Field, Lists, Shape};

const fn child(name: &'static str, of: &'static Shape) -> Field {
    Field { name, lists: Lists::No, of }
}

const fn by(name: &'static str, keys: &'static [&'static str], of: &'static Shape) -> Field {
    Field { name, lists: Lists::ByKeys(keys), of }
}

const fn values(name: &'static str) -> Field {
    Field { name, lists: Lists::ByValue, of: &LEAF }
}

/// Nothing below it merges.
pub static LEAF: Shape = Shape { fields: &[] };

static METADATA: Shape = Shape { fields: &[values("finalizers"), by("ownerReferences", &["uid"], &LEAF)] };
static CONDITIONS: Shape = Shape { fields: &[by("conditions", &["type"], &LEAF)] };

static PLAIN: Shape = Shape { fields: &[child("metadata", &METADATA)] };
static WITH_STATUS: Shape = Shape { fields: &[child("metadata", &METADATA), child("status", &CONDITIONS)] };

static EPHEMERAL_CONTAINER: Shape = Shape {
    fields: &[
        by("env", &["name"], &LEAF),
        by("volumeDevices", &["devicePath"], &LEAF),
        by("volumeMounts", &["mountPath"], &LEAF),
    ],
};
static CONTAINER: Shape = Shape {
    fields: &[
        by("env", &["name"], &LEAF),
        by("ports", &["containerPort", "protocol"], &LEAF),
        by("volumeDevices", &["devicePath"], &LEAF),
        by("volumeMounts", &["mountPath"], &LEAF),
    ],
};
static EPHEMERAL_VOLUME: Shape = Shape { fields: &[child("volumeClaimTemplate", &PLAIN)] };
static VOLUME: Shape = Shape { fields: &[child("ephemeral", &EPHEMERAL_VOLUME)] };
static POD_SPEC: Shape = Shape {
    fields: &[
        by("containers", &["name"], &CONTAINER),
        by("ephemeralContainers", &["name"], &EPHEMERAL_CONTAINER),
        by("hostAliases", &["ip"], &LEAF),
        by("imagePullSecrets", &["name"], &LEAF),
        by("initContainers", &["name"], &CONTAINER),
        by("topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"], &LEAF),
        by("volumes", &["name"], &VOLUME),
    ],
};
static POD_STATUS: Shape = Shape { fields: &[by("conditions", &["type"], &LEAF), by("podIPs", &["ip"], &LEAF)] };
static POD: Shape =
    Shape { fields: &[child("metadata", &METADATA), child("spec", &POD_SPEC), child("status", &POD_STATUS)] };
static POD_TEMPLATE: Shape = Shape { fields: &[child("metadata", &METADATA), child("spec", &POD_SPEC)] };
static TEMPLATE: Shape = Shape { fields: &[child("template", &POD_TEMPLATE)] };
static TEMPLATE_OBJECT: Shape = Shape { fields: &[child("metadata", &METADATA), child("template", &POD_TEMPLATE)] };
static WORKLOAD: Shape =
    Shape { fields: &[child("metadata", &METADATA), child("spec", &TEMPLATE), child("status", &CONDITIONS)] };
static JOB_TEMPLATE: Shape = Shape { fields: &[child("metadata", &METADATA), child("spec", &TEMPLATE)] };
static CRON_JOB_SPEC: Shape = Shape { fields: &[child("jobTemplate", &JOB_TEMPLATE)] };
static CRON_JOB: Shape = Shape { fields: &[child("metadata", &METADATA), child("spec", &CRON_JOB_SPEC)] };

static SERVICE_SPEC: Shape = Shape { fields: &[by("ports", &["port", "protocol"], &LEAF)] };
static SERVICE: Shape =
    Shape { fields: &[child("metadata", &METADATA), child("spec", &SERVICE_SPEC), child("status", &CONDITIONS)] };
static SERVICE_ACCOUNT: Shape = Shape { fields: &[child("metadata", &METADATA), by("secrets", &["name"], &LEAF)] };
static COMPONENT_STATUS: Shape = Shape { fields: &[child("metadata", &METADATA), by("conditions", &["type"], &LEAF)] };
static NODE_SPEC: Shape = Shape { fields: &[values("podCIDRs")] };
static NODE_STATUS: Shape = Shape { fields: &[by("addresses", &["type"], &LEAF), by("conditions", &["type"], &LEAF)] };
static NODE: Shape =
    Shape { fields: &[child("metadata", &METADATA), child("spec", &NODE_SPEC), child("status", &NODE_STATUS)] };
static WEBHOOKS: Shape = Shape { fields: &[child("metadata", &METADATA), by("webhooks", &["name"], &LEAF)] };
static CSI_NODE_SPEC: Shape = Shape { fields: &[by("drivers", &["name"], &LEAF)] };
static CSI_NODE: Shape = Shape { fields: &[child("metadata", &METADATA), child("spec", &CSI_NODE_SPEC)] };

/// Group, versions, kinds, and the shape they share.
type Row = (&'static str, &'static [&'static str], &'static [&'static str], &'static Shape);

const V1: &[&str] = &["v1"];
const V1BETA1: &[&str] = &["v1beta1"];
const BOTH: &[&str] = &["v1", "v1beta1"];

/// Every kind that kustomize has merge keys for. Lists of objects (`DeploymentList`) are taken apart before a patch
/// could meet them.
pub static KINDS: &[Row] = &[
    ("", V1, &["Pod"], &POD),
    ("", V1, &["PodTemplate"], &TEMPLATE_OBJECT),
    ("", V1, &["ReplicationController"], &WORKLOAD),
    ("", V1, &["Service"], &SERVICE),
    ("", V1, &["ServiceAccount"], &SERVICE_ACCOUNT),
    ("", V1, &["ComponentStatus"], &COMPONENT_STATUS),
    ("", V1, &["Node"], &NODE),
    ("", V1, &["Namespace", "PersistentVolumeClaim"], &WITH_STATUS),
    (
        "",
        V1,
        &["Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "PersistentVolume", "ResourceQuota", "Secret"],
        &PLAIN,
    ),
    ("apps", V1, &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], &WORKLOAD),
    ("apps", V1, &["ControllerRevision"], &PLAIN),
    ("batch", V1, &["Job"], &WORKLOAD),
    ("batch", BOTH, &["CronJob"], &CRON_JOB),
    (
        "admissionregistration.k8s.io",
        BOTH,
        &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
        &WEBHOOKS,
    ),
    ("apiextensions.k8s.io", BOTH, &["CustomResourceDefinition"], &PLAIN),
    ("apiregistration.k8s.io", BOTH, &["APIService"], &WITH_STATUS),
    ("authentication.k8s.io", V1, &["TokenRequest"], &PLAIN),
    ("authentication.k8s.io", BOTH, &["TokenReview"], &PLAIN),
    (
        "authorization.k8s.io",
        BOTH,
        &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
        &PLAIN,
    ),
    ("autoscaling", &["v1", "v2beta1", "v2beta2"], &["HorizontalPodAutoscaler"], &PLAIN),
    ("autoscaling", V1, &["Scale"], &PLAIN),
    ("certificates.k8s.io", BOTH, &["CertificateSigningRequest"], &PLAIN),
    ("coordination.k8s.io", BOTH, &["Lease"], &PLAIN),
    ("discovery.k8s.io", BOTH, &["EndpointSlice"], &PLAIN),
    ("events.k8s.io", BOTH, &["Event"], &PLAIN),
    ("extensions", V1BETA1, &["Ingress"], &PLAIN),
    ("flowcontrol.apiserver.k8s.io", V1BETA1, &["FlowSchema", "PriorityLevelConfiguration"], &PLAIN),
    ("networking.k8s.io", BOTH, &["Ingress", "IngressClass"], &PLAIN),
    ("networking.k8s.io", V1, &["NetworkPolicy"], &PLAIN),
    ("node.k8s.io", BOTH, &["RuntimeClass"], &PLAIN),
    ("policy", BOTH, &["PodDisruptionBudget"], &WITH_STATUS),
    ("policy", V1BETA1, &["Eviction", "PodSecurityPolicy"], &PLAIN),
    ("rbac.authorization.k8s.io", BOTH, &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], &PLAIN),
    ("scheduling.k8s.io", BOTH, &["PriorityClass"], &PLAIN),
    ("storage.k8s.io", BOTH, &["CSINode"], &CSI_NODE),
    ("storage.k8s.io", BOTH, &["CSIDriver", "StorageClass", "VolumeAttachment"], &PLAIN),
    ("storage.k8s.io", V1BETA1, &["CSIStorageCapacity"], &PLAIN),
];

/// The types that a document of the user's may refer to by name, where merging lists can be reached from them.
pub static DEFINITIONS: &[(&str, &Shape)] = &[
    ("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", &METADATA),
    ("io.k8s.api.core.v1.Container", &CONTAINER),
    ("io.k8s.api.core.v1.EphemeralContainer", &EPHEMERAL_CONTAINER),
    ("io.k8s.api.core.v1.EphemeralVolumeSource", &EPHEMERAL_VOLUME),
    ("io.k8s.api.core.v1.PersistentVolumeClaim", &WITH_STATUS),
    ("io.k8s.api.core.v1.PersistentVolumeClaimTemplate", &PLAIN),
    ("io.k8s.api.core.v1.Pod", &POD),
    ("io.k8s.api.core.v1.PodSpec", &POD_SPEC),
    ("io.k8s.api.core.v1.PodStatus", &POD_STATUS),
    ("io.k8s.api.core.v1.PodTemplateSpec", &POD_TEMPLATE),
    ("io.k8s.api.core.v1.Service", &SERVICE),
    ("io.k8s.api.core.v1.ServiceSpec", &SERVICE_SPEC),
    ("io.k8s.api.core.v1.Volume", &VOLUME),
    ("io.k8s.api.apps.v1.Deployment", &WORKLOAD),
    ("io.k8s.api.apps.v1.DeploymentSpec", &TEMPLATE),
    ("io.k8s.api.apps.v1.StatefulSetSpec", &TEMPLATE),
    ("io.k8s.api.apps.v1.DaemonSetSpec", &TEMPLATE),
    ("io.k8s.api.batch.v1.JobSpec", &TEMPLATE),
    ("io.k8s.api.batch.v1.JobTemplateSpec", &JOB_TEMPLATE),
];
