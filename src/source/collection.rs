//! Mappings and sequences of nodes. Whatever is set, added or deleted in them is signed.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::origin::{Removal, Signature};
use super::yaml::scalar::resolve_key;
use super::{Location, Node, ScalarKind, Symbol, Wanted};

/// A mapping's key, and where it was written.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The text.
    pub name: Symbol,
    /// What the text means as a scalar: kustomize refuses keys that are numbers or booleans.
    pub kind: ScalarKind,
    /// Where it was written.
    pub location: Location,
}

impl Key {
    /// A string key written at `location`.
    pub fn new(name: impl Into<Symbol>, location: Location) -> Self {
        Key { name: name.into(), kind: ScalarKind::String, location }
    }

    /// Whether it was written as its text alone, without quotes.
    pub fn is_plain(&self) -> bool {
        let span = self.location.span;
        (span.end - span.start) as usize == self.name.len()
    }
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// An ordered mapping. Kubernetes mappings are small, so look-up is a scan; a large one that is written to gets an index.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// What most mappings have nothing of, in 8 bytes.
    rare: Option<Box<Rare>>,
}

/// What a few mappings have.
#[derive(Clone, Debug, Default)]
struct Rare {
    removed: Vec<Removal>,
    /// The JSON of comments at keys.
    said_of: HashMap<Symbol, Node, FxBuildHasher>,
    /// The JSON of a comment at the mapping.
    said: Option<Node>,
    /// As read, the entries whose keys were written once more behind them.
    earlier: Vec<Entry>,
    index: Option<HashMap<&'static str, u32, FxBuildHasher>>,
    /// How many entries writers have looked at since there was an index.
    scanned: usize,
}

/// Fewer entries are scanned.
const LARGE: usize = 64;

/// An index is made once as much has been looked at as so many scans of all entries: a text that deletes and writes in
/// turn, each time in the middle, has no use for one.
const SCANS: usize = 16;

