//! The text of a patch: a file's, or one written in place.

use std::sync::Arc;

use super::json6902::Notation;
use crate::compile::fields::Fields;
use crate::compile::{Work, doubles};
use crate::finding::{Finding, Findings, Severity};
use crate::source::{Document, Node, Parsed, View};

/// Under which key a patch is written in place, and whether kustomize trims it.
#[derive(Clone, Copy, Debug)]
pub struct Inline {
    key: &'static str,
    trimmed: bool,
}

impl Inline {
    /// Of an entry of `patches`.
    pub const PATCH: Inline = Inline { key: "patch", trimmed: true };
    /// Of an entry of `patchesJson6902`.
    pub const JSON_PATCH: Inline = Inline { key: "patch", trimmed: false };
    /// Of the transformer kind for JSON patches.
    pub const JSON_OP: Inline = Inline { key: "jsonOp", trimmed: false };
}

/// A patch, read.
pub struct Text {
    /// Its documents.
    pub parsed: Arc<Parsed>,
    /// How it is written, if it is a JSON patch.
    pub notation: Notation,
    /// Whether its first document says nothing, and others follow.
    pub starts_empty: bool,
}

impl Text {
    /// The text that `entry` names or holds; what is wrong with it is reported.
    pub fn of(entry: &Node, inline: Inline, work: &mut Work<'_>) -> Option<Text> {
        let start = work.findings.len();
        let parsed = parsed(entry, inline, work)?;
        if !parsed.errors.is_empty() && !passed_over(&parsed, start, work.findings) {
            return None;
        }
        if parsed.documents.iter().any(is_list) {
            // Of two equal keys in an operation kustomize takes the last.
            work.findings.change_since(start, |mut finding| {
                if finding.rule == "yaml/duplicate-key" {
                    finding.severity = Severity::Warning;
                }
                finding
            });
        } else {
            doubles::tolerate(start, &doubles::strict(&parsed.documents), work.findings);
        }
        let text = written(entry, inline, work);
        let json = judged(&text);
        if json == Some(Judgement::NotJson)
            && let Some(list) = parsed.documents.iter().find(|document| is_list(document))
            && let Some(root) = &list.root
        {
            work.findings.push(not_json(root));
            return None;
        }
        let notation = if json.is_some() { Notation::Json } else { Notation::Yaml };
        let starts_empty = starts_empty(&parsed, &text);
        Some(Text { parsed, notation, starts_empty })
    }
}

fn is_list(document: &Document) -> bool {
    document.root.as_ref().is_some_and(|root| root.as_sequence().is_some())
}

/// Whether all errors, told since `start`, lie behind a JSON patch: kustomize reads its first document alone.
fn passed_over(parsed: &Parsed, start: usize, findings: &mut Findings) -> bool {
    let Some(first) = parsed.documents.first().filter(|document| is_list(document)) else { return false };
    let behind = parsed.errors.iter().all(|error| error.location.span.start >= first.location.span.end);
    if behind {
        findings.change_since(start, |finding| match finding.severity {
            Severity::Error => Finding { severity: Severity::Warning, ..finding }
                .note("kustomize reads only the first document of a JSON patch"),
            _ => finding,
        });
    }
    behind
}

/// Whether the first document of several says nothing.
fn starts_empty(parsed: &Parsed, text: &str) -> bool {
    let says_nothing = |line: &&str| line.trim().is_empty() || line.starts_with(['#']) || line.starts_with("---");
    let markers = text.lines().take_while(says_nothing).filter(|line| line.starts_with("---")).count();
    let null = parsed.documents.first().and_then(|first| first.root.as_ref()).is_some_and(Node::is_null);
    markers > 1 || null && parsed.documents.len() > 1
}

/// The text as it is written; empty if there is none.
fn written(entry: &Node, inline: Inline, work: &Work<'_>) -> Arc<str> {
    if let Some(path) = field(entry, "path").and_then(Node::text).filter(|path| !path.is_empty()) {
        return work.loader.text(path).and_then(|file| file.text.clone()).unwrap_or_default();
    }
    let text = field(entry, inline.key).and_then(Node::text).unwrap_or_default();
    if inline.trimmed { text.trim_start() } else { text }.into()
}

/// What a text is that begins with `[`, which kustomize reads as JSON alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judgement {
    Json,
    NotJson,
}

/// `None` for a text that begins with something else.
fn judged(text: &str) -> Option<Judgement> {
    let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    text.starts_with('[').then(|| if is_json() { Judgement::Json } else { Judgement::NotJson })
}

fn not_json(list: &Node) -> Finding {
    Finding::error("patch/json", "this patch begins with `[`, which makes it JSON, and it is not JSON")
        .at(list.location(), "kustomize refuses this")
        .help("put its keys and texts in double quotes, or write the operations one below another, each as `- op: ...`")
}

fn parsed(entry: &Node, inline: Inline, work: &mut Work<'_>) -> Option<Arc<Parsed>> {
    let fields = Fields::of(entry, "a patch", work.findings)?;
    let mut given = |key: &str| {
        let text = fields.nonempty(key, work.findings)?;
        (!text.0.trim().is_empty()).then_some(text.1)
    };
    let (path, text) = (given("path"), given(inline.key));
    match (path, text) {
        (Some(path), None) => work.loader.parsed(path.text()?, path.location(), work.findings),
        (None, Some(node)) => {
            // What is trimmed ends without a line break, and so does a block at its end.
            let text = node.text().map(|text| if inline.trimmed { text.trim_end() } else { text })?;
            Some(Arc::new(work.loader.embedded_text(node, text, work.findings)))
        }
        (Some(path), Some(text)) => {
            work.findings.push(
                Finding::error("patch/two-texts", format!("this entry has both `path` and `{}`", inline.key))
                    .at(text.location(), "")
                    .related(path.location(), "the file")
                    .help("make two entries of it"),
            );
            None
        }
        (None, None) => {
            work.findings.push(
                Finding::error("patch/no-text", format!("this entry has neither `path` nor `{}`", inline.key))
                    .at(entry.location(), "")
                    .help(format!("name a file by `path`, or write the patch below `{}: |`", inline.key)),
            );
            None
        }
    }
}

/// A field that is set and not null, its name in any letter case.
pub fn field<'n>(entry: &'n Node, name: &str) -> Option<&'n Node> {
    let mapping = entry.as_mapping()?;
    let found = mapping.entry(name).or_else(|| mapping.iter().find(|entry| entry.key.name.eq_ignore_ascii_case(name)));
    found.map(|entry| &entry.value).filter(|value| !value.is_null())
}

/// The first document that says something.
pub fn first(parsed: &Parsed) -> Option<&Node> {
    let says = |root: &&Node| match root.view() {
        View::Mapping(mapping) => !mapping.is_empty(),
        View::Sequence(items) => !items.is_empty(),
        View::Scalar(..) => !root.is_null(),
    };
    parsed.documents.iter().find_map(|document| document.root.as_ref().filter(says))
}
