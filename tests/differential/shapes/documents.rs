//! Documents with all their fields, each of a type that is right.

use serde_json::{Value, json};

/// A kustomization with every field.
pub(super) fn every_field() -> Value {
    let mut all = fields_of_metadata();
    let parts = [fields_of_generators(), fields_of_patches(), fields_of_links(), fields_of_old()];
    for part in parts {
        if let (Value::Object(all), Value::Object(part)) = (&mut all, part) {
            all.extend(part);
        }
    }
    all
}

fn fields_of_metadata() -> Value {
    json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
        "metadata": {"name": "x", "labels": {"a": "b"}, "annotations": {"c": "d"}},
        "namespace": "ns", "namePrefix": "p-", "nameSuffix": "-s",
        "commonLabels": {"a": "b"}, "commonAnnotations": {"a": "b"},
        "labels": [{"pairs": {"x": "y"}, "includeSelectors": true, "includeTemplates": true,
            "fields": [{"path": "spec/x", "kind": "Deployment", "group": "apps", "version": "v1", "create": true}]}],
        "images": [{"name": "nginx", "newName": "n", "newTag": "2", "digest": "", "tagSuffix": "x"}],
        "replicas": [{"name": "web", "count": 2}], "buildMetadata": ["originAnnotations"],
        "sortOptions": {"order": "legacy",
            "legacySortOptions": {"orderFirst": ["ConfigMap"], "orderLast": ["Deployment"]}},
    })
}

fn fields_of_generators() -> Value {
    json!({
        "configMapGenerator": [{"name": "gen", "namespace": "n", "behavior": "create", "literals": ["a=b"],
            "files": ["some.txt"], "envs": ["some.env"], "options": {"labels": {"a": "b"}, "annotations": {"a": "b"},
                "immutable": true, "disableNameSuffixHash": true}}],
        "secretGenerator": [{"name": "sec", "type": "Opaque", "literals": ["a=b"]}],
        "generatorOptions": {"labels": {"q": "b"}, "annotations": {"w": "b"}, "disableNameSuffixHash": false,
            "immutable": false},
        "helmGlobals": {"chartHome": "c", "configHome": "d"}, "helmCharts": [],
        "generators": [], "transformers": [], "validators": [],
    })
}

fn fields_of_patches() -> Value {
    let target = json!({"group": "apps", "version": "v1", "kind": "Deployment", "name": "web"});
    json!({
        "patches": [{"path": "patch.yaml"},
            {"target": {"group": "apps", "version": "v1", "kind": "Deployment", "name": "web", "namespace": "",
                "labelSelector": "app=web", "annotationSelector": "note=x"},
             "patch": "- {op: add, path: /metadata/labels/z, value: y}\n",
             "options": {"allowNameChange": true, "allowKindChange": true}}],
        "patchesStrategicMerge": ["patch.yaml"],
        "patchesJson6902": [{"target": target, "path": "json-patch.yaml"}],
        "openapi": {}, "crds": [], "configurations": ["names.yaml"],
    })
}

fn fields_of_links() -> Value {
    json!({
        "replacements": [
            {"source": {"kind": "ConfigMap", "name": "settings", "namespace": "", "group": "", "version": "v1",
                "fieldPath": "data.a", "options": {"delimiter": "/", "index": 0, "encoding": ""}},
             "targets": [{"select": {"kind": "Deployment", "name": "web"}, "reject": [{"kind": "Service"}],
                "fieldPaths": ["metadata.annotations.note"],
                "options": {"create": true, "delimiter": "/", "index": 0}}]},
            {"path": "replacement.yaml"}],
        "vars": [{"name": "V", "objref": {"kind": "ConfigMap", "name": "settings", "apiVersion": "v1"},
            "fieldref": {"fieldpath": "data.a"}}],
        "components": [],
    })
}

fn fields_of_old() -> Value {
    json!({
        "bases": [], "imageTags": [{"name": "nginx", "newTag": "3"}], "inventory": {},
        "helmChartInflationGenerator": [],
    })
}

