//! Rows of kustomize's own tables, where the corpora lie beside the project.

use std::collections::BTreeSet;
use std::fs;

use kollate::compile::transform::ImageName;
use kollate::compile::transform::replacements::split;
use kollate::finding::Findings;
use kollate::resource::{Compat, FieldSpec, FieldSpecs, Missing};
use kollate::source::{Cause, FileId, Location, Node, ScalarKind, Signature, Span};
use serde_json::Value;

use crate::support::{corpus, print, read};

fn table(name: &str) -> Option<Value> {
    let text = fs::read_to_string(corpus("tables")?.join(name)).unwrap();
    Some(serde_json::from_str::<Value>(&text).unwrap()["tables"].take())
}

fn words(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The published table, one line a spec.
fn published(name: &str, field: &str) -> Option<BTreeSet<String>> {
    let text = fs::read_to_string(corpus("fieldspecs")?.join(format!("{name}.yaml"))).unwrap();
    let tables: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let word = |row: &serde_yaml::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = tables[field].as_sequence().unwrap().iter().map(|row| {
        let create = row["create"].as_bool().unwrap_or_default();
        format!("{}/{}/{} {} {create}", word(row, "group"), word(row, "version"), word(row, "kind"), word(row, "path"))
    });
    Some(rows.collect())
}

fn ours(specs: &[FieldSpec]) -> BTreeSet<String> {
    let line = |spec: &FieldSpec| {
        format!("{}/{}/{} {} {}", spec.group, spec.version, spec.kind, spec.written_path(), spec.create)
    };
    specs.iter().map(line).collect()
}

#[test]
fn field_specs_are_those_of_kustomize() {
    let (older, specs) = (FieldSpecs::standard(Compat::V5_5), FieldSpecs::standard(Compat::V5_8));
    let claims = ours(&specs.volume_claim_labels);
    let tables = [
        ("nameprefix", "namePrefix", &specs.name_prefix, 1),
        ("namesuffix", "nameSuffix", &specs.name_suffix, 1),
        ("namespace", "namespace", &specs.namespace, 3),
        ("commonlabels", "commonLabels", &specs.common_labels, 32),
        ("templatelabels", "templateLabels", &specs.template_labels, 9),
        ("volumeclaimtemplatelabels", "volumeClaimTemplateLabels", &specs.volume_claim_labels, 1),
        ("commonannotations", "commonAnnotations", &specs.common_annotations, 9),
        ("images", "images", &specs.images, 7),
        ("replicas", "replicas", &specs.replicas, 4),
    ];
    for (file, field, specs, count) in tables {
        assert_eq!(specs.len(), count, "{field}");
        let Some(mut published) = published(file, field) else { return };
        if field == "images" {
            // Published later than the table.
            published.insert("// spec/jobTemplate/spec/template/spec/volumes[]/image/reference true".to_owned());
        }
        assert_eq!(ours(specs), published, "{field}");
    }
    // Since then images of volumes were added, and labels of claims became an option.
    assert_eq!(ours(&older.template_labels), &ours(&specs.template_labels) | &claims);
    let of_volumes = |line: &String| line.contains("/volumes[]/");
    assert_eq!(ours(&older.images), ours(&specs.images).into_iter().filter(|line| !of_volumes(line)).collect());
    let alike = |specs: &FieldSpecs| FieldSpecs { template_labels: Vec::new(), images: Vec::new(), ..specs.clone() };
    assert_eq!(alike(older), alike(specs), "in nothing else they differ");
}

fn spec_of(text: &str) -> FieldSpec {
    let row: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    let word = |key: &str| row[key].as_str().unwrap_or_default();
    FieldSpec {
        group: word("group").into(),
        version: word("version").into(),
        kind: word("kind").into(),
        ..FieldSpec::new(word("path"), row["create"].as_bool().unwrap_or_default())
    }
}

/// A signature, for writes that no test asks about.
fn signature() -> Signature {
    Signature { at: Location::new(FileId::default(), Span::default()), by: Cause::Patched }
}

#[test]
fn walking_field_specs() {
    let Some(tables) = table("api__filters__fieldspec__fieldspec.json") else { return };
    let sign = signature();
    let rows = tables["TestFilter_Filter"].as_object().unwrap();
    for (name, row) in rows {
        let mut root = read(row["input"].as_str().unwrap());
        let spec = spec_of(row["fieldSpec"].as_str().unwrap());
        let new = if row["expected"].as_str().unwrap().contains("bar") { "bar" } else { "e" };
        let create = row["filter"].get("CreateKind").is_some();
        let value = Node::new_scalar(new, ScalarKind::String, &sign);
        let missing = if create { Missing::Value(value.clone()) } else { Missing::Leave };
        let walked = if spec.selects(&kollate::resource::Gvk::of(&root)) {
            spec.visit_mut(&mut root, &missing, &sign, &mut |node| {
                node.set(value.clone(), &sign);
                Ok(())
            })
        } else {
            Ok(())
        };
        assert_eq!(walked.is_err(), row["error"] != "", "{name}: {walked:?}");
        if walked.is_ok() {
            assert_eq!(print(&root), print(&read(row["expected"].as_str().unwrap())), "{name}");
        }
    }
    eprintln!("fieldspec: {} rows", rows.len());
}

#[test]
fn several_field_specs() {
    let Some(tables) = table("api__filters__fsslice__fsslice.json") else { return };
    let sign = signature();
    for (name, row) in tables["var:tests"].as_object().unwrap() {
        let mut root = read(row["input"].as_str().unwrap());
        let value = Node::new_scalar("e", ScalarKind::String, &sign);
        let specs: Option<Vec<serde_yaml::Value>> = serde_yaml::from_str(row["fsSlice"].as_str().unwrap()).unwrap();
        for spec in specs.into_iter().flatten() {
            let spec = spec_of(&serde_yaml::to_string(&spec).unwrap());
            spec.visit_mut(&mut root, &Missing::Value(value.clone()), &sign, &mut |node| {
                node.set(value.clone(), &sign);
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(print(&root), print(&read(row["expected"].as_str().unwrap())), "{name}");
    }
}

#[test]
fn merging_field_specs() {
    let Some(tables) = table("api__types__fieldspec.json") else { return };
    let list = |value: &Value| -> Vec<FieldSpec> {
        let specs = value.as_array().into_iter().flatten().map(|row| FieldSpec {
            group: row["Gvk"]["Group"].as_str().unwrap_or_default().into(),
            ..FieldSpec::new(row["Path"].as_str().unwrap(), row["CreateIfNotPresent"].as_bool().unwrap())
        });
        specs.collect()
    };
    for row in tables["var:mergeTests"].as_array().unwrap() {
        let mut specs = list(&row["original"]);
        let merged = list(&row["incoming"]).into_iter().try_for_each(|spec| spec.merge_into(&mut specs));
        assert_eq!(merged.is_err(), !row["err"].is_null(), "{}", row["name"]);
        if merged.is_ok() {
            assert_eq!(specs, list(&row["result"]), "{}", row["name"]);
        }
    }
}

#[test]
fn splitting_paths() {
    let Some(tables) = table("kyaml__utils__pathsplitter.json") else { return };
    for row in tables["TestPathSplitter"].as_array().unwrap() {
        let parts = FieldSpec::split_path(row["path"].as_str().unwrap());
        assert_eq!(parts.iter().map(|part| part.to_string()).collect::<Vec<_>>(), words(&row["exp"]));
    }
    for (name, row) in tables["TestSmarterPathSplitter"].as_object().unwrap() {
        assert_eq!(split(row["input"].as_str().unwrap()), words(&row["expected"]), "{name}");
    }
}

#[test]
fn image_references() {
    let Some(tables) = table("api__internal__image__image.json") else { return };
    let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    for row in tables["TestSplit"].as_array().unwrap() {
        let value = word(row, "value");
        let ImageName { name, tag, digest } = ImageName::parse(&value);
        assert_eq!([name, tag, digest], [word(row, "name"), word(row, "tag"), word(row, "digest")], "{value}");
    }
    for row in tables["TestIsImageMatched"].as_array().unwrap() {
        let (value, name) = (word(row, "value"), word(row, "name"));
        let fits = ImageName::pattern(&name, Compat::V5_8).is_ok_and(|pattern| pattern.is_match(&value));
        assert_eq!(Value::from(fits), row["isMatched"], "{value} {name}");
    }
}

#[test]
fn references_in_openapi_definitions() {
    let types = "\
example.com/v1.Bee:
  Schema: {properties: {apiVersion: {}, kind: {}, metadata: {}}}
example.com/v1.Hive:
  Schema:
    properties:
      apiVersion: {type: string}
      kind: {type: string}
      metadata: {$ref: ObjectMeta}
      spec: {$ref: example.com/v1.HiveSpec}
example.com/v1.HiveSpec:
  Schema:
    properties:
      queen:
        x-kubernetes-object-ref-api-version: v1
        x-kubernetes-object-ref-kind: Bee
        $ref: example.com/v1.Bee
      key: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: Secret, x-kubernetes-object-ref-name-key: title}
      tags: {x-kubernetes-label-selector: ''}
      notes: {x-kubernetes-annotation: ''}
      again: {$ref: example.com/v1.HiveSpec}
";
    let (mut specs, mut findings) = (FieldSpecs::default(), Findings::new());
    specs.merge_crds(&read(types), &mut findings);
    assert!(findings.is_empty(), "{findings:?}");
    let lines = specs.name_reference.iter().flat_map(|reference| {
        let to = format!("{} <- ", reference.target.kind);
        ours(&reference.fields).into_iter().map(move |line| to.clone() + &line)
    });
    assert_eq!(
        lines.collect::<Vec<_>>(),
        ["Bee <- //Hive spec/queen/name false", "Secret <- //Hive spec/key/title false"]
    );
    assert_eq!(ours(&specs.common_labels).into_iter().collect::<Vec<_>>(), ["//Hive spec/tags false"]);
    assert_eq!(ours(&specs.common_annotations).into_iter().collect::<Vec<_>>(), ["//Hive spec/notes false"]);
}

#[test]
fn null_fields_on_the_way() {
    let sign = signature();
    let set = |spec: FieldSpec, text: &str| {
        let mut root = read(text);
        let value = Node::new_scalar("x", ScalarKind::String, &sign);
        spec.visit_mut(&mut root, &Missing::Value(value), &sign, &mut |_| Ok(())).unwrap();
        print(&root)
    };
    assert_eq!(set(FieldSpec::new("a/b", true), "a:\n"), "a:\n  b: x\n", "made");
    assert_eq!(set(FieldSpec::new("a/b", false), "a:\n"), "a: null\n", "left");
    assert_eq!(set(FieldSpec::new("a[]/b", false), "a:\n"), "a: []\n", "called a list, becomes one");
    assert_eq!(set(FieldSpec::new("a[]/b", true), "c: d\n"), "c: d\n", "no list is made where none was");
}

#[test]
fn a_walk_that_finds_nothing_copies_nothing() {
    let root = read("a: {b: [{c: 1}]}\n");
    let mut copy = root.clone();
    FieldSpec::new("a/x/y", false)
        .visit_mut(&mut copy, &Missing::Leave, &signature(), &mut |_| panic!("there is no such field"))
        .unwrap();
    // The way to the last key that is there may be copied, what lies beside it is not.
    assert!(root.dig(&["a", "b"]).unwrap().shares_with(copy.dig(&["a", "b"]).unwrap()));
}
