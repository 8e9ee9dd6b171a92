//! The document model: one tree that is read, patched, validated, compared and printed.
//!
//! A [`Node`] is a mapping, a sequence or a scalar. It knows where the user wrote it, and once something has written
//! to it, by whom and what it was. Cloning is cheap: children are shared and copied only where they change, so that
//! two hundred overlays over one base parse and hold the base once.

mod brackets;
mod doubles;
mod noted;
mod same;
mod separate;

use std::sync::Arc;

use compact_str::CompactString;

pub(super) use self::brackets::within_brackets;
use super::origin::{Event, Origin, Signature};
use super::{Cause, Entry, FileId, Key, Location, Mapping, Sequence, Span, Wanted};

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
    /// Without quotes, behind a tag: `!!str 12`
    Tagged,
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
    /// File in the upper 24 bits, then 3 bits of style, one [`MARK`], and 4 of scalar kind.
    packed: u32,
    span: Span,
}

const STYLES: [Style; 6] =
    [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted, Style::Literal, Style::Folded, Style::Tagged];
const KINDS: [ScalarKind; 7] = [
    ScalarKind::String,
    ScalarKind::Null,
    ScalarKind::Bool,
    ScalarKind::Int,
    ScalarKind::Float,
    ScalarKind::Timestamp,
    ScalarKind::Binary,
];

/// The bit of a scalar that has no tag, and of a collection that is written in brackets.
const MARK: u32 = 0x10;

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

    /// The same, as if written in another style.
    pub(crate) fn restyled(&self, style: Style) -> Node {
        self.respelled(style, self.kind())
    }

    /// The same text, as if written in another style to mean something of another kind.
    pub(crate) fn respelled(&self, style: Style, kind: ScalarKind) -> Node {
        Node { packed: pack(self.location().file, style, kind), ..self.clone() }
    }

    /// The same value with another text, which nobody has asked for: kustomize writes it anew on its way.
    pub(crate) fn retold(&self, text: impl Into<CompactString>, style: Style, kind: ScalarKind) -> Node {
        Node { value: Value::Scalar(text.into()), ..self.respelled(style, kind) }
    }

    /// The same without a tag: what it means is what its text looks like, whatever text it will have.
    pub(crate) fn untagged(self) -> Node {
        Node { packed: self.packed | MARK, ..self }
    }

    /// A sequence as read at `location`.
    pub(crate) fn read_sequence(items: Vec<Node>, location: Location) -> Node {
        Node::at_place(Value::Sequence(Arc::new(Sequence::new(items))), location, Style::Plain, ScalarKind::String)
    }

    /// A mapping as read at `location`.
    pub(crate) fn read_mapping(entries: Vec<Entry>, location: Location) -> Node {
        Node::at_place(Value::Mapping(Arc::new(Mapping::new(entries))), location, Style::Plain, ScalarKind::String)
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

    /// This tree as a generator or function made it: every place is the signature's, and nothing of its past stays.
    pub fn issued(&self, sign: &Signature) -> Node {
        let value = match &self.value {
            Value::Scalar(text) => Value::Scalar(text.clone()),
            Value::Sequence(items) => {
                let items = items.items().iter().map(|item| item.issued(sign)).collect();
                Value::Sequence(Arc::new(Sequence::new(items)))
            }
            Value::Mapping(mapping) => {
                let issue = |entry: &Entry| Entry {
                    key: Key { location: sign.at, ..entry.key },
                    value: entry.value.issued(sign),
                };
                Value::Mapping(Arc::new(Mapping::new(mapping.iter().map(issue).collect())))
            }
        };
        Node::at_place(value, sign.at, self.style(), self.kind()).signed(sign)
    }

    /// A scalar whose `text` was made of this node's value, written and meant as `like` is. Its origin names this
    /// node.
    pub fn copied_text(&self, text: impl Into<CompactString>, like: (Style, ScalarKind), sign: &Signature) -> Node {
        let mut copy = Node::at_place(Value::Scalar(text.into()), sign.at, like.0, like.1);
        copy.origin = Some(sign.origin(None, Some(self.clone())));
        copy
    }

    /// This scalar in other words: its place stays, and what it was is its history.
    pub fn reworded(&self, text: impl Into<CompactString>, like: (Style, ScalarKind), sign: &Signature) -> Node {
        let mut new = self.clone();
        new.set(Node::at_place(Value::Scalar(text.into()), self.location(), like.0, like.1), sign);
        new
    }

    /// The content.
    pub fn view(&self) -> View<'_> {
        match &self.value {
            Value::Scalar(text) => View::Scalar(text, self.kind()),
            Value::Sequence(sequence) => View::Sequence(sequence.items()),
            Value::Mapping(mapping) => View::Mapping(mapping),
        }
    }

    /// What the scalar means; [`ScalarKind::String`] for collections.
    pub fn kind(&self) -> ScalarKind {
        KINDS[(self.packed & 0xf) as usize % KINDS.len()]
    }

    /// Whether the scalar has no tag: its last writer gave it a text, and no kind.
    pub(crate) fn is_untagged(&self) -> bool {
        self.is_scalar() && self.packed & MARK != 0
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
        // Without a tag an empty text becomes null only when it is printed.
        self.is_scalar() && self.kind() == ScalarKind::Null && !self.is_untagged()
    }

    /// Whether this is null, `{}` or `[]`.
    pub fn is_empty(&self) -> bool {
        match self.view() {
            View::Scalar(..) => self.is_null(),
            View::Sequence(items) => items.is_empty(),
            View::Mapping(mapping) => mapping.is_empty(),
        }
    }

    /// Whether this is a scalar of any kind.
    pub fn is_scalar(&self) -> bool {
        matches!(self.value, Value::Scalar(_))
    }

    /// The items of a sequence.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(sequence) => Some(sequence.items()),
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
    pub fn get(&self, key: impl Wanted) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Follows `keys` through mappings.
    pub fn dig<K: Wanted>(&self, keys: &[K]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, &key| node.get(key))
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
    pub fn get_mut(&mut self, key: impl Wanted) -> Option<&mut Node> {
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
    pub(super) fn arrive(&mut self, sign: &Signature) {
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
}
