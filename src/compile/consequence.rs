//! Mistakes that only follow from another one: where resources could not be read, what names them finds nothing, and
//! to say so would bury the one thing that has to be mended.

use super::accumulate::Gathered;
use super::layer::Layer;
use crate::finding::{Finding, Findings, Severity, Ways};
use crate::source::{Location, SourceMap};

/// What is said of a name that fits no resource.
const OF_ABSENCE: [&str; 11] = [
    "generator/merge-target-missing",
    "images/no-match",
    "labels/no-match",
    "link/unused-var",
    "link/var-source",
    "patch/no-match",
    "patch/target-missing",
    "replacements/no-match",
    "replacements/source",
    "replacements/source-field",
    "replicas/no-match",
];

/// Errors that leave every resource where it is.
const WITHOUT_LOSS: [&str; 6] = [
    "build/id-conflict",
    "build/wrong-kind",
    "generator/duplicate-key",
    "generator/literal",
    "link/sort-options",
    "yaml/duplicate-key",
];

/// What may be said of a field that a patch or a generator with a mistake in it would have made.
const OF_FIELDS: [&str; 2] = ["replacements/source-field", "replacements/missing-field"];

/// Whether one of the findings says that resources are missing. What may be dropped does not count, so that an error
/// always remains.
pub fn leave_a_gap<'a>(mut findings: impl Iterator<Item = &'a Finding>) -> bool {
    let dropped = |rule| OF_ABSENCE.contains(&rule) || OF_FIELDS.contains(&rule);
    let lasting = |rule| !WITHOUT_LOSS.contains(&rule) && !dropped(rule) && !is_of_patch(rule);
    findings.any(|finding| finding.severity == Severity::Error && lasting(finding.rule))
}

/// A patch that does not apply leaves its resource as it is.
fn is_of_patch(rule: &str) -> bool {
    rule.starts_with("patch/")
}

/// Drops what was found from `start` on if it may only follow from resources or fields that are missing. An error always
/// remains.
pub fn drop_consequences(gathered: &mut Gathered, start: usize) {
    let before = gathered.findings.has_errors().then(|| gathered.findings.clone());
    drop_all(gathered, start);
    if let Some(before) = before.filter(|_| !gathered.findings.has_errors()) {
        gathered.findings = before;
    }
}

fn drop_all(gathered: &mut Gathered, start: usize) {
    if gathered.incomplete {
        gathered.findings.retain_since(start, |finding| !OF_ABSENCE.contains(&finding.rule));
    }
    drop_lacks(gathered, start);
    let makes_fields = |rule: &str| is_of_patch(rule) || rule.starts_with("generator/");
    let is_cause = |finding: &Finding| finding.severity == Severity::Error && makes_fields(finding.rule);
    if gathered.findings.iter().any(is_cause) {
        gathered.findings.retain_since(start, |finding| !OF_FIELDS.contains(&finding.rule));
    }
}

/// What is said of an entry that lacks something.
const OF_LACK: [&str; 4] = ["generator/missing-name", "patch/no-target", "patch/no-text", "replacements/incomplete"];

/// Drops that something is missing in an entry in which something was of the wrong type, and so was not read.
fn drop_lacks(gathered: &mut Gathered, start: usize) {
    let is_misread = |finding: &&Finding| finding.rule == "kustomization/wrong-type";
    let place = |finding: &Finding| finding.primary.as_ref().map(|label| label.at);
    let misread: Vec<Location> = gathered.findings.iter().filter(is_misread).filter_map(place).collect();
    if misread.is_empty() {
        return;
    }
    let holds = |at: Location, place: &Location| {
        place.file == at.file && at.span.start <= place.span.start && place.span.end <= at.span.end
    };
    let holds_one = |at: Location| misread.iter().any(|place| holds(at, place));
    gathered
        .findings
        .retain_since(start, |finding| !(OF_LACK.contains(&finding.rule) && place(finding).is_some_and(holds_one)));
}

/// Drops what the entries of a kustomization do to resources if they have fields that it does not know or cannot read:
/// without those they may be for other resources than is meant.
pub fn drop_of_flawed(layer: &Layer, map: &SourceMap, findings: &mut Findings, start: usize) {
    if layer.flaws.is_empty() {
        return;
    }
    let mapping = layer.kustomization.root.as_mapping();
    let mut starts: Vec<u32> = Vec::new();
    for field in mapping.into_iter().flat_map(|root| root.iter()) {
        starts.push(field.key.location.span.start);
        let entries = field.value.as_sequence().unwrap_or_default();
        starts.extend(entries.iter().map(|entry| entry.location().span.start));
    }
    // A text in a block ends behind its node: an entry goes up to the next one.
    let entry_of = |at: Location| {
        let before = starts.iter().filter(|&&start| at.file == layer.location.file && start <= at.span.start);
        before.max().copied()
    };
    let own = layer.flaws.iter().filter(|flaw| **flaw != layer.location);
    let flawed: Vec<u32> = own.filter_map(|flaw| entry_of(*flaw)).collect();
    let within = |finding: &Finding| {
        let entry = finding.primary.as_ref().and_then(|label| entry_of(map.in_file(label.at)));
        entry.is_some_and(|entry| flawed.contains(&entry))
    };
    let follows = |finding: &Finding| finding.resource.is_some() || OF_ABSENCE.contains(&finding.rule);
    findings.retain_since(start, |finding| !(follows(finding) && within(finding)));
}

/// What a component says of the layer that includes it. It is made for many, so that in one of them a patch may well
/// find nothing, or what it says.
pub fn speak_as_component(findings: &mut Findings, start: usize) {
    // Those of the layers below the component have a way already.
    let own = |finding: &Finding| finding.severity < Severity::Error && finding.ways == Ways::default();
    findings.retain_since(start, |finding| !(own(finding) && finding.rule.ends_with("/no-change")));
    findings.change_since(start, |mut finding| {
        if own(&finding) && finding.rule.ends_with("/no-match") {
            finding.severity = Severity::Info;
        }
        finding
    });
}

/// Drops what a component lacks that is built without a layer around it.
pub fn drop_absences(findings: &mut Findings) {
    findings.retain(|finding| finding.severity == Severity::Error || !finding.rule.ends_with("/no-match"));
}
