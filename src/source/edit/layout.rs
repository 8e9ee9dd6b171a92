//! A text as lines: where entries begin and end with their comments, and how the file is laid out.

use super::EditError;
use crate::source::{Entry, Node, Span, Style, View, yaml};

/// A text, its comments and its habits.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    text: &'a str,
    comments: &'a [Span],
    anchors: Vec<Span>,
}

impl<'a> Layout<'a> {
    /// The layout of `text`, whose comments (in order) the reader has found.
    pub fn new(text: &'a str, comments: &'a [Span]) -> Self {
        Layout { text, comments, anchors: yaml::anchors(text) }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The line break of the file.
    pub fn eol(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Where the line of `at` begins; on the first line after the byte order mark.
    pub fn line_start(&self, at: u32) -> u32 {
        match self.text[..at as usize].rfind('\n') {
            Some(found) => found as u32 + 1,
            None if self.text.starts_with('\u{feff}') => '\u{feff}'.len_utf8() as u32,
            None => 0,
        }
    }

    /// Where the next line begins, or the text ends.
    pub fn line_end(&self, at: u32) -> u32 {
        self.text[at as usize..].find('\n').map_or(self.text.len(), |found| at as usize + found + 1) as u32
    }

    /// The line of `at` without its break.
    pub fn line(&self, at: u32) -> &'a str {
        self.text[self.line_start(at) as usize..self.line_end(at) as usize].trim_end_matches(['\n', '\r'])
    }

    /// How many bytes stand before `at` on its line.
    pub fn column(&self, at: u32) -> usize {
        (at - self.line_start(at)) as usize
    }

    /// The column of the comment that is all there is on the line of `at`.
    pub fn comment_column(&self, at: u32) -> Option<usize> {
        let line = self.line(at);
        let column = line.len() - line.trim_start().len();
        let hash = self.line_start(at) + column as u32;
        self.comments.binary_search_by_key(&hash, |span| span.start).is_ok().then_some(column)
    }

    /// Whether the line of `at` has nothing on it.
    pub fn is_blank(&self, at: u32) -> bool {
        self.line(at).trim().is_empty()
    }

    /// Whether a comment stands in `span`.
    pub fn has_comment(&self, span: Span) -> bool {
        self.comments_in(span).next().is_some()
    }

    /// The comments that begin in `span`.
    pub fn comments_in(&self, span: Span) -> impl Iterator<Item = &'a str> {
        let inside = move |comment: &&Span| span.start <= comment.start && comment.start < span.end;
        self.comments.iter().filter(inside).map(|comment| &self.text[comment.range()])
    }

    /// Where the comments begin that belong to what begins at `at`: those right above, no deeper than it.
    pub fn with_comments(&self, at: u32) -> u32 {
        let (mut start, column) = (self.line_start(at), self.column(at));
        while start > self.line_start(0) {
            let before = self.line_start(start - 1);
            if self.comment_column(before).is_none_or(|found| found > column) {
                break;
            }
            start = before;
        }
        start
    }

    /// Where the last line of an entry ends that ends at `end` and whose key stands at `column`: comments right below
    /// that are deeper than the key belong to it.
    pub fn with_comments_below(&self, end: u32, column: usize) -> u32 {
        let mut end = self.line_end(end);
        while (end as usize) < self.text.len() && self.comment_column(end).is_some_and(|found| found > column) {
            end = self.line_end(end);
        }
        end
    }

    /// Where the last word of `node` ends.
    pub fn content_end(&self, node: &Node) -> u32 {
        let span = node.location().span;
        let last = match node.view() {
            View::Sequence(items) if !self.is_flow(node) => items.last(),
            View::Mapping(mapping) if !self.is_flow(node) => mapping.iter().last().map(|entry| &entry.value),
            _ => None,
        };
        match last {
            Some(last) => self.content_end(last).max(span.start),
            None => {
                let written = &self.text[span.range()];
                span.start + written.trim_end().len() as u32
            }
        }
    }

