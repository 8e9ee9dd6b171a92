//! Replacements as engines newer than 5.6 do them, judged by meaning.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use kollate::compile::patch::MergeSchema;
use kollate::compile::transform::replacements::{Selection, apply};
use kollate::compile::{Compat, LayerSpecs, LoadRestrictor, Loader, Work, from_documents};
use kollate::finding::Findings;
use kollate::source::{Disk, SourceMap, Store, yaml};
use serde_json::Value;

use crate::support::{corpus, plain};

fn run(input: &Path) -> Result<String, String> {
    let store = Arc::new(Store::new(Box::new(Disk), SourceMap::new(), input));
    let mut loader = Loader::new(store.clone(), input.to_path_buf(), LoadRestrictor::RootOnly);
    let mut findings = Findings::new();
    let documents = |name: &str| {
        let loaded = store.load(&input.join(name)).unwrap();
        store.parse(&loaded)
    };
    let kustomization = documents("kustomization.yaml");
    let resources = documents("resources.yaml");
    let mut set = from_documents(&resources.documents, &mut findings).into_iter().collect();
    let value = kustomization.documents[0].root.as_ref().unwrap().get("replacements").unwrap();
    let (specs, merge_schema) = (LayerSpecs::Standard, MergeSchema::built_in());
    apply(
        value,
        Selection::Pattern,
        &mut Work {
            set: &mut set,
            deleted: &mut Vec::new(),
            specs: &specs,
            merge_schema: &merge_schema,
            loader: &mut loader,
            maker: None,
            compat: Compat::V5_8,
            findings: &mut findings,
        },
    );
    if findings.has_errors() {
        return Err(plain(store.map(), &findings));
    }
    let mut out = String::new();
    yaml::print_documents(set.iter().map(|resource| &resource.root), &mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

/// The documents of a text; texts in them that are JSON or YAML count by their content.
fn meaning(text: &str) -> Vec<Value> {
    fn open(value: Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(
                map.into_iter()
                    .map(|(key, value)| (key, open(value)))
                    .collect::<BTreeMap<_, _>>()
                    .into_iter()
                    .collect(),
            ),
            Value::Array(items) => items.into_iter().map(open).collect(),
            Value::String(text) => match serde_yaml::from_str::<Value>(&text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => open(inner),
                _ => Value::String(text),
            },
            other => other,
        }
    }
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_str(text).map(|document| Value::deserialize(document).unwrap());
    documents.filter(|value| !value.is_null()).map(open).collect()
}

#[test]
fn cases_of_newer_engines() {
    let Some(folder) = corpus("kustomize-newer") else { return };
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let mut failed = Vec::new();
    let mut passed = 0;
    for folder in folders.into_iter().filter(|folder| folder.join("expected.yaml").exists()) {
        let expected = fs::read_to_string(folder.join("expected.yaml")).unwrap();
        match run(&folder.join("input")) {
            Ok(found) if meaning(&found) == meaning(&expected) => passed += 1,
            Ok(found) => failed.push(format!("{}\n{found}", folder.display())),
            Err(problems) => failed.push(format!("{}\n{problems}", folder.display())),
        }
    }
    eprintln!("kustomize-newer: {passed} of {} passed", passed + failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
