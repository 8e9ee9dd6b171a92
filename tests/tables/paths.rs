//! The paths of replacements: how many fields each leads to, which is to say how often the value stands there after.

use serde_json::{Value, json};

use super::{build, meaning, rows, word};

const MARK: &str = "marked";

fn field_path(row: &Value) -> String {
    let parts = row["path"].as_array().unwrap().iter().map(|part| {
        let part = part.as_str().unwrap();
        if part.starts_with('[') { part.to_owned() } else { part.replace('.', "\\.") }
    });
    parts.collect::<Vec<_>>().join(".")
}

/// Puts `value` where `path` leads in `object`.
fn replaced(object: &str, path: &str, value: &Value, create: bool) -> Result<String, String> {
    let source =
        json!({"apiVersion": "v1", "kind": "Source", "metadata": {"name": "source"}, "value": value}).to_string();
    let replacements = json!([{
        "source": {"kind": "Source", "fieldPath": "value"},
        "targets": [{"select": {"kind": "Gadget|ConfigMap"}, "fieldPaths": [path], "options": {"create": create}}],
    }]);
    let kustomization = json!({"resources": ["a.yaml", "source.yaml"], "replacements": replacements}).to_string();
    let files = [("/kustomization.yaml", &*kustomization), ("/a.yaml", object), ("/source.yaml", &*source)];
    let built = build(&files)?;
    let documents = meaning(&built).into_iter().filter(|document| document["kind"] != "Source");
    Ok(documents.map(|document| document.to_string()).collect())
}

/// An object with the containers that the rows speak of; not a Deployment, whose containers are no texts.
fn deployment(containers: &[Value]) -> String {
    let labels = json!({"app": "nginx"});
    json!({
        "apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "nginx"},
        "spec": {"selector": {"matchLabels": labels}, "template": {"spec": {"containers": containers}}},
    })
    .to_string()
}

#[test]
fn paths_to_what_is_there() {
    let rows = rows("kyaml__yaml__match", "TestPathMatcher_Filter");
    let Some((_, first)) = rows.first() else { return };
    let object = deployment(meaning(word(first, "value"))[0].as_array().unwrap());
    for (name, row) in &rows {
        let count = meaning(word(row, "value")).first().and_then(Value::as_array).map_or(0, Vec::len);
        let found = replaced(&object, &field_path(row), &json!(MARK), false);
        assert_eq!(found.is_err(), count == 0, "{name}: {found:?}");
        assert_eq!(found.unwrap_or_default().matches(MARK).count(), count, "{name}");
    }
}

#[test]
fn paths_to_what_is_made() {
    let rows = rows("kyaml__yaml__match", "TestPathMatcher_Filter_Create");
    let Some((_, all)) = rows.iter().find(|(name, _)| name == "find sequence items that already exist") else { return };
    let containers: Vec<Value> =
        all["matches"].as_array().unwrap().iter().map(|text| meaning(text.as_str().unwrap())[0].clone()).collect();
    let object = deployment(&containers);
    for (name, row) in &rows {
        let matches: Vec<&str> = row["matches"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // What is made is of the kind of the value.
        let value = match matches.last().map(|text| text.trim()) {
            Some("{}") => json!({MARK: 1}),
            Some("[]") => json!([MARK]),
            _ => json!(MARK),
        };
        let found = replaced(&object, &field_path(row), &value, true);
        assert_eq!(found.is_err(), row["expectErr"] != "", "{name}: {found:?}");
        assert_eq!(found.unwrap_or_default().matches(MARK).count(), matches.len(), "{name}");
    }
}

#[test]
fn paths_into_texts() {
    for (name, row) in rows("kyaml__yaml__match", "TestPathMatcher_StructuredDataInScalar") {
        let expected = meaning(word(&row, "expected"));
        let found = expected.first().and_then(|list| list.get(0));
        // A number stays a number, so that the mark is one too.
        let mark = if found.is_some_and(Value::is_number) { json!(987_654) } else { json!(MARK) };
        let built = replaced(word(&row, "input"), &field_path(&row), &mark, false);
        assert_eq!(built.is_err(), found.is_none(), "{name}: {built:?}");
        let mark = mark.as_str().unwrap_or("987654").to_owned();
        assert_eq!(built.unwrap_or_default().matches(&mark).count(), usize::from(found.is_some()), "{name}");
    }
}
