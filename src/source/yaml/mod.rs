//! YAML to [`Node`] and back.
//!
//! Reading follows kustomize: the text is cut at `---` lines, the first document of each part counts, plain scalars
//! mean what go-yaml v3 takes them for. Printing gives what `kubectl kustomize` prints.

mod anchors;
mod attached;
mod block;
mod breaks;
mod build;
mod dialect;
mod directive;
mod encoding;
mod event;
pub(crate) mod folded;
mod granit;
mod keys;
mod lines;
mod merge;
mod notation;
mod noted;
mod page;
mod print;
mod quote;
pub mod scalar;
mod seen;
mod slips;
mod split;
mod syntax_error;
mod tag;
mod timestamp;

pub use anchors::anchors;
pub(crate) use attached::Owner;
pub use build::MAX_DEPTH;
pub use directive::begins_with_directive;
pub use encoding::{Decoded, Fault, decoded};
pub(crate) use encoding::{SAVE_AS_UTF8, is_utf16};
pub use notation::{Reader, compare, events};
pub(crate) use page::Page;
pub use print::{PrintError, print, print_documents};
pub(crate) use print::{is_block, is_unreadable_block, odd_key};
pub(crate) use quote::is_plain;
pub(crate) use tag::binary_text;

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::source::{FileId, Location, Node, Span, in_parallel};
use build::Builder;
use granit::Mode;
use split::Part;

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The content; `None` for an empty document.
    pub root: Option<Node>,
    /// The whole document.
    pub location: Location,
    /// Whether no line `---` parts it from another, be that empty.
    pub alone: bool,
    /// Whether a key stands twice in one of its mappings.
    pub doubled: bool,
    /// Whether a comment stands behind the content.
    pub commented: bool,
    /// Whether one of its mappings is empty, since all that it had is without effect.
    pub emptied: bool,
}

/// Something in a text that is not YAML, or not YAML that Kubernetes takes.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What to mark.
    pub location: Location,
    /// What is wrong, in the user's words; lower case, no final period.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that matters (the first of two equal keys), with what to say of it.
    pub related: Option<(Location, String)>,
}

/// The documents of one text, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The documents in order; those with errors are left out.
    pub documents: Vec<Document>,
    /// Syntax errors, at most one or a few a document; the text cannot be used.
    pub errors: Vec<Problem>,
    /// Keys that stand twice in one mapping (the last one won), and the like.
    pub warnings: Vec<Problem>,
    /// What kustomize passes over in silence.
    pub notes: Vec<Problem>,
    /// Every comment's span, `#` included, in order.
    pub comments: Vec<Span>,
}

/// How many comments are hidden, each for another reading of the text.
const MAX_HIDDEN: usize = 100;

/// How many characters a key may have, quotes included, for go-yaml to read it.
const MAX_KEY: usize = 1024;

/// How many bytes are worth a thread's start.
const WORTH_A_THREAD: usize = 256 << 10;

/// Parses all documents of `text`, on all cores if it is long.
pub fn parse(text: &str, file: FileId) -> Parsed {
    let parts = split::parts(text);
    if text.len() < 2 * WORTH_A_THREAD || parts.len() < 2 {
        return parse_parts(&parts, Mode::First, text, file);
    }
    let mut shares: Vec<&[Part]> = Vec::new();
    let mut rest = &parts[..];
    while let Some(first) = rest.first() {
        let within = |part: &Part| (part.span.start - first.span.start) as usize <= WORTH_A_THREAD;
        let (share, after) = rest.split_at(rest.iter().take_while(|part| within(part)).count());
        shares.push(share);
        rest = after;
    }
    let mut all = Parsed::default();
    for mut parsed in in_parallel(&shares, |share| parse_parts(share, Mode::First, text, file)) {
        all.documents.append(&mut parsed.documents);
        all.errors.append(&mut parsed.errors);
        all.warnings.append(&mut parsed.warnings);
        all.notes.append(&mut parsed.notes);
        all.comments.append(&mut parsed.comments);
    }
    all
}

/// Parses the first document of a text that kustomize does not take apart. Directives may stand before it.
pub fn parse_whole(text: &str, file: FileId) -> Parsed {
    match directive::refused(text, file) {
        Some(problem) => Parsed { errors: vec![problem], ..Parsed::default() },
        None => {
            let whole = Part { span: Span::new(0, text.len() as u32), words: None };
            parse_parts(&[whole], Mode::Whole, text, file)
        }
    }
}

