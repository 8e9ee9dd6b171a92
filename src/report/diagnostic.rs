//! Findings in the protocol of `miette`, for users of the library who have a report handler of their own.
//!
//! That protocol knows one source a diagnostic: labels in other files become related diagnostics.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::window::{Secrets, Window};
use crate::finding::{Finding, Label, Severity};
use crate::source::{FileId, SourceMap};

/// A finding with the texts that it speaks of. Secret bytes are blanked.
#[derive(Debug)]
pub struct Diagnosed<'a> {
    finding: &'a Finding,
    here: Option<Excerpt>,
    elsewhere: Vec<Excerpt>,
}

/// The labels of one file.
#[derive(Debug)]
struct Excerpt {
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
}

impl<'a> Diagnosed<'a> {
    /// Takes the texts that the finding's labels point into out of `sources`.
    pub fn new(finding: &'a Finding, sources: &SourceMap) -> Self {
        let secrets = Secrets::of(finding, sources);
        let mut excerpts: Vec<(FileId, Excerpt)> = Vec::new();
        for (i, label) in finding.primary.iter().chain(&finding.related).enumerate() {
            let file = sources.in_file(label.at).file;
            let known = excerpts.iter().position(|(known, _)| *known == file);
            let primary = i == 0 && finding.primary.is_some();
            let (text, marked) = mark(label, primary, sources, &secrets);
            match known {
                Some(at) => excerpts[at].1.labels.push(marked),
                None => excerpts.push((file, Excerpt { source: text, labels: vec![marked] })),
            }
        }
        let mut excerpts = excerpts.into_iter().map(|(_, excerpt)| excerpt);
        let here = if finding.primary.is_some() { excerpts.next() } else { None };
        Diagnosed { finding, here, elsewhere: excerpts.collect() }
    }
}

fn mark(label: &Label, primary: bool, sources: &SourceMap, secrets: &Secrets) -> (NamedSource<String>, LabeledSpan) {
    let at = sources.in_file(label.at);
    let source = sources.get(at.file);
    let window = Window::whole(&source, at.file, secrets);
    let span = window.span(at.span);
    let text = Some(label.text.clone()).filter(|text| !text.is_empty());
    let marked = match primary {
        true => LabeledSpan::new_primary_with_span(text, span),
        false => LabeledSpan::new_with_span(text, span),
    };
    (NamedSource::new(&source.name, window.text), marked)
}

impl fmt::Display for Diagnosed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.fmt(f)
    }
}

impl std::error::Error for Diagnosed<'_> {}

impl Diagnostic for Diagnosed<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.finding.rule))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.finding.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.here.as_ref().map(|here| &here.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.here.as_ref().map(|here| Box::new(here.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|excerpt| excerpt as &dyn Diagnostic)))
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "see {}", self.source.name())
    }
}

impl std::error::Error for Excerpt {}

impl Diagnostic for Excerpt {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
