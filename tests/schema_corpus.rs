//! The validator against the field's own test data, which lies beside the project on some machines only; where it does
//! not, these tests say so and pass.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kollate::check::schema::{Problem, Violation};
use kollate::schema::{Catalog, Crd, KubernetesVersion};
use kollate::source::{FileId, Node, yaml};
use serde_json::Value;

use crate::schema::{catalog, judge};
use crate::support::corpus;

/// The documents of a file; `None` if it is no YAML.
fn documents(path: &Path) -> Option<Vec<Node>> {
    let parsed = yaml::parse(&std::fs::read_to_string(path).ok()?, FileId::default());
    let roots = parsed.documents.into_iter().filter_map(|document| document.root);
    parsed.errors.is_empty().then(|| roots.collect())
}

/// The files of a folder and below, in order; of a file, itself.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files(entry)).collect()
}

fn index(root: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(root.join("index.json")).expect("an index");
    serde_json::from_str(&text).expect("JSON")
}

fn strings<'a>(case: &'a Value, key: &str) -> Vec<&'a str> {
    case[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn minor_of(folder: &str) -> KubernetesVersion {
    folder.parse().unwrap_or(KubernetesVersion::latest())
}

/// Every field of every kind is set, to values made up from the fields' names: so no set of values can hold.
fn is_about_the_shape(violation: &&Violation) -> bool {
    !matches!(violation.problem, Problem::NotInEnum { .. })
}

#[test]
fn every_field_of_every_native_kind_is_known() {
    let Some(root) = corpus("k8s-api-roundtrip") else { return };
    let (mut good, mut without_schema, mut bad) = (0, 0, Vec::new());
    for case in index(&root) {
        let (file, version) = (case["file"].as_str().expect("a file"), case["version"].as_str().expect("a version"));
        let catalog = Catalog::new(minor_of(version));
        for document in documents(&root.join(file)).expect("YAML") {
            match judge(&catalog, &document) {
                None => without_schema += 1,
                Some(found) => match found.iter().find(is_about_the_shape) {
                    None => good += 1,
                    Some(first) => bad.push(format!("{file}: {}: {}", first.path, first.problem)),
                },
            }
        }
    }
    eprintln!("{good} without a finding, {} with one, {without_schema} of kinds without a schema", bad.len());
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(good > 400, "only {good} have a schema");
}

/// What the API server's answer blames on the shape: `spec.foo[0].bar`. Names, labels and CEL rules are not ours.
fn blamed_on_shape(case: &Value) -> Vec<&str> {
    let statuses = case["statuses"].as_array().into_iter().flatten();
    let causes = statuses.flat_map(|status| status["details"]["causes"].as_array().into_iter().flatten());
    let ours = causes.filter(|cause| {
        let message = cause["message"].as_str().unwrap_or_default();
        matches!(
            cause["reason"].as_str(),
            Some("FieldValueTypeInvalid" | "FieldValueNotSupported" | "FieldValueDuplicate")
        ) || message.contains("unknown field")
    });
    ours.filter_map(|cause| cause["field"].as_str()).collect()
}

/// The API server writes keys of free mappings in brackets, we only those with a dot.
fn dotted(path: &str) -> String {
    path.replace('[', ".").replace(']', "")
}

#[test]
fn judges_as_the_api_server() {
    let Some(root) = corpus("kubectl-validate") else { return };
    let (mut passed, mut blamed) = (0, 0);
    for case in index(&root).iter().filter(|case| case["disabled"] == false) {
        let file = case["file"].as_str().expect("a file");
        let mut catalog = catalog("latest");
        for file in strings(case, "crds").iter().flat_map(|folder| files(&root.join(folder))) {
            let crds = documents(&file).unwrap_or_default();
            crds.iter().filter_map(Crd::compile).for_each(|crd| catalog.add(Arc::new(crd)));
        }
        let Some(documents) = documents(&root.join(file)) else { continue };
        let found: Vec<Violation> = documents.iter().filter_map(|one| judge(&catalog, one)).flatten().collect();
        if case["expect"] == "pass" {
            assert_eq!(found, [], "{file}");
            passed += 1;
        }
        for field in blamed_on_shape(case) {
            let paths: Vec<String> = found.iter().map(|violation| dotted(&violation.path.to_string())).collect();
            if paths.contains(&dotted(field)) {
                blamed += 1;
            } else {
                eprintln!("{file}: the API server blames {field}, we {paths:?}");
            }
        }
    }
    eprintln!("{passed} good ones pass, {blamed} fields blamed as the API server does");
    assert!(passed >= 8 && blamed >= 9, "{passed} and {blamed}");
}

#[test]
fn judges_as_kubeconform() {
    let Some(root) = corpus("kubeconform") else { return };
    let (mut same, mut other) = (0, Vec::new());
    for case in index(&root).iter().filter(|case| case["kind"] == "schema" && case["needs_network"] == false) {
        let args = strings(case, "args");
        let special = ["-skip", "-reject", "-output", "-ignore-missing-schemas", "--ignore-filename-pattern", "-"];
        let paths: Vec<PathBuf> = strings(case, "files").iter().flat_map(|file| files(&root.join(file))).collect();
        if args.iter().any(|arg| special.contains(arg)) || paths.is_empty() || paths.iter().any(|path| !path.exists()) {
            continue;
        }
        let at = args.iter().position(|arg| *arg == "-kubernetes-version");
        let catalog = catalog(at.map_or("latest", |at| args[at + 1]));
        // It takes unknown fields unless told not to, and knows no sets of values.
        let counts = |problem: &Problem| match problem {
            Problem::UnknownField { .. } => args.contains(&"-strict"),
            problem => !matches!(problem, Problem::NotInEnum { .. } | Problem::DuplicateItem { .. }),
        };
        let fine = paths.iter().all(|path| {
            documents(path).is_some_and(|documents| {
                let items = |document: &Node| document.get("items").and_then(Node::as_sequence).map(<[Node]>::to_vec);
                let all = documents.into_iter().flat_map(|document| items(&document).unwrap_or_else(|| vec![document]));
                all.into_iter().all(|document| {
                    judge(&catalog, &document).is_some_and(|found| !found.iter().any(|one| counts(&one.problem)))
                })
            })
        });
        if fine == (case["exit"] == 0) {
            same += 1;
        } else {
            other.push(format!("{} {args:?}: we say {fine}", case["test"]));
        }
    }
    eprintln!("{same} of {} judged alike", same + other.len());
    eprintln!("{}", other.join("\n"));
    assert!(same >= 18, "{same}");
}
