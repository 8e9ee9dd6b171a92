//! The document of `diff`: `schemas/report-diff.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::VERSION;
use super::shared::{LocationJson, ResourceJson};
use crate::diff::{Change, ChangeKind, ChangeSet, Class, FailedSide, Impact, MASK, ResourceChange, Shown, Status};
use crate::report::words;
use crate::source::{ScalarKind, SourceMap};

#[derive(Serialize)]
pub struct Document {
    version: u32,
    from: String,
    to: String,
    environments: Vec<EnvironmentJson>,
    changes: Vec<ChangeJson>,
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentJson {
    name: String,
    status: &'static str,
    /// On which side it does not build: `before`, `after` or `both`.
    failed_side: Option<&'static str>,
    added: usize,
    removed: usize,
    modified: usize,
    renamed: usize,
}

/// One changed field; a resource that is new, gone or only renamed has one with the root's empty path.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeJson {
    environments: Vec<String>,
    resource: ResourceJson,
    /// What happened to the resource.
    change: &'static str,
    renamed_from: Option<ResourceJson>,
    path: String,
    /// What happened to the field.
    operation: &'static str,
    before: Value,
    after: Value,
    /// Whether `***` stands for something in `before` or `after`.
    masked: bool,
    /// Whether the change only follows the new name of another resource.
    follows: bool,
    cause: Option<LocationJson>,
    before_location: Option<LocationJson>,
    impacts: Vec<ImpactJson>,
}

#[derive(Serialize)]
struct ImpactJson {
    class: &'static str,
    severity: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Summary {
    resources: usize,
    changes: usize,
    environments: BTreeMap<&'static str, usize>,
    impacts: BTreeMap<&'static str, usize>,
}

pub fn document(set: &ChangeSet, sources: &SourceMap) -> Document {
    let changes: Vec<_> = set.entries.iter().flat_map(|entry| of_entry(entry, sources)).collect();
    Document {
        version: VERSION,
        from: set.from.label.clone(),
        to: set.to.label.clone(),
        environments: set.environments.iter().map(environment).collect(),
        summary: summary(set, changes.len()),
        changes,
    }
}

fn environment(status: &crate::diff::EnvironmentStatus) -> EnvironmentJson {
    let side = match status.status {
        Status::Failed(FailedSide::Before) => Some("before"),
        Status::Failed(FailedSide::After) => Some("after"),
        Status::Failed(FailedSide::Both) => Some("both"),
        _ => None,
    };
    let counts = status.counts;
    EnvironmentJson {
        name: status.name.clone(),
        status: status.status.as_str(),
        failed_side: side,
        added: counts.added,
        removed: counts.removed,
        modified: counts.modified,
        renamed: counts.renamed,
    }
}

fn summary(set: &ChangeSet, changes: usize) -> Summary {
    let mut environments: BTreeMap<_, _> =
        ["added", "changed", "failed", "removed", "unchanged"].into_iter().map(|status| (status, 0)).collect();
    for environment in &set.environments {
        *environments.entry(environment.status.as_str()).or_default() += 1;
    }
    let number = |class| set.impacts().filter(|(_, impact)| impact.class == class).count();
    let impacts = Class::ALL.into_iter().map(|class| (class.as_str(), number(class))).collect();
    Summary { resources: words::resources(set), changes, environments, impacts }
}

fn of_entry(entry: &ResourceChange, sources: &SourceMap) -> Vec<ChangeJson> {
    let record = || ChangeJson {
        environments: entry.environments.clone(),
        resource: ResourceJson::new(&entry.resource),
        change: entry.kind.as_str(),
        renamed_from: match &entry.kind {
            ChangeKind::Renamed { from, .. } => Some(ResourceJson::new(from)),
            _ => None,
        },
        path: String::new(),
        operation: "modified",
        before: Value::Null,
        after: Value::Null,
        masked: false,
        follows: false,
        cause: None,
        before_location: None,
        impacts: impacts(&entry.impacts),
    };
    if entry.changes.is_empty() {
        return vec![record()];
    }
    let of_change = |change: &Change| ChangeJson {
        path: change.path.to_string(),
        operation: change.op.as_str(),
        before: value(change.before.as_ref()),
        after: value(change.after.as_ref()),
        masked: change.before.iter().chain(&change.after).any(Shown::is_masked),
        follows: change.follows,
        cause: change.cause.map(|at| LocationJson::new(at, sources)),
        before_location: change.before_at.map(|at| LocationJson::new(at, sources)),
        impacts: impacts(&change.impacts),
        ..record()
    };
    entry.changes.iter().map(of_change).collect()
}

fn impacts(impacts: &[Impact]) -> Vec<ImpactJson> {
    let one = |impact: &Impact| ImpactJson {
        class: impact.class.as_str(),
        severity: impact.severity.as_str(),
        message: impact.message.clone(),
    };
    impacts.iter().map(one).collect()
}

/// A value as JSON. A number that JSON cannot hold exactly stays a string.
fn value(shown: Option<&Shown>) -> Value {
    match shown {
        None => Value::Null,
        Some(Shown::Scalar { text, kind }) => scalar(text, *kind),
        Some(Shown::Masked { text }) => Value::from(text.as_str()),
        Some(Shown::Secret { .. }) => Value::from(MASK),
        Some(Shown::Map(entries)) => {
            Value::Object(entries.iter().map(|(key, item)| (key.to_string(), value(Some(item)))).collect())
        }
        Some(Shown::List(items)) => Value::Array(items.iter().map(|item| value(Some(item))).collect()),
    }
}

fn scalar(text: &str, kind: ScalarKind) -> Value {
    let parsed = match kind {
        ScalarKind::Null => Some(Value::Null),
        ScalarKind::Bool => text.to_ascii_lowercase().parse::<bool>().ok().map(Value::from),
        ScalarKind::Int => text.parse::<i64>().ok().map(Value::from),
        ScalarKind::Float => text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::from),
        ScalarKind::String | ScalarKind::Timestamp | ScalarKind::Binary => None,
    };
    parsed.unwrap_or_else(|| Value::from(text))
}
