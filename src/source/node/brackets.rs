//! Collections in brackets, and what being in them does to a value.

use std::sync::Arc;

use super::{MARK, Node, ScalarKind, Style, Value, View};
use crate::source::{Entry, Mapping, Sequence};

/// What becomes of a plain scalar within brackets, since kustomize writes these once more before it prints: an absent
/// value as `''` (the printer knows it by its style), a time, for its colons, in quotes.
pub(in crate::source) fn within_brackets(
    text: &str,
    style: Style,
    kind: ScalarKind,
    absent: bool,
) -> (Style, ScalarKind) {
    match kind {
        ScalarKind::Null if absent => (Style::SingleQuoted, kind),
        ScalarKind::Timestamp if text.contains(':') => (style, ScalarKind::String),
        _ => (style, kind),
    }
}

impl Node {
    /// A collection as written in brackets.
    pub(crate) fn bracketed(self) -> Node {
        Node { packed: self.packed | MARK, ..self }
    }

    /// A collection as written in lines.
    pub(crate) fn out_of_brackets(self) -> Node {
        Node { packed: self.packed & !MARK, ..self }
    }

    /// A collection as a patch finds it. An empty one has no brackets: it is written as the patch writes it.
    pub(crate) fn to_write_into(&self) -> Node {
        if !self.is_scalar() && self.is_empty() { self.clone().out_of_brackets() } else { self.clone() }
    }

    /// Whether the collection is written in brackets.
    pub(crate) fn is_bracketed(&self) -> bool {
        !self.is_scalar() && self.packed & MARK != 0
    }

    /// The same as put into something in brackets.
    pub(crate) fn into_brackets(self) -> Node {
        let put = |node: &Node| node.clone().into_brackets();
        match self.view() {
            View::Scalar(text, kind) => {
                let absent = text.is_empty() && self.style() == Style::Plain;
                let (style, kind) = within_brackets(text, self.style(), kind, absent);
                // No block stands in brackets: the text goes in quotes.
                let style = if style == Style::Folded { Style::DoubleQuoted } else { style };
                match (style, kind) == (self.style(), self.kind()) {
                    true => self,
                    false if self.is_untagged() => self.respelled(style, kind).untagged(),
                    false => self.respelled(style, kind),
                }
            }
            View::Sequence(items) => {
                let items = Arc::new(Sequence::new(items.iter().map(put).collect()));
                Node { value: Value::Sequence(items), ..self.clone().bracketed() }.commented_as(&self)
            }
            View::Mapping(mapping) => {
                let put = |entry: &Entry| Entry { key: entry.key, value: put(&entry.value) };
                let mapping = Arc::new(Mapping::new(mapping.iter().map(put).collect()));
                Node { value: Value::Mapping(mapping), ..self.clone().bracketed() }.commented_as(&self)
            }
        }
    }

    /// The same as put into a collection that is in brackets, or into one that is not.
    pub(in crate::source) fn put_within(self, brackets: bool) -> Node {
        match brackets {
            true => self.into_brackets(),
            // Only within brackets an absent value is written as `''`.
            false if self.kind() == ScalarKind::Null && self.style() == Style::SingleQuoted => {
                self.respelled(Style::Plain, ScalarKind::Null)
            }
            false => self,
        }
    }
}
