//! The tables of kustomize's unit tests, from the corpora beside the project.

use std::path::Path;

use serde_json::Value;

use crate::compile::LayerSpecs;
use crate::compile::link::expand::{self, Values, expand};
use crate::compile::link::referral::end_alike;
use crate::compile::link::{fix_references, hash};
use crate::compile::patch::{read_notes, said};
use crate::finding::Findings;
use crate::resource::default_var_references;
use crate::resource::{
    FieldSpec, FieldSpecs, Gvk, NameReference, Resource, ResourceId, ResourceSet, default_name_references,
};
use crate::source::{Disk, Files, Node, SourceMap, Symbol, yaml};

#[expect(clippy::print_stderr, reason = "a test says what it skips")]
fn corpus(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    let text = Disk.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    if text.is_none() {
        eprintln!("skipped: no corpus `{name}` beside the project");
    }
    text
}

fn table(name: &str) -> Option<Value> {
    let file: Value = serde_json::from_str(&corpus(&format!("tables/{name}.json"))?).expect("it is JSON");
    Some(file["tables"].clone())
}

fn documents(text: &str) -> Vec<Node> {
    let file = SourceMap::new().add("test.yaml", text).expect("there is room");
    let parsed = yaml::parse(text, file);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed.documents.into_iter().filter_map(|document| document.root).collect()
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn hashes() {
    let Some(tables) = table("api__hasher__hasher") else { return };
    let mut checked = 0;
    for (name, key) in [("TestConfigMapHash", "cmYaml"), ("TestSecretHash", "secretYaml")] {
        for row in tables[name].as_array().expect("rows") {
            let root = &documents(word(row, key))[0];
            assert_eq!(hash::content_hash(root), word(row, "hash"), "{name} {}", row["desc"]);
            checked += 1;
        }
    }
    for (name, row) in tables["TestBasicHash"].as_object().expect("rows") {
        let map = SourceMap::new();
        let file = map.add("test.yaml", word(row, "res")).expect("there is room");
        let root = yaml::parse(word(row, "res"), file).documents.remove(0).root.expect("an object");
        assert_eq!(hash::hash_of(&Resource::new(root), &map), word(row, "hash"), "{name}");
        checked += 1;
    }
    assert_eq!(checked, 14);
}

#[test]
fn notes_on_earlier_ids() {
    let Some(tables) = table("api__resource__resource") else { return };
    let read = |row: &Value| {
        let mut resource = Resource::new(documents(word(row, "input")).remove(0));
        assert!(read_notes(&mut resource).is_none());
        resource
    };
    for (name, row) in tables["TestResource_PrevIds"].as_object().expect("rows") {
        let found = read(row).previous;
        let wanted = row["expected"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(found.len(), wanted.len(), "{name}");
        for (found, wanted) in found.iter().zip(wanted) {
            let gvk = ["Group", "Version", "Kind"].map(|part| Symbol::new(word(&wanted["Gvk"], part)));
            assert_eq!([found.gvk.group, found.gvk.version, found.gvk.kind], gvk, "{name}");
            // The table has a function for the default namespace.
            let namespace = Some(word(wanted, "Namespace")).filter(|text| *text != "<func>").unwrap_or("default");
            assert_eq!((found.effective_namespace(), &*found.name), (namespace, word(wanted, "Name")), "{name}");
        }
    }
    for (name, row) in tables["TestResourceStorePreviousId"].as_object().expect("rows") {
        let mut resource = read(row);
        resource.remember_id();
        let expected = documents(word(row, "expected")).remove(0);
        let wanted = expected.dig(&["metadata", "annotations"]).and_then(Node::as_mapping).expect("annotations");
        let found = said(&resource);
        assert_eq!(found.len(), wanted.len(), "{name}");
        for (key, text) in found {
            assert_eq!(Some(text.as_str()), wanted.get(key).and_then(Node::text), "{name}");
        }
    }
}

#[test]
fn what_is_hashed() {
    let Some(tables) = table("api__hasher__hasher") else { return };
    for (name, key) in [("TestEncodeConfigMap", "cmYaml"), ("TestEncodeSecret", "secretYaml")] {
        for row in tables[name].as_array().expect("rows") {
            let root = &documents(word(row, key))[0];
            assert_eq!(hash::hashed_text(root), word(row, "expect"), "{name} {}", row["desc"]);
        }
    }
}

#[test]
fn equal_endings() {
    let Some(tables) = table("api__resource__resource") else { return };
    for (name, row) in tables["TestSameEndingSubarray"].as_object().expect("rows") {
        let list = |key: &str| -> Vec<_> {
            row[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(Into::into).collect()
        };
        assert_eq!(end_alike(&list("a"), &list("b")), row["expected"] == true, "{name}");
    }
}

#[test]
fn expansion() {
    let Some(tables) = table("api__filters__refvar__expand") else { return };
    let vars = "VAR_A: A\nVAR_B: B\nVAR_C: C\nVAR_REF: $(VAR_A)\nVAR_EMPTY: ''\n";
    let vars = documents(vars).remove(0);
    let entries = vars.as_mapping().expect("a mapping").iter().map(|entry| {
        let value = expand::Value { node: entry.value.clone(), var: entry.key.location };
        (entry.key.name, value)
    });
    for row in tables["TestMapping"].as_array().expect("rows") {
        let mut values = Values::new(entries.clone().collect());
        let found = expand(word(row, "input"), &mut values);
        assert_eq!(found.text, word(row, "expected"), "{}", row["name"]);
        for (name, _) in entries.clone() {
            let used = !row["counts"][name.as_str()].is_null();
            assert_eq!(!values.is_unused(name), used, "{}: {name}", row["name"]);
        }
    }
}

fn spec(row: &serde_yaml::Value) -> FieldSpec {
    let part = |key: &str| Symbol::new(row[key].as_str().unwrap_or_default());
    let path = FieldSpec::split_path(row["path"].as_str().unwrap_or_default());
    FieldSpec { group: part("group"), version: part("version"), kind: part("kind"), path, create: false }
}

fn sorted(specs: impl IntoIterator<Item = FieldSpec>) -> Vec<String> {
    let mut texts: Vec<_> = specs
        .into_iter()
        .map(|spec| format!("{}.{}.{} {}", spec.group, spec.version, spec.kind, spec.written_path()))
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

#[test]
fn default_tables() {
    let Some(text) = corpus("fieldspecs/namereference.yaml") else { return };
    let file: serde_yaml::Value = serde_yaml::from_str(&text).expect("it is YAML");
    let rows = file["nameReference"].as_sequence().expect("rows");
    let own = default_name_references();
    assert_eq!(own.len(), rows.len());
    for row in rows {
        let gvk = spec(row).gvk();
        let mine = own.iter().find(|table| table.target == gvk).unwrap_or_else(|| panic!("{gvk} is missing"));
        let theirs = row["fieldSpecs"].as_sequence().expect("specs").iter().map(spec);
        assert_eq!(sorted(mine.fields.clone()), sorted(theirs), "{gvk}");
    }
    let Some(text) = corpus("fieldspecs/varreference.yaml") else { return };
    let file: serde_yaml::Value = serde_yaml::from_str(&text).expect("it is YAML");
    let theirs = file["varReference"].as_sequence().expect("rows").iter().map(spec);
    assert_eq!(sorted(default_var_references().to_vec()), sorted(theirs));
}

/// The referrer first, then the candidates, which were called as the row says.
fn name_reference_set(row: &Value) -> ResourceSet {
    let mut referrer = Resource::new(documents(word(row, "referrerOriginal")).remove(0));
    referrer.prefixes.extend(Some(word(row, "inputPrefix")).filter(|it| !it.is_empty()).map(Into::into));
    referrer.suffixes.extend(Some(word(row, "inputSuffix")).filter(|it| !it.is_empty()).map(Into::into));
    let candidates = documents(word(row, "candidates")).into_iter().enumerate().map(|(index, root)| {
        let mut resource = Resource::new(root);
        let id = resource.id();
        resource.previous =
            vec![ResourceId { name: row["originalNames"][index].as_str().unwrap_or_default().into(), ..id }];
        let affix = |key: &str| row[key][index].as_str().filter(|it| !it.is_empty()).map(Into::into);
        resource.prefixes.extend(affix("prefix"));
        resource.suffixes.extend(affix("suffix"));
        resource
    });
    std::iter::once(referrer).chain(candidates.collect::<Vec<_>>()).collect()
}

#[test]
fn name_references() {
    let Some(tables) = table("api__filters__nameref__nameref") else { return };
    let mut checked = 0;
    for (table, rows) in tables.as_object().expect("tables") {
        for (name, row) in rows.as_object().expect("rows") {
            let mut set = name_reference_set(row);
            let filter = &row["filter"];
            let part = |key: &str| Symbol::new(word(&filter["ReferralTarget"], key));
            let target = Gvk { group: part("Group"), version: part("Version"), kind: part("Kind") };
            let field = FieldSpec::new(word(&filter["NameFieldToUpdate"], "Path"), false);
            let mut findings = Findings::new();
            let name_reference = vec![NameReference { target, fields: vec![field] }];
            let specs = LayerSpecs::of_files(FieldSpecs { name_reference, ..FieldSpecs::default() });
            fix_references(&mut set, &specs, &mut findings);
            let refused = table.ends_with("Unhappy") || row["err"] == true;
            assert_eq!(findings.has_errors(), refused, "{table} {name}: {findings:?}");
            if !refused {
                let wanted = &documents(word(row, "referrerFinal"))[0];
                let found = &set.get(0).expect("the referrer").root;
                assert!(found.same_value(wanted), "{table} {name}: {found:?}");
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 16);
}
