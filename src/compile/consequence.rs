//! Mistakes that only follow from another one: where resources could not be read, what names them finds nothing, and
//! to say so would bury the one thing that has to be mended.

use super::accumulate::Gathered;
use crate::finding::{Finding, Severity};

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
const WITHOUT_LOSS: [&str; 2] = ["build/id-conflict", "yaml/duplicate-key"];

/// Whether one of the findings says that resources are missing. What may be dropped does not count, so that an error
/// always remains.
pub fn leave_a_gap<'a>(mut findings: impl Iterator<Item = &'a Finding>) -> bool {
    let lasting = |rule| !WITHOUT_LOSS.contains(&rule) && !OF_ABSENCE.contains(&rule);
    findings.any(|finding| finding.severity == Severity::Error && lasting(finding.rule))
}

/// Drops what was found from `start` on if it may only follow from resources that are missing.
pub fn drop_consequences(gathered: &mut Gathered, start: usize) {
    if gathered.incomplete {
        gathered.findings.retain_since(start, |finding| !OF_ABSENCE.contains(&finding.rule));
    }
}