impl Mapping {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        Mapping { entries, rare: None }
    }

    /// The same, with the entries whose keys were written once more behind them.
    pub(super) fn after(self, earlier: Vec<Entry>) -> Self {
        let mut mapping = self;
        if !earlier.is_empty() {
            mapping.rare.get_or_insert_default().earlier = earlier;
        }
        mapping
    }

    /// As read, the entries whose keys were written once more behind them.
    pub(super) fn earlier(&self) -> &[Entry] {
        self.rare.as_ref().map_or(&[], |rare| rare.earlier.as_slice())
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The entries in order; of those with one key only the first, if some may be `doubled`.
    pub(crate) fn firsts(&self, doubled: bool) -> impl Iterator<Item = &Entry> {
        let is_first = move |at: usize, entry: &Entry| !doubled || self.position_of(entry.key.name) == Some(at);
        self.entries.iter().enumerate().filter(move |(at, entry)| is_first(*at, entry)).map(|(_, entry)| entry)
    }

    fn position_of(&self, key: Symbol) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key.name == key)
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of `key`.
    pub fn get(&self, key: impl Wanted) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`.
    pub fn entry(&self, key: impl Wanted) -> Option<&Entry> {
        match self.rare.as_ref().and_then(|rare| rare.index.as_ref()) {
            Some(index) => index.get(key.text()).and_then(|&at| self.entries.get(at as usize)),
            None => self.entries.iter().find(|entry| key.is(entry.key.name)),
        }
    }

    /// The value of `key`, to be changed.
    pub fn get_mut(&mut self, key: impl Wanted) -> Option<&mut Node> {
        let at = self.position(key)?;
        self.entries.get_mut(at).map(|entry| &mut entry.value)
    }

    /// All values, to be changed, with their keys.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut Node)> {
        self.entries.iter_mut().map(|entry| (entry.key, &mut entry.value))
    }

    /// Sets `key` to `value`; a new key goes to the end. Signed.
    pub fn set(&mut self, key: Key, mut value: Node, sign: &Signature) {
        match self.get_mut(key.name) {
            Some(node) => node.set(value, sign),
            None => {
                value.arrive(sign);
                if let Some(index) = self.rare.as_mut().and_then(|rare| rare.index.as_mut()) {
                    index.insert(key.name.as_str(), self.entries.len() as u32);
                }
                self.entries.push(Entry { key, value });
            }
        }
    }

    /// Sets `key` to `value`. A new key is written without quotes, where the signature says.
    pub fn set_key(&mut self, key: &str, value: Node, sign: &Signature) {
        self.set(Key { kind: resolve_key(key), ..Key::new(key, sign.at) }, value, sign);
    }

    /// Puts the entries in the order of their ranks.
    pub(crate) fn order_by(&mut self, rank: impl Fn(&str) -> usize) {
        self.entries.sort_by_key(|entry| rank(&entry.key.name));
    }

    /// Writes all keys anew, without the quotes that they may have had.
    pub fn unquote_keys(&mut self) {
        for Entry { key, .. } in &mut self.entries {
            key.kind = resolve_key(&key.name);
        }
    }

    /// Whether all keys are what they would be without quotes.
    pub fn has_plain_keys(&self) -> bool {
        self.entries.iter().all(|entry| entry.key.kind == resolve_key(&entry.key.name))
    }

    /// Deletes `key` and keeps a record of who did.
    pub fn remove(&mut self, key: &str, sign: &Signature) -> Option<Node> {
        let at = self.position(key)?;
        let entry = self.entries.remove(at);
        let origin = sign.origin(Some(entry.value.clone()), None);
        let rare = self.rare.get_or_insert_default();
        rare.removed.push(Removal { key: entry.key.name, origin });
        rare.said_of.remove(&entry.key.name);
        match &mut rare.index {
            Some(index) if at == self.entries.len() => drop(index.remove(entry.key.name.as_str())),
            index => *index = None,
        }
        Some(entry.value)
    }

    /// The JSON of a comment at a key.
    pub(crate) fn comment_at(&self, key: Symbol) -> Option<&Node> {
        self.rare.as_ref()?.said_of.get(&key)
    }

    /// Notes the JSON of a comment at a key.
    pub(super) fn note_at(&mut self, key: Symbol, says: Node) {
        self.rare.get_or_insert_default().said_of.insert(key, says);
    }

    /// The JSON of a comment at the mapping.
    pub(super) fn comment(&self) -> Option<&Node> {
        self.rare.as_ref()?.said.as_ref()
    }

    pub(super) fn note(&mut self, says: Option<Node>) {
        self.rare.get_or_insert_default().said = says;
    }

    pub(super) fn has_comments(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.said.is_some() || !rare.said_of.is_empty())
    }

    pub(super) fn take_comments(&mut self, from: &Mapping) {
        let rare = self.rare.get_or_insert_default();
        rare.said = from.comment().cloned();
        rare.said_of = from.rare.as_ref().map_or_else(HashMap::default, |rare| rare.said_of.clone());
    }

    /// The deleted keys, oldest first.
    pub fn removed(&self) -> &[Removal] {
        self.rare.as_ref().map_or(&[], |rare| rare.removed.as_slice())
    }

    /// Look-ups by somebody who asks for many keys.
    pub fn lookup(&self) -> Lookup<'_> {
        let index = (self.entries.len() >= LARGE).then(|| {
            // The first of two equal keys is the one that a scan finds.
            self.entries.iter().rev().map(|entry| (entry.key.name, entry)).collect()
        });
        Lookup { mapping: self, index }
    }

    /// Where the entry of `key` is, for a writer.
    fn position(&mut self, key: impl Wanted) -> Option<usize> {
        let scan = |entries: &[Entry]| entries.iter().position(|entry| key.is(entry.key.name));
        if self.entries.len() < LARGE && self.rare.as_ref().is_none_or(|rare| rare.index.is_none()) {
            return scan(&self.entries);
        }
        let rare = self.rare.get_or_insert_default();
        if rare.index.is_none() && rare.scanned > SCANS * self.entries.len() {
            // The first of two equal keys is the one that a scan finds.
            let names = self.entries.iter().enumerate().rev();
            rare.index = Some(names.map(|(at, entry)| (entry.key.name.as_str(), at as u32)).collect());
            rare.scanned = 0;
        }
        match &rare.index {
            Some(index) => index.get(key.text()).map(|&at| at as usize),
            None => {
                let found = scan(&self.entries);
                rare.scanned += found.unwrap_or(self.entries.len());
                found
            }
        }
    }
}

/// A mapping, and an index of it if it is large.
#[derive(Debug)]
pub struct Lookup<'a> {
    mapping: &'a Mapping,
    index: Option<HashMap<Symbol, &'a Entry, FxBuildHasher>>,
}

impl<'a> Lookup<'a> {
    /// The entry of `key`.
    pub fn entry(&self, key: Symbol) -> Option<&'a Entry> {
        match &self.index {
            Some(index) => index.get(&key).copied(),
            None => self.mapping.entry(key),
        }
    }
}

/// A sequence of nodes.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    items: Vec<Node>,
    /// What most sequences have nothing of, in 8 bytes.
    rare: Option<Box<RareOfList>>,
}

/// What a few sequences have.
#[derive(Clone, Debug, Default)]
struct RareOfList {
    removed: Vec<Removal>,
    /// The JSON of a comment at the sequence.
    said: Option<Node>,
}

impl Sequence {
    pub(super) fn new(items: Vec<Node>) -> Self {
        Sequence { items, rare: None }
    }

    /// The items.
    pub fn items(&self) -> &[Node] {
        &self.items
    }

    /// The items, to be changed one by one.
    pub fn items_mut(&mut self) -> &mut [Node] {
        &mut self.items
    }

    /// Adds an item at the end. Signed.
    pub fn push(&mut self, item: Node, sign: &Signature) {
        self.insert(self.items.len(), item, sign);
    }

    /// Adds an item before `index` (at most the length). Signed.
    pub fn insert(&mut self, index: usize, mut item: Node, sign: &Signature) {
        item.arrive(sign);
        self.items.insert(index.min(self.items.len()), item);
    }

    /// Deletes the item at `index` and keeps a record under `name` (the value of its merge key, or its index).
    pub fn remove(&mut self, index: usize, name: &str, sign: &Signature) -> Option<Node> {
        if index >= self.items.len() {
            return None;
        }
        let item = self.items.remove(index);
        let origin = sign.origin(Some(item.clone()), None);
        self.rare.get_or_insert_default().removed.push(Removal { key: Symbol::new(name), origin });
        Some(item)
    }

    /// Brings the items into another order: `order[i]` is the present index of the item that comes i-th. Items that
    /// `order` does not name keep their order and follow.
    pub fn reorder(&mut self, order: &[usize]) {
        let mut slots: Vec<Option<Node>> = std::mem::take(&mut self.items).into_iter().map(Some).collect();
        let named: Vec<Node> = order.iter().filter_map(|&i| slots.get_mut(i)?.take()).collect();
        self.items = named.into_iter().chain(slots.into_iter().flatten()).collect();
    }

    /// The deleted items, oldest first.
    pub fn removed(&self) -> &[Removal] {
        self.rare.as_ref().map_or(&[], |rare| rare.removed.as_slice())
    }

    /// The JSON of a comment at the sequence.
    pub(super) fn comment(&self) -> Option<&Node> {
        self.rare.as_ref()?.said.as_ref()
    }

    pub(super) fn note(&mut self, says: Option<Node>) {
        self.rare.get_or_insert_default().said = says;
    }
}