fn parse_parts(parts: &[Part], mode: Mode, text: &str, file: FileId) -> Parsed {
    let mut parsed = Parsed::default();
    let mut builder = Builder::new(file);
    for part in parts {
        if let Some(words) = part.words {
            parsed.errors.push(separator(words, text, file));
        }
        let mut span = part.span;
        if text[span.range()].starts_with('\u{feff}') {
            span.start += '\u{feff}'.len_utf8() as u32;
        }
        builder.clear();
        read(&text[span.range()], mode, span.start, file, &mut builder);
        let failed = !builder.errors.is_empty();
        let doubled = !builder.warnings.is_empty();
        parsed.errors.append(&mut builder.errors);
        parsed.warnings.append(&mut builder.warnings);
        parsed.notes.append(&mut builder.notes);
        builder.comments.sort_unstable();
        let last_comment = builder.comments.last().copied();
        if let Some(root) = builder.root.as_mut().filter(|_| !failed) {
            noted::note(root, &builder.comments, text, span, file);
        }
        parsed.comments.append(&mut builder.comments);
        if !failed && builder.documents > 0 {
            let alone = part.span.range() == (0..text.len());
            let (root, location) = (builder.root.take(), Location::new(file, span));
            let commented = last_comment.is_some_and(|comment| ends_document(comment, &text[..span.end as usize]));
            let emptied = builder.emptied;
            parsed.documents.push(Document { root, location, alone, doubled, commented, emptied });
        }
    }
    parsed.comments.sort_unstable();
    parsed
}

fn read(text: &str, mode: Mode, base: u32, file: FileId, builder: &mut Builder) {
    if block::read(text, base, mode, builder).is_ok() {
        return;
    }
    let (mut given, place) = breaks::ordinary(text, base);
    let mut comments = Vec::new();
    loop {
        builder.clear();
        let result = granit::read(&given, &place, mode, builder);
        let hidden = match &result {
            Err(error) if comments.len() < MAX_HIDDEN => hidden(error, &given),
            _ => None,
        };
        let Some((hidden, comment)) = hidden else {
            let result = result.map_err(|error| {
                let mut problem = syntax_error::problem(&error, &given, 0, file);
                let Span { start, end } = problem.location.span;
                problem.location.span = place.span(start as usize, end as usize);
                problem
            });
            read_result(result, text, mode, base, file, builder);
            return builder.comments.extend(comments);
        };
        given = hidden.into();
        comments.push(place.span(comment.start, comment.end));
    }
}

/// The text without the comment that the reader stumbled upon, if that is what it was, and the comment's place.
fn hidden(error: &ScanError, text: &str) -> Option<(String, Range<usize>)> {
    let at = error.marker().byte_offset().unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidBlockScalarIndent => dialect::hide_comment(text, at),
        ErrorKind::CommentNotSeparated => dialect::hide_comment_behind(text, at),
        _ => None,
    }
}

/// Whether nothing stands behind the comment, nor before it on its line.
fn ends_document(comment: Span, text: &str) -> bool {
    let line = text[..comment.start as usize].rsplit('\n').next().unwrap_or_default();
    line.trim().is_empty() && text[comment.end as usize..].trim().is_empty()
}

/// What the thorough reader found.
fn read_result(
    result: Result<granit::Rest, Problem>,
    text: &str,
    mode: Mode,
    base: u32,
    file: FileId,
    builder: &mut Builder,
) {
    match result {
        Ok(rest) => {
            if let Some(at) = rest.document.filter(|&at| holds_something(&text[(at - base) as usize..])) {
                builder.notes.push(unread(at, mode, file));
            }
            // `{{ .Values.x }}` is YAML: a mapping with a mapping for a key.
            for problem in &mut builder.errors {
                let at = (problem.location.span.start - base) as usize;
                if let Some(better) = syntax_error::template_around(text, at, base, file) {
                    *problem = better;
                }
            }
        }
        Err(problem) => builder.errors.push(problem),
    }
}

fn separator(words: Span, text: &str, file: FileId) -> Problem {
    Problem {
        location: Location::new(file, words),
        message: format!("`{}` stands on the line of a `---`", &text[words.range()]),
        help: Some("put it on the next line; after `---` kustomize takes only a comment".into()),
        related: None,
    }
}

/// Whether more than a `---` and comments begins here.
fn holds_something(rest: &str) -> bool {
    let rest = rest.strip_prefix("---").unwrap_or(rest);
    rest.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

fn unread(at: u32, mode: Mode, file: FileId) -> Problem {
    let (why, help) = match mode {
        Mode::Whole => ("kustomize reads only the first one of this file", "put it into a file of its own"),
        _ => (
            "kustomize parts documents only at lines that begin with `---`",
            "put a line `---` before it, and none of `...`",
        ),
    };
    Problem {
        location: Location::new(file, Span::point(at)),
        message: format!("this document is never read: {why}"),
        help: Some(help.into()),
        related: None,
    }
}
