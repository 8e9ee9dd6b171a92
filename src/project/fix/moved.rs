//! Items that leave their list for another field: where they go, and what goes with them.

use super::file::File;
use super::{Change, Refusal};
use crate::source::edit::{End, Item, Layout, add_items, items, remove_entry, rename_key};
use crate::source::{Entry, Node, Span};

/// What becomes of an item on its way, given what it holds.
pub(super) type Turn<'a> = &'a dyn Fn(&Node, Item) -> Item;

/// Moves the items of the list `from` into the list `to`, each turned by `turn`. The key is renamed where nothing
/// else is to be done.
pub(super) fn move_list(
    file: &File,
    from: &str,
    to: &str,
    end: End,
    turn: Option<Turn<'_>>,
) -> Result<Change, Refusal> {
    let mut change = Change::default();
    let Some(entry) = file.entry(from) else { return Ok(change) };
    let layout = file.layout();
    let nodes = entry.value.as_sequence().unwrap_or_default();
    if nodes.is_empty() {
        remove_entry(&layout, entry, &mut change.edits)?;
        return Ok(change);
    }
    // Only the key changes, so anchors may stay.
    if file.entry(to).is_none() && turn.is_none() {
        rename_key(entry, to, &mut change.edits);
        return Ok(change);
    }
    let span = layout.entry(entry)?;
    let mut list = items(&layout, &entry.value, entry.key.location.span.end, span.end)?;
    if let Some(turn) = turn {
        list = nodes.iter().zip(list).map(|(node, item)| turn(node, item)).collect();
    }
    place(file, entry, to, list, end)
}

/// Puts `list` into the field `to`, and takes the entry `from` away; without such a field it comes to stand where the
/// entry stood. Comments above and beside the key stay with what follows them.
pub(super) fn place(file: &File, from: &Entry, to: &str, mut list: Vec<Item>, end: End) -> Result<Change, Refusal> {
    let (layout, mut change) = (file.layout(), Change::default());
    let span = layout.entry(from)?;
    let key = from.key.location.span;
    let indent = match from.value.as_sequence() {
        Some(_) if !layout.is_flow(&from.value) => {
            layout.column(from.value.location().span.start).saturating_sub(layout.column(key.start))
        }
        _ => layout.dash_indent(&file.root),
    };
    let beside = comment_beside(&layout, from);
    let Some(target) = file.entry(to) else {
        let column = layout.column(key.start) + indent;
        let lines: String = list.iter().map(|item| item.render(column, layout.eol())).collect();
        let mut text = format!("{to}:{beside}{}{lines}", layout.eol());
        if !layout.text()[span.range()].ends_with('\n') {
            text.truncate(text.len() - layout.eol().len());
        }
        change.edits.replace(Span::new(key.start, span.end), text);
        return Ok(change);
    };
    layout.entry(target)?;
    if let Some(first) = list.first_mut() {
        let above = &layout.text()[span.start as usize..layout.line_start(key.start) as usize];
        let comments = above.lines().chain(Some(beside)).map(|line| line.trim().to_owned());
        let comments: Vec<String> = comments.filter(|line| !line.is_empty()).collect();
        first.above.splice(0..0, comments);
    }
    change.edits.remove(layout.with_gap(span));
    add_items(&layout, target, &list, end, indent, &mut change.edits)?;
    Ok(change)
}

/// The comment on the line of the key, with the blanks before it.
fn comment_beside<'a>(layout: &Layout<'a>, entry: &Entry) -> &'a str {
    let key = entry.key.location.span;
    let value = entry.value.location().span;
    if value.start < layout.line_end(key.end) && value.end > value.start {
        return layout.comment_after(layout.content_end(&entry.value));
    }
    let colon = layout.text()[key.end as usize..].find(':').map_or(key.end, |at| key.end + at as u32 + 1);
    layout.comment_after(colon)
}
