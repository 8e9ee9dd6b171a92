//! What the trees that were built had in them, so that a feature that is hardly ever tried is seen.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use super::tree::Files;

/// Fields whose keys are the user's.
const FREE: &[&str] = &["commonLabels", "commonAnnotations", "pairs", "labels", "annotations"];

/// How many trees had each feature.
#[derive(Default)]
pub struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    /// Counts a tree.
    pub fn count(&mut self, files: &Files) {
        let mut features = BTreeSet::new();
        for (path, text) in files {
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_kustomization = name.eq_ignore_ascii_case("kustomization") || name.starts_with("kustomization.");
            for document in serde_yaml::Deserializer::from_str(text) {
                let Ok(value) = <Value as serde::Deserialize>::deserialize(document) else { break };
                match is_kustomization {
                    true => fields(&value, "", &mut features),
                    false => kinds(&value, &mut features),
                }
            }
        }
        features.into_iter().for_each(|feature| *self.0.entry(feature).or_default() += 1);
    }
}

/// The paths of the fields of a kustomization, lists passed over.
fn fields(value: &Value, path: &str, features: &mut BTreeSet<String>) {
    match value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping {
                let Some(key) = key.as_str() else { continue };
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                if !FREE.contains(&key) || path == "labels" {
                    fields(value, &path, features);
                }
                features.insert(path);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| fields(item, path, features)),
        Value::String(text) if text.contains("apiVersion: builtin") => {
            text.lines().filter(|line| line.starts_with("kind: ")).for_each(|line| {
                features.insert(format!("builtin {}", &line["kind: ".len()..]));
            });
        }
        _ => {}
    }
}

/// The kinds of objects.
fn kinds(value: &Value, features: &mut BTreeSet<String>) {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let Some(kind) = text("kind") else { return };
    features.insert(match text("apiVersion") {
        Some("builtin") => format!("builtin {kind}"),
        version => format!("object {} {kind}", version.unwrap_or_default()),
    });
    if let Some(items) = value.get("items").and_then(Value::as_sequence) {
        items.iter().for_each(|item| kinds(item, features));
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(feature, count)| writeln!(f, "{count:7} {feature}"))
    }
}
