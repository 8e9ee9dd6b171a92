//! Files of which one value, at any place, is of another type than it should be, or has one field more: kustomizations
//! with every field, the objects that configure builtins, resources, and OpenAPI documents.

mod documents;

use serde_json::{Map, Value, json};

use self::documents::{configuration_objects, every_field, small_kustomizations};
use super::random::Random;
use super::tree::Files;

/// A tree with a value of an odd type.
pub fn odd_shape(seed: u64) -> Files {
    let mut random = Random::new(seed);
    let (kustomization, name, mut document) = match random.below(4) {
        0 => field_of_a_kustomization(&mut random),
        1 => configuration_object(&mut random),
        2 => resource(&mut random),
        _ => open_api(&mut random),
    };
    let at = place(&mut document, &mut random);
    match at {
        Value::Object(fields) if random.chance(20) => {
            fields.insert(random.pick(&["zz", "NAME", "Name", "name", "path"]).to_owned(), json!("q"));
        }
        at => *at = odd_value(&mut random),
    }
    let mut files = fixed_files();
    files.retain(|(path, _)| path != name);
    if let Some(kustomization) = kustomization {
        files.push(("root/kustomization.yaml".into(), text(&kustomization, &mut random)));
    }
    files.push((name.to_owned(), text(&document, &mut random)));
    files
}

/// A kustomization if the odd document is none; the odd document's path, and the document.
type Base = (Option<Value>, &'static str, Value);

fn field_of_a_kustomization(random: &mut Random) -> Base {
    let Value::Object(fields) = every_field() else { unreachable!("it is written as one") };
    let names: Vec<&String> = fields.keys().collect();
    let name = names[random.below(names.len())].clone();
    let mut document = Map::new();
    document.insert("resources".into(), json!(["web.yaml", "settings.yaml"]));
    document.insert(name.clone(), fields[&name].clone());
    (None, "root/kustomization.yaml", Value::Object(document))
}

fn configuration_object(random: &mut Random) -> Base {
    let all = configuration_objects();
    let (field, kind, settings) = &all[random.below(all.len())];
    let mut object = json!({
        "apiVersion": "builtin", "kind": kind,
        "metadata": {"name": "x", "namespace": "q", "labels": {"a": "b"}, "annotations": {"c": "d"}},
    });
    if let (Value::Object(object), Value::Object(settings)) = (&mut object, settings) {
        object.extend(settings.clone());
    }
    let kustomization = json!({"resources": ["web.yaml", "settings.yaml"], *field: ["object.yaml"]});
    (Some(kustomization), "root/object.yaml", object)
}

fn resource(random: &mut Random) -> Base {
    let all = small_kustomizations();
    let mut kustomization = all[random.below(all.len())].clone();
    kustomization["resources"] = json!(["web.yaml", "settings.yaml", "rights.yaml"]);
    let (name, document) = match random.below(3) {
        0 => ("root/web.yaml", deployment()),
        1 => ("root/settings.yaml", config_map()),
        _ => ("root/rights.yaml", role_binding()),
    };
    (Some(kustomization), name, document)
}

fn open_api(random: &mut Random) -> Base {
    let schema = json!({
        "id": "a", "description": "b", "type": "object", "nullable": true, "format": "int32", "title": "t",
        "maximum": 1, "exclusiveMaximum": true, "maxLength": 2, "pattern": "p", "uniqueItems": false,
        "multipleOf": 1.5, "enum": ["a"], "required": ["a"], "items": {"type": "string"}, "allOf": [{"type": "object"}],
        "properties": {"kind": {"type": "string"}, "apiVersion": {}, "metadata": {},
            "ref": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap"}},
        "additionalProperties": {"type": "string"}, "externalDocs": {"url": "u"}, "readOnly": true,
        "x-kubernetes-group-version-kind": [{"group": "e.x", "version": "v1", "kind": "Gadget"}],
    });
    match random.below(2) {
        0 => {
            let types = json!({"e.x/v1.Gadget": {"Schema": schema, "Dependencies": ["a"]}});
            (Some(json!({"resources": ["settings.yaml"], "crds": ["types.json"]})), "root/types.json", types)
        }
        _ => {
            let document = json!({
                "swagger": "2.0", "info": {"title": "t", "version": "v"}, "definitions": {"e.x.v1.Gadget": schema},
                "paths": {"/gadgets": {"get": {"tags": ["a"], "operationId": "o", "consumes": ["c"],
                    "parameters": [{"name": "n", "in": "query", "required": true, "type": "string"}],
                    "responses": {"200": {"description": "OK", "schema": {"type": "object"}}},
                    "x-kubernetes-group-version-kind": {"group": "e.x", "version": "v1", "kind": "Gadget"}}}},
            });
            let patches = json!([{"path": "settings-patch.yaml"}]);
            let patches = if random.chance(60) { patches } else { json!([]) };
            let kustomization =
                json!({"resources": ["settings.yaml"], "openapi": {"path": "api.json"}, "patches": patches});
            (Some(kustomization), "root/api.json", document)
        }
    }
}

/// Any place in the document but the whole of it.
fn place<'d>(document: &'d mut Value, random: &mut Random) -> &'d mut Value {
    let mut paths = Vec::new();
    collect(document, String::new(), &mut paths);
    let path = paths[random.below(paths.len())].clone();
    document.pointer_mut(&path).expect("the path was read from it")
}

