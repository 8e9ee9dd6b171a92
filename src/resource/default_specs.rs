//! The field specs that kustomize builds in, restated as data, and handed out ready to use.
//!
//! A row reads: group, version, kind (`*` is any), path, whether a missing field is made. References by name and vars
//! have files of their own.

use std::sync::LazyLock;

use super::{Compat, FieldSpec, FieldSpecs, PathPart, default_name_references, default_var_references};
use crate::source::Symbol;

/// Group, version, kind, path, create.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

const NAME: &[Row] = &[("*", "*", "*", "metadata/name", false)];

const NAMESPACE: &[Row] = &[
    ("*", "*", "Namespace", "metadata/name", true),
    ("apiregistration.k8s.io", "*", "APIService", "spec/service/namespace", true),
    (
        "apiextensions.k8s.io",
        "*",
        "CustomResourceDefinition",
        "spec/conversion/webhook/clientConfig/service/namespace",
        false,
    ),
];

const REPLICAS: &[Row] = &[
    ("*", "*", "Deployment", "spec/replicas", true),
    ("*", "*", "ReplicationController", "spec/replicas", true),
    ("*", "*", "ReplicaSet", "spec/replicas", true),
    ("*", "*", "StatefulSet", "spec/replicas", true),
];

/// Kustomize asks for `create`, but an image is never made: the transformer names no kind of node to make.
const IMAGES: &[Row] = &[
    ("*", "*", "*", "spec/containers[]/image", true),
    ("*", "*", "*", "spec/initContainers[]/image", true),
    ("*", "*", "*", "spec/template/spec/containers[]/image", true),
    ("*", "*", "*", "spec/template/spec/initContainers[]/image", true),
];

const IMAGE_VOLUMES: &[Row] = &[
    ("*", "*", "*", "spec/volumes[]/image/reference", true),
    ("*", "*", "*", "spec/template/spec/volumes[]/image/reference", true),
    ("*", "*", "*", "spec/jobTemplate/spec/template/spec/volumes[]/image/reference", true),
];

/// Where the metadata of pods and of what they come from stands, beside that of the resource itself. Completed by
/// `labels` or `annotations`.
const METADATA: &[Row] = &[
    ("*", "*", "*", "metadata", true),
    ("*", "v1", "ReplicationController", "spec/template/metadata", true),
    ("*", "*", "Deployment", "spec/template/metadata", true),
    ("*", "*", "ReplicaSet", "spec/template/metadata", true),
    ("*", "*", "DaemonSet", "spec/template/metadata", true),
    ("apps", "*", "StatefulSet", "spec/template/metadata", true),
    ("batch", "*", "Job", "spec/template/metadata", true),
    ("batch", "*", "CronJob", "spec/jobTemplate/metadata", true),
    ("batch", "*", "CronJob", "spec/jobTemplate/spec/template/metadata", true),
];

