//! How texts become objects.

use kollate::compile::from_documents;
use kollate::finding::Findings;
use kollate::project::Kustomization;
use kollate::source::{FileId, Location, Node, Signature, yaml};
use serde_json::Value;

use super::{build, meaning, rows, word};
use crate::support::{print, read};

/// The objects of a text, printed; an error is the rule that is broken.
fn objects(text: &str) -> Result<Vec<String>, String> {
    let parsed = yaml::parse(text, FileId::default());
    if let Some(error) = parsed.errors.first() {
        return Err(format!("{error:?}"));
    }
    let mut findings = Findings::new();
    let objects = from_documents(&parsed.documents, &mut findings);
    match findings.iter().next() {
        Some(finding) if findings.has_errors() => Err(finding.rule.to_owned()),
        _ => Ok(objects.iter().map(|object| print(&object.root)).collect()),
    }
}

fn texts(list: &Value) -> Vec<Vec<Value>> {
    list.as_array().into_iter().flatten().map(|text| meaning(text.as_str().unwrap())).collect()
}

#[test]
fn texts_of_objects() {
    for (table, expected) in [("TestRNodesFromBytes", ["", "expected"]), ("TestMoreRNodesFromBytes", ["exp", "out"])] {
        for (name, row) in rows("api__resource__factory", table) {
            let (outer, key) = (expected[0], expected[1]);
            let wanted = if outer.is_empty() { &row[key] } else { &row[outer][key] };
            let found = objects(word(&row, "input"));
            assert_eq!(found.is_err(), row["exp"]["isErr"] == true, "{name}: {found:?}");
            let found: Vec<_> = found.unwrap_or_default().iter().map(|text| meaning(text)).collect();
            assert_eq!(found, texts(wanted), "{name}");
        }
    }
}

#[test]
fn local_objects_are_dropped() {
    for (name, row) in rows("api__resource__factory", "TestDropLocalNodes") {
        let files = [("/kustomization.yaml", "resources: [a.yaml]\n"), ("/a.yaml", word(&row, "input"))];
        // One row has a tab in its indentation, and is refused there, too.
        let found = build(&files).unwrap_or_default();
        assert_eq!(meaning(&found), meaning(word(&row, "expected")), "{name}");
    }
}

/// Maps given as such; an object needs a kind and a name to be one.
#[test]
fn maps_as_objects() {
    for (name, row) in rows("kyaml__yaml__rnode", "TestRNodeFromMap") {
        let map = row["theMap"].as_object().cloned().unwrap_or_default();
        assert_eq!(
            meaning(&print(&read(&Value::from(map).to_string()))),
            meaning(row["rsExp"]["out"].as_str().unwrap()),
            "{name}"
        );
    }
    for (name, row) in rows("kyaml__yaml__rnode", "TestRNodeGetValidatedMetadata") {
        let map = row["theMap"].as_object().cloned().unwrap_or_default();
        // A map that says nothing is passed over.
        let refused = !map.is_empty() && row["rsExp"]["errMsg"] != "";
        let found = objects(&Value::from(map).to_string());
        assert_eq!(found.is_err(), refused, "{name}: {found:?}");
    }
    for (name, row) in rows("kyaml__yaml__rnode", "TestRNodeHasNilEntryInList") {
        let map = row["theMap"].as_object().cloned().unwrap_or_default();
        // A build drops such an item, as kustomize's does.
        let items = map.get("items").and_then(Value::as_array).into_iter().flatten();
        let count = items.filter(|item| !item.is_null()).count();
        assert_eq!(objects(&Value::from(map).to_string()).map(|found| found.len()), Ok(count), "{name}");
    }
}

#[test]
fn anchors_and_merges() {
    for (name, row) in rows("kyaml__yaml__rnode", "TestDeAnchorMerge") {
        let [found, wanted] = ["input", "expected"].map(|key| yaml::parse(word(&row, key), FileId::default()));
        assert_eq!(!found.errors.is_empty(), !row["expectedErr"].is_null(), "{name}: {:?}", found.errors);
        if found.errors.is_empty() {
            let [found, wanted] = [&found, &wanted].map(|parsed| parsed.documents[0].root.as_ref().unwrap());
            assert!(found.same_value(wanted), "{name}: {found:?}");
        }
    }
    for (name, row) in rows("kyaml__yaml__rnode", "TestRNode_UnmarshalJSON") {
        assert_eq!(print(&read(word(&row, "input"))), print(&read(word(&row, "output"))), "{name}");
    }
}

#[test]
fn texts_that_need_quotes() {
    let sign = Signature { at: Location::default(), by: kollate::source::Cause::Patched };
    for (name, row) in rows("kyaml__yaml__compatibility", "TestIsYaml1_1NonString") {
        let text = word(&row, "val");
        let printed = print(&Node::new_string(text, &sign));
        // Without quotes an empty text would be null.
        let quoted = printed.starts_with(['"', '\'']) && !text.is_empty();
        assert_eq!(quoted, row["expected"] == true, "{name}: {printed}");
    }
}

#[test]
fn a_kustomization_that_is_no_yaml() {
    for (name, row) in rows("api__types__kustomization", "TestUnmarshal_Failed") {
        let parsed = yaml::parse(word(&row, "kustomizationYamls"), FileId::default());
        let mut findings = Findings::new();
        let read = Kustomization::read(&parsed.documents, Location::default(), &mut findings);
        assert!(!parsed.errors.is_empty() || read.is_none() || findings.has_errors(), "{name}");
    }
}