fn collect(node: &Value, path: String, paths: &mut Vec<String>) {
    let mut below = |name: &str, node: &Value| {
        let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
        paths.push(path.clone());
        collect(node, path, paths);
    };
    match node {
        Value::Object(fields) => fields.iter().for_each(|(name, node)| below(name, node)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, node)| below(&at.to_string(), node)),
        _ => {}
    }
}

fn odd_value(random: &mut Random) -> Value {
    let all = json!([
        null, 1, -1, 1.5, true, "", "s", "1", "yes", "a: b", "a/b", "a=b", "%", "2020-01-01", [], ["a"], [1], [null],
        [{}], [[]], {}, {"a": "b"}, {"a": 1}, {"a": null}, {"a": {}}, {"a": []}, {"name": "x"}, {"1": "b"},
        {"A": "b", "a": "c"}, {"n": "b"}, {"": "b"},
    ]);
    let all = all.as_array().expect("it is written as one");
    all[random.below(all.len())].clone()
}

/// As JSON or as YAML, in which some keys lose their quotes.
fn text(document: &Value, random: &mut Random) -> String {
    match random.below(3) {
        0 => serde_yaml::to_string(document).expect("it has no odd keys"),
        1 => document.to_string(),
        _ => serde_json::to_string_pretty(document).expect("it is JSON"),
    }
}

fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "", "labels": {"app": "web"}, "annotations": {"note": "x"}},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"serviceAccountName": "robot", "volumes": [{"name": "v", "configMap": {"name": "settings"}}],
                "containers": [{"name": "web", "image": "nginx:1.0",
                    "env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a"}}}],
                    "envFrom": [{"configMapRef": {"name": "settings"}}]}]}}},
    })
}

fn config_map() -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}})
}

fn role_binding() -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "rights"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
        "subjects": [{"kind": "ServiceAccount", "name": "robot", "namespace": "x"}],
    })
}

fn fixed_files() -> Files {
    let patch =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 3}});
    let settings =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"c": "d"}});
    let replacement = json!({"source": {"kind": "ConfigMap", "name": "settings", "fieldPath": "data.a"},
        "targets": [{"select": {"kind": "Deployment"}, "fieldPaths": ["metadata.annotations.note"]}]});
    [
        ("web.yaml", deployment().to_string()),
        ("settings.yaml", config_map().to_string()),
        ("rights.yaml", role_binding().to_string()),
        ("patch.yaml", patch.to_string()),
        ("settings-patch.yaml", settings.to_string()),
        ("json-patch.yaml", "- {op: add, path: /metadata/labels/x, value: y}\n".into()),
        ("replacement.yaml", replacement.to_string()),
        ("names.yaml", "namePrefix:\n- path: metadata/name\n".into()),
        ("some.env", "A=b\n".into()),
        ("some.txt", "text".into()),
    ]
    .map(|(name, text)| (format!("root/{name}"), text))
    .to_vec()
}
