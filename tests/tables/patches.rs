//! Strategic merge patches, and the transformer that adds a value to a path.

use serde_json::{Value, json};

use super::{build, meaning, rows, word};

/// Applies patches one after the other.
fn patched(base: &str, patches: &[&str]) -> Result<String, String> {
    let entries: Vec<Value> = patches.iter().map(|patch| json!({"patch": patch})).collect();
    let kustomization = json!({"resources": ["a.yaml"], "patches": entries}).to_string();
    build(&[("/kustomization.yaml", &kustomization), ("/a.yaml", base)])
}

#[test]
fn patches_one_after_the_other() {
    for (name, row) in rows("api__resource__resource", "TestApplySmPatch") {
        let patches: Vec<&str> = row["patch"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let found = patched(word(&row, "base"), &patches);
        assert_eq!(found.is_err(), row["errorExpected"] == true, "{name}: {found:?}");
        if let Ok(found) = found {
            assert_eq!(meaning(&found), meaning(word(&row, "expected")), "{name}");
        }
    }
}

#[test]
fn items_of_lists_keep_their_order() {
    let pod =
        |metadata: &str, spec: &str| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: test{metadata}}}\n{spec}");
    let tables = [
        (
            "TestApplySmPatchShouldOutputListItemsInCorrectOrder",
            pod("", "spec: {initContainers: [{name: foo}, {name: bar}]}\n"),
        ),
        ("TestApplySmPatchShouldOutputPrimitiveListItemsInCorrectOrder", pod(", finalizers: [foo, bar]", "")),
    ];
    for (table, base) in tables {
        for (name, row) in rows("api__resource__resource", table) {
            let found = patched(&base, &[word(&row, "patch")]).unwrap();
            // Skipped there, since kustomize does otherwise.
            let same = meaning(&found) == meaning(word(&row, "expectedOutput"));
            assert_eq!(same, row["skip"] == false, "{name}: {found}");
        }
    }
}

#[test]
fn values_added_to_paths() {
    for (name, row) in rows("api__filters__valueadd__valueadd", "TestValueAddFilter") {
        let filter = &row["filter"];
        let config = json!({
            "apiVersion": "builtin", "kind": "ValueAddTransformer", "metadata": {"name": "x"},
            "value": filter["Value"],
            "targets": [{"fieldPath": filter["FieldPath"], "filePathPosition": filter["FilePathPosition"]}],
        });
        // An object of a build has a name.
        let named = |text: &str| format!("{}\nmetadata: {{name: a}}\n", text.trim());
        let files = [
            ("/kustomization.yaml", "resources: [a.yaml]\ntransformers: [t.yaml]\n"),
            ("/a.yaml", &named(word(&row, "input"))),
            ("/t.yaml", &config.to_string()),
        ];
        assert_eq!(meaning(&build(&files).unwrap()), meaning(&named(word(&row, "expectedOutput"))), "{name}");
    }
}
