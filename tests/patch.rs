//! Patches: the vectors of kustomize's own merge, and the merge keys.

use std::fs;

use kollate::compile::patch::MergeSchema;
use kollate::compile::patch::strategic::{Lists, Merged, NewItems, merge};
use kollate::finding::Findings;
use kollate::resource::{Gvk, ResourceId};
use kollate::source::{FileId, Node, yaml};
use serde_json::Value;

use crate::support::corpus;

fn rows(folder: &str, file: &str) -> Option<Value> {
    let text = fs::read_to_string(corpus(folder)?.join(file)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn read(text: &str) -> Option<Node> {
    let parsed = yaml::parse(&aligned(text), FileId::default());
    assert!(parsed.errors.is_empty(), "{:?} in {text}", parsed.errors);
    parsed.documents.into_iter().find_map(|document| document.root)
}

/// Some vectors were cut at both ends, which took the first line's indentation.
fn aligned(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let rest = text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(indent).min();
    let first = text.lines().next().map_or(0, indent);
    if text.starts_with('\n') || first > 0 { text.to_owned() } else { " ".repeat(rest.unwrap_or(0)) + text }
}

fn print(node: Option<&Node>) -> String {
    let mut out = String::new();
    if let Some(node) = node {
        yaml::print(node, &mut out).unwrap();
    }
    out
}

/// Lays one text over another; `None` if nothing is left.
fn merged(base: &str, patch: &str, new_items: NewItems) -> Option<Node> {
    let mut findings = Findings::new();
    let mut base = read(base).unwrap();
    let id = ResourceId::of(&base);
    let patch = read(patch).unwrap();
    let lists = Lists { schema: &MergeSchema::built_in(), root: None, new_items };
    let outcome = merge(&mut base, &patch, &id, lists, &mut findings);
    assert!(!findings.has_errors(), "{findings:?}");
    (outcome == Merged::Kept).then_some(base)
}

#[test]
fn merge2_vectors() {
    let Some(rows) = rows("merge2", "merge2.json") else { return };
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    for row in rows.as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        // A build never infers keys, and takes no schema from comments.
        if row["infer"] == true || text("source").contains("# {") || text("dest").contains("# {") {
            skipped += 1;
            continue;
        }
        let new_items = match row["options"]["listIncreaseDirection"].as_str() {
            Some("prepend") => NewItems::First,
            _ => NewItems::Last,
        };
        let found = merged(text("dest"), text("source"), new_items);
        let expected = read(text("expected"));
        let (printed, wanted) = (print(found.as_ref()), print(expected.as_ref()));
        // The vectors were compared after kyaml's formatter, which sorts containers.
        if printed == wanted || containers_sorted(found.as_ref()) == containers_sorted(expected.as_ref()) {
            passed += 1;
        } else {
            failed.push(format!("--- {}\nexpected:\n{wanted}found:\n{printed}", text("name")));
        }
    }
    eprintln!("merge2: {passed} of {} passed, {skipped} need inference or comments", passed + failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn containers_sorted(node: Option<&Node>) -> Option<Vec<String>> {
    let items = node?.dig(&["spec", "template", "spec", "containers"])?.as_sequence()?;
    let mut texts: Vec<String> = items.iter().map(|item| print(Some(item))).collect();
    texts.sort();
    Some(texts)
}

#[test]
fn built_in_merge_keys() {
    let Some(facts) = rows("openapi", "merge_schema.json") else { return };
    let schema = MergeSchema::built_in();
    let mut compared = 0;
    for (name, of) in facts["gvk"].as_object().unwrap() {
        let (version, kind) = name.split_once('|').unwrap();
        // Lists of objects are taken apart before a patch could meet them.
        if !kind.ends_with("List") {
            let cursor = schema.of(&Gvk::new(version, kind));
            assert!(cursor.is_some(), "{name} is missing");
            compare(&facts["types"], &facts["types"][of.as_str().unwrap()], cursor, name, &mut compared, 0);
        }
    }
    eprintln!("merge keys: {compared} merging fields compared");
    assert!(compared > 400);
}

fn compare(
    types: &Value,
    shape: &Value,
    cursor: Option<kollate::compile::patch::SchemaCursor<'_>>,
    path: &str,
    compared: &mut usize,
    depth: usize,
) {
    for (name, field) in shape.as_object().into_iter().flatten().filter(|_| depth < 12) {
        let path = format!("{path}.{name}");
        let merges = field["strategy"].as_str().is_some_and(|words| words.split(',').any(|word| word == "merge"));
        let at = cursor.and_then(|cursor| cursor.field(name));
        let found =
            at.and_then(|at| at.merge_keys().map(|keys| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()));
        let expected = merges.then(|| {
            let keys = field["keys"].as_array();
            keys.into_iter().flatten().map(|key| key.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        });
        assert_eq!(found, expected, "{path}");
        *compared += usize::from(merges);
        let list = field["list"] == true;
        let below = if list { at.and_then(|at| at.items()) } else { at };
        // Items of lists that do not merge are never walked.
        if let Some(of) = field["ref"].as_str().filter(|_| merges || !list) {
            compare(types, &types[of], below, &path, compared, depth + 1);
        }
    }
}
