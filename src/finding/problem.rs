//! Findings from what the reader found wrong in a text.

use super::{Finding, Findings};
use crate::source::Parsed;

/// Reports what is wrong in a YAML text.
pub fn report_problems(parsed: &Parsed, findings: &mut Findings) {
    let errors = parsed.errors.iter().map(|problem| ("yaml/syntax", problem));
    let warnings = parsed.warnings.iter().map(|problem| ("yaml/duplicate-key", problem));
    for (rule, problem) in errors.chain(warnings) {
        let mut finding = Finding::error(rule, problem.message.clone()).at(problem.location, "");
        if let Some((at, text)) = &problem.related {
            finding = finding.related(*at, text.clone());
        }
        if let Some(help) = &problem.help {
            finding = finding.help(help.clone());
        }
        findings.push(finding);
    }
}
