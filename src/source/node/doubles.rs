//! Keys that stand twice in a mapping. A file is read as if only the last of them were there; where the first one counts,
//! or both do, they are brought back.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Node, Value, View};
use crate::source::{Entry, Key, Mapping, Sequence};

impl Node {
    /// A mapping as read, with the entries whose keys were written once more behind them.
    pub(in crate::source) fn after(self, earlier: Vec<Entry>) -> Node {
        match (earlier.is_empty(), self.value.clone()) {
            (false, Value::Mapping(mapping)) => {
                let mapping = Arc::new(Arc::unwrap_or_clone(mapping).after(earlier));
                Node { value: Value::Mapping(mapping), ..self }
            }
            _ => self,
        }
    }

    /// The tree as written: with all entries of keys that stand twice, in their order.
    pub(crate) fn with_doubles(&self) -> Node {
        self.with_entries(&|mapping| {
            let mut entries = Vec::with_capacity(mapping.len() + mapping.earlier().len());
            for entry in mapping.iter() {
                entries.extend(mapping.earlier().iter().filter(|earlier| earlier.key.name == entry.key.name));
                entries.push(entry);
            }
            entries
        })
    }

    /// The tree with only the first of equal keys.
    pub(crate) fn without_doubles(&self) -> Node {
        self.with_entries(&|mapping| mapping.firsts(true).collect())
    }

    /// The tree with the entries that `chosen` gives of each mapping.
    fn with_entries(&self, chosen: &impl Fn(&Mapping) -> Vec<&Entry>) -> Node {
        let value = match self.view() {
            View::Scalar(..) => return self.clone(),
            View::Sequence(items) => {
                let items = items.iter().map(|item| item.with_entries(chosen));
                Value::Sequence(Arc::new(Sequence::new(items.collect())))
            }
            View::Mapping(mapping) => {
                let entries = chosen(mapping).into_iter();
                let entries =
                    entries.map(|Entry { key, value }| Entry { key: *key, value: value.with_entries(chosen) });
                Value::Mapping(Arc::new(Mapping::new(entries.collect())))
            }
        };
        Node { value, ..self.clone() }.commented_as(self)
    }

    /// The first two keys of each mapping that are the same, where both are there.
    pub(crate) fn doubles(&self) -> Vec<(Key, Key)> {
        let mut found = Vec::new();
        self.find_doubles(&mut found);
        found
    }

    fn find_doubles(&self, found: &mut Vec<(Key, Key)>) {
        match self.view() {
            View::Scalar(..) => {}
            View::Sequence(items) => items.iter().for_each(|item| item.find_doubles(found)),
            View::Mapping(mapping) => {
                let mut seen: FxHashMap<_, Key> = FxHashMap::default();
                for Entry { key, value } in mapping.iter() {
                    match seen.get(&key.name) {
                        Some(first) => found.push((*first, *key)),
                        None => drop(seen.insert(key.name, *key)),
                    }
                    value.find_doubles(found);
                }
            }
        }
    }
}