const SELECTORS: &[Row] = &[
    ("*", "v1", "Service", "spec/selector", true),
    ("*", "v1", "ReplicationController", "spec/selector", true),
    ("*", "*", "Deployment", "spec/selector/matchLabels", true),
    ("*", "*", "ReplicaSet", "spec/selector/matchLabels", true),
    ("*", "*", "DaemonSet", "spec/selector/matchLabels", true),
    ("apps", "*", "StatefulSet", "spec/selector/matchLabels", true),
    ("batch", "*", "Job", "spec/selector/matchLabels", false),
    ("batch", "*", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
    ("policy", "*", "PodDisruptionBudget", "spec/selector/matchLabels", false),
    ("networking.k8s.io", "*", "NetworkPolicy", "spec/podSelector/matchLabels", false),
    ("networking.k8s.io", "*", "NetworkPolicy", "spec/ingress/from/podSelector/matchLabels", false),
    ("networking.k8s.io", "*", "NetworkPolicy", "spec/egress/to/podSelector/matchLabels", false),
];

/// Selectors in the pod template of a `Deployment` or `StatefulSet` of `apps`, below `spec/template/spec`.
const TEMPLATE_SELECTORS: &[&str] = &[
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "topologySpreadConstraints/labelSelector/matchLabels",
];

const VOLUME_CLAIMS: &[Row] = &[("apps", "*", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", true)];

fn spec(&(group, version, kind, path, create): &Row) -> FieldSpec {
    let part = |text: &str| if text == "*" { Symbol::default() } else { Symbol::new(text) };
    FieldSpec { group: part(group), version: part(version), kind: part(kind), ..FieldSpec::new(path, create) }
}

fn specs(rows: &[Row]) -> Vec<FieldSpec> {
    rows.iter().map(spec).collect()
}

fn metadata(field: &str) -> Vec<FieldSpec> {
    let mut specs = specs(METADATA);
    specs.iter_mut().for_each(|spec| spec.path.push(PathPart::new(field)));
    specs
}

fn common_annotations() -> Vec<FieldSpec> {
    // Of the templates only this one counts in any group, and only for annotations.
    let mut specs = metadata("annotations");
    for spec in specs.iter_mut().filter(|spec| spec.kind == "StatefulSet") {
        spec.group = Symbol::default();
    }
    specs
}

fn common_labels() -> Vec<FieldSpec> {
    let mut all = specs(SELECTORS);
    for kind in ["Deployment", "StatefulSet"] {
        for path in TEMPLATE_SELECTORS {
            let spec = FieldSpec::new(&format!("spec/template/spec/{path}"), false);
            all.push(FieldSpec { group: "apps".into(), kind: kind.into(), ..spec });
        }
    }
    all.extend(metadata("labels"));
    all.extend(specs(VOLUME_CLAIMS));
    all
}

fn template_labels(compat: Compat) -> Vec<FieldSpec> {
    let mut all = metadata("labels");
    if compat.takes_claims_for_templates() {
        all.extend(specs(VOLUME_CLAIMS));
    }
    all
}

fn images(compat: Compat) -> Vec<FieldSpec> {
    let mut all = specs(IMAGES);
    if compat.knows_image_volumes() {
        all.extend(specs(IMAGE_VOLUMES));
    }
    all
}

impl FieldSpecs {
    /// Kustomize's defaults. Made once; layers that add nothing share them.
    pub fn standard(compat: Compat) -> &'static FieldSpecs {
        fn whole(compat: Compat) -> FieldSpecs {
            FieldSpecs {
                name_reference: default_name_references().to_vec(),
                var_reference: default_var_references().to_vec(),
                ..without_references(compat)
            }
        }
        static V5_5: LazyLock<FieldSpecs> = LazyLock::new(|| whole(Compat::V5_5));
        static V5_8: LazyLock<FieldSpecs> = LazyLock::new(|| whole(Compat::V5_8));
        match compat {
            Compat::V5_5 => &V5_5,
            Compat::V5_8 => &V5_8,
        }
    }

    /// The defaults without the tables of references, which are by far the largest and which most layers never ask
    /// for.
    pub fn standard_without_references(compat: Compat) -> &'static FieldSpecs {
        static V5_5: LazyLock<FieldSpecs> = LazyLock::new(|| without_references(Compat::V5_5));
        static V5_8: LazyLock<FieldSpecs> = LazyLock::new(|| without_references(Compat::V5_8));
        match compat {
            Compat::V5_5 => &V5_5,
            Compat::V5_8 => &V5_8,
        }
    }
}

fn without_references(compat: Compat) -> FieldSpecs {
    FieldSpecs {
        name_prefix: specs(NAME),
        name_suffix: specs(NAME),
        namespace: specs(NAMESPACE),
        labels: Vec::new(),
        common_labels: common_labels(),
        template_labels: template_labels(compat),
        volume_claim_labels: specs(VOLUME_CLAIMS),
        common_annotations: common_annotations(),
        name_reference: Vec::new(),
        var_reference: Vec::new(),
        images: images(compat),
        replicas: specs(REPLICAS),
    }
}
