//! The lines of a source that a frame shows: cut out, so that a big file costs no more than a small one, and with the
//! secret bytes blanked before anything draws them.

use std::ops::Range;

use crate::finding::{Finding, patch_values, secret_values};
use crate::source::{Asked, FileId, Location, Source, SourceMap, Span};

/// Stands for secret bytes. Always as long, so that it does not tell the secret's length.
const BLANK: &str = "••••";

/// Bytes of one line before its first label, of the label, and after it that are shown. A file on one line can be as long
/// as it likes.
const TAIL: usize = 400;

/// The secret places of a finding or a history, in the files that a person edits.
#[derive(Clone, Debug, Default)]
pub(super) struct Secrets {
    places: Vec<Location>,
    /// Whether it is about a Secret, so that a patch in the files may hold values of it.
    patches: bool,
}

impl Secrets {
    pub fn of(finding: &Finding, sources: &SourceMap) -> Self {
        let patches = finding.resource.as_ref().is_some_and(|id| id.gvk.is("", "Secret"));
        Secrets { patches, ..Secrets::new(&finding.secret, sources) }
    }

    /// The given places, and all that may be secret in whatever file is shown.
    pub fn new(places: &[Location], sources: &SourceMap) -> Self {
        let places = places.iter().map(|&at| to_line_end(sources.in_file(at), sources)).collect();
        Secrets { places, patches: false }
    }

    /// The secret parts of `bytes`, in order.
    fn within(&self, source: &Source, file: FileId, bytes: Range<usize>) -> Vec<Range<usize>> {
        let mut asked = vec![source.spans(Asked::Secrets, secret_values)];
        if self.patches {
            asked.push(source.spans(Asked::Patch, patch_values));
        }
        let of_text = asked.into_iter().flat_map(|spans| {
            let first = spans.partition_point(|span| span.end as usize <= bytes.start);
            spans[first..].iter().take_while(|span| (span.start as usize) < bytes.end)
        });
        let given = self.places.iter().filter(|at| at.file == file).map(|at| &at.span);
        let cut = |span: &Span| (span.start as usize).max(bytes.start)..(span.end as usize).min(bytes.end);
        let mut found: Vec<_> = given.chain(of_text).map(cut).filter(|span| span.start < span.end).collect();
        found.sort_unstable_by_key(|span| (span.start, span.end));
        found
    }
}

/// A place and the rest of its last line, where a comment may tell what the value means.
fn to_line_end(at: Location, sources: &SourceMap) -> Location {
    let source = sources.get(at.file);
    let rest = source.text.get(at.span.end as usize..).unwrap_or_default();
    let more = rest.find(['\n', '\r']).unwrap_or(rest.len());
    // A place may end with its line.
    let more = if source.text.get(..at.span.end as usize).is_some_and(|text| text.ends_with('\n')) { 0 } else { more };
    Location::new(at.file, Span::new(at.span.start, at.span.end + more as u32))
}

/// A stretch of whole lines of a source, as it may be shown.
pub(super) struct Window {
    /// The number of its first line, from 1.
    pub first_line: usize,
    /// Whether the beginning of that line is left out.
    pub is_cut: bool,
    /// The text to show.
    pub text: String,
    /// Pieces of the source that are in the text as they are, as (source bytes, offset in the text).
    pieces: Vec<(Range<usize>, usize)>,
}

impl Window {
    /// All of a source.
    pub fn whole(source: &Source, file: FileId, secrets: &Secrets) -> Window {
        Window::of_bytes(source, file, 1, 0..source.text.len(), secrets)
    }

    /// The lines of `source` that the spans begin on and those between.
    pub fn around(source: &Source, file: FileId, spans: &[Span], secrets: &Secrets) -> Window {
        let length = source.text.len();
        let first = spans.iter().map(|span| span.start as usize).min().unwrap_or(0);
        let last = spans.iter().map(|span| span.start as usize).max().unwrap_or(0);
        let line = line_of(source, first);
        let start = source.lines().get(line).map_or(0, |&start| start as usize);
        let is_cut = first.saturating_sub(start) > TAIL;
        let start = match is_cut {
            true => floor(&source.text, first - TAIL),
            false if start == 0 && source.text.starts_with('\u{feff}') => '\u{feff}'.len_utf8(),
            false => start,
        };
        let last_line = line_of(source, last);
        let end = source.lines().get(last_line + 1).map_or(length, |&next| next as usize);
        let shown =
            spans.iter().map(|span| (span.end as usize).min(span.start as usize + TAIL)).max().unwrap_or(0).min(end);
        let end = if end.saturating_sub(shown) > TAIL { floor(&source.text, shown + TAIL) } else { end };
        Window { is_cut, ..Window::of_bytes(source, file, line + 1, start..end, secrets) }
    }

    fn of_bytes(source: &Source, file: FileId, first_line: usize, bytes: Range<usize>, secrets: &Secrets) -> Window {
        let mut window = Window { first_line, is_cut: false, text: String::new(), pieces: Vec::new() };
        let mut at = bytes.start;
        for hidden in secrets.within(source, file, bytes.clone()) {
            let hidden = ceil(&source.text, hidden.start.max(at))..ceil(&source.text, hidden.end);
            if hidden.is_empty() {
                continue;
            }
            window.keep(source, at..hidden.start);
            let lines = source.text[hidden.clone()].split_inclusive('\n');
            window.text.extend(lines.flat_map(|line| [BLANK, if line.ends_with('\n') { "\n" } else { "" }]));
            at = hidden.end;
        }
        window.keep(source, at..bytes.end);
        window
    }

    fn keep(&mut self, source: &Source, bytes: Range<usize>) {
        self.pieces.push((bytes.clone(), self.text.len()));
        self.text.push_str(&source.text[bytes]);
    }

    /// Where the first line of `span` stands in [`Window::text`]. Marks one line at most: a label on a collection or a
    /// block scalar names it, it does not need to embrace it.
    pub fn mark(&self, source: &Source, span: Span) -> Range<usize> {
        let start = span.start as usize;
        let line_end =
            source.text.get(start..).and_then(|rest| rest.find(['\n', '\r'])).map_or(usize::MAX, |n| start + n);
        let end = (span.end as usize).clamp(start, line_end.max(start));
        let marked = self.offset(start)..self.offset(end);
        let text = &self.text[marked.clone()];
        marked.start..marked.start + text.trim_end().len()
    }

    /// Where all of `span` stands in [`Window::text`].
    pub fn span(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start as usize);
        start..self.offset(span.end as usize).max(start)
    }

    /// Where the source's byte `at` stands in the text; a hidden byte is at the end of its blank.
    fn offset(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(bytes, _)| bytes.start <= at);
        let Some((bytes, offset)) = piece.checked_sub(1).and_then(|i| self.pieces.get(i)) else {
            return 0;
        };
        if at <= bytes.end {
            return floor(&self.text, offset + (at - bytes.start));
        }
        self.pieces.get(piece).map_or(self.text.len(), |(_, next)| *next)
    }
}

/// The line (from 0) of a byte.
pub(super) fn line_of(source: &Source, at: usize) -> usize {
    source.lines().partition_point(|&start| start as usize <= at).saturating_sub(1)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn ceil(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}
