//! To which key or value each comment of a document belongs, as go-yaml attaches comments to nodes.
//!
//! A comment behind something on its line belongs to that. One on a line of its own is the head of what comes next,
//! unless an empty line or less indentation makes it the foot of what stands before (`yaml_parser_scan_comments`).

mod gap;

use self::gap::{Gap, Line, Piece};
use crate::source::{Node, Span};

/// Where a comment stands to what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spot {
    Head,
    Line,
    Foot,
}

/// What a comment belongs to, by the offset at which it begins. A mapping begins where its first key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    Key(u32),
    Value(u32),
}

/// A comment, or several lines of one.
#[derive(Clone, Debug)]
pub(crate) struct Attached {
    pub owner: Owner,
    pub spot: Spot,
    /// All lines, each with its `#`.
    pub text: String,
    /// The first line.
    pub span: Span,
}

/// The comments of the document at `document`, each with what it belongs to; those that belong to nothing are left out.
/// `text` is that of the whole file.
pub(crate) fn attached(root: &Node, comments: &[Span], text: &str, document: Span) -> Vec<Attached> {
    let page = Page::new(root, comments, text, document);
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(&comment) = comments.get(at) {
        at += 1;
        let start = page.line_start(comment.start as usize);
        let before = text[start..comment.start as usize].trim_end();
        if before.is_empty() {
            let gap = page.gap(start, root);
            at = comments.partition_point(|comment| comment.start < gap.end);
            all.extend(gap.pieces().into_iter().filter_map(|piece| page.own(piece, &gap, root)));
        } else if let Some((owner, spot)) = page.owner_of_line(comment, start, before) {
            all.push(Attached { owner, spot, text: text[comment.range()].to_owned(), span: comment });
        }
    }
    all
}

/// How many items that say nothing are passed over on the way to what a comment before them belongs to.
const MAX_EMPTY: usize = 20;

/// A key or value of the tree.
struct Thing {
    span: Span,
    is_key: bool,
    is_scalar: bool,
    is_bracketed: bool,
    /// Where its key begins; `None` for an item.
    key: Option<u32>,
}

impl Thing {
    /// Whether something ends with it, and not only with what it holds.
    fn has_end(&self) -> bool {
        self.is_scalar || self.is_bracketed
    }
}

fn collect(node: &Node, key: Option<u32>, into: &mut Vec<Thing>) {
    let (is_scalar, is_bracketed) = (node.is_scalar(), node.is_bracketed());
    into.push(Thing { span: node.location().span, is_key: false, is_scalar, is_bracketed, key });
    for entry in node.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
        let span = entry.key.location.span;
        into.push(Thing { span, is_key: true, is_scalar: true, is_bracketed: false, key: None });
        collect(&entry.value, Some(span.start), into);
    }
    node.as_sequence().unwrap_or_default().iter().for_each(|item| collect(item, None, into));
}

struct Page<'a> {
    /// By where they begin.
    things: Vec<Thing>,
    /// The scalars and the collections in brackets by where they end; of those that end together, the innermost first.
    by_end: Vec<usize>,
    comments: &'a [Span],
    text: &'a str,
    document: Span,
}

impl<'a> Page<'a> {
    fn new(root: &Node, comments: &'a [Span], text: &'a str, document: Span) -> Self {
        let mut things = Vec::new();
        collect(root, None, &mut things);
        // What an alias names stands elsewhere.
        things.sort_by_key(|thing| thing.span.start);
        let mut by_end: Vec<usize> = (0..things.len()).rev().filter(|&at| things[at].has_end()).collect();
        by_end.sort_by_key(|&at| things[at].span.end);
        Page { things, by_end, comments, text, document }
    }

    /// What begins at this offset or behind it.
    fn from(&self, at: u32) -> &[Thing] {
        &self.things[self.things.partition_point(|thing| thing.span.start < at)..]
    }

    /// What begins before this offset.
    fn before(&self, at: u32) -> &[Thing] {
        &self.things[..self.things.partition_point(|thing| thing.span.start < at)]
    }

    fn line_start(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        start.max(self.document.start as usize)
    }

    fn column(&self, at: u32) -> usize {
        self.text[self.line_start(at as usize)..at as usize].chars().count()
    }

    /// The line that starts here, if there is no content on it.
    fn line_without_content(&self, start: usize) -> Option<Line> {
        let line = self.text[start..self.document.end as usize].lines().next()?;
        let column = line.len() - line.trim_start().len();
        if column == line.len() {
            return Some(Line { column, comment: None });
        }
        let at = self.comments.binary_search_by_key(&((start + column) as u32), |span| span.start).ok()?;
        Some(Line { column, comment: Some(self.comments[at]) })
    }

