//! Which fields hold the name of a resource of which kind, as kustomize knows it: the field specs by which a
//! reference follows a renamed resource.

use std::sync::LazyLock;

use super::{FieldSpec, Gvk, NameReference, PathPart};
use crate::source::Symbol;

/// Where the spec of a pod stands: kind and version of the resource (empty is any), and the path to it.
type PodHolder = (&'static str, &'static str, &'static str);

/// The holders for ConfigMaps and Secrets.
const CONFIGURED: &[PodHolder] = &[
    ("Pod", "v1", "spec"),
    ("PodTemplate", "", "template/spec"),
    ("Deployment", "", "spec/template/spec"),
    ("ReplicaSet", "", "spec/template/spec"),
    ("DaemonSet", "", "spec/template/spec"),
    ("StatefulSet", "", "spec/template/spec"),
    ("Job", "", "spec/template/spec"),
    ("CronJob", "", "spec/jobTemplate/spec/template/spec"),
];

/// The holders for all else. That these are others than the above is kustomize's doing.
const OTHERS: &[PodHolder] = &[
    ("Pod", "", "spec"),
    ("StatefulSet", "", "spec/template/spec"),
    ("Deployment", "", "spec/template/spec"),
    ("ReplicationController", "", "spec/template/spec"),
    ("CronJob", "", "spec/jobTemplate/spec/template/spec"),
    ("Job", "", "spec/template/spec"),
    ("DaemonSet", "", "spec/template/spec"),
];

/// One kind referred to.
struct Target {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    /// Paths below the spec of a pod, and the holders of such.
    pods: (&'static [PodHolder], &'static [&'static str]),
    /// Kind (`group/Kind` or `group/version/Kind`) and path of other fields.
    fields: &'static [(&'static str, &'static str)],
}

const NO_PODS: (&[PodHolder], &[&str]) = (&[], &[]);
const SCALED: &[(&str, &str)] = &[("HorizontalPodAutoscaler", "spec/scaleTargetRef/name")];
const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

const TARGETS: &[Target] = &[
    Target { group: "", version: "", kind: "Deployment", pods: NO_PODS, fields: SCALED },
    Target { group: "", version: "", kind: "ReplicationController", pods: NO_PODS, fields: SCALED },
    Target { group: "", version: "", kind: "ReplicaSet", pods: NO_PODS, fields: SCALED },
    Target { group: "", version: "", kind: "StatefulSet", pods: NO_PODS, fields: SCALED },
    Target {
        group: "",
        version: "v1",
        kind: "ConfigMap",
        pods: (
            CONFIGURED,
            &[
                "volumes/configMap/name",
                "containers/env/valueFrom/configMapKeyRef/name",
                "initContainers/env/valueFrom/configMapKeyRef/name",
                "containers/envFrom/configMapRef/name",
                "initContainers/envFrom/configMapRef/name",
                "volumes/projected/sources/configMap/name",
            ],
        ),
        fields: &[
            ("Node", "spec/configSource/configMap"),
            ("Role", "rules/resourceNames"),
            ("ClusterRole", "rules/resourceNames"),
            ("Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap"),
        ],
    },
    Target {
        group: "",
        version: "v1",
        kind: "Secret",
        pods: (
            CONFIGURED,
            &[
                "volumes/secret/secretName",
                "containers/env/valueFrom/secretKeyRef/name",
                "initContainers/env/valueFrom/secretKeyRef/name",
                "containers/envFrom/secretRef/name",
                "initContainers/envFrom/secretRef/name",
                "imagePullSecrets/name",
                "volumes/projected/sources/secret/name",
            ],
        ),
        fields: &[
            ("Ingress", "spec/tls/secretName"),
            ("Ingress", r"metadata/annotations/ingress.kubernetes.io\/auth-secret"),
            ("Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret"),
            ("Ingress", r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret"),
            ("ServiceAccount", "imagePullSecrets/name"),
            ("StorageClass", "parameters/secretName"),
            ("StorageClass", "parameters/adminSecretName"),
            ("StorageClass", "parameters/userSecretName"),
            ("StorageClass", "parameters/secretRef"),
            ("Role", "rules/resourceNames"),
            ("ClusterRole", "rules/resourceNames"),
            ("serving.knative.dev/v1/Service", "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"),
            ("PersistentVolume", "spec/azureFile/secretName"),
        ],
    },
    Target {
        group: "",
        version: "v1",
        kind: "Service",
        pods: NO_PODS,
        fields: &[
            ("apps/StatefulSet", "spec/serviceName"),
            ("Ingress", "spec/rules/http/paths/backend/serviceName"),
            ("Ingress", "spec/backend/serviceName"),
            ("Ingress", "spec/rules/http/paths/backend/service/name"),
            ("Ingress", "spec/defaultBackend/service/name"),
            ("apiregistration.k8s.io/APIService", "spec/service/name"),
            ("admissionregistration.k8s.io/ValidatingWebhookConfiguration", "webhooks/clientConfig/service"),
            ("admissionregistration.k8s.io/MutatingWebhookConfiguration", "webhooks/clientConfig/service"),
        ],
    },
    Target {
        group: RBAC,
        version: "",
        kind: "Role",
        pods: NO_PODS,
        fields: &[("rbac.authorization.k8s.io/RoleBinding", "roleRef/name")],
    },
    Target {
        group: RBAC,
        version: "",
        kind: "ClusterRole",
        pods: NO_PODS,
        fields: &[
            ("rbac.authorization.k8s.io/RoleBinding", "roleRef/name"),
            ("rbac.authorization.k8s.io/ClusterRoleBinding", "roleRef/name"),
        ],
    },
    Target {
        group: "",
        version: "v1",
        kind: "ServiceAccount",
        pods: (OTHERS, &["serviceAccountName"]),
        fields: &[
            ("rbac.authorization.k8s.io/RoleBinding", "subjects"),
            ("rbac.authorization.k8s.io/ClusterRoleBinding", "subjects"),
        ],
    },
    Target {
        group: "",
        version: "v1",
        kind: "PersistentVolumeClaim",
        pods: (OTHERS, &["volumes/persistentVolumeClaim/claimName"]),
        fields: &[],
    },
    Target {
        group: "",
        version: "v1",
        kind: "PersistentVolume",
        pods: NO_PODS,
        fields: &[("PersistentVolumeClaim", "spec/volumeName"), ("ClusterRole", "rules/resourceNames")],
    },
    Target {
        group: "storage.k8s.io",
        version: "v1",
        kind: "StorageClass",
        pods: NO_PODS,
        fields: &[
            ("PersistentVolume", "spec/storageClassName"),
            ("PersistentVolumeClaim", "spec/storageClassName"),
            ("StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
        ],
    },
    Target {
        group: "scheduling.k8s.io",
        version: "v1",
        kind: "PriorityClass",
        pods: (OTHERS, &["priorityClassName"]),
        fields: &[],
    },
    Target {
        // A slip of kustomize: no group holds a slash, so a renamed IngressClass is never followed.
        group: "networking.k8s.io/v1",
        version: "v1",
        kind: "IngressClass",
        pods: NO_PODS,
        fields: &[("Ingress", "spec/ingressClassName")],
    },
    Target {
        group: ADMISSION,
        version: "",
        kind: "ValidatingAdmissionPolicy",
        pods: NO_PODS,
        fields: &[("admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding", "spec/policyName")],
    },
];

/// The name references that kustomize builds in.
pub fn default_name_references() -> &'static [NameReference] {
    static DEFAULT: LazyLock<Vec<NameReference>> = LazyLock::new(make);
    &DEFAULT
}

/// Whether resources of this kind may hold one of [`default_name_references`], found out without making these.
pub fn may_refer(kind: &str) -> bool {
    TARGETS.iter().any(|target| {
        target.pods.0.iter().any(|holder| holder.0 == kind)
            || target.fields.iter().any(|(known, _)| known.rsplit('/').next() == Some(kind))
    })
}

fn make() -> Vec<NameReference> {
    TARGETS
        .iter()
        .map(|target| {
            let (holders, below) = target.pods;
            let below: Vec<_> = below.iter().map(|path| FieldSpec::split_path(path)).collect();
            let in_pods = holders.iter().flat_map(|&(kind, version, spec)| {
                let (gvk, spec) = (gvk("", version, kind), FieldSpec::split_path(spec));
                below.iter().map(move |path| field(gvk, [&spec[..], path].concat())).collect::<Vec<_>>()
            });
            let others = target.fields.iter().map(|(kind, path)| {
                let (api, kind) = kind.rsplit_once('/').unwrap_or(("", kind));
                let (group, version) = api.split_once('/').unwrap_or((api, ""));
                field(gvk(group, version, kind), FieldSpec::split_path(path))
            });
            NameReference {
                target: gvk(target.group, target.version, target.kind),
                fields: in_pods.chain(others).collect(),
            }
        })
        .collect()
}

fn gvk(group: &str, version: &str, kind: &str) -> Gvk {
    Gvk { group: Symbol::new(group), version: Symbol::new(version), kind: Symbol::new(kind) }
}

fn field(Gvk { group, version, kind }: Gvk, path: Vec<PathPart>) -> FieldSpec {
    FieldSpec { group, version, kind, path, create: false }
}
