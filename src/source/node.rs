//! The document model: one tree that is read, patched, validated, compared and printed.
//!
//! A [`Node`] is a mapping, a sequence or a scalar. It knows where the user wrote it, and once something has written
//! to it, by whom and what it was. Cloning is cheap: children are shared and copied only where they change, so that
//! two hundred overlays over one base parse and hold the base once.

use std::sync::Arc;

use compact_str::CompactString;

use super::origin::{Event, Origin, Removal, Signature};
use super::{Cause, FileId, Location, Span, Symbol};

/// How a scalar was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    #[default]
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// What a scalar means, as go-yaml v3 (and so kustomize) resolves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// A string.
    #[default]
    String,
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `True`, `TRUE`, ...
    Bool,
    /// `12`, `0x1F`, `0o14`, `0123`, `1_000`.
    Int,
    /// `1.5`, `1e3`, `.inf`.
    Float,
    /// `2020-01-01` and the longer forms.
    Timestamp,
    /// `!!binary` with base64 text.
    Binary,
}

#[derive(Clone, Debug)]
enum Value {
    Scalar(CompactString),
    Sequence(Arc<Sequence>),
    Mapping(Arc<Mapping>),
}

/// A node's content, borrowed.
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    /// Raw text (as written, without quotes) and what it means.
    Scalar(&'a str, ScalarKind),
    /// The items.
    Sequence(&'a [Node]),
    /// The entries.
    Mapping(&'a Mapping),
}

/// A mapping, a sequence or a scalar, with where it was written and who set it. 48 bytes.
#[derive(Clone, Debug)]
pub struct Node {
    value: Value,
    origin: Option<Arc<Origin>>,
    /// File in the upper 24 bits, then 3 bits of style and 5 of scalar kind.
    packed: u32,
    span: Span,
}

const STYLES: [Style; 5] = [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted, Style::Literal, Style::Folded];
const KINDS: [ScalarKind; 7] = [
    ScalarKind::String,
    ScalarKind::Null,
    ScalarKind::Bool,
    ScalarKind::Int,
    ScalarKind::Float,
    ScalarKind::Timestamp,
    ScalarKind::Binary,
];

fn pack(file: FileId, style: Style, kind: ScalarKind) -> u32 {
    file.index() << 8 | (style as u32) << 5 | kind as u32
}

impl Node {
    fn at_place(value: Value, location: Location, style: Style, kind: ScalarKind) -> Node {
        Node { value, origin: None, packed: pack(location.file, style, kind), span: location.span }
    }

    /// A scalar as read at `location`; `text` without quotes and escapes.
    pub(crate) fn read_scalar(text: CompactString, kind: ScalarKind, style: Style, location: Location) -> Node {
        Node::at_place(Value::Scalar(text), location, style, kind)
    }

    /// A sequence as read at `location`.
    pub(crate) fn read_sequence(items: Vec<Node>, location: Location) -> Node {
        let sequence = Sequence { items, removed: None };
        Node::at_place(Value::Sequence(Arc::new(sequence)), location, Style::Plain, ScalarKind::String)
    }

    /// A mapping as read at `location`.
    pub(crate) fn read_mapping(entries: Vec<Entry>, location: Location) -> Node {
        let mapping = Mapping { entries, removed: None };
        Node::at_place(Value::Mapping(Arc::new(mapping)), location, Style::Plain, ScalarKind::String)
    }

    fn signed(mut self, sign: &Signature) -> Node {
        self.origin = Some(sign.origin(None, None));
        self
    }

    /// A new plain scalar of the given kind, signed.
    pub fn new_scalar(text: impl Into<CompactString>, kind: ScalarKind, sign: &Signature) -> Node {
        Node::at_place(Value::Scalar(text.into()), sign.at, Style::Plain, kind).signed(sign)
    }

    /// A new string, signed.
    pub fn new_string(text: impl Into<CompactString>, sign: &Signature) -> Node {
        Node::new_scalar(text, ScalarKind::String, sign)
    }

    /// A new sequence, signed.
    pub fn new_sequence(items: Vec<Node>, sign: &Signature) -> Node {
        Node::read_sequence(items, sign.at).signed(sign)
    }

    /// A new mapping, signed.
    pub fn new_mapping(entries: Vec<Entry>, sign: &Signature) -> Node {
        Node::read_mapping(entries, sign.at).signed(sign)
    }

    /// A copy of this node as a value set elsewhere: its place is the signature's, and its origin names this node.
    pub fn copied(&self, sign: &Signature) -> Node {
        let mut copy = self.clone();
        copy.move_to(sign.at);
        copy.origin = Some(sign.origin(None, Some(self.clone())));
        copy
    }

    /// A scalar whose `text` was made of this node's value, written and meant as `like` is. Its origin names this
    /// node.
    pub fn copied_text(&self, text: impl Into<CompactString>, like: (Style, ScalarKind), sign: &Signature) -> Node {
        let mut copy = Node::at_place(Value::Scalar(text.into()), sign.at, like.0, like.1);
        copy.origin = Some(sign.origin(None, Some(self.clone())));
        copy
    }

    /// The content.
    pub fn view(&self) -> View<'_> {
        match &self.value {
            Value::Scalar(text) => View::Scalar(text, self.kind()),
            Value::Sequence(sequence) => View::Sequence(&sequence.items),
            Value::Mapping(mapping) => View::Mapping(mapping),
        }
    }

    /// What the scalar means; [`ScalarKind::String`] for collections.
    pub fn kind(&self) -> ScalarKind {
        KINDS[(self.packed & 0x1f) as usize % KINDS.len()]
    }

    /// How the scalar was written.
    pub fn style(&self) -> Style {
        STYLES[(self.packed >> 5 & 0x7) as usize % STYLES.len()]
    }

    /// Where the present value was written.
    pub fn location(&self) -> Location {
        Location::new(FileId::from_bits(self.packed >> 8), self.span)
    }

    /// The newest write; `None` for a node that stands as it was read.
    pub fn origin(&self) -> Option<&Arc<Origin>> {
        self.origin.as_ref()
    }

    /// The text of any scalar, as written but without quotes.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar that means a string.
    pub fn as_str(&self) -> Option<&str> {
        self.text().filter(|_| self.kind() == ScalarKind::String)
    }

    /// Whether this is a null scalar.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Scalar(_)) && self.kind() == ScalarKind::Null
    }

    /// Whether this is a scalar of any kind.
    pub fn is_scalar(&self) -> bool {
        matches!(self.value, Value::Scalar(_))
    }

    /// The items of a sequence.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(sequence) => Some(&sequence.items),
            _ => None,
        }
    }

    /// The sequence with its record of deleted items.
    pub fn sequence(&self) -> Option<&Sequence> {
        match &self.value {
            Value::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// The mapping.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The value of `key` if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Follows `keys` through mappings.
    pub fn dig(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The mapping, to be changed. Copies it first if it is shared.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Mapping> {
        match &mut self.value {
            Value::Mapping(mapping) => Some(Arc::make_mut(mapping)),
            _ => None,
        }
    }

    /// The sequence, to be changed. Copies it first if it is shared.
    pub fn as_sequence_mut(&mut self) -> Option<&mut Sequence> {
        match &mut self.value {
            Value::Sequence(sequence) => Some(Arc::make_mut(sequence)),
            _ => None,
        }
    }

    /// The value of `key` to be changed, if this is a mapping that has it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        // Looked up before the copy-on-write, so that asking for an absent key copies nothing.
        self.get(key)?;
        self.as_mapping_mut()?.get_mut(key)
    }

    /// Replaces this node by `new`. The place is `new`'s own, the history goes on.
    pub fn set(&mut self, new: Node, sign: &Signature) {
        let was = std::mem::replace(self, new);
        self.succeed(was, sign);
    }

    /// Gives a scalar another text and keeps what it means and how it is written. No effect on collections.
    pub fn set_text(&mut self, text: impl Into<CompactString>, sign: &Signature) {
        if self.is_scalar() {
            let new = Node::at_place(Value::Scalar(text.into()), sign.at, self.style(), self.kind());
            self.set(new, sign);
        }
    }

    /// Makes this node the string `text`.
    pub fn set_string(&mut self, text: impl Into<CompactString>, sign: &Signature) {
        self.set(Node::at_place(Value::Scalar(text.into()), sign.at, Style::Plain, ScalarKind::String), sign);
    }

    /// Records that this node took the place of `was`.
    fn succeed(&mut self, was: Node, sign: &Signature) {
        let from = self.origin.as_ref().and_then(|origin| origin.from.clone());
        self.origin = Some(Arc::new(Origin { at: self.location(), by: sign.by, was: Some(was), from }));
    }

    /// Records that this node was put where nothing stood.
    fn arrive(&mut self, sign: &Signature) {
        if self.origin.is_none() {
            self.origin = Some(Arc::new(Origin { at: self.location(), by: sign.by, was: None, from: None }));
        }
    }

    fn move_to(&mut self, location: Location) {
        self.packed = location.file.index() << 8 | self.packed & 0xff;
        self.span = location.span;
    }

    /// Everything that set this node, oldest first.
    pub fn history(&self) -> Vec<Event<'_>> {
        let mut events = Vec::new();
        let mut node = self;
        loop {
            let Some(origin) = node.origin() else {
                events.push(Event { at: node.location(), by: Cause::Read, node, from: None });
                break;
            };
            events.push(Event { at: origin.at, by: origin.by, node, from: origin.from.as_ref() });
            match &origin.was {
                Some(was) => node = was,
                None => break,
            }
        }
        events.reverse();
        events
    }

    /// Whether both mean the same value: mappings in any key order, scalars by kind and text. Places do not count.
    pub fn same_value(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(a), Value::Scalar(b)) => self.kind() == other.kind() && (a == b || self.is_null()),
            (Value::Sequence(a), Value::Sequence(b)) => {
                Arc::ptr_eq(a, b)
                    || a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(|(a, b)| a.same_value(b))
            }
            (Value::Mapping(a), Value::Mapping(b)) => {
                Arc::ptr_eq(a, b)
                    || a.len() == b.len()
                        && a.iter()
                            .all(|entry| b.get(&entry.key.name).is_some_and(|other| entry.value.same_value(other)))
            }
            _ => false,
        }
    }

    /// Whether both share one allocation, and so are the same without looking.
    pub fn shares_with(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Sequence(a), Value::Sequence(b)) => Arc::ptr_eq(a, b),
            (Value::Mapping(a), Value::Mapping(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

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
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// An ordered mapping. Kubernetes mappings are small, so look-up is a scan.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    removed: Option<Box<Vec<Removal>>>,
}

impl Mapping {
    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
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
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.name == *key)
    }

    /// The value of `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.key.name == *key).map(|entry| &mut entry.value)
    }

    /// All values, to be changed, with their keys.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut Node)> {
        self.entries.iter_mut().map(|entry| (entry.key, &mut entry.value))
    }

    /// Sets `key` to `value`; a new key goes to the end. Signed.
    pub fn set(&mut self, key: Key, mut value: Node, sign: &Signature) {
        match self.get_mut(&key.name) {
            Some(node) => node.set(value, sign),
            None => {
                value.arrive(sign);
                self.entries.push(Entry { key, value });
            }
        }
    }

    /// Sets `key` to `value`, the key being written where the signature says.
    pub fn set_key(&mut self, key: &str, value: Node, sign: &Signature) {
        self.set(Key::new(key, sign.at), value, sign);
    }

    /// Deletes `key` and keeps a record of who did.
    pub fn remove(&mut self, key: &str, sign: &Signature) -> Option<Node> {
        let index = self.entries.iter().position(|entry| entry.key.name == *key)?;
        let entry = self.entries.remove(index);
        let origin = sign.origin(Some(entry.value.clone()), None);
        self.removed.get_or_insert_default().push(Removal { key: entry.key.name, origin });
        Some(entry.value)
    }

    /// The deleted keys, oldest first.
    pub fn removed(&self) -> &[Removal] {
        self.removed.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// A sequence of nodes.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    items: Vec<Node>,
    removed: Option<Box<Vec<Removal>>>,
}

impl Sequence {
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
        self.removed.get_or_insert_default().push(Removal { key: Symbol::new(name), origin });
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
        self.removed.as_deref().map_or(&[], Vec::as_slice)
    }
}
