//! Patches: the vectors of kustomize's own merge, the merge keys, selectors, and the histories that patches leave.

use std::fs;
use std::path::Path;

use kollate::compile::patch::MergeSchema;
use kollate::compile::patch::strategic::{Lists, Merged, NewItems, Unknown, merge};
use kollate::compile::{Build, Session};
use kollate::finding::Findings;
use kollate::resource::{Gvk, Pattern, ResourceId};
use kollate::source::{FileId, Node, yaml};
use serde_json::Value;

use crate::support::{corpus, in_memory};

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
fn merged(base: &str, patch: &str, new_items: NewItems, unknown: Unknown) -> Option<Node> {
    let mut findings = Findings::new();
    let mut base = read(base).unwrap();
    let id = ResourceId::of(&base);
    let patch = read(patch).unwrap();
    let lists = Lists { schema: &MergeSchema::built_in(), root: None, new_items, unknown, doubled: false };
    let outcome = merge(&mut base, &patch, &id, lists, &mut findings);
    assert!(!findings.has_errors(), "{findings:?}");
    matches!(outcome, Merged::Kept { .. }).then_some(base)
}

#[test]
fn merge2_vectors() {
    let Some(rows) = rows("merge2", "merge2.json") else { return };
    let (mut passed, mut failed) = (0, Vec::new());
    for row in rows.as_array().unwrap() {
        let text = |key: &str| row[key].as_str().unwrap_or_default();
        let unknown = if row["infer"] == true { Unknown::ByName } else { Unknown::Replace };
        let new_items = match row["options"]["listIncreaseDirection"].as_str() {
            Some("prepend") => NewItems::First,
            _ => NewItems::Last,
        };
        let found = merged(text("dest"), text("source"), new_items, unknown);
        let expected = read(text("expected"));
        let (printed, wanted) = (print(found.as_ref()), print(expected.as_ref()));
        // The vectors were compared after kyaml's formatter, which sorts containers.
        if printed == wanted || containers_sorted(found.as_ref()) == containers_sorted(expected.as_ref()) {
            passed += 1;
        } else {
            failed.push(format!("--- {}\nexpected:\n{wanted}found:\n{printed}", text("name")));
        }
    }
    eprintln!("merge2: {passed} of {} passed", passed + failed.len());
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

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: web
        image: nginx:1
        env:
        - {name: A, value: a}
        - {name: B, value: b}
      tolerations:
      - key: x
";

/// A build of one deployment under a kustomization that ends in `patches`.
pub fn build(patches: &str) -> (Session, Build) {
    let kustomization = format!("resources: [web.yaml]\n{patches}");
    let session = in_memory(&[("kustomization.yaml", &kustomization), ("web.yaml", DEPLOYMENT)]);
    let build = session.build(Path::new("/"));
    (session, build)
}

/// Where a node was set, oldest first, as `file:line`.
fn history(session: &Session, node: &Node) -> Vec<String> {
    let places = node.history().into_iter().map(|event| session.store().map().place(event.at));
    places.map(|place| format!("{}:{}", place.file, place.line)).collect()
}

fn web(build: &Build) -> &Node {
    &build.resources.get(0).unwrap().root
}

#[test]
fn a_patch_leaves_its_history() {
    let (session, build) = build(
        "\
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      labels: {tier: front}
    spec:
      replicas: 3
      template:
        spec:
          containers:
          - name: web
            image: nginx:2
            env:
            - name: A
              $patch: delete
            - name: C
              value: c
",
    );
    assert!(build.findings.is_empty(), "{:?}", build.findings);
    let root = web(&build);
    let containers = root.dig(&["spec", "template", "spec", "containers"]).unwrap();
    let container = &containers.as_sequence().unwrap()[0];
    assert_eq!(history(&session, container.get("image").unwrap()), ["web.yaml:11", "kustomization.yaml:15"]);
    // A value that the base has already is written all the same.
    assert_eq!(history(&session, root.dig(&["spec", "replicas"]).unwrap()), ["web.yaml:6", "kustomization.yaml:10"]);
    assert_eq!(history(&session, root.dig(&["metadata", "labels"]).unwrap()), ["kustomization.yaml:8"]);
    assert_eq!(history(&session, root.dig(&["metadata", "name"]).unwrap()), ["web.yaml:4"]);
    let env = container.get("env").unwrap().sequence().unwrap();
    let names: Vec<_> = env.items().iter().map(|item| item.get("name").unwrap().text().unwrap()).collect();
    assert_eq!(names, ["C", "B"]);
    let [gone] = env.removed() else { panic!("one item was deleted") };
    assert_eq!((&*gone.key, session.store().map().place(gone.origin.at).line), ("A", 18));
    assert_eq!(history(&session, &env.items()[0]), ["kustomization.yaml:19"]);
}

#[test]
fn what_a_patch_leaves_alone_stays_shared() {
    let mut base = read(DEPLOYMENT).unwrap();
    let before = base.clone();
    let patch = read("apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 1}").unwrap();
    let lists = Lists {
        schema: &MergeSchema::built_in(),
        root: None,
        new_items: NewItems::First,
        unknown: Unknown::Replace,
        doubled: false,
    };
    let mut findings = Findings::new();
    assert_eq!(
        merge(&mut base, &patch, &ResourceId::of(&before), lists, &mut findings),
        Merged::Kept { cramped: false }
    );
    let template = |node: &Node| node.dig(&["spec", "template"]).unwrap().clone();
    assert!(template(&base).shares_with(&template(&before)));
    assert!(!base.shares_with(&before));
}

#[test]
fn removed_keys_and_resources_leave_records() {
    let (session, first) = build(
        "patches:\n- target: {kind: Deployment}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec/replicas\"}]'\n",
    );
    let [gone] = web(&first).get("spec").unwrap().as_mapping().unwrap().removed() else {
        panic!("one key was deleted")
    };
    assert_eq!((&*gone.key, session.store().map().place(gone.origin.at).line), ("replicas", 4));

    let patch = "patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    $patch: delete\n";
    let (session, build) = build(patch);
    assert!(build.resources.is_empty() && build.findings.is_empty());
    let [deleted] = &build.deleted[..] else { panic!("one resource was deleted") };
    assert_eq!(deleted.name(), "web");
    assert_eq!(history(&session, &deleted.root), ["web.yaml:1", "kustomization.yaml:7"]);
}

/// Merges whose results only kustomize's own algorithm explains; the expected lists are its output.
#[test]
fn odd_lists_merge_as_in_kustomize() {
    let check = |base: &str, patch: &str, expected: &str| {
        let whole = |containers: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: c, {containers}}}]}}\n"
            )
        };
        let found = merged(&whole(base), &whole(patch), NewItems::First, Unknown::Replace);
        assert_eq!(print(found.as_ref()), print(read(&whole(expected)).as_ref()), "{patch} over {base}");
    };
    // Items with equal keys become one, even where the patch says nothing of the list: the last wins.
    check(
        "env: [{name: A, value: '1'}, {name: B}, {name: A, value: '3'}]",
        "image: x",
        "image: x, env: [{name: A, value: '3'}, {name: B}]",
    );
    // An item without its key empties the list.
    check("env: [{name: A}, {name: B}]", "env: [{value: x}]", "env: []");
    // What is added to a port without protocol is lost if another has the same number.
    check(
        "ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}, {containerPort: 81}]",
        "ports: [{containerPort: 80, name: http}, {containerPort: 82, protocol: UDP}]",
        "ports: [{containerPort: 82, protocol: UDP}, {containerPort: 80}, {containerPort: 80, protocol: UDP}, {containerPort: 81}]",
    );
    // A key without any value goes, an explicit null stays.
    check("a: , b: null", "image: x", "image: x, b: null");
    // Quotes of the base stay around the patch's number.
    check("v: '1'", "v: 2", "v: '2'");
}

#[test]
fn selector_vectors() {
    let Some(rows) = rows("tables", "api__types__selector.json") else { return };
    let pattern = |text: &Value| Pattern::new(text.as_str().unwrap_or_default()).unwrap();
    let mut compared = 0;
    for (table, rows) in rows["tables"].as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let id = &row["S"]["ResId"];
            let fields: &[&str] = if table.ends_with("Gvk") {
                &["Group", "Version", "Kind"]
            } else {
                &[&table["TestSelectorRegexMatch".len()..]]
            };
            let fits = fields.iter().all(|field| {
                let (selector, text) =
                    if fields.len() == 3 { (&id["Gvk"][field], &row["G"][field]) } else { (&id[field], &row[field]) };
                pattern(selector).fits(text.as_str().unwrap())
            });
            assert_eq!(fits, row["Expected"] == true, "{row}");
            compared += 1;
        }
    }
    assert_eq!(compared, 14);
}
