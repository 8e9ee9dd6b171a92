//! Which collection a comment speaks of: go-yaml attaches comments to nodes, and the few that hold JSON mean something.
//!
//! A comment behind something on its line belongs to that; one on a line of its own to what comes next, unless an empty
//! line or less indentation parts it from there (`yaml_parser_scan_comments`).

use super::build::Builder;
use crate::source::{FileId, Node, Span};

/// Notes in the tree of a document what comments say of its collections. `text` is that of the whole file.
pub(super) fn note(root: &mut Node, comments: &[Span], text: &str, document: Span, file: FileId) {
    for &span in comments.iter().filter(|span| is_object(&text[span.range()])) {
        let around = Around { comments, text, document };
        if let (Some(place), Some(says)) = (around.place(span, root), json(span, text, file)) {
            put(root, place, &says);
        }
    }
}

/// Whether the comment may be a JSON object.
fn is_object(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with('{')
}

/// The JSON object that the comment begins with.
fn json(span: Span, text: &str, file: FileId) -> Option<Node> {
    let comment = &text[span.range()];
    let object = comment.trim_start_matches('#').trim_start();
    let before = comment.len() - object.len();
    let mut values = serde_json::Deserializer::from_str(object).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    let mut builder = Builder::new(file);
    super::read(&object[..values.byte_offset()], span.start + before as u32, file, &mut builder);
    // Go's decoder refuses keys that stand twice.
    builder.root.filter(|_| builder.errors.is_empty() && builder.warnings.is_empty())
}

/// Where the collection is of which a comment speaks.
#[derive(Clone, Copy)]
enum Place {
    /// It is the value of the key that ends before the colon here.
    KeyEnd(u32),
    /// Its bracket ends here.
    BracketEnd(u32),
    /// It is the item of the dash here.
    Dash(u32),
    /// Its key stands here, or its bracket.
    Start(u32),
}

/// A line without content.
struct Line {
    /// The column of the comment on it.
    comment: Option<usize>,
    start: usize,
}

struct Around<'a> {
    /// Every comment of the document, in order.
    comments: &'a [Span],
    text: &'a str,
    document: Span,
}

impl<'a> Around<'a> {
    fn place(&self, comment: Span, root: &Node) -> Option<Place> {
        let start = self.line_start(comment.start as usize);
        let before = self.text[start..comment.start as usize].trim_end();
        let end = (start + before.trim_end_matches(',').len()) as u32;
        let last_word = before.rsplit(' ').next().unwrap_or_default();
        match before.trim_end_matches(',').chars().next_back() {
            None => self.ahead(comment, start, root),
            // What stands behind a dash or an anchor counts for what follows.
            Some(_) if last_word == "-" || last_word.starts_with('&') => Some(Place::Start(self.gap_after(comment).1?)),
            Some(':') => Some(Place::KeyEnd(end - 1)),
            Some(']' | '}') => Some(Place::BracketEnd(end)),
            Some(_) => None,
        }
    }

    fn line_start(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        start.max(self.document.start as usize)
    }

    /// The line that starts here, if there is no content on it.
    fn line_without_content(&self, start: usize) -> Option<Line> {
        let line = self.text[start..self.document.end as usize].lines().next()?;
        let column = line.len() - line.trim_start().len();
        let is_comment = |at: usize| self.comments.binary_search_by_key(&(at as u32), |span| span.start).is_ok();
        match column == line.len() {
            true => Some(Line { comment: None, start }),
            false => is_comment(start + column).then_some(Line { comment: Some(column), start }),
        }
    }

    /// The lines without content behind the comment's, and where there is content again.
    fn gap_after(&self, comment: Span) -> (Vec<Line>, Option<u32>) {
        let mut lines = Vec::new();
        let mut at = comment.end as usize;
        while let Some(end) = self.text[at..self.document.end as usize].find('\n') {
            at += end + 1;
            match self.line_without_content(at) {
                Some(line) => lines.push(line),
                None => {
                    let rest = &self.text[at..self.document.end as usize];
                    let column = rest.len() - rest.trim_start_matches(' ').len();
                    return (lines, (!rest.is_empty()).then_some((at + column) as u32));
                }
            }
        }
        (lines, None)
    }

    /// The lines without content before the one that starts here, and the one with content before them.
    fn gap_before(&self, start: usize) -> (Vec<Line>, Option<&'a str>) {
        let mut lines = Vec::new();
        let mut at = start;
        while at > self.document.start as usize {
            let begin = self.line_start(at - 1);
            let Some(line) = self.line_without_content(begin) else {
                lines.reverse();
                return (lines, Some(&self.text[begin..at]));
            };
            lines.push(line);
            at = begin;
        }
        lines.reverse();
        (lines, None)
    }

