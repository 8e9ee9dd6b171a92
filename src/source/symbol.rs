//! Interned strings: mapping keys, kinds and groups, which repeat in every document.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use compact_str::CompactString;
use rustc_hash::FxBuildHasher;

type Table = HashSet<&'static str, FxBuildHasher>;

/// An interned string. Equal texts are one allocation, kept for the life of the process; comparing two
/// symbols compares two pointers.
#[derive(Clone, Copy, Eq)]
pub struct Symbol(&'static str);

/// Words that are asked for in every resource. Their symbols are known without a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// `apiVersion`
    ApiVersion,
    /// `kind`
    Kind,
    /// `metadata`
    Metadata,
    /// `name`
    Name,
    /// `namespace`
    Namespace,
    /// `labels`
    Labels,
    /// `annotations`
    Annotations,
}

/// The texts of the words, in their order.
static WORDS: [&str; 7] = ["apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations"];

impl Word {
    /// The symbol of this word.
    pub fn symbol(self) -> Symbol {
        Symbol(WORDS[self as usize])
    }
}

/// What a mapping can be asked for: a text, or a symbol, which is quicker.
pub trait Wanted: Copy {
    /// Whether this is `name`.
    fn is(self, name: Symbol) -> bool;
    /// The text.
    fn text(&self) -> &str;
}

impl Wanted for &str {
    fn is(self, name: Symbol) -> bool {
        name.0 == self
    }

    fn text(&self) -> &str {
        self
    }
}

impl Wanted for &String {
    fn is(self, name: Symbol) -> bool {
        name.0 == self
    }

    fn text(&self) -> &str {
        self
    }
}

impl Wanted for &CompactString {
    fn is(self, name: Symbol) -> bool {
        name.0 == self
    }

    fn text(&self) -> &str {
        self
    }
}

impl Wanted for Symbol {
    fn is(self, name: Symbol) -> bool {
        name == self
    }

    fn text(&self) -> &str {
        self.0
    }
}

impl<T: Wanted> Wanted for &T {
    fn is(self, name: Symbol) -> bool {
        (*self).is(name)
    }

    fn text(&self) -> &str {
        T::text(self)
    }
}

impl Wanted for Word {
    fn is(self, name: Symbol) -> bool {
        name == self.symbol()
    }

    fn text(&self) -> &str {
        WORDS[*self as usize]
    }
}

/// How many texts a thread finds again without the table. A power of two.
const RECENT: usize = 512;

/// A thread's own table in front of the shared one: the parser asks for every key of every document, and a lock each
/// time would make threads wait for one another.
struct Local {
    /// The last text of each of some cheap hashes.
    recent: [&'static str; RECENT],
    table: Table,
}

impl Local {
    fn intern(&mut self, text: &str) -> Symbol {
        let slot = &mut self.recent[cheap_hash(text.as_bytes())];
        if *slot == text && !text.is_empty() {
            return Symbol(slot);
        }
        let known = match self.table.get(text) {
            Some(&known) => known,
            None => {
                let shared = shared_intern(text);
                self.table.insert(shared);
                shared
            }
        };
        *slot = known;
        Symbol(known)
    }
}

/// Tells common keys apart: by length and first, middle and last byte.
fn cheap_hash(text: &[u8]) -> usize {
    let [first, .., last] = text else { return text.len() };
    let middle = text[text.len() / 2];
    let mix = usize::from(*first) ^ usize::from(*last) << 3 ^ usize::from(middle) << 1 ^ text.len() << 5;
    mix % RECENT
}

impl Symbol {
    /// Interns `text`.
    pub fn new(text: &str) -> Self {
        thread_local! {
            static LOCAL: RefCell<Local> = RefCell::new(Local { recent: [""; RECENT], table: Table::default() });
        }
        LOCAL.with_borrow_mut(|local| local.intern(text))
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

fn shared_intern(text: &str) -> &'static str {
    static SHARED: OnceLock<Mutex<Table>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| Mutex::new(WORDS.iter().copied().collect()));
    let mut table = shared.lock().unwrap_or_else(PoisonError::into_inner);
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
