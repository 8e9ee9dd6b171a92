//! Where kustomize resolves `$(VAR)`.

use std::sync::LazyLock;

use super::FieldSpec;

/// Kinds with pods, and the path to their spec.
const PODS: &[(&str, &str)] = &[
    ("Pod", "spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicaSet", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
];

const IN_CONTAINERS: &[&str] = &["args", "command", "env/value", "volumeMounts/mountPath"];

/// Kind (empty is any) and path. Two of the paths to an NFS server lead nowhere in Kubernetes; they are kustomize's.
const OTHERS: &[(&str, &str)] = &[
    ("Pod", "spec/volumes/nfs/server"),
    ("Deployment", "spec/template/spec/volumes/nfs/server"),
    ("ReplicaSet", "spec/template/spec/volumes/nfs/server"),
    ("DaemonSet", "spec/template/spec/volumes/nfs/server"),
    ("Job", "spec/template/spec/volumes/nfs/server"),
    ("CronJob", "spec/jobTemplate/spec/template/volumes/nfs/server"),
    ("StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server"),
    ("PersistentVolume", "spec/nfs/server"),
    ("Deployment", "spec/template/metadata/annotations"),
    ("Ingress", "spec/rules/host"),
    ("Ingress", "spec/tls/hosts"),
    ("Ingress", "spec/tls/secretName"),
    ("Service", "spec/ports/port"),
    ("Service", "spec/ports/targetPort"),
    ("", "metadata/labels"),
    ("", "metadata/annotations"),
];

/// The fields in which kustomize resolves `$(VAR)` by default.
pub fn default_var_references() -> &'static [FieldSpec] {
    static DEFAULT: LazyLock<Vec<FieldSpec>> = LazyLock::new(make);
    &DEFAULT
}

fn make() -> Vec<FieldSpec> {
    let in_pods = PODS.iter().flat_map(|(kind, spec)| {
        ["containers", "initContainers"].into_iter().flat_map(move |list| {
            IN_CONTAINERS.iter().map(move |field| spec_of(kind, &format!("{spec}/{list}/{field}")))
        })
    });
    in_pods.chain(OTHERS.iter().map(|(kind, path)| spec_of(kind, path))).collect()
}

fn spec_of(kind: &str, path: &str) -> FieldSpec {
    FieldSpec { kind: kind.into(), ..FieldSpec::new(path, false) }
}
