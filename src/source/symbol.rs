//! Interned strings: mapping keys, kinds and groups, which repeat in every document.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxBuildHasher;

type Table = HashSet<&'static str, FxBuildHasher>;

/// An interned string. Equal texts are one allocation, kept for the life of the process; comparing two
/// symbols compares two pointers.
#[derive(Clone, Copy, Eq)]
pub struct Symbol(&'static str);

impl Symbol {
    /// Interns `text`.
    pub fn new(text: &str) -> Self {
        // A table a thread in front of the shared one: the parser asks for every key of every document,
        // and a lock each time would make threads wait for one another.
        thread_local! {
            static LOCAL: RefCell<Table> = RefCell::new(Table::default());
        }
        LOCAL.with_borrow_mut(|local| {
            if let Some(&known) = local.get(text) {
                return Symbol(known);
            }
            let shared = shared_intern(text);
            local.insert(shared);
            Symbol(shared)
        })
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

fn shared_intern(text: &str) -> &'static str {
    static SHARED: OnceLock<Mutex<Table>> = OnceLock::new();
    let mut table = SHARED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    match table.get(text) {
        Some(&known) => known,
        None => {
            let leaked: &'static str = Box::leak(text.into());
            table.insert(leaked);
            leaked
        }
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0.as_ptr(), state);
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    /// By text, so that nothing ordered by symbol depends on the order of interning.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(other.0)
    }
}

impl Default for Symbol {
    fn default() -> Self {
        Symbol::new("")
    }
}

impl std::ops::Deref for Symbol {
    type Target = str;
    fn deref(&self) -> &str {
        self.0
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Symbol::new(text)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}
