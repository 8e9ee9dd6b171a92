//! Slips that are found on one line, whatever the parser stumbled upon behind them.

use super::MAX_KEY;
use super::lines::{Line, missing_space, span};
use super::syntax_error::{Words, say};

/// A no-break space, or another that is no blank to YAML, where one belongs: in the indentation, or behind `-` or `:`.
pub(super) fn odd_space(text: &str, at: usize) -> Option<Words> {
    let line = Line::at(text, at);
    [Some(line), line.before(text)].into_iter().flatten().find_map(|line| {
        let is_odd = |c: char| c.is_whitespace() && !c.is_ascii() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
        let (found, space) = line.text.char_indices().find(|&(_, c)| is_odd(c))?;
        let before = line.text[..found].trim_start();
        let belongs = before.is_empty() || before == "-" || before.strip_suffix(':').is_some_and(is_word);
        let place = span(line.start + found, line.start + found + space.len_utf8());
        let message = format!("the space that stands here, U+{:04X}, is none to YAML", space as u32);
        let help = "write a plain space in its place; this one came with a copied text, or by Alt and the space bar";
        belongs.then(|| say(place, message, help))
    })
}

/// `key value` with the colon that it lacks.
pub(super) fn with_colon(content: &str) -> Option<String> {
    let (key, value) = content.split_once(' ').filter(|(key, _)| is_word(key))?;
    Some(format!("{key}: {}", value.trim()))
}

/// Whether it may be a key.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/'))
}

/// A key that is longer than go-yaml reads.
pub(super) fn long_key(line: Line<'_>) -> Option<Words> {
    let content = line.content();
    let end = content.find(": ").or_else(|| content.ends_with(':').then(|| content.len() - 1))?;
    let key = content[..end].trim_start_matches("- ");
    let start = line.start + line.indent() + (end - key.len());
    let message = "this key is too long: kustomize reads none of more than 1022 characters";
    (key.chars().count() > MAX_KEY).then(|| say(span(start, start + key.len()), message, "shorten it"))
}

/// `key:value` where `key: value` is meant.
pub(super) fn no_space(line: Line<'_>) -> Option<Words> {
    let (at, key, value) = missing_space(line)?;
    let help = format!("write a space after the colon: `{key}: {value}`");
    Some(say(at, format!("`{key}:{value}` has no space after the colon"), help))
}

/// `-item` where `- item` is meant.
pub(super) fn no_space_after_dash(line: Line<'_>) -> Option<Words> {
    let begins = |c: char| c.is_alphabetic() || c == '.';
    let item = line.content().strip_prefix('-').filter(|item| item.starts_with(begins))?;
    let help = format!("write a space after the dash: `- {item}`");
    Some(say(line.span(), format!("`-{item}` has no space after the dash"), help))
}
