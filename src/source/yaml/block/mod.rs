//! The fast reader: block YAML as people write it, several times faster than the thorough one.
//!
//! Takes block mappings and sequences, plain, quoted and block scalars, and flow collections on one line. At anything
//! else (anchors, tags, tabs, directives, errors of any kind) it gives up, and [`granit`](super::granit) reads the
//! document instead. What it does read must give the same events.

mod flow;
mod plain;
mod quoted;
mod scalar;

use super::build::MAX_DEPTH;
use super::event::{Props, Sink};
use super::granit::Mode;
use crate::source::{Span, Style};

/// The document is not for this reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GiveUp;

type Result<T = ()> = std::result::Result<T, GiveUp>;

/// A key that may be longer than the parsers' limit for keys is left to the thorough reader.
const MAX_KEY: usize = 900;

struct Reader<'a, S> {
    text: &'a str,
    bytes: &'a [u8],
    base: u32,
    pos: usize,
    /// Where the present line begins.
    line: usize,
    depth: usize,
    /// The text of scalars that do not stand in the source as they are.
    scratch: String,
    /// Whether what go-yaml allows beyond the specification is allowed.
    lenient: bool,
    sink: &'a mut S,
}

/// A key found ahead: its text stands at `start..end` in the source, or in the scratch text.
struct KeyAhead {
    span: (usize, usize),
    /// Content in the source; `None` if it is in the scratch text.
    content: Option<(usize, usize)>,
    style: Style,
    /// After the colon.
    after: usize,
}

/// Reads the one document of `text`, whose first byte stands at `base` in its file. `mode` says whether to allow what
/// go-yaml does and the specification does not.
pub(crate) fn read<S: Sink>(text: &str, base: u32, mode: Mode, sink: &mut S) -> Result {
    if !is_ordinary(text) {
        return Err(GiveUp);
    }
    let bytes = text.as_bytes();
    let scratch = String::new();
    let mut reader =
        Reader { text, bytes, base, pos: 0, line: 0, depth: 0, scratch, lenient: mode != Mode::Stream, sink };
    reader.document()
}

/// No control characters, no lone carriage return, nothing that readers disagree about.
fn is_ordinary(text: &str) -> bool {
    let bytes = text.as_bytes();
    // One pass without branches, which the compiler turns into wide instructions.
    let odd = bytes.iter().fold(0u8, |odd, &b| {
        odd | u8::from(b < 0x20 && b != b'\n' && b != b'\t') | u8::from(b == 0x7f) << 1 | u8::from(b >= 0x80) << 2
    });
    odd == 0 || is_ordinary_slow(text, odd)
}

#[cold]
fn is_ordinary_slow(text: &str, odd: u8) -> bool {
    if odd & 2 != 0 {
        return false;
    }
    let controls = text.bytes().filter(|&b| b < 0x20 && b != b'\n' && b != b'\t').count();
    if controls != text.matches("\r\n").count() {
        return false;
    }
    let refused =
        |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    odd & 4 == 0 || !text.contains(refused)
}