/// The objects that configure builtins: the field that lists each, its kind and its settings.
pub(super) fn configuration_objects() -> Vec<(&'static str, &'static str, Value)> {
    let target = json!({"group": "apps", "version": "v1", "kind": "Deployment", "name": "web"});
    let names = json!([{"path": "metadata/name"}]);
    vec![
        (
            "transformers",
            "AnnotationsTransformer",
            json!({"annotations": {"a": "b"},
            "fieldSpecs": [{"path": "metadata/annotations", "create": true}]}),
        ),
        (
            "transformers",
            "LabelTransformer",
            json!({"labels": {"a": "b"}, "fieldSpecs":
            [{"path": "metadata/labels", "create": true, "kind": "Deployment", "group": "apps", "version": "v1"}]}),
        ),
        (
            "transformers",
            "NamespaceTransformer",
            json!({"namespace": "ns", "unsetOnly": true,
            "setRoleBindingSubjects": "none", "fieldSpecs": [{"path": "metadata/namespace", "create": true}]}),
        ),
        ("transformers", "PrefixTransformer", json!({"prefix": "p-", "fieldSpecs": names})),
        ("transformers", "SuffixTransformer", json!({"suffix": "-s", "fieldSpecs": names})),
        (
            "transformers",
            "ImageTagTransformer",
            json!({"imageTag": {"name": "nginx", "newName": "n", "newTag": "2"},
            "fieldSpecs": [{"path": "spec/template/spec/containers[]/image"}]}),
        ),
        (
            "transformers",
            "ReplicaCountTransformer",
            json!({"replica": {"name": "web", "count": 3},
            "fieldSpecs": [{"path": "spec/replicas", "kind": "Deployment"}]}),
        ),
        (
            "transformers",
            "PatchTransformer",
            json!({"patch": "- {op: add, path: /x, value: y}",
            "target": {"kind": "Deployment", "name": "web"}, "options": {"allowNameChange": true}}),
        ),
        (
            "transformers",
            "PatchJson6902Transformer",
            json!({"jsonOp": "- {op: add, path: /x, value: y}",
            "target": target}),
        ),
        (
            "transformers",
            "PatchStrategicMergeTransformer",
            json!({"paths": ["patch.yaml"],
            "patches": "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {z: x}}"}),
        ),
        (
            "transformers",
            "ReplacementTransformer",
            json!({"replacements": [{
            "source": {"kind": "ConfigMap", "name": "settings", "fieldPath": "data.a"},
            "targets": [{"select": {"kind": "Deployment", "name": "web"}, "reject": [{"kind": "Service"}],
                "fieldPaths": ["metadata.annotations.note"], "options": {"create": true}}]}]}),
        ),
        (
            "transformers",
            "ValueAddTransformer",
            json!({"value": "v", "targets": [{"selector": {"kind": "Deployment"},
            "fieldSpec": {"path": "metadata/labels/q", "create": true}, "filePathPosition": 0}]}),
        ),
        (
            "validators",
            "LabelTransformer",
            json!({"labels": {"a": "b"},
            "fieldSpecs": [{"path": "metadata/labels", "create": true}]}),
        ),
        (
            "generators",
            "ConfigMapGenerator",
            json!({"name": "gen", "namespace": "n", "behavior": "create",
            "literals": ["a=b"], "files": ["some.txt"], "envs": ["some.env"],
            "options": {"labels": {"a": "b"}, "immutable": true, "disableNameSuffixHash": true}}),
        ),
        (
            "generators",
            "SecretGenerator",
            json!({"name": "sec", "type": "Opaque", "literals": ["a=b"],
            "options": {"labels": {"a": "b"}, "annotations": {"a": "b"}}}),
        ),
    ]
}

/// Kustomizations that do one thing each to all their resources.
pub(super) fn small_kustomizations() -> Vec<Value> {
    let everything = json!({"kind": ".*"});
    vec![
        json!({}),
        json!({"namePrefix": "p-"}),
        json!({"namespace": "q"}),
        json!({"commonLabels": {"c": "d"}}),
        json!({"commonAnnotations": {"c": "d"}}),
        json!({"labels": [{"pairs": {"c": "d"}, "includeTemplates": true}]}),
        json!({"images": [{"name": "nginx", "newTag": "2"}]}),
        json!({"replicas": [{"name": "web", "count": 2}]}),
        json!({"patches": [{"path": "patch.yaml"}]}),
        json!({"patches": [{"target": everything, "patch":
            "{apiVersion: v1, kind: x, metadata: {name: x, annotations: {z: y}}}"}]}),
        json!({"patches": [{"target": everything, "patch": "- {op: add, path: /x, value: y}"}]}),
        json!({"replacements": [{"source": {"kind": "Deployment", "fieldPath": "metadata.name"}, "targets":
            [{"select": everything, "fieldPaths": ["metadata.labels.q"], "options": {"create": true}}]}]}),
        json!({"buildMetadata": ["originAnnotations", "transformerAnnotations"], "namePrefix": "p-"}),
        json!({"configMapGenerator": [{"name": "settings", "behavior": "merge", "literals": ["n=v"]}]}),
        json!({"sortOptions": {"order": "legacy"}}),
    ]
}
