//! `env` of a generator → `envs`, after those that are there.

use super::file::{File, entry};
use super::{Change, Context, Refusal, Stage};
use crate::source::edit::{EditError, Edits, End, Item, Layout, add_items, remove_entry, rename_key};
use crate::source::{Entry, Node, Span};

pub(super) const CONFIG_MAP_STAGE: Stage =
    Stage { field: "configMapGenerator", change: |file, context| change("configMapGenerator", file, context) };
pub(super) const SECRET_STAGE: Stage =
    Stage { field: "secretGenerator", change: |file, context| change("secretGenerator", file, context) };

fn change(field: &str, file: &File, _: &Context<'_>) -> Result<Change, Refusal> {
    let mut change = Change::default();
    let Some(generators) = file.entry(field) else { return Ok(change) };
    let layout = file.layout();
    for generator in generators.value.as_sequence().unwrap_or_default() {
        if let Some(env) = entry(generator, "env") {
            one(file, &layout, generator, env, &mut change.edits)?;
        }
    }
    Ok(change)
}

fn one(file: &File, layout: &Layout<'_>, generator: &Node, env: &Entry, edits: &mut Edits) -> Result<(), EditError> {
    let (key, value) = (env.key.location.span, env.value.location().span);
    if value.start < key.end && value.end > value.start {
        return Err(EditError::Anchor(key));
    }
    layout.no_anchors(Span::new(key.start, value.end.max(key.end)))?;
    let written = &layout.text()[value.range()];
    let blank = env.value.text().is_none_or(str::is_empty);
    let envs = entry(generator, "envs").filter(|envs| envs.value.as_sequence().is_some_and(|known| !known.is_empty()));
    if let Some(envs) = envs.filter(|_| !blank) {
        layout.no_anchors(Span::new(envs.key.location.span.start, layout.content_end(&envs.value)))?;
        add_items(layout, envs, &[Item::new(vec![written.to_owned()])], End::Last, 0, edits)?;
    }
    if blank || envs.is_some() {
        return take_out(layout, generator, env, edits);
    }
    rename_key(env, "envs", edits);
    if layout.is_flow(generator) {
        edits.replace(value, format!("[{written}]"));
        return Ok(());
    }
    let simple = layout.line_end(key.end) == layout.line_end(value.end) && !layout.is_block_scalar(&env.value);
    if !simple {
        return Err(EditError::Unusual(value, "a file name over several lines"));
    }
    let indent = " ".repeat(layout.column(key.start) + layout.dash_indent(&file.root));
    let colon = key.end + layout.text()[key.end as usize..].find(':').unwrap_or(0) as u32 + 1;
    edits.replace(Span::new(colon, value.start), format!("{}{indent}- ", layout.eol()));
    Ok(())
}

/// Takes `env` away, also where it is the first field of its item and so stands beside the dash.
fn take_out(layout: &Layout<'_>, generator: &Node, env: &Entry, edits: &mut Edits) -> Result<(), EditError> {
    let key = env.key.location.span;
    let first = generator.location().span.start == key.start;
    if !first && !layout.is_flow(generator) {
        return remove_entry(layout, env, edits);
    }
    let after = |entry: &&Entry| entry.key.location.span.start > key.start;
    let next = generator.as_mapping().and_then(|mapping| mapping.iter().find(after));
    let cut = next.map(|next| Span::new(key.start, next.key.location.span.start));
    match cut.filter(|cut| !layout.has_comment(*cut)) {
        Some(cut) => {
            edits.remove(cut);
            Ok(())
        }
        None => Err(EditError::Unusual(key, "a field that cannot be taken out of its line")),
    }
}