    /// The gap around the line that starts here.
    fn gap(&self, start: usize, root: &Node) -> Gap {
        let mut first = start;
        while first > self.document.start as usize && self.line_without_content(self.line_start(first - 1)).is_some() {
            first = self.line_start(first - 1);
        }
        let mut lines = Vec::new();
        let mut at = first;
        while at < self.document.end as usize {
            let Some(line) = self.line_without_content(at) else { break };
            lines.push(line);
            let rest = &self.text[at..self.document.end as usize];
            at += rest.find('\n').map_or(rest.len(), |end| end + 1);
        }
        let rest = &self.text[at..self.document.end as usize];
        let next = (!rest.is_empty()).then(|| at + rest.len() - rest.trim_start_matches(' ').len());
        let content = (first > self.document.start as usize).then(|| self.line_before(first));
        Gap {
            lines,
            start: first as u32,
            end: next.unwrap_or(self.document.end as usize) as u32,
            indent: self.indent_before(first as u32, root),
            has_foot: content.is_some_and(|line| !self.before_comment(line).ends_with(':')),
            next_column: next.map(|next| next - at),
        }
    }

    /// The column of the innermost collection in lines that is open before this offset.
    fn indent_before(&self, at: u32, root: &Node) -> usize {
        let mut open = Vec::new();
        open_before(root, at, self, &mut open);
        open.last().map_or(0, |open| open.column)
    }

