//! Which keys a mapping under construction has: cheap for the few keys of most mappings, bounded for very large ones.

use rustc_hash::FxHashMap;

use crate::source::{Entry, Symbol};

/// From so many entries on, keys are looked up in a table.
const MANY: usize = 32;

/// The keys of one mapping.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// One of 64 bits for each key, so that most new keys are known to be new without a search.
    bits: u64,
    table: Option<Box<FxHashMap<Symbol, usize>>>,
}

impl Seen {
    /// Where `name` stands in `entries`, if it does. If not, the caller adds it at the end.
    pub(super) fn find(&mut self, name: Symbol, entries: &[Entry]) -> Option<usize> {
        if entries.len() >= MANY {
            return self.find_in_table(name, entries);
        }
        let bit = bit(name);
        let maybe = self.bits & bit != 0;
        self.bits |= bit;
        if maybe { entries.iter().position(|entry| entry.key.name == name) } else { None }
    }

    fn find_in_table(&mut self, name: Symbol, entries: &[Entry]) -> Option<usize> {
        let table = self.table.get_or_insert_with(|| {
            Box::new(entries.iter().enumerate().map(|(index, entry)| (entry.key.name, index)).collect())
        });
        let known = table.get(&name).copied();
        if known.is_none() {
            table.insert(name, entries.len());
        }
        known
    }
}

fn bit(name: Symbol) -> u64 {
    let address = name.as_str().as_ptr() as usize as u64;
    1 << (address.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, yaml};

    #[test]
    fn twins_are_found_among_few_and_many_keys() {
        for count in [2, 31, 32, 33, 500] {
            let keys: String = (0..count).map(|i| format!("k{i}: {i}\n")).collect();
            let parsed = yaml::parse(&format!("{keys}k1: x\nz: 1\nz: 2\n"), FileId::default());
            let messages: Vec<&str> = parsed.warnings.iter().map(|problem| problem.message.as_str()).collect();
            let expected = ["key `k1` stands twice in this mapping", "key `z` stands twice in this mapping"];
            assert_eq!(messages, expected, "{count}");
            let root = parsed.documents[0].root.as_ref();
            assert_eq!(root.and_then(|root| root.get("k1")?.text()), Some("x"), "{count}");
            assert_eq!(root.and_then(|root| root.as_mapping()).map(|mapping| mapping.len()), Some(count + 1));
        }
    }
}
