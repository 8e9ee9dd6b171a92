//! `github`: workflow commands, which GitHub Actions shows as annotations on the lines of a pull request.
//!
//! It shows ten of each kind a step (docs: workflow commands, "problem matchers" limits), so the worst come first and the
//! last notice says what was left out.

use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::report::style::count;
use crate::report::{Checked, Format, Outcome, Payload, Report, Style, words};
use crate::source::SourceMap;

/// The format.
pub static FORMAT: Format = Format {
    name: "github",
    summary: "annotations on a pull request, as GitHub Actions workflow commands",
    shows: &[Payload::Findings],
    write,
};

/// Annotations of one kind that GitHub shows for a step.
const SHOWN: usize = 10;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Outcome::Findings(checked) = report.result else {
        return Ok(());
    };
    let mut left_out = Vec::new();
    for severity in Severity::ALL.into_iter().rev() {
        let findings: Vec<_> = checked.findings.iter().filter(|finding| finding.severity == severity).collect();
        let room = room(severity, &checked);
        for finding in findings.iter().take(room) {
            writeln!(out, "{}", command(finding, report.sources))?;
        }
        match (findings.len().saturating_sub(room), severity) {
            (0, _) => {}
            (more, Severity::Info) => left_out.push(format!("{more} info")),
            (more, severity) => left_out.push(count(more, severity.as_str())),
        }
    }
    if left_out.is_empty() {
        return Ok(());
    }
    let said =
        format!("{} not shown here: GitHub shows {SHOWN} annotations of a kind for each step", left_out.join(", "));
    writeln!(out, "::notice title=kollate::{}", message(&said))
}

/// How many of a kind to write; one notice is kept free if something has to be left out.
fn room(severity: Severity, checked: &Checked) -> usize {
    let over = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count() > SHOWN;
    let any_over = Severity::ALL.into_iter().any(over);
    if severity == Severity::Info && any_over { SHOWN - 1 } else { SHOWN }
}

fn command(finding: &Finding, sources: &SourceMap) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = Vec::new();
    if let Some(label) = &finding.primary {
        let place = sources.place(label.at);
        properties.push(format!("file={}", property(&place.file)));
        properties.push(format!("line={}", place.line));
        // GitHub refuses columns on an annotation of several lines.
        if place.line == place.end_line {
            properties.push(format!("col={},endLine={},endColumn={}", place.column, place.end_line, place.end_column));
        } else {
            properties.push(format!("endLine={}", place.end_line));
        }
    }
    properties.push(format!("title={}", property(finding.rule)));
    format!("::{name} {}::{}", properties.join(","), message(&words::told(finding)))
}

/// Escapes as the runner unescapes: `%`, CR and LF.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property escapes `:` and `,` as well.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
