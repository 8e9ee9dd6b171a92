//! Edits of block mappings and of the lists in them: rename a key, take an entry away, add items to a list.

use super::{EditError, Edits, Item, Layout, items};
use crate::source::{Entry, Node, Span};

/// At which end of a list items are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Before the first item.
    First,
    /// After the last item.
    Last,
}

/// Gives a key another name.
pub fn rename_key(entry: &Entry, name: &str, edits: &mut Edits) {
    edits.replace(entry.key.location.span, name);
}

/// Takes an entry of a block mapping away: its lines, with the comments that belong to it.
pub fn remove_entry(layout: &Layout<'_>, entry: &Entry, edits: &mut Edits) -> Result<(), EditError> {
    let span = layout.with_gap(layout.entry(entry)?);
    edits.remove(span);
    Ok(())
}

/// Adds items to the list that is the value of `entry`, in the style in which it is written; a list in brackets
/// that cannot hold them becomes one of dashes, `indent` deeper than its key.
pub fn add_items(
    layout: &Layout<'_>,
    entry: &Entry,
    new: &[Item],
    end: End,
    indent: usize,
    edits: &mut Edits,
) -> Result<(), EditError> {
    let (key, list) = (entry.key.location.span, &entry.value);
    let column = layout.column(key.start) + indent;
    let known = list.as_sequence().unwrap_or_default();
    if !known.is_empty() && !layout.is_flow(list) {
        let column = layout.column(list.location().span.start);
        let at = match end {
            End::First => layout.line_end(key.end),
            End::Last => layout.with_comments_below(layout.content_end(list), column),
        };
        insert_lines(layout, at, &rendered(layout, new, column), edits);
        return Ok(());
    }
    if !known.is_empty() && new.iter().all(fits_brackets) {
        insert_in_brackets(list, new, end, edits);
        return Ok(());
    }
    let old = if known.is_empty() { Vec::new() } else { items(layout, list, key.end, layout.content_end(list))? };
    let all: Vec<Item> = match end {
        End::First => new.iter().cloned().chain(old).collect(),
        End::Last => old.into_iter().chain(new.iter().cloned()).collect(),
    };
    let written = if list.is_null() && list.location().span.start < key.end {
        Span::point(key.end)
    } else {
        list.location().span
    };
    if layout.text()[written.range()].contains('\n') {
        return Err(EditError::Unusual(written, "a list in brackets over several lines"));
    }
    let colon = layout.text()[key.end as usize..].find(':').map_or(key.end, |at| key.end + at as u32 + 1);
    if written.end > colon {
        edits.remove(Span::new(colon, written.end));
    }
    insert_lines(layout, layout.line_end(key.end), &rendered(layout, &all, column), edits);
    Ok(())
}

/// The items as lines of a list whose dashes stand at `column`.
fn rendered(layout: &Layout<'_>, new: &[Item], column: usize) -> String {
    new.iter().map(|item| item.render(column, layout.eol())).collect()
}

/// Inserts whole lines at `at`, the beginning of a line or the end of the text, where a line break may be missing.
pub(super) fn insert_lines(layout: &Layout<'_>, at: u32, lines: &str, edits: &mut Edits) {
    let text = layout.text();
    if at as usize == text.len() && !text.is_empty() && !text.ends_with('\n') {
        edits.insert(at, format!("{}{}", layout.eol(), lines.strip_suffix(layout.eol()).unwrap_or(lines)));
    } else {
        edits.insert(at, lines);
    }
}

/// Whether an item can stand in brackets as it is written.
fn fits_brackets(item: &Item) -> bool {
    let [line] = item.lines.as_slice() else { return false };
    let quoted = line.len() > 1
        && (line.starts_with('"') && line.ends_with('"') || line.starts_with('\'') && line.ends_with('\''));
    let plain = !line.contains([',', '[', ']', '{', '}', '#']) && !line.contains(": ") && !line.starts_with(['|', '>']);
    item.above.is_empty() && item.below.is_empty() && (quoted || plain)
}

fn insert_in_brackets(list: &Node, new: &[Item], end: End, edits: &mut Edits) {
    let known = list.as_sequence().unwrap_or_default();
    let words = |item: &Item| item.lines.join(" ");
    match (end, known.first(), known.last()) {
        (End::First, Some(first), _) => {
            let text: String = new.iter().map(|item| format!("{}, ", words(item))).collect();
            edits.insert(first.location().span.start, text);
        }
        (End::Last, _, Some(last)) => {
            let text: String = new.iter().map(|item| format!(", {}", words(item))).collect();
            edits.insert(last.location().span.end, text);
        }
        _ => {}
    }
}
