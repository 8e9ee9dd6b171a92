//! Annotations that stand twice. Kustomize takes its notes out of them, and puts new ones in, by making all annotations
//! anew: it reads the first `annotations` of the metadata, clears that one, and sets what it read in the next one.

use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::{Entry, Mapping, Node};

/// The kind, the name and the namespace.
const NOTES_ON_A_NAME: usize = 3;

/// One `annotations` of the metadata.
struct Slot {
    entry: Entry,
    /// What was set in one that is null, which stays null for all others.
    hidden: Vec<Entry>,
}

impl Slot {
    fn new(entry: Entry) -> Slot {
        Slot { entry, hidden: Vec::new() }
    }

    /// Shows what a null one holds, for what comes until the next time.
    fn open(&mut self) {
        if !self.hidden.is_empty() {
            self.entry.value = Node::read_mapping(std::mem::take(&mut self.hidden), self.entry.value.location());
        }
    }

    /// What kustomize reads there. Of two annotations of one name the last one counts.
    fn read(&self) -> Vec<Entry> {
        let mut all: Vec<Entry> = Vec::new();
        let entries = self.entry.value.as_mapping().into_iter().flat_map(Mapping::iter);
        for entry in entries.chain(&self.hidden) {
            set(&mut all, entry);
        }
        all
    }
}

/// Makes the annotations anew once for a note, should some stand twice in the resource.
pub fn make_anew(resource: &mut Resource) {
    if resource.doubled {
        // What kustomize cannot write to is found again at the end.
        change(resource, |slots| {
            once(slots, true)?;
            slots.iter_mut().for_each(Slot::open);
            Ok(())
        });
    }
}

/// What the notes on an earlier name do: each clears one that is empty, and is set in the first that is left.
pub fn take_notes(resource: &mut Resource) {
    if resource.doubled {
        // What kustomize cannot write to is found again at the end.
        change(resource, |slots| clear_empty(slots, NOTES_ON_A_NAME));
    }
}

fn clear_empty(slots: &mut Vec<Slot>, notes: usize) -> Result<(), Entry> {
    for note in 0..notes {
        // From the second note on, the first one holds a note.
        let kept = usize::from(note > 0);
        if let Some(at) = slots.iter().skip(kept).position(|slot| slot.read().is_empty()) {
            slots.remove(at + kept);
        }
        let is_text = |slot: &&Slot| slot.entry.value.is_scalar() && !slot.entry.value.is_null();
        if let Some(text) = slots.first().filter(is_text) {
            return Err(text.entry.clone());
        }
    }
    Ok(())
}

/// Makes them anew as the end of a build does: for the notes on names if there are annotations, then for the origin and
/// for the transformations. Says whether there were several.
pub fn make_anew_at_the_end(resource: &mut Resource, findings: &mut Findings) -> bool {
    let mut several = false;
    let noted = resource.has_notes();
    let notes = NOTES_ON_A_NAME * resource.previous.len() + resource.prefixes.len() + resource.suffixes.len();
    let refused = change(resource, |slots| {
        several = slots.len() > 1;
        clear_empty(slots, notes)?;
        if noted || slots.first().is_some_and(|first| !first.read().is_empty()) {
            once(slots, noted)?;
        }
        once(slots, false)?;
        once(slots, false)
    });
    if let Some(entry) = refused {
        findings.push(
            Finding::error("build/wrong-kind", "annotations stand twice here, and this is not a mapping")
                .at(entry.value.location(), "kustomize writes the annotations before it into this one")
                .help("remove one of the two")
                .resource(resource.id()),
        );
    }
    several
}

/// Gives back what is no mapping where the act needs one.
fn change(resource: &mut Resource, act: impl FnOnce(&mut Vec<Slot>) -> Result<(), Entry>) -> Option<Entry> {
    let metadata = resource.root.get("metadata")?;
    let entries = metadata.as_mapping().into_iter().flat_map(Mapping::iter);
    let (annotations, mut kept): (Vec<&Entry>, Vec<&Entry>) =
        entries.partition(|entry| entry.key.name == "annotations");
    if annotations.is_empty() {
        return None;
    }
    let mut slots: Vec<Slot> = annotations.into_iter().cloned().map(Slot::new).collect();
    let refused = act(&mut slots).err();
    kept.extend(slots.iter().map(|slot| &slot.entry));
    let new = metadata.holding(kept.into_iter().cloned().collect());
    if let Some(place) = resource.root.get_mut("metadata") {
        *place = new;
    }
    refused
}

/// Makes them anew once; if they hold a note, they are never empty.
fn once(slots: &mut Vec<Slot>, noted: bool) -> Result<(), Entry> {
    if slots.is_empty() {
        return Ok(());
    }
    let first = slots.remove(0);
    let read = first.read();
    match slots.first_mut() {
        _ if read.is_empty() && !noted => {}
        None if read.is_empty() => {}
        None => {
            let value = Node::read_mapping(read, first.entry.value.location());
            slots.push(Slot::new(Entry { value, ..first.entry }));
        }
        Some(next) if next.entry.value.is_null() => next.hidden = read,
        Some(next) => {
            let mapping = next.entry.value.as_mapping().ok_or_else(|| next.entry.clone())?;
            let mut joined: Vec<Entry> = mapping.iter().cloned().collect();
            read.iter().for_each(|entry| set(&mut joined, entry));
            next.entry.value = next.entry.value.holding(joined);
        }
    }
    Ok(())
}

fn set(all: &mut Vec<Entry>, entry: &Entry) {
    match all.iter_mut().find(|known| known.key.name == entry.key.name) {
        Some(known) => known.clone_from(entry),
        None => all.push(entry.clone()),
    }
}
