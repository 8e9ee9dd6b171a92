//! `commonLabels` → an entry of `labels` that also sets selectors, after those that are there: kustomize applies it
//! last.

use super::moved::place;
use super::{Change, Context, Refusal, Stage};
use crate::project::fix::file::File;
use crate::source::Entry;
use crate::source::edit::{End, Item, Layout, remove_entry};

pub(super) const STAGE: Stage = Stage { field: "commonLabels", change };

fn change(file: &File, _: &Context<'_>) -> Result<Change, Refusal> {
    let Some(entry) = file.entry(STAGE.field) else { return Ok(Change::default()) };
    let layout = file.layout();
    if entry.value.as_mapping().is_none_or(|pairs| pairs.is_empty()) {
        let mut change = Change::default();
        remove_entry(&layout, entry, &mut change.edits)?;
        return Ok(change);
    }
    let span = layout.entry(entry)?;
    place(file, entry, "labels", vec![Item::new(lines(&layout, entry, span.end))], End::Last)
}

/// `includeSelectors` and, below `pairs`, the lines of the mapping with its comments.
fn lines(layout: &Layout<'_>, entry: &Entry, end: u32) -> Vec<String> {
    let mut lines = vec!["includeSelectors: true".to_owned()];
    let value = entry.value.location().span;
    if layout.is_flow(&entry.value) {
        let written = &layout.text()[value.range()];
        let mut parts = written.lines();
        lines.push(format!("pairs: {}", parts.next().unwrap_or_default()));
        lines.extend(parts.map(|line| format!("    {}", line.trim())));
        return lines;
    }
    lines.push("pairs:".to_owned());
    let column = layout.column(value.start);
    let mut at = layout.line_end(entry.key.location.span.end);
    while at < end {
        let words = layout.line(at).trim_start_matches(' ');
        let depth = (layout.line(at).len() - words.len()).saturating_sub(column);
        lines.push(if words.is_empty() { String::new() } else { format!("  {}{words}", " ".repeat(depth)) });
        at = layout.line_end(at);
    }
    lines
}
