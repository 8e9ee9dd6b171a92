//! What the parser found wrong, in a user's words and at the place to mend.

use granit_parser::{ErrorKind, ScanError};

use super::Problem;
use crate::source::{FileId, Location, Span};

struct Words {
    message: String,
    help: String,
    /// Marks this instead of the parser's place.
    at: Option<Span>,
}

/// The problem for `error`, which occurred in `text`, whose first byte stands at `base` in `file`.
pub(crate) fn problem(error: &ScanError, text: &str, base: u32, file: FileId) -> Problem {
    let at = error.marker().byte_offset().unwrap_or_default().min(text.len());
    let words = words(error.kind(), text, at);
    let span = words.at.unwrap_or_else(|| word_at(text, at));
    let span = Span::new(span.start + base, span.end + base);
    let help = (!words.help.is_empty()).then_some(words.help);
    Problem { location: Location::new(file, span), message: words.message, help, related: None }
}

fn words(kind: &ErrorKind, text: &str, at: usize) -> Words {
    let _ = (text, at);
    Words { message: kind.to_string(), help: String::new(), at: None }
}

/// The word at `at`, for a mark that is more than a point.
fn word_at(text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
    Span::new(at as u32, (at + end) as u32)
}