    /// The content of a line.
    fn before_comment(&self, line: &'a str) -> &'a str {
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let after = self.comments.partition_point(|span| (span.start as usize) < start);
        let comment = self.comments.get(after).map(|span| span.start as usize - start);
        line[..comment.unwrap_or(line.len()).min(line.len())].trim_end()
    }

    /// Whether what begins here has a comment on its line, which counts more than one before it.
    fn has_comment_behind(&self, rest: &'a str) -> bool {
        let line = rest.lines().next().unwrap_or_default();
        let content = self.before_comment(line);
        let ends = if line.starts_with(['[', '{']) { content.ends_with([']', '}']) } else { content.ends_with(':') };
        ends && content.len() < line.trim_end().len()
    }

    /// What the comment on the line that starts here stands before, if it is the first one there and not the foot of
    /// what it stands behind.
    fn ahead(&self, comment: Span, start: usize, root: &Node) -> Option<Place> {
        let (mut lines, content) = self.gap_before(start);
        let (after, next) = self.gap_after(comment);
        lines.extend(self.line_without_content(start));
        lines.extend(after);
        let indent = indent_before(root, comment.start, self.text).unwrap_or(0);
        let next = next?;
        let next_column = self.column(next);
        // A comment right below a value that is yet to come is no foot.
        let has_foot = content.is_some_and(|line| !self.before_comment(line).ends_with(':'));
        let head = head(&lines, indent, has_foot, next_column);
        head.is_some_and(|head| head.start == start).then_some(())?;
        self.place_at(next)
    }

    /// What a comment before this content speaks of.
    fn place_at(&self, at: u32) -> Option<Place> {
        let rest = &self.text[at as usize..self.document.end as usize];
        if self.has_comment_behind(rest) {
            return None;
        }
        let line = rest.lines().next().unwrap_or_default();
        match line.strip_prefix('-').map(|_| self.before_comment(line)) {
            // Before an item that says nothing it stands before what follows.
            Some("-") => {
                let end = Span::point(at + line.len() as u32);
                let next = self.gap_after(end).1?;
                let is_item = self.column(next) > self.column(at);
                if is_item { Some(Place::Dash(at)) } else { self.place_at(next) }
            }
            Some(content) if content.starts_with("- ") => Some(Place::Dash(at)),
            _ => Some(Place::Start(at)),
        }
    }

    fn column(&self, at: u32) -> usize {
        at as usize - self.line_start(at as usize)
    }
}

/// The first line of the comment that is the head of what follows. `indent` is that of the collection
/// before, `has_foot` says whether that may have a comment below it, `next_column` where what follows stands.
fn head(lines: &[Line], indent: usize, has_foot: bool, next_column: usize) -> Option<&Line> {
    let mut gathered: Vec<(usize, usize)> = Vec::new();
    let (mut first_empty, mut recent_empty) = (true, false);
    for (at, line) in lines.iter().enumerate() {
        let first = gathered.first().copied();
        match line.comment {
            None => {
                let is_foot = first.is_some_and(|(at, column)| at == 0 && has_foot || column < indent);
                if first_empty && !recent_empty && is_foot {
                    gathered.clear();
                }
                (first_empty, recent_empty) = (false, true);
            }
            Some(column) => {
                if first.is_some_and(|(_, first)| column < indent && column != first) {
                    gathered.clear();
                }
                gathered.push((at, column));
                recent_empty = false;
            }
        }
    }
    let &(at, column) = gathered.first()?;
    lines.get(at).filter(|_| next_column >= indent || next_column == column)
}

/// The column of the innermost collection in lines that is open before this offset.
fn indent_before(node: &Node, at: u32, text: &str) -> Option<usize> {
    let start = node.location().span.start;
    if node.is_scalar() || node.is_bracketed() || start >= at {
        return None;
    }
    let entry = node.as_mapping().and_then(|mapping| mapping.iter().rfind(|entry| entry.key.location.span.start < at));
    let item = || node.as_sequence().unwrap_or_default().iter().rfind(|item| item.location().span.start < at);
    let inner = entry.map(|entry| &entry.value).or_else(item);
    let column = || text[..start as usize].rsplit('\n').next().map_or(0, |line| line.chars().count());
    inner.and_then(|inner| indent_before(inner, at, text)).or_else(|| Some(column()))
}

/// Notes it at the key or the collection. `false` if there is none at that place.
fn put(node: &mut Node, place: Place, says: &Node) -> bool {
    if is_at(node, place) {
        node.note(Some(says.clone()));
        return true;
    }
    if let Some(mapping) = node.as_mapping_mut() {
        let of_key = mapping.iter().map(|entry| entry.key).find(|key| match place {
            Place::KeyEnd(end) => key.location.span.end == end,
            Place::Start(start) => key.location.span.start == start,
            _ => false,
        });
        if let Some(key) = of_key {
            mapping.note_at(key.name, says.clone());
            return true;
        }
        return mapping.iter_mut().any(|(_, value)| put(value, place, says));
    }
    let Some(list) = node.as_sequence_mut() else { return false };
    list.items_mut().iter_mut().any(|item| match place {
        Place::Dash(dash) if item.location().span.start > dash => {
            item.note(Some(says.clone()));
            true
        }
        _ => put(item, place, says),
    })
}

/// Whether the node is a collection with a bracket at the place.
fn is_at(node: &Node, place: Place) -> bool {
    let span = node.location().span;
    node.is_bracketed()
        && match place {
            Place::BracketEnd(end) => span.end == end,
            Place::Start(start) => span.start == start,
            _ => false,
        }
}
