//! `<<` merge keys, expanded as kustomize does at load.

use rustc_hash::FxHashSet;

use crate::source::{Entry, Location, Node, Symbol, View};

/// Expands the `<<` entry of a mapping: own keys win, then the first of several merged mappings; merged keys come
/// after own ones. Not deep. `brackets` says whether the mapping stands in some. The error names the place and what is
/// wrong there.
pub(crate) fn expand(entries: &mut Vec<Entry>, brackets: bool) -> Result<(), (Location, String)> {
    let mut merged = None;
    let mut index = 0;
    while index < entries.len() {
        if entries[index].key.name != "<<" {
            index += 1;
            continue;
        }
        let entry = entries.remove(index);
        // In quotes it merges nothing, and kustomize clears it all the same.
        if !entry.key.is_plain() {
            continue;
        }
        if merged.is_some() {
            return Err((entry.key.location, "this mapping has more than one `<<`".into()));
        }
        merged = Some(entry);
    }
    let Some(Entry { key, value }) = merged else { return Ok(()) };
    let mut own: FxHashSet<Symbol> = entries.iter().map(|entry| entry.key.name).collect();
    for source in sources(&value).map_err(|message| (key.location, message))? {
        for entry in source.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            if own.insert(entry.key.name) {
                entries.push(Entry { key: entry.key, value: entry.value.clone().put_within(brackets) });
            }
        }
    }
    Ok(())
}

fn sources(value: &Node) -> Result<Vec<&Node>, String> {
    match value.view() {
        View::Mapping(_) => Ok(vec![value]),
        View::Sequence(items) if items.iter().all(|item| item.as_mapping().is_some()) => Ok(items.iter().collect()),
        View::Sequence(_) => Err("`<<` takes mappings, and this list has something else in it".into()),
        View::Scalar(..) => Err("`<<` takes a mapping, and this is a single value".into()),
    }
}
