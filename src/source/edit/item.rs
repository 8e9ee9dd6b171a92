//! An item of a list as a piece that can be put elsewhere: its lines without their indentation, and its comments.

use super::{EditError, Layout};
use crate::source::{Node, Span};

/// One item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Comments and blank lines above it.
    pub above: Vec<String>,
    /// Its lines: the first one without the dash, the others as deep as they are under it.
    pub lines: Vec<String>,
    /// Comments that stand below it and deeper than its dash.
    pub below: Vec<String>,
}

impl Item {
    /// An item of these lines.
    pub fn new(lines: Vec<String>) -> Self {
        Item { lines, ..Item::default() }
    }

    /// The value of the key `key`: what was a scalar becomes a mapping of one entry.
    #[must_use]
    pub fn under_key(mut self, key: &str) -> Self {
        for (index, line) in self.lines.iter_mut().enumerate() {
            if index == 0 {
                line.insert_str(0, &format!("{key}: "));
            } else if !line.is_empty() {
                line.insert_str(0, "  ");
            }
        }
        self
    }

    /// The lines of the item in a list whose dashes stand at `column`.
    pub fn render(&self, column: usize, eol: &str) -> String {
        let mut out = String::new();
        let mut push = |indent: usize, words: &str| {
            if !words.is_empty() {
                out.extend(std::iter::repeat_n(' ', indent));
                out.push_str(words);
            }
            out.push_str(eol);
        };
        self.above.iter().for_each(|line| push(column, line));
        for (index, line) in self.lines.iter().enumerate() {
            match index {
                0 => push(column, format!("- {line}").trim_end()),
                _ => push(column + 2, line),
            }
        }
        self.below.iter().for_each(|line| push(column + 2, line));
        out
    }
}

/// The items of the list `node`, which is the value of the key that ends at `key_end`, up to `end`.
pub fn items(layout: &Layout<'_>, node: &Node, key_end: u32, end: u32) -> Result<Vec<Item>, EditError> {
    if layout.is_flow(node) {
        return flow_items(layout, node);
    }
    let dash_column = layout.column(node.location().span.start);
    let mut found: Vec<Item> = Vec::new();
    let mut at = layout.line_end(key_end);
    for node in node.as_sequence().unwrap_or_default() {
        let (dash, content) = dash(layout, node, dash_column, at)?;
        let mut item = Item::default();
        while at < layout.line_start(dash) {
            comment_line(layout, at, dash_column, &mut item, found.last_mut());
            at = layout.line_end(at);
        }
        let last = layout.content_end(node).max(content);
        item.lines = lines(layout, node, content, last);
        at = layout.line_end(last);
        found.push(item);
    }
    while at < end {
        if let Some(last) = found.last_mut().filter(|_| layout.comment_column(at).is_some()) {
            last.below.push(layout.line(at).trim().to_owned());
        }
        at = layout.line_end(at);
    }
    Ok(found)
}

/// The dash of an item and where its content begins.
fn dash(layout: &Layout<'_>, node: &Node, column: usize, from: u32) -> Result<(u32, u32), EditError> {
    let content = node.location().span.start;
    let dash = layout.line_start(content) + column as u32;
    let between = layout.text().get(dash as usize..content as usize).unwrap_or_default();
    let plain = between.strip_prefix('-').is_some_and(|blanks| blanks.bytes().all(|byte| byte == b' '));
    if content < from || !plain {
        return Err(EditError::Unusual(Span::point(content.max(from)), "an item that does not begin after its dash"));
    }
    Ok((dash, content))
}

/// A comment between two items belongs to the one below, unless it is deeper than the dashes.
fn comment_line(layout: &Layout<'_>, at: u32, dash: usize, next: &mut Item, before: Option<&mut Item>) {
    let words = layout.line(at).trim().to_owned();
    let deeper = layout.comment_column(at).is_some_and(|column| column > dash);
    match before {
        Some(before) if deeper && next.above.is_empty() => before.below.push(words),
        _ => next.above.push(words),
    }
}

fn lines(layout: &Layout<'_>, node: &Node, content: u32, last: u32) -> Vec<String> {
    let column = layout.column(content);
    let end = layout.line_end(last);
    let mut at = layout.line_end(content);
    let mut lines = vec![layout.line(content)[column..].trim_end_matches([' ', '\t']).to_owned()];
    let mut rest: Vec<(i64, &str, bool)> = Vec::new();
    while at < end {
        let words = layout.line(at).trim_start_matches(' ');
        let depth = (layout.line(at).len() - words.len()) as i64 - column as i64;
        rest.push((depth, words, layout.comment_column(at).is_some()));
        at = layout.line_end(at);
    }
    // The lines of a block scalar keep their distances, also where the first of them is less deep than the item.
    let least = rest.iter().filter(|(_, words, _)| !words.is_empty()).map(|(depth, ..)| *depth).min().unwrap_or(0);
    let shift = if layout.is_block_scalar(node) { -least.min(0) } else { 0 };
    for (depth, words, is_comment) in rest {
        let shift = if is_comment { 0 } else { shift };
        // Blank lines of a block scalar may be deeper than its text, and then those blanks are content.
        let deep = (depth + shift).max(0) as usize;
        let keep = !words.is_empty() || layout.is_block_scalar(node) && depth > least;
        lines.push(if keep { format!("{}{words}", " ".repeat(deep)) } else { String::new() });
    }
    lines
}

fn flow_items(layout: &Layout<'_>, node: &Node) -> Result<Vec<Item>, EditError> {
    let span = node.location().span;
    if layout.has_comment(span) {
        return Err(EditError::Unusual(span, "a list in brackets with comments in it"));
    }
    let mut found = Vec::new();
    for item in node.as_sequence().unwrap_or_default() {
        let words = &layout.text()[item.location().span.range()];
        if words.contains('\n') || words.is_empty() {
            return Err(EditError::Unusual(span, "a list in brackets with an item of several lines"));
        }
        found.push(Item::new(vec![words.to_owned()]));
    }
    Ok(found)
}
