//! What makes a resource one and the same, and what selects it.

use kollate::resource::{FieldSpec, Gvk, LabelSelector, ResourceId};
use serde_json::{Value, json};

use super::{build, rows, word};
use crate::support::read;

fn gvk(value: &Value) -> Gvk {
    Gvk { group: word(value, "Group").into(), version: word(value, "Version").into(), kind: word(value, "Kind").into() }
}

fn id(value: &Value) -> ResourceId {
    let namespace = word(value, "Namespace").into();
    ResourceId { gvk: gvk(&value["Gvk"]), namespace, name: word(value, "Name").into() }
}

#[test]
fn api_versions() {
    for (name, row) in rows("kyaml__resid__gvk", "TestApiVersion") {
        assert_eq!(gvk(&row["x"]).api_version(), row["exp"], "{name}");
    }
    for (name, row) in rows("kyaml__resid__gvk", "TestParseGroupVersion") {
        let found = Gvk::new(word(&row, "input"), "");
        assert_eq!((found.group.as_str(), found.version.as_str()), (word(&row, "g"), word(&row, "v")), "{name}");
    }
    for (name, row) in rows("kyaml__resid__gvk", "var:equalsTests") {
        assert_eq!(gvk(&row["x1"]), gvk(&row["x2"]), "{name}");
    }
}

#[test]
fn field_specs_select_kinds() {
    for (name, row) in rows("kyaml__resid__gvk", "TestSelectByGVK") {
        let Gvk { group, version, kind } = gvk(&row["filter"]);
        let spec = FieldSpec { group, version, kind, ..FieldSpec::new("a", false) };
        assert_eq!(spec.selects(&gvk(&row["in"])), row["expected"] == true, "{name}");
    }
}

#[test]
fn field_specs_name_paths() {
    for (name, row) in rows("api__filters__fieldspec__fieldspec", "TestFilter_FieldPaths") {
        let [spec, input] = ["fieldSpec", "input"].map(|key| read(word(&row, key)));
        let path = spec.get("path").and_then(kollate::source::Node::text).unwrap();
        let spec = FieldSpec::new(path, false);
        let mut found = Vec::new();
        let keys = spec.path.iter().map(|part| part.key_alone().to_string()).collect::<Vec<_>>().join(".");
        spec.visit(&input, &mut |_| found.push(json!(keys)));
        assert_eq!(Value::from(found), row["expected"], "{name}");
    }
}

#[test]
fn equal_ids() {
    for (name, row) in rows("kyaml__resid__resid", "TestResIdEquals") {
        let (one, other) = (id(&row["id1"]), id(&row["id2"]));
        assert_eq!(one.same(&other), row["equals"] == true, "{name}");
        let namespaces = one.effective_namespace() == other.effective_namespace();
        assert_eq!(namespaces, row["nsEquals"] == true, "{name}");
        assert_eq!(one.gvk == other.gvk && one.name == other.name, row["gVknResult"] == true, "{name}");
    }
}

/// The source of a replacement is selected, or there is none.
#[test]
fn selected_ids() {
    for (name, row) in rows("kyaml__resid__resid", "TestResIdIsSelected") {
        let wanted = id(&row["selector"]);
        let source = json!({
            "group": wanted.gvk.group.as_str(), "version": wanted.gvk.version.as_str(), "kind": wanted.gvk.kind.as_str(),
            "namespace": wanted.namespace.as_str(), "name": wanted.name.as_str(),
        });
        for candidate in row["selectables"].as_array().unwrap() {
            let found = id(&candidate["id"]);
            let metadata = json!({"name": found.name.as_str(), "namespace": found.namespace.as_str()});
            let object =
                json!({"apiVersion": found.gvk.api_version(), "kind": found.gvk.kind.as_str(), "metadata": metadata});
            let target =
                json!({"select": {"kind": found.gvk.kind.as_str()}, "fieldPaths": ["a"], "options": {"create": true}});
            let replacements = json!([{"source": source, "targets": [target]}]);
            let kustomization = json!({"resources": ["a.yaml"], "replacements": replacements}).to_string();
            let built = build(&[("/kustomization.yaml", &kustomization), ("/a.yaml", &object.to_string())]);
            assert_eq!(built.is_ok(), candidate["expectSelected"] == true, "{name}: {candidate} {built:?}");
        }
    }
}

/// A var's object is found by the group, version and kind that it names.
#[test]
fn kinds_of_vars() {
    for (name, row) in rows("api__types__var", "TestGVK") {
        let kind = gvk(&row["expected"]);
        let named = read(word(&row, "data"));
        let object = |gvk: Gvk| {
            let name = named.get("name").and_then(kollate::source::Node::text).unwrap();
            json!({"apiVersion": gvk.api_version(), "kind": gvk.kind.as_str(), "metadata": {"name": name}}).to_string()
        };
        let reference = word(&row, "data").trim().replace('\n', "\n    ");
        let kustomization = format!("resources: [a.yaml]\nvars:\n- name: V\n  objref:\n    {reference}\n");
        let with = |gvk| build(&[("/kustomization.yaml", &kustomization), ("/a.yaml", &object(gvk))]);
        assert!(with(kind).is_ok(), "{name}: {:?}", with(kind));
        assert!(with(Gvk { version: "v0".into(), ..kind }).is_err(), "{name}");
    }
}

#[test]
fn selectors_of_labels_and_annotations() {
    let tables =
        [("TestRNodeMatchesLabelSelector", ("fruit", "apple")), ("TestRNodeMatchesAnnotationSelector", ("area", "51"))];
    for (table, (key, value)) in tables {
        for (name, row) in rows("kyaml__yaml__rnode", table) {
            let selector = LabelSelector::parse(word(&row, "selector"));
            assert_eq!(selector.is_err(), row["errMsg"] != "", "{name}");
            let found = selector.is_ok_and(|selector| selector.matches(|asked| (asked == key).then_some(value)));
            assert_eq!(found, row["matches"] == true, "{name}");
        }
    }
}
