//! Plain scalars, and keys without quotes.

use super::{GiveUp, KeyAhead, MAX_KEY, Reader, Result};
use crate::source::Style;
use crate::source::yaml::event::{Props, Sink};

const PLAIN: u8 = 0;
const COLON: u8 = 1;
const HASH: u8 = 2;
const END: u8 = 3;
const TAB: u8 = 4;

/// What ends a stretch of plain text.
static STOPS: [u8; 256] = {
    let mut table = [PLAIN; 256];
    table[b':' as usize] = COLON;
    table[b'#' as usize] = HASH;
    table[b'\n' as usize] = END;
    table[b'\r' as usize] = END;
    table[b'\t' as usize] = TAB;
    table
};

impl<S: Sink> Reader<'_, S> {
    /// Whether a plain scalar may begin here.
    fn begins_plain(&self) -> bool {
        match self.byte(self.pos) {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => false,
            b'-' | b'?' | b':' => !self.is_blank_or_end(self.pos + 1) && self.byte(self.pos + 1) != b'\t',
            _ => true,
        }
    }

    /// The end of the plain text that begins at `start`, on its line; whether a colon ended it.
    fn plain_end(&self, start: usize) -> Result<(usize, bool)> {
        let mut at = start;
        loop {
            while at < self.bytes.len() && STOPS[self.bytes[at] as usize] == PLAIN {
                at += 1;
            }
            let colon = match self.byte(at) {
                b':' if self.is_blank_or_end(at + 1) => true,
                b'\t' => return Err(GiveUp),
                b':' if self.byte(at + 1) == b'\t' => return Err(GiveUp),
                b'#' if at > start && self.bytes[at - 1] == b' ' => false,
                b':' | b'#' => {
                    at += 1;
                    continue;
                }
                _ => false,
            };
            let mut end = at;
            while end > start && self.bytes[end - 1] == b' ' {
                end -= 1;
            }
            return Ok((end, colon));
        }
    }

    /// The key at the present place, if there is one before the line ends.
    pub(super) fn plain_key(&mut self) -> Result<Option<KeyAhead>> {
        if !self.begins_plain() {
            return Err(GiveUp);
        }
        let start = self.pos;
        let (end, colon) = self.plain_end(start)?;
        if !colon {
            return Ok(None);
        }
        if end - start > MAX_KEY {
            return Err(GiveUp);
        }
        let mut after = end;
        while self.bytes[after] == b' ' {
            after += 1;
        }
        let span = (start, end);
        Ok(Some(KeyAhead { span, content: Some(span), style: Style::Plain, after: after + 1 }))
    }

    /// A plain scalar, over as many lines as it has, and the way to the next content.
    pub(super) fn plain(&mut self, parent: Option<usize>) -> Result<bool> {
        if !self.begins_plain() {
            return Err(GiveUp);
        }
        let start = self.pos;
        let (end, colon) = self.plain_end(start)?;
        if colon {
            return Err(GiveUp);
        }
        self.pos = end;
        self.skip_spaces();
        let comment = self.byte(self.pos) == b'#';
        let more = self.next_content()?;
        if !more || comment || self.column() < Self::least_column(parent) || self.ended_by_comment(end) {
            let span = self.span(start, end);
            self.sink.scalar(&self.text[start..end], Style::Plain, span, Props::default());
            return Ok(more);
        }
        self.plain_lines(start, end, parent)
    }

    /// Whether a comment line stands between `end` and the present place: no scalar goes on after one.
    fn ended_by_comment(&self, end: usize) -> bool {
        self.bytes[end..self.line].contains(&b'#')
    }

    fn plain_lines(&mut self, start: usize, first_end: usize, parent: Option<usize>) -> Result<bool> {
        let mut end = first_end;
        let mut from = start;
        self.scratch.clear();
        loop {
            self.scratch.push_str(&self.text[from..end]);
            let breaks = self.bytes[end..self.pos].iter().filter(|&&b| b == b'\n').count();
            if breaks > 1 {
                self.scratch.extend(std::iter::repeat_n('\n', breaks - 1));
            } else {
                self.scratch.push(' ');
            }
            from = self.pos;
            let (line_end, colon) = self.plain_end(from)?;
            if colon || line_end == from {
                return Err(GiveUp);
            }
            end = line_end;
            self.pos = end;
            self.skip_spaces();
            let comment = self.byte(self.pos) == b'#';
            let more = self.next_content()?;
            if !more || comment || self.column() < Self::least_column(parent) || self.ended_by_comment(end) {
                self.scratch.push_str(&self.text[from..end]);
                let span = self.span(start, end);
                self.sink.scalar(&self.scratch, Style::Plain, span, Props::default());
                return Ok(more);
            }
        }
    }
}
