//! `terminal`: for a person.

use std::io::{self, Write};

use crate::report::frame::{self, Environments};
use crate::report::style::Role;
use crate::report::{Checked, Format, Outcome, Payload, Report, Style, changes, history, words};

/// The format.
pub static FORMAT: Format = Format {
    name: "terminal",
    summary: "for a person: source lines, values before and after",
    shows: &[Payload::Findings, Payload::Changes, Payload::History],
    write,
};

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match report.result {
        Outcome::Findings(checked) => findings(report, &checked, style, out),
        Outcome::Changes(set) => changes::write(report, set, style, out),
        Outcome::History(history) => history::write(history, report.sources, style, out),
    }
}

/// The findings in the order given, then the summary. Nothing at all if there are none.
fn findings(report: &Report, checked: &Checked, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if checked.findings.is_empty() {
        return Ok(());
    }
    let environments = if checked.environments > 1 { Environments::Always } else { Environments::IfSeveral };
    for finding in checked.findings {
        writeln!(out, "{}", frame::draw(finding, report.sources, environments, style))?;
    }
    writeln!(out, "{}", style.paint(Role::Strong, &words::verdict(checked)))
}
