//! Line breaks that go-yaml knows and the thorough reader does not: it is given a text with ordinary ones instead.
//!
//! These are U+0085, U+2028 and U+2029; and kustomize takes each `\r\n` for `\n` before go-yaml sees it, so that `\r\r\n`
//! is one break.

use std::borrow::Cow;

use super::dialect::Refused;
use crate::source::{Span, Style};

/// Where a text that the thorough reader is given stands in its file.
pub(crate) struct Place<'a> {
    base: u32,
    /// The text as it is written.
    written: &'a str,
    /// From which offsets of the given text on the written one is further ahead, and by how much.
    ahead: Vec<(usize, usize)>,
}

const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// A text whose first byte stands at `base`, with ordinary line breaks.
pub(super) fn ordinary(written: &str, base: u32) -> (Cow<'_, str>, Place<'_>) {
    let mut place = Place::new(written, base);
    let Some(mut at) = odd_break(written) else { return (written.into(), place) };
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    loop {
        let (before, from) = rest.split_at(at);
        let length = from.chars().next().map_or(0, char::len_utf8);
        text += before;
        if !from.starts_with('\r') {
            text.push('\n');
        }
        rest = &from[length..];
        place.ahead.push((text.len(), written.len() - rest.len() - text.len()));
        let Some(next) = odd_break(rest) else { break };
        at = next;
    }
    text += rest;
    (text.into(), place)
}

/// Where the first of these breaks stands; of `\r\r\n`, the first character.
fn odd_break(text: &str) -> Option<usize> {
    let of_unicode = text.find(['\u{85}', '\u{2028}', '\u{2029}']);
    let before = &text[..of_unicode.unwrap_or(text.len())];
    before.find("\r\r\n").or(of_unicode)
}

impl<'a> Place<'a> {
    /// Of a text that is given as it is written.
    pub(crate) fn new(written: &'a str, base: u32) -> Self {
        Place { base, written, ahead: Vec::new() }
    }

    fn written_at(&self, offset: usize) -> usize {
        let known = self.ahead.partition_point(|&(from, _)| from <= offset);
        offset + self.ahead[..known].last().map_or(0, |&(_, by)| by)
    }

    /// Where an offset of the given text stands in the file.
    pub(super) fn at(&self, offset: usize) -> u32 {
        self.base + self.written_at(offset) as u32
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.at(start), self.at(end))
    }

    /// The text of a scalar that was read as `text`: line breaks that are no ordinary ones stay in it as they are, and
    /// are not folded.
    pub(super) fn scalar<'t>(
        &self,
        text: Cow<'t, str>,
        style: Style,
        start: usize,
        end: usize,
    ) -> Result<Cow<'t, str>, Refused> {
        let written = &self.written[self.written_at(start)..self.written_at(end)];
        if self.ahead.is_empty() || !written.contains(SEPARATORS) {
            return Ok(text);
        }
        match style {
            Style::Literal => Ok(literal(&text, written).into()),
            Style::SingleQuoted => Ok(folded(&written[1..written.len() - 1]).replace("''", "'").into()),
            Style::DoubleQuoted if !written.contains('\\') => Ok(folded(&written[1..written.len() - 1]).into()),
            Style::Plain => Ok(folded(written).into()),
            _ => Err(Refused {
                start,
                end,
                message: "U+2028 or U+2029 stands in this text, at which kustomize ends a line",
                help: "write it in double quotes, as `\\L` or `\\P`, and line breaks as `\\n`",
            }),
        }
    }
}

/// The first line break of a text: what is before it, itself, what is behind it.
fn first_break(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])?;
    let (before, from) = text.split_at(at);
    let carriage = from.bytes().take(2).take_while(|&b| b == b'\r').count();
    let length = match from[carriage..].starts_with('\n') {
        true => carriage + 1,
        false => from.chars().next().map_or(0, char::len_utf8),
    };
    Some((before, &from[..length], &from[length..]))
}

fn kept(line_break: &str) -> &str {
    if line_break.starts_with(SEPARATORS) { line_break } else { "\n" }
}

/// Each line of a literal ends as it was written.
fn literal(text: &str, written: &str) -> String {
    let mut rest = first_break(written).map_or("", |(.., content)| content);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        out += line.trim_end_matches('\n');
        if let Some((_, line_break, after)) = first_break(rest).filter(|_| line.ends_with('\n')) {
            out += kept(line_break);
            rest = after;
        }
    }
    out
}

/// The lines of a quoted or plain text, folded: blanks around a break go, one break is a space, further ones stay.
fn folded(written: &str) -> String {
    let mut out = String::new();
    let mut rest = written;
    while let Some((line, first, mut after)) = first_break(rest) {
        out += line.trim_end_matches([' ', '\t']);
        let mut further = String::new();
        loop {
            after = after.trim_start_matches([' ', '\t']);
            match first_break(after) {
                Some(("", line_break, behind)) => (further, after) = (further + kept(line_break), behind),
                _ => break,
            }
        }
        match kept(first) {
            "\n" if further.is_empty() => out.push(' '),
            "\n" => {}
            separator => out += separator,
        }
        out += &further;
        rest = after;
    }
    out + rest
}