    /// Whether a collection is written with brackets.
    pub fn is_flow(&self, node: &Node) -> bool {
        !node.is_scalar() && self.text[node.location().span.range()].starts_with(['[', '{'])
    }

    /// Whether a scalar is written as a block (`|`, `>`).
    pub fn is_block_scalar(&self, node: &Node) -> bool {
        node.is_scalar() && matches!(node.style(), Style::Literal | Style::Folded)
    }

    /// The lines of an entry of a block mapping, with the comments that belong to it. An entry that shares its line
    /// with another, or has an anchor or alias in it, is refused.
    pub fn entry(&self, entry: &Entry) -> Result<Span, EditError> {
        let key = entry.key.location.span;
        let start = self.line_start(key.start);
        if !self.text[start as usize..key.start as usize].bytes().all(|byte| byte == b' ') {
            return Err(EditError::Unusual(key, "not the first word on its line"));
        }
        let after_key = &self.text[key.end as usize..];
        if !after_key.trim_start_matches([' ', '\t']).starts_with(':') {
            return Err(EditError::Unusual(key, "a key without a `:` right after it"));
        }
        self.free_of_anchors(Span::new(key.start, key.end), &entry.value)?;
        let end = self.content_end(&entry.value).max(key.end);
        let span = Span::new(self.with_comments(key.start), self.with_comments_below(end, self.column(key.start)));
        self.no_anchors(Span::new(start, span.end))?;
        Ok(span)
    }

    /// A value that an alias brought in stands elsewhere.
    fn free_of_anchors(&self, key: Span, value: &Node) -> Result<(), EditError> {
        let span = value.location().span;
        if span.start >= key.end {
            return Ok(());
        }
        let alias = self.anchors.iter().find(|anchor| anchor.start >= key.end);
        Err(EditError::Anchor(alias.copied().unwrap_or(key)))
    }

    /// Refuses a span with an anchor or alias in it.
    pub fn no_anchors(&self, span: Span) -> Result<(), EditError> {
        match self.anchors.iter().find(|anchor| span.start <= anchor.start && anchor.start < span.end) {
            Some(anchor) => Err(EditError::Anchor(*anchor)),
            None => Ok(()),
        }
    }

    /// The comment after the words that end at `end`, on the same line, with the blanks before it.
    pub fn comment_after(&self, end: u32) -> &'a str {
        let rest = self.text[end as usize..self.line_end(end) as usize].trim_end_matches(['\n', '\r']);
        if rest.trim_start().starts_with('#') { rest } else { "" }
    }

    /// How deep the file indents the dashes of a list below its key: as most of the lists in `root` do.
    pub fn dash_indent(&self, root: &Node) -> usize {
        let entries = root.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
        let lists = entries.filter(|entry| entry.value.as_sequence().is_some_and(|items| !items.is_empty()));
        let depths: Vec<usize> = lists
            .filter(|entry| {
                !self.is_flow(&entry.value) && entry.value.location().span.start > entry.key.location.span.end
            })
            .map(|entry| {
                let dash = self.column(entry.value.location().span.start);
                dash.saturating_sub(self.column(entry.key.location.span.start))
            })
            .collect();
        let indented = depths.iter().filter(|depth| **depth > 0).count();
        if indented * 2 > depths.len() { depths.into_iter().find(|depth| *depth > 0).unwrap_or(0) } else { 0 }
    }

    /// `span` and one of the blank lines around it, if it has some on both sides, so that taking it away leaves no gap.
    pub fn with_gap(&self, span: Span) -> Span {
        let first = span.start == self.line_start(0);
        let blank_before = first || self.is_blank(span.start - 1);
        let at_end = span.end as usize >= self.text.len();
        if blank_before && !at_end && self.is_blank(span.end) {
            return Span::new(span.start, self.line_end(span.end));
        }
        if blank_before && at_end && !first {
            return Span::new(self.line_start(span.start - 1), span.end);
        }
        span
    }
}
