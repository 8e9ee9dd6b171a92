//! Results as bytes: for a person at a terminal, for a pull request, for a program.
//!
//! Owns: the formats, the frame of a finding, the drawing of values and changes. Must not: decide severity, order or exit
//! code.
//!
//! In: a [`Report`], which is a result with the texts it speaks of. Out: bytes, the same for the same report.

mod changes;
mod diagnostic;
mod environments;
mod file_diff;
pub mod formats;
pub mod frame;
mod history;
mod hunk;
mod sparse;
pub mod style;
mod value;
mod window;
mod words;

use std::io;

pub use diagnostic::Diagnosed;
pub use file_diff::file_diff;
pub use formats::{FORMATS, find};
pub use history::{History, HistoryEvent, Life, cause};
pub use style::Style;

use crate::diff::ChangeSet;
use crate::finding::Finding;
use crate::source::SourceMap;

/// What is to be shown, and the texts it speaks of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The texts that every location of the result points into.
    pub sources: &'a SourceMap,
    /// The result.
    pub result: Outcome<'a>,
    /// How much of it to show.
    pub detail: Detail,
}

/// A result.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// Of `check`.
    Findings(Checked<'a>),
    /// Of `diff`.
    Changes(&'a ChangeSet),
    /// Of `explain`.
    History(&'a History),
}

/// Findings and how much was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked<'a> {
    /// The findings in the order in which to show them.
    pub findings: &'a [Finding],
    /// Findings that were there before, if the run compares with a revision. Formats for people only count them.
    pub old: &'a [Finding],
    /// How many environments were checked.
    pub environments: usize,
    /// How many resources, over all environments.
    pub resources: usize,
}

/// How much to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// What a reader needs.
    #[default]
    Usual,
    /// Also changes that only follow a new name.
    Everything,
}

/// What kind of result a format can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Findings of `check`.
    Findings,
    /// Changes of `diff`.
    Changes,
    /// The history of `explain`.
    History,
}

impl Outcome<'_> {
    /// Which kind it is.
    pub fn payload(&self) -> Payload {
        match self {
            Outcome::Findings(_) => Payload::Findings,
            Outcome::Changes(_) => Payload::Changes,
            Outcome::History(_) => Payload::History,
        }
    }
}

impl Payload {
    /// What the user calls it: the command that makes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Payload::Findings => "check",
            Payload::Changes => "diff",
            Payload::History => "explain",
        }
    }
}

/// One way to write a report.
pub struct Format {
    /// What the user calls it.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// What it can show.
    pub shows: &'static [Payload],
    /// Writes a report of one of those kinds; of another kind it writes nothing.
    pub write: fn(&Report, &Style, &mut dyn io::Write) -> io::Result<()>,
}

impl<'a> Report<'a> {
    /// A report with the usual detail.
    pub fn new(sources: &'a SourceMap, result: Outcome<'a>) -> Self {
        Report { sources, result, detail: Detail::Usual }
    }

    /// Writes the report in `format`. The caller has [asked](find) whether the format can show it.
    pub fn write(&self, format: &Format, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        (format.write)(self, style, out)
    }
}
