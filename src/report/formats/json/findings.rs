//! The document of `check`: `schemas/report-check.schema.json`.

use serde::Serialize;

use super::VERSION;
use super::shared::{LocationJson, ResourceJson};
use crate::finding::{Finding, Severity};
use crate::report::Checked;
use crate::source::SourceMap;

#[derive(Serialize)]
pub struct Document {
    version: u32,
    findings: Vec<FindingJson>,
    summary: Summary,
}

#[derive(Serialize)]
struct FindingJson {
    rule: &'static str,
    severity: &'static str,
    message: String,
    help: Option<String>,
    notes: Vec<String>,
    resource: Option<ResourceJson>,
    path: Option<String>,
    location: Option<LocationJson>,
    related: Vec<Related>,
    environments: Vec<String>,
    status: Status,
}

#[derive(Serialize)]
struct Related {
    file: String,
    line: u32,
    column: u32,
    message: String,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    New,
    Old,
}

/// Counts of the new findings, and the number of old ones.
#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
    old: usize,
    resources: usize,
    environments: usize,
}

pub fn document(checked: &Checked, sources: &SourceMap) -> Document {
    let number = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count();
    let new = checked.findings.iter().map(|finding| (finding, Status::New));
    let old = checked.old.iter().map(|finding| (finding, Status::Old));
    Document {
        version: VERSION,
        findings: new.chain(old).map(|(finding, status)| one(finding, status, sources)).collect(),
        summary: Summary {
            errors: number(Severity::Error),
            warnings: number(Severity::Warning),
            infos: number(Severity::Info),
            old: checked.old.len(),
            resources: checked.resources,
            environments: checked.environments,
        },
    }
}

fn one(finding: &Finding, status: Status, sources: &SourceMap) -> FindingJson {
    let related = |label: &crate::finding::Label| {
        let place = sources.place(label.at);
        Related { file: place.file, line: place.line, column: place.column, message: label.text.clone() }
    };
    FindingJson {
        rule: finding.rule,
        severity: finding.severity.as_str(),
        message: finding.message.clone(),
        help: finding.help.clone(),
        notes: finding.notes.iter().cloned().chain(finding.ways.words(false)).collect(),
        resource: finding.resource.as_ref().map(ResourceJson::new),
        path: finding.path.as_ref().map(ToString::to_string),
        location: finding.primary.as_ref().map(|label| LocationJson::new(label.at, sources)),
        related: finding.related.iter().map(related).collect(),
        environments: finding.environments.clone(),
        status,
    }
}
