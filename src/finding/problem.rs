//! Findings from what the reader found wrong in a text.

use super::secret_text::{all_values, names_secret};
use super::{Finding, Findings, Severity};
use crate::source::{FileId, Location, Parsed};

/// Reports what is wrong in a YAML text.
pub fn report_problems(parsed: &Parsed, findings: &mut Findings) {
    let errors = parsed.errors.iter().map(|problem| ("yaml/syntax", Severity::Error, problem));
    let warnings = parsed.warnings.iter().map(|problem| ("yaml/duplicate-key", Severity::Error, problem));
    let notes = parsed.notes.iter().map(|problem| ("yaml/unread", Severity::Warning, problem));
    for (rule, severity, problem) in errors.chain(warnings).chain(notes) {
        let mut finding = Finding::new(rule, severity, problem.message.clone()).at(problem.location, "");
        if let Some((at, text)) = &problem.related {
            finding = finding.related(*at, text.clone());
        }
        if let Some(help) = &problem.help {
            finding = finding.help(help.clone());
        }
        findings.push(finding);
    }
}

/// Reports what is wrong in the text of a file of manifests. A file that cannot be read as YAML may still be a Secret,
/// whose values must not be shown.
pub fn report_problems_in(parsed: &Parsed, file: FileId, text: &str, findings: &mut Findings) {
    let start = findings.len();
    report_problems(parsed, findings);
    if findings.len() == start || !names_secret(text) {
        return;
    }
    let values: Vec<Location> = all_values(text).map(|span| Location::new(file, span)).collect();
    findings.change_since(start, |mut finding| {
        finding.message = without_quotes_of(text, &finding.message);
        finding.help = finding.help.map(|help| without_quotes_of(text, &help));
        finding.secret.clone_from(&values);
        finding
    });
}

/// `words` with those in backticks blanked that repeat the text.
fn without_quotes_of(text: &str, words: &str) -> String {
    let parts = words.split('`').enumerate().map(|(i, part)| {
        let repeats = i % 2 == 1 && part.chars().count() > 2 && (text.contains(part) || part.contains(": "));
        if repeats { "••••" } else { part }
    });
    parts.collect::<Vec<_>>().join("`")
}