impl<S: Sink> Reader<'_, S> {
    fn at(&self, pos: usize) -> u32 {
        self.base + pos as u32
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.at(start), self.at(end))
    }

    fn byte(&self, pos: usize) -> u8 {
        // Past the end is like the end of a line.
        self.bytes.get(pos).copied().unwrap_or(b'\n')
    }

    fn column(&self) -> usize {
        self.pos - self.line
    }

    fn is_blank_or_end(&self, pos: usize) -> bool {
        matches!(self.byte(pos), b' ' | b'\n' | b'\r')
    }

    fn is_dash(&self) -> bool {
        self.byte(self.pos) == b'-' && self.is_blank_or_end(self.pos + 1)
    }

    fn skip_spaces(&mut self) {
        while self.bytes.get(self.pos) == Some(&b' ') {
            self.pos += 1;
        }
    }

    /// Whether the rest of the line holds nothing or a comment.
    fn at_line_end(&self) -> bool {
        // go-yaml asks for no blank before a comment behind a quote, a bracket or the header of a block text.
        let comment = |reader: &Self| reader.lenient || reader.blank_before();
        matches!(self.byte(self.pos), b'\n' | b'\r') || self.byte(self.pos) == b'#' && comment(self)
    }

    fn blank_before(&self) -> bool {
        self.pos == self.line || self.bytes[self.pos - 1] == b' '
    }

    /// From the end of a token to the next content, over comments and empty lines. False at the end of the text.
    fn next_content(&mut self) -> Result<bool> {
        self.skip_spaces();
        if self.pos >= self.bytes.len() {
            return Ok(false);
        }
        if !self.at_line_end() {
            return Err(GiveUp);
        }
        self.end_line();
        self.lines()
    }

    /// Over the rest of a line that is empty or a comment.
    fn end_line(&mut self) {
        if self.byte(self.pos) == b'#' {
            let start = self.pos;
            self.pos = line_end(self.bytes, start);
            let end = if self.bytes[self.pos - 1] == b'\r' { self.pos - 1 } else { self.pos };
            let span = self.span(start, end);
            self.sink.comment(span);
        } else if self.byte(self.pos) == b'\r' {
            self.pos += 1;
        }
        self.pos = (self.pos + 1).min(self.bytes.len());
        self.line = self.pos;
    }

    /// From the start of a line to the next content. False at the end of the text.
    fn lines(&mut self) -> Result<bool> {
        loop {
            self.skip_spaces();
            match self.bytes.get(self.pos) {
                None => return Ok(false),
                Some(b'\n' | b'\r' | b'#') => self.end_line(),
                Some(b'\t') => return Err(GiveUp),
                Some(b'-' | b'.') if self.pos == self.line && self.is_marker() => return Err(GiveUp),
                Some(_) => return Ok(true),
            }
        }
    }

    fn is_marker(&self) -> bool {
        let rest = &self.bytes[self.pos..];
        (rest.starts_with(b"---") || rest.starts_with(b"..."))
            && (self.is_blank_or_end(self.pos + 3) || self.byte(self.pos + 3) == b'\t')
    }

    fn document(&mut self) -> Result {
        let explicit = self.start()?;
        if !explicit && self.pos >= self.bytes.len() {
            return Ok(());
        }
        self.sink.document_start(explicit);
        if self.pos >= self.bytes.len() {
            // The thorough reader knows where an absent document stands.
            return Err(GiveUp);
        }
        if self.node(None)? {
            return Err(GiveUp);
        }
        self.sink.document_end(false);
        Ok(())
    }

    /// To the first content, over a `---`.
    fn start(&mut self) -> Result<bool> {
        loop {
            self.skip_spaces();
            match self.bytes.get(self.pos) {
                Some(b'\n' | b'\r' | b'#') => self.end_line(),
                Some(b'-') if self.pos == self.line && self.is_marker() => {
                    self.pos += 3;
                    self.next_content()?;
                    return Ok(true);
                }
                None => return Ok(false),
                _ if self.pos == self.line && self.is_marker() => return Err(GiveUp),
                Some(b'\t' | b'%') => return Err(GiveUp),
                Some(_) => return Ok(false),
            }
        }
    }

    /// Where a node after an indicator at column `parent` must begin at least.
    fn least_column(parent: Option<usize>) -> usize {
        parent.map_or(0, |column| column + 1)
    }

    /// A node that begins here; its parent's indicator stands at column `parent`. Ends at the next content, and says
    /// whether there is any.
    fn node(&mut self, parent: Option<usize>) -> Result<bool> {
        if self.is_dash() {
            return self.sequence(self.column());
        }
        match self.byte(self.pos) {
            b'|' | b'>' => self.block_scalar(parent),
            b'[' | b'{' => {
                self.flow()?;
                self.next_content()
            }
            b'"' | b'\'' => match self.quoted_key()? {
                Some(key) => self.mapping(self.column(), key),
                None => {
                    self.quoted(parent)?;
                    self.next_content()
                }
            },
            _ => match self.plain_key()? {
                Some(key) => self.mapping(self.column(), key),
                None => self.plain(parent),
            },
        }
    }

    fn enter(&mut self) -> Result {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(GiveUp) } else { Ok(()) }
    }

    fn sequence(&mut self, column: usize) -> Result<bool> {
        self.enter()?;
        let at = self.at(self.pos);
        self.sink.sequence_start(false, at, Props::default());
        let more = loop {
            let dash = self.pos;
            self.pos += 1;
            self.skip_spaces();
            let mut more = true;
            if self.at_line_end() || self.pos >= self.bytes.len() {
                more = self.next_content()?;
                if more && self.column() > column {
                    more = self.node(Some(column))?;
                } else {
                    self.absent(dash + 1);
                }
            } else if self.byte(self.pos) == b'\t' {
                return Err(GiveUp);
            } else {
                more = self.node(Some(column))? && more;
            }
            if !more || self.column() < column {
                break more;
            }
            if self.column() > column {
                return Err(GiveUp);
            }
            if !self.is_dash() {
                break true;
            }
        };
        self.depth -= 1;
        self.sink.collection_end(None);
        Ok(more)
    }

    fn absent(&mut self, at: usize) {
        let span = self.span(at, at);
        self.sink.scalar("", Style::Plain, span, Props::default());
    }

    fn mapping(&mut self, column: usize, mut key: KeyAhead) -> Result<bool> {
        self.enter()?;
        let at = self.at(self.pos);
        self.sink.mapping_start(false, at, Props::default());
        let more = loop {
            self.key(&key);
            let more = self.value(column)?;
            if !more || self.column() < column {
                break more;
            }
            if self.column() > column {
                return Err(GiveUp);
            }
            let next = match self.byte(self.pos) {
                b'"' | b'\'' => self.quoted_key()?,
                _ if self.is_dash() => return Err(GiveUp),
                _ => self.plain_key()?,
            };
            key = next.ok_or(GiveUp)?;
        };
        self.depth -= 1;
        self.sink.collection_end(None);
        Ok(more)
    }

    fn key(&mut self, key: &KeyAhead) {
        let span = self.span(key.span.0, key.span.1);
        let text = match key.content {
            Some((start, end)) => &self.text[start..end],
            None => &self.scratch,
        };
        self.sink.scalar(text, key.style, span, Props::default());
        self.pos = key.after;
    }

    /// The value after a colon, for the mapping at `column`.
    fn value(&mut self, column: usize) -> Result<bool> {
        let colon = self.pos;
        self.skip_spaces();
        if !self.at_line_end() && self.pos < self.bytes.len() {
            return match self.byte(self.pos) {
                b'|' | b'>' => self.block_scalar(Some(column)),
                b'[' | b'{' => {
                    self.flow()?;
                    self.next_content()
                }
                b'"' | b'\'' => {
                    self.quoted(Some(column))?;
                    self.next_content()
                }
                _ => self.plain(Some(column)),
            };
        }
        let more = self.next_content()?;
        if more && (self.column() > column || self.column() == column && self.is_dash()) {
            return if self.is_dash() { self.sequence(self.column()) } else { self.node(Some(column)) };
        }
        self.absent(colon);
        Ok(more)
    }
}

/// The offset of the line break (or the end) at or after `pos`.
fn line_end(bytes: &[u8], pos: usize) -> usize {
    bytes[pos..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |length| pos + length)
}