    fn line_before(&self, at: usize) -> &'a str {
        &self.text[self.line_start(at - 1)..at]
    }

    /// The content of a line.
    fn before_comment(&self, line: &'a str) -> &'a str {
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let after = self.comments.partition_point(|span| (span.start as usize) < start);
        let comment = self.comments.get(after).map(|span| span.start as usize - start);
        line[..comment.unwrap_or(line.len()).min(line.len())].trim_end()
    }

    /// What a comment behind something belongs to.
    fn owner_of_line(&self, comment: Span, start: usize, before: &str) -> Option<(Owner, Spot)> {
        let word = before.rsplit(' ').next().unwrap_or_default();
        // What stands behind a dash or an anchor counts for what follows.
        if word == "-" || word.starts_with('&') {
            let spot = if word == "-" { Spot::Head } else { Spot::Line };
            let next = self.content_after(comment)?;
            return self.owner_ahead(next).map(|owner| (owner, spot));
        }
        let end = (start + before.trim_end_matches(',').len()) as u32;
        let ends_here = |thing: &&Thing| thing.span.end == end && thing.has_end();
        let behind_key = || self.before(end).iter().rfind(|thing| thing.is_key && thing.span.end < end);
        let heads_block = |thing: &&Thing| {
            thing.is_scalar && !thing.is_key && thing.span.start < comment.start && comment.end < thing.span.end
        };
        let owner = if before.ends_with(':') {
            Owner::Key(behind_key()?.span.start)
        } else {
            let value = self.last_before(end).filter(|thing| !thing.is_key && ends_here(thing));
            let block = || self.before(comment.start).last().filter(heads_block);
            Owner::Value(value.or_else(block)?.span.start)
        };
        Some((owner, Spot::Line))
    }

    /// Where there is content again behind the comment.
    fn content_after(&self, comment: Span) -> Option<u32> {
        let mut at = comment.end as usize;
        loop {
            at += self.text[at..self.document.end as usize].find('\n')? + 1;
            if self.line_without_content(at).is_none() {
                let rest = &self.text[at..self.document.end as usize];
                let column = rest.len() - rest.trim_start_matches(' ').len();
                return (!rest.is_empty()).then_some((at + column) as u32);
            }
        }
    }

    fn own(&self, piece: Piece, gap: &Gap, root: &Node) -> Option<Attached> {
        let owner = match piece.spot {
            Spot::Head => self.owner_ahead(gap.end)?,
            _ if piece.apart => self.owner_around(&piece, gap, root)?,
            _ => self.owner_behind(gap.start)?,
        };
        let mut text = String::new();
        for (at, (line, blank)) in piece.lines.iter().enumerate() {
            text += if at > 0 { "\n" } else { "" };
            text += &self.text[line.range()];
            text += if *blank { "\n" } else { "" };
        }
        if gap.start == self.document.start {
            // What an empty line parts from the first key belongs to the document.
            text = text.rsplit("\n\n").next().filter(|last| !last.ends_with('\n'))?.to_owned();
        }
        Some(Attached { owner, spot: piece.spot, text, span: piece.lines.first()?.0 })
    }

    /// What a comment before the content here belongs to.
    fn owner_ahead(&self, mut at: u32) -> Option<Owner> {
        for _ in 0..MAX_EMPTY {
            let rest = &self.text[at as usize..self.document.end as usize];
            let line = rest.lines().next().unwrap_or_default();
            match line.strip_prefix('-').map(|_| self.before_comment(line)) {
                // Before an item that says nothing it stands before what follows.
                Some("-") => {
                    let next = self.content_after(Span::point(at + line.len() as u32))?;
                    if self.column(next) > self.column(at) {
                        return self.item_of(at);
                    }
                    at = next;
                }
                Some(content) if content.starts_with("- ") => return self.item_of(at),
                _ => return self.owner_at(at),
            }
        }
        None
    }

    /// The key or value that begins here.
    fn owner_at(&self, at: u32) -> Option<Owner> {
        let here = || self.from(at).iter().take_while(|thing| thing.span.start == at);
        let key = here().find(|thing| thing.is_key).map(|_| Owner::Key(at));
        key.or_else(|| here().find(|thing| thing.has_end()).map(|_| Owner::Value(at)))
    }

    /// The item of the dash here.
    fn item_of(&self, dash: u32) -> Option<Owner> {
        let item = self.from(dash + 1).iter().find(|thing| !thing.is_key && thing.key.is_none());
        item.map(|item| Owner::Value(item.span.start))
    }

    /// The last scalar or collection in brackets that ends before here, or here.
    fn last_before(&self, at: u32) -> Option<&Thing> {
        let ended = self.by_end.partition_point(|&thing| self.things[thing].span.end <= at);
        self.by_end[..ended].last().map(|&thing| &self.things[thing])
    }

    /// What a comment that stands less deep than the content before belongs to: where one of the collections that end
    /// there stands as deep, the last key of that; or else what the next content makes of it.
    fn owner_around(&self, piece: &Piece, gap: &Gap, root: &Node) -> Option<Owner> {
        let mut open = Vec::new();
        open_before(root, gap.start, self, &mut open);
        let ends = |open: &&Open| gap.next_column.is_none_or(|next| open.column > next);
        let ended = open.iter().rev().take_while(ends).skip_while(|open| open.column != piece.column);
        if let Some(key) = ended.into_iter().find_map(|open| open.last_key) {
            return Some(Owner::Key(key));
        }
        let next = gap.next_column?;
        if self.text[gap.end as usize..].starts_with("- ") {
            let first = self.from(gap.end + 1).iter().find(|thing| thing.is_scalar)?;
            return Some(if first.is_key { Owner::Key(first.span.start) } else { Owner::Value(first.span.start) });
        }
        let goes_on = open.iter().rev().find(|open| open.column == next && open.last_key.is_some())?;
        goes_on.last_key.map(Owner::Key)
    }

    /// What a comment behind the content that ends before here belongs to: the key of the last value, or the last item.
    fn owner_behind(&self, at: u32) -> Option<Owner> {
        let last = self.last_before(at)?;
        Some(match last.key {
            Some(key) => Owner::Key(key),
            None if last.is_key => Owner::Key(last.span.start),
            None => Owner::Value(last.span.start),
        })
    }
}

/// A collection in lines that is not closed yet.
struct Open {
    column: usize,
    /// Of a mapping.
    last_key: Option<u32>,
}

/// The collections in lines that are open before this offset, the outermost first. A list as deep as the mapping around
/// it is none by itself.
fn open_before(node: &Node, at: u32, page: &Page<'_>, into: &mut Vec<Open>) {
    let start = node.location().span.start;
    if node.is_scalar() || node.is_bracketed() || start >= at {
        return;
    }
    let entries = node.as_mapping().map_or(&[][..], |mapping| mapping.iter().as_slice());
    let entry = entries[..entries.partition_point(|entry| entry.key.location.span.start < at)].last();
    let items = node.as_sequence().unwrap_or_default();
    let item = || items[..items.partition_point(|item| item.location().span.start < at)].last();
    let inner = entry.map(|entry| &entry.value).or_else(item);
    let open = Open { column: page.column(start), last_key: entry.map(|entry| entry.key.location.span.start) };
    if open.last_key.is_some() || into.last().is_none_or(|last| last.column != open.column) {
        into.push(open);
    }
    if let Some(inner) = inner {
        open_before(inner, at, page, into);
    }
}
