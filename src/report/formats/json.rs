//! `json`: for programs. The structs of `json/` are the contract: version 1 only grows, and `schemas/` describes it.

mod changes;
mod findings;
mod history;
mod shared;

use std::io::{self, Write};

use serde::Serialize;

use crate::report::{Format, Outcome, Payload, Report, Style};

/// The format.
pub static FORMAT: Format = Format {
    name: "json",
    summary: "for programs; described by the JSON Schemas in `schemas/`",
    shows: &[Payload::Findings, Payload::Changes, Payload::History],
    write,
};

/// The version of all three documents.
const VERSION: u32 = 1;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    match report.result {
        Outcome::Findings(checked) => print(&findings::document(&checked, report.sources), out),
        Outcome::Changes(set) => print(&changes::document(set, report.sources), out),
        Outcome::History(history) => print(&history::document(history, report.sources), out),
    }
}

fn print(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}
