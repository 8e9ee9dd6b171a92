//! Quoted scalars and keys.

use super::{GiveUp, KeyAhead, MAX_KEY, Reader, Result};
use crate::source::Style;
use crate::source::yaml::event::{Props, Sink};

impl<S: Sink> Reader<'_, S> {
    /// The place after the closing quote, if it stands on this line; whether the text between stands for itself.
    fn closing_quote(&self, start: usize) -> Option<(usize, bool)> {
        let quote = self.bytes[start];
        let mut literal = true;
        let mut at = start + 1;
        loop {
            match *self.bytes.get(at)? {
                b'\n' | b'\r' => return None,
                b'\\' if quote == b'"' => {
                    literal = false;
                    at += 2;
                }
                b'\'' if quote == b'\'' && self.byte(at + 1) == b'\'' => {
                    literal = false;
                    at += 2;
                }
                byte if byte == quote => return Some((at + 1, literal)),
                _ => at += 1,
            }
        }
    }

    fn style_here(&self) -> Style {
        if self.byte(self.pos) == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted }
    }

    /// The quoted key at the present place, if it is one.
    pub(super) fn quoted_key(&mut self) -> Result<Option<KeyAhead>> {
        let start = self.pos;
        let Some((end, literal)) = self.closing_quote(start) else { return Ok(None) };
        let mut colon = end;
        while self.byte(colon) == b' ' {
            colon += 1;
        }
        if self.byte(colon) != b':' {
            return Ok(None);
        }
        if !self.is_blank_or_end(colon + 1) || end - start > MAX_KEY {
            return Err(GiveUp);
        }
        let style = self.style_here();
        let content = literal.then_some((start + 1, end - 1));
        if !literal {
            self.scratch.clear();
            self.decode(start + 1, end - 1, style)?;
        }
        Ok(Some(KeyAhead { span: (start, end), content, style, after: colon + 1 }))
    }

    /// A quoted scalar, over as many lines as it has.
    pub(super) fn quoted(&mut self, parent: Option<usize>) -> Result {
        let start = self.pos;
        let style = self.style_here();
        match self.closing_quote(start) {
            Some((end, true)) => {
                let span = self.span(start, end);
                self.sink.scalar(&self.text[start + 1..end - 1], style, span, Props::default());
                self.pos = end;
                Ok(())
            }
            Some((end, false)) => {
                self.scratch.clear();
                self.decode(start + 1, end - 1, style)?;
                self.pos = end;
                self.emit_scratch(start, style);
                Ok(())
            }
            None => self.quoted_lines(start, style, parent.ok_or(GiveUp)?),
        }
    }

    fn emit_scratch(&mut self, start: usize, style: Style) {
        let span = self.span(start, self.pos);
        self.sink.scalar(&self.scratch, style, span, Props::default());
    }

    /// Line by line: blanks around a break go, one break is a space, further ones stay.
    fn quoted_lines(&mut self, start: usize, style: Style, parent: usize) -> Result {
        self.scratch.clear();
        let quote = self.bytes[start];
        let mut from = start + 1;
        loop {
            let end = self.quoted_line_end(from, quote)?;
            if self.bytes[end] == quote {
                self.decode(from, end, style)?;
                self.pos = end + 1;
                self.emit_scratch(start, style);
                return Ok(());
            }
            let mut text_end = end;
            while text_end > from && matches!(self.bytes[text_end - 1], b' ' | b'\t') {
                if self.bytes[text_end - 1] == b'\t' && !self.lenient {
                    return Err(GiveUp);
                }
                text_end -= 1;
            }
            // An escaped break or an escaped blank before it.
            if style == Style::DoubleQuoted && trailing_backslashes(&self.bytes[from..text_end]) % 2 == 1 {
                return Err(GiveUp);
            }
            self.decode(from, text_end, style)?;
            self.pos = end;
            let breaks = self.skip_breaks()?;
            if self.column() <= parent && (!self.lenient || self.column() == 0 && self.is_marker()) {
                return Err(GiveUp);
            }
            if breaks == 1 {
                self.scratch.push(' ');
            } else {
                self.scratch.extend(std::iter::repeat_n('\n', breaks - 1));
            }
            from = self.pos;
        }
    }

    /// Counts line breaks up to the next word.
    fn skip_breaks(&mut self) -> Result<usize> {
        let mut breaks = 0;
        loop {
            match self.bytes.get(self.pos).ok_or(GiveUp)? {
                b'\n' => {
                    breaks += 1;
                    self.pos += 1;
                    self.line = self.pos;
                }
                b'\r' | b' ' => self.pos += 1,
                b'\t' if self.lenient => self.pos += 1,
                b'\t' => return Err(GiveUp),
                _ => return Ok(breaks),
            }
        }
    }

    /// The closing quote, or the line's end, at or after `at`.
    fn quoted_line_end(&self, mut at: usize, quote: u8) -> Result<usize> {
        loop {
            match *self.bytes.get(at).ok_or(GiveUp)? {
                b'\n' | b'\r' => return Ok(at),
                b'\\' if quote == b'"' && !matches!(self.byte(at + 1), b'\n' | b'\r') => at += 2,
                b'\'' if quote == b'\'' && self.byte(at + 1) == b'\'' => at += 2,
                byte if byte == quote => return Ok(at),
                _ => at += 1,
            }
        }
    }

    /// Adds the text of a stretch within one line to the scratch text.
    fn decode(&mut self, start: usize, end: usize, style: Style) -> Result {
        let text = &self.text[start..end];
        if style == Style::SingleQuoted {
            let mut rest = text;
            while let Some(at) = rest.find("''") {
                self.scratch.push_str(&rest[..=at]);
                rest = &rest[at + 2..];
            }
            self.scratch.push_str(rest);
            return Ok(());
        }
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            self.scratch.push_str(&rest[..at]);
            // go-yaml takes `\'` for a quote.
            let lenient_quote = self.lenient && rest[at + 1..].starts_with('\'');
            let (c, length) = if lenient_quote { ('\'', 1) } else { unescape(&rest[at + 1..])? };
            self.scratch.push(c);
            rest = &rest[at + 1 + length..];
        }
        self.scratch.push_str(rest);
        Ok(())
    }
}

fn trailing_backslashes(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|&&b| b == b'\\').count()
}

/// The character of the escape after a backslash, and its length.
fn unescape(rest: &str) -> Result<(char, usize)> {
    let c = match rest.as_bytes().first().ok_or(GiveUp)? {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return hexadecimal(rest, 2),
        b'u' => return hexadecimal(rest, 4),
        b'U' => return hexadecimal(rest, 8),
        _ => return Err(GiveUp),
    };
    Ok((c, 1))
}

fn hexadecimal(rest: &str, digits: usize) -> Result<(char, usize)> {
    let code = rest.get(1..=digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit())).ok_or(GiveUp)?;
    let code = u32::from_str_radix(code, 16).map_err(|_| GiveUp)?;
    Ok((char::from_u32(code).ok_or(GiveUp)?, 1 + digits))
}
