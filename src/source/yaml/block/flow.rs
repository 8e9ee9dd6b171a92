//! Flow collections that stand on one line: `[a, "b"]`, `{key: value}`.

use super::{GiveUp, Reader, Result};
use crate::source::Style;
use crate::source::yaml::dialect;
use crate::source::yaml::event::{Props, Sink};

impl<S: Sink> Reader<'_, S> {
    /// A flow collection that begins here.
    pub(super) fn flow(&mut self) -> Result {
        self.enter()?;
        let mapping = self.bytes[self.pos] == b'{';
        let at = self.at(self.pos);
        let close = if mapping { b'}' } else { b']' };
        if mapping {
            self.sink.mapping_start(true, at, Props::default());
        } else {
            self.sink.sequence_start(true, at, Props::default());
        }
        self.pos += 1;
        self.skip_spaces();
        let mut first = true;
        while first || self.byte(self.pos) != close {
            if first && self.byte(self.pos) == close {
                break;
            }
            first = false;
            if mapping {
                self.flow_key()?;
            }
            self.flow_node()?;
            self.skip_spaces();
            match self.byte(self.pos) {
                b',' => {
                    self.pos += 1;
                    self.skip_spaces();
                    // A comma before the bracket is allowed, and rare.
                    if self.byte(self.pos) == close {
                        return Err(GiveUp);
                    }
                }
                byte if byte == close => {}
                _ => return Err(GiveUp),
            }
        }
        self.pos += 1;
        self.depth -= 1;
        let end = self.at(self.pos);
        self.sink.collection_end(Some(end));
        // `[a]: b` is a key.
        if self.byte(self.pos) == b':' { Err(GiveUp) } else { Ok(()) }
    }

    fn flow_key(&mut self) -> Result {
        if matches!(self.byte(self.pos), b'[' | b'{') {
            return Err(GiveUp);
        }
        self.flow_node()?;
        self.skip_spaces();
        if self.byte(self.pos) != b':' || self.byte(self.pos + 1) != b' ' {
            return Err(GiveUp);
        }
        self.pos += 1;
        self.skip_spaces();
        Ok(())
    }

    fn flow_node(&mut self) -> Result {
        match self.byte(self.pos) {
            b'[' | b'{' => self.flow(),
            b'"' | b'\'' => {
                let line = self.line;
                self.quoted(None)?;
                // The colon may stand right behind a quoted key; that is for the thorough reader.
                if self.line != line { Err(GiveUp) } else { Ok(()) }
            }
            _ => self.flow_plain(),
        }
    }

    fn flow_plain(&mut self) -> Result {
        let start = self.pos;
        if !self.bytes.get(start).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'$')) {
            return Err(GiveUp);
        }
        let mut at = start;
        // Of a `?` go-yaml takes another view.
        while !matches!(self.byte(at), b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'\r' | b'\t' | b'#' | b'?') {
            if self.byte(at) == b':' && !self.byte(at + 1).is_ascii_alphanumeric() {
                at += usize::from(self.lenient && dialect::colon_belongs(self.text, at));
                break;
            }
            at += 1;
        }
        if !matches!(self.byte(at), b',' | b']' | b'}' | b':') {
            return Err(GiveUp);
        }
        let mut end = at;
        while self.bytes[end - 1] == b' ' {
            end -= 1;
        }
        let span = self.span(start, end);
        self.sink.scalar(&self.text[start..end], Style::Plain, span, Props::default());
        self.pos = end;
        Ok(())
    }
}
