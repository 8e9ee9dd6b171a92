//! A finding as a person reads it: rule and message, the lines it speaks of (of as many files as it takes) in one frame,
//! then what to do.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::style::{Style, clean};
use super::window::{Secrets, Window, line_of};
use crate::finding::{Finding, Label, Severity};
use crate::source::{Location, SourceMap, Span};

/// Related labels that are drawn; of the others only the number is told.
const MAX_RELATED: usize = 8;

/// Labels of a file that are at most so many lines apart share a window.
const NEAR: usize = 6;

/// Whether a frame names its environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environments {
    /// If there is more than one.
    IfSeveral,
    /// Always: the run covers more than one.
    Always,
}

/// The frame of `finding`, with a line break at the end.
pub fn draw(finding: &Finding, sources: &SourceMap, environments: Environments, style: &Style) -> String {
    let secrets = Secrets::of(finding, sources);
    let labels: Vec<Marked> = labels(finding, sources);
    let mut mended = Vec::new();
    let mut group = level(finding.severity)
        .primary_title(clean(&finding.message))
        .id(finding.rule)
        .elements(clusters(&labels).into_iter().map(|cluster| snippet(&cluster, sources, &secrets, &mut mended)));
    for (name, text) in remarks(finding, environments) {
        let level = if name == "help" { Level::HELP } else { Level::NOTE.with_name(name) };
        group = group.element(level.message(clean(&text).into_owned()));
    }
    let drawn = render(&[group], style);
    mended.into_iter().fold(drawn, |drawn, (counted, right)| drawn.replacen(&counted, &right, 1))
}

pub(super) fn render(groups: &[Group<'_>], style: &Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let drawn = renderer.term_width(style.width.max(20)).render(groups);
    // The renderer pads empty source lines with blanks.
    drawn.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// What stands below the lines, as (name, text).
fn remarks(finding: &Finding, environments: Environments) -> Vec<(&'static str, String)> {
    let mut remarks = Vec::new();
    if let (None, Some(resource)) = (&finding.primary, &finding.resource) {
        let path = finding.path.iter().filter(|path| !path.is_root()).map(|path| format!(", {path}"));
        remarks.push(("resource", format!("{resource}{}", path.collect::<String>())));
    }
    let more = finding.related.len().saturating_sub(MAX_RELATED);
    if more > 0 {
        remarks.push(("note", format!("+ {more} more {}", if more == 1 { "label" } else { "labels" })));
    }
    remarks.extend(finding.notes.iter().map(|note| ("note", note.clone())));
    let names = &finding.environments;
    if names.len() > 1 || environments == Environments::Always && !names.is_empty() {
        let word = if names.len() == 1 { "environment" } else { "environments" };
        remarks.push((word, names.join(", ")));
    }
    remarks.extend(finding.help.iter().map(|help| ("help", help.clone())));
    remarks
}

/// A label in the file that a person edits.
pub(super) struct Marked {
    pub at: Location,
    pub text: String,
    pub primary: bool,
    line: usize,
}

impl Marked {
    pub fn new(label: &Label, primary: bool, sources: &SourceMap) -> Self {
        let at = sources.in_file(label.at);
        let line = line_of(&sources.get(at.file), at.span.start as usize);
        Marked { at, text: clean(&label.text).into_owned(), primary, line }
    }
}

fn labels(finding: &Finding, sources: &SourceMap) -> Vec<Marked> {
    let primary = finding.primary.iter().map(|label| Marked::new(label, true, sources));
    let related = finding.related.iter().take(MAX_RELATED).map(|label| Marked::new(label, false, sources));
    primary.chain(related).collect()
}

/// Labels that share a window, in the order of their first one.
pub(super) fn clusters(labels: &[Marked]) -> Vec<Vec<&Marked>> {
    let mut clusters: Vec<Vec<&Marked>> = Vec::new();
    for label in labels {
        let near = |other: &&Marked| other.at.file == label.at.file && other.line.abs_diff(label.line) <= NEAR;
        match clusters.iter_mut().find(|cluster| cluster.iter().any(near)) {
            Some(cluster) => cluster.push(label),
            None => clusters.push(vec![label]),
        }
    }
    clusters
}

/// The lines of a cluster with its labels. A line of which the beginning is left out gets its right place into `mended`:
/// (as the renderer counts it, as it is).
fn snippet(
    cluster: &[&Marked],
    sources: &SourceMap,
    secrets: &Secrets,
    mended: &mut Vec<(String, String)>,
) -> Snippet<'static, Annotation<'static>> {
    let file = cluster.first().map(|label| label.at.file).unwrap_or_default();
    let source = sources.get(file);
    let spans: Vec<Span> = cluster.iter().map(|label| label.at.span).collect();
    let window = Window::around(&source, file, &spans, secrets);
    let name = clean(&source.name).into_owned();
    let annotations = cluster.iter().map(|label| {
        let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mark = window.mark(&source, label.at.span);
        let place = sources.place(label.at);
        if window.is_cut && place.line as usize == window.first_line {
            let counted = window.text[..mark.start].chars().count() + 1;
            let at = |column: usize| format!("{name}:{}:{column}", place.line);
            mended.push((at(counted), at(place.column as usize)));
        }
        let text = Some(label.text.clone()).filter(|text| !text.is_empty());
        kind.span(mark).label(text)
    });
    let annotations: Vec<_> = annotations.collect();
    Snippet::source(window.text).line_start(window.first_line).path(name).annotations(annotations)
}
