//! Cuts a text into documents where kustomize does: at lines that begin with `---`.
//!
//! Kustomize cuts with the regular expression `\n---.*\n` and reads the first document of each part, so a `---` on
//! the first line belongs to the part, and one on the last line without a line break does too.

use crate::source::Span;

/// A part of the text, which holds one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its bytes, with the last line break.
    pub span: Span,
    /// Words on the `---` line before it, which kustomize refuses.
    pub words: Option<Span>,
}

/// The parts of `text`, in order; there is at least one.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let mut start = 0;
    let mut words = None;
    let mut from = 0;
    while let Some(found) = text[from..].find("\n---") {
        let line = from + found + 1;
        let Some(length) = text[line..].find('\n') else { break };
        parts.push(Part { span: span(start, line), words });
        words = separator_words(bytes, line + 3, line + length);
        start = line + length + 1;
        // The expression consumes the line break, so a `---` on the very next line is no separator.
        from = start;
    }
    parts.push(Part { span: span(start, text.len()), words });
    parts
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

/// What stands on a separator line beside a comment.
fn separator_words(bytes: &[u8], start: usize, end: usize) -> Option<Span> {
    let line = &bytes[start..end];
    let first = line.iter().position(|b| !b.is_ascii_whitespace())?;
    let last = line.iter().rposition(|b| !b.is_ascii_whitespace())?;
    (line[first] != b'#').then(|| span(start + first, start + last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = parts(text).iter().map(|part| &text[part.span.range()]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn documents_are_parted_where_kustomize_parts_them() {
        check("", &[""]);
        check("a: 1\n", &["a: 1\n"]);
        check("---\na: 1\n---\nb: 2\n", &["---\na: 1\n", "b: 2\n"]);
        check("a\r\n--- # c\r\nb", &["a\r\n", "b"]);
        // The break after a separator is spent, and the last line needs one.
        check("a\n---\n---\nb\n---", &["a\n", "---\nb\n---"]);
    }

    #[test]
    fn words_after_the_dashes_are_found() {
        let text = "a\n---  foo \nb";
        assert_eq!(parts(text)[1].words.map(|words| &text[words.range()]), Some("foo"));
    }
}
