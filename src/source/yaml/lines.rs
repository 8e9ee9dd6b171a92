//! The lines of a text around a place, for those who explain what is wrong there.

use crate::source::Span;

/// One line, without its line break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Offset of its first byte.
    pub start: usize,
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// The line that holds the offset `at`.
    pub(super) fn at(text: &'a str, at: usize) -> Line<'a> {
        let at = at.min(text.len());
        let start = text.as_bytes()[..at].iter().rposition(|&b| b == b'\n').map_or(0, |found| found + 1);
        let length = text.as_bytes()[start..].iter().position(|&b| b == b'\n').unwrap_or(text.len() - start);
        Line { start, text: text[start..start + length].trim_end_matches('\r') }
    }

    /// The nearest line before this one that holds more than a comment.
    pub(super) fn before(self, text: &'a str) -> Option<Line<'a>> {
        let mut line = self;
        while line.start > 0 {
            line = Line::at(text, line.start - 1);
            if !line.content().is_empty() && !line.content().starts_with('#') {
                return Some(line);
            }
        }
        None
    }

    /// How many blanks it begins with.
    pub(super) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// What stands on it, without blanks around.
    pub(super) fn content(self) -> &'a str {
        self.text.trim()
    }

    /// Where its content stands.
    pub(super) fn span(self) -> Span {
        let start = self.start + self.indent();
        span(start, start + self.content().len())
    }
}

pub(super) fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

/// All lines from the one that holds `at`.
pub(super) fn lines_from(text: &str, at: usize) -> impl Iterator<Item = Line<'_>> {
    let mut next = Some(Line::at(text, at).start);
    std::iter::from_fn(move || {
        let line = Line::at(text, next?);
        next = text[line.start..].find('\n').map(|length| line.start + length + 1);
        Some(line)
    })
}

/// The word at `at`, for a mark that is more than a point.
pub(super) fn word_at(text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    if end == 0 && !rest.is_empty() { Line::at(text, at).span() } else { span(at, at + end) }
}

/// `word:value` where `word: value` is meant: the place, and both halves.
pub(super) fn missing_space<'a>(line: Line<'a>) -> Option<(Span, &'a str, &'a str)> {
    let content = line.content();
    let word = content.trim_start_matches("- ");
    let start = line.start + line.indent() + (content.len() - word.len());
    let (key, value) = word.split_once(':')?;
    let is_key =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/'));
    let is_value = !value.is_empty() && !value.starts_with([' ', '/', ':']) && !value.contains(": ");
    (is_key && is_value).then(|| (span(start, start + word.len()), key, value))
}

/// The bracket that is open at `at`.
pub(super) fn open_bracket(text: &str, at: usize) -> Option<(usize, char)> {
    let mut open = Vec::new();
    let mut quote = None;
    for (place, c) in text[..at.min(text.len())].char_indices() {
        let begins = text[..place].ends_with([' ', '\n', '[', '{', ',']) || !open.is_empty();
        match c {
            '\n' if open.is_empty() => quote = None,
            c if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() && begins => quote = Some(c),
            '[' | '{' if quote.is_none() && begins => open.push((place, c)),
            ']' | '}' if quote.is_none() => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// The nearest quote before `at` that begins a value and is not closed on its line.
pub(super) fn open_quote(text: &str, at: usize) -> Option<(usize, char)> {
    let mut line = Line::at(text, at);
    loop {
        let mut quote: Option<(usize, char)> = None;
        let mut escaped = false;
        for (place, c) in line.text.char_indices() {
            let begins = place == 0 || line.text[..place].ends_with([' ', '[', '{', ',']);
            match quote {
                Some((_, '"')) if c == '\\' => escaped = !escaped,
                Some((_, open)) if c == open && !escaped => quote = None,
                None if matches!(c, '"' | '\'') && begins => quote = Some((line.start + place, c)),
                None if c == '#' && begins => break,
                _ => escaped = false,
            }
        }
        if quote.is_some_and(|(place, _)| place < at) {
            return quote;
        }
        if line.start == 0 {
            return None;
        }
        line = Line::at(text, line.start - 1);
    }
}
