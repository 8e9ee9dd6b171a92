//! Edits of a text that leave the rest of it as it is: comments, order, layout, line breaks.
//!
//! Owns: [`Edits`], which replaces spans, and what an edit of YAML needs to know of its text: lines, indentation,
//! the comments that belong to an entry ([`Layout`]), items of lists as pieces that can move ([`Item`]). Must not:
//! know what a file is about.
//!
//! In: a text and the nodes read from it. Out: the new text.

mod item;
mod layout;
mod list;

pub use item::{Item, items};
pub use layout::Layout;
pub use list::{End, add_items, remove_entry, rename_key};

use super::Span;

/// Why a text cannot be edited as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Two edits want the same bytes.
    Overlap(Span, Span),
    /// An edit lies outside of the text, or between the bytes of a character.
    OutOfText(Span),
    /// The place is written in a way that edits do not understand; in words that finish "this is ...".
    Unusual(Span, &'static str),
    /// An anchor or alias would be cut off from its like.
    Anchor(Span),
}

/// Replacements of spans of one text. Edits at one point keep the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    list: Vec<(Span, String)>,
}

impl Edits {
    /// None.
    pub fn new() -> Self {
        Edits::default()
    }

    /// Puts `text` in the place of `span`.
    pub fn replace(&mut self, span: Span, text: impl Into<String>) {
        self.list.push((span, text.into()));
    }

    /// Puts `text` at `at`.
    pub fn insert(&mut self, at: u32, text: impl Into<String>) {
        self.replace(Span::point(at), text);
    }

    /// Takes `span` away.
    pub fn remove(&mut self, span: Span) {
        self.replace(span, "");
    }

    /// Adds the edits of `other`; those that are here already are not doubled.
    pub fn merge(&mut self, other: &Edits) {
        for edit in &other.list {
            if !self.list.contains(edit) {
                self.list.push(edit.clone());
            }
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is replaced, in the order of the text.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = self.list.iter().map(|(span, _)| *span).collect();
        spans.sort_unstable();
        spans
    }

    /// The text with all edits made. Edits that share bytes, or leave the text, are refused.
    pub fn apply(&self, text: &str) -> Result<String, EditError> {
        let mut sorted: Vec<&(Span, String)> = self.list.iter().collect();
        sorted.sort_by_key(|(span, _)| *span);
        let mut out = String::with_capacity(text.len() + 64);
        let mut done = Span::point(0);
        for (span, new) in sorted {
            let Some(between) = text.get(done.end as usize..span.start as usize) else {
                let inside = text.get(span.range()).is_some();
                return Err(if inside { EditError::Overlap(done, *span) } else { EditError::OutOfText(*span) });
            };
            if text.get(span.range()).is_none() {
                return Err(EditError::OutOfText(*span));
            }
            out.push_str(between);
            out.push_str(new);
            done = *span;
        }
        out.push_str(&text[done.end as usize..]);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_inserts_and_removes() {
        let mut edits = Edits::new();
        edits.remove(Span::new(6, 7));
        edits.replace(Span::new(0, 1), "A");
        edits.insert(3, "1");
        edits.insert(3, "2");
        assert_eq!(edits.apply("abcdefg").as_deref(), Ok("Abc12def"));
        assert_eq!(Edits::new().apply("abc").as_deref(), Ok("abc"));
    }

    #[test]
    fn refuses_what_overlaps_or_leaves_the_text() {
        let edit = |spans: &[(u32, u32)]| {
            let mut edits = Edits::new();
            spans.iter().for_each(|&(start, end)| edits.remove(Span::new(start, end)));
            edits.apply("aöc")
        };
        assert_eq!(edit(&[(0, 3), (1, 3)]), Err(EditError::Overlap(Span::new(0, 3), Span::new(1, 3))));
        assert_eq!(edit(&[(1, 9)]), Err(EditError::OutOfText(Span::new(1, 9))));
        assert_eq!(edit(&[(0, 2)]), Err(EditError::OutOfText(Span::new(0, 2))));
        assert_eq!(edit(&[(0, 1), (1, 3)]).as_deref(), Ok("c"));
    }
}
