//! The JSON reports are what `schemas/` says, and say nothing that is not in there.

use std::fs;
use std::path::Path;

use serde_json::Value;

fn json(path: &str) -> Value {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The schemas leave room for what later versions add. Here nothing may go unnamed.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".into(), Value::Bool(false));
            }
            map.values_mut().for_each(closed);
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

fn check_schema(schema: &str, reports: &[&str]) {
    let mut schema = json(&format!("schemas/{schema}.schema.json"));
    closed(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in reports {
        let report = json(&format!("fixtures/report/{report}"));
        let errors: Vec<_> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut empty = report.clone();
        empty.as_object_mut().unwrap().remove("version");
        assert!(!validator.is_valid(&empty), "the schema asks for a version");
    }
}

#[test]
fn check() {
    check_schema("report-check", &["check.json"]);
}

#[test]
fn diff() {
    check_schema("report-diff", &["diff.json"]);
}

#[test]
fn explain() {
    check_schema("report-explain", &["explain.json", "explain-resource.json"]);
}
