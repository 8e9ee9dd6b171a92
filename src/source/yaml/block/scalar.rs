//! Block scalars: `|` and `>`.

use super::{GiveUp, Reader, Result, line_end};
use crate::source::Style;
use crate::source::yaml::event::{Props, Sink};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

/// One line of a block scalar, without its break.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    /// Begins with a blank, so that it is not folded.
    indented: bool,
}

impl<S: Sink> Reader<'_, S> {
    /// A block scalar after an indicator at column `parent`, and the way to the next content.
    pub(super) fn block_scalar(&mut self, parent: Option<usize>) -> Result<bool> {
        // At the top of a document readers disagree about what indentation there is.
        let parent = parent.ok_or(GiveUp)?;
        let start = self.pos;
        let style = if self.bytes[start] == b'|' { Style::Literal } else { Style::Folded };
        let (chomp, hint) = self.header()?;
        let indent = match hint {
            Some(hint) => parent + hint,
            None => self.content_indent(parent)?,
        };
        self.scratch.clear();
        let unfinished =
            if indent > parent { self.block_lines(indent, style, chomp)? } else { self.empty_block(chomp) };
        if unfinished && chomp != Chomp::Strip {
            self.scratch.pop();
        }
        let end = self.pos;
        let span = self.span(start, end);
        self.sink.scalar(&self.scratch, style, span, Props::default());
        self.line = end;
        self.lines()
    }

    fn header(&mut self) -> Result<(Chomp, Option<usize>)> {
        let mut chomp = Chomp::Clip;
        let mut hint = None;
        self.pos += 1;
        for _ in 0..2 {
            match self.byte(self.pos) {
                b'-' if chomp == Chomp::Clip => chomp = Chomp::Strip,
                b'+' if chomp == Chomp::Clip => chomp = Chomp::Keep,
                digit @ b'1'..=b'9' if hint.is_none() => hint = Some(usize::from(digit - b'0')),
                _ => break,
            }
            self.pos += 1;
        }
        self.skip_spaces();
        if self.pos >= self.bytes.len() || !self.at_line_end() {
            return Err(GiveUp);
        }
        self.end_line();
        Ok((chomp, hint))
    }

    /// The indentation of the first line that is not empty; at most `parent` if there is no content.
    fn content_indent(&self, parent: usize) -> Result<usize> {
        let mut line = self.pos;
        let mut deepest = 0;
        while line < self.bytes.len() {
            let spaces = spaces_at(self.bytes, line);
            match self.byte(line + spaces) {
                b'\n' | b'\r' if line + spaces < self.bytes.len() => {
                    deepest = deepest.max(spaces);
                    line = line_end(self.bytes, line) + 1;
                }
                b'\n' => break,
                b'\t' => return Err(GiveUp),
                _ if spaces > parent && deepest > spaces => return Err(GiveUp),
                _ => return Ok(spaces),
            }
        }
        // Blank lines to the end of the text.
        if deepest > parent || line < self.bytes.len() { Err(GiveUp) } else { Ok(0) }
    }

    /// Over the blank lines of a block without content.
    fn empty_block(&mut self, chomp: Chomp) -> bool {
        while self.pos < self.bytes.len() {
            let end = line_end(self.bytes, self.pos);
            if self.bytes[self.pos..end].iter().any(|&b| b != b' ' && b != b'\r') {
                break;
            }
            if end == self.bytes.len() {
                self.pos = end;
                break;
            }
            if chomp == Chomp::Keep {
                self.scratch.push('\n');
            }
            self.pos = end + 1;
        }
        false
    }

    /// Collects the lines from the present one on. Says whether the text ends within the last of them.
    fn block_lines(&mut self, indent: usize, style: Style, chomp: Chomp) -> Result<bool> {
        let mut empty = 0;
        let mut last: Option<Line<'_>> = None;
        let mut unfinished = false;
        while self.pos < self.bytes.len() {
            let end = line_end(self.bytes, self.pos);
            let spaces = spaces_at(&self.bytes[..end], self.pos).min(indent);
            let from = self.pos + spaces;
            let text_end = if end > from && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
            if from >= text_end {
                if end == self.bytes.len() {
                    // Blanks without a line break at the very end: readers disagree.
                    return Err(GiveUp);
                }
                empty += 1;
            } else if spaces < indent {
                if self.bytes[from] == b'\t' {
                    return Err(GiveUp);
                }
                break;
            } else {
                let text = &self.text[from..text_end];
                let line = Line { text, indented: text.starts_with([' ', '\t']) };
                if end == self.bytes.len() && text.trim().is_empty() {
                    return Err(GiveUp);
                }
                join(&mut self.scratch, last, line, empty, style);
                last = Some(line);
                empty = 0;
                unfinished = end == self.bytes.len();
            }
            self.pos = (end + 1).min(self.bytes.len());
        }
        match chomp {
            Chomp::Strip => {}
            Chomp::Clip if last.is_some() => self.scratch.push('\n'),
            Chomp::Clip => {}
            Chomp::Keep => {
                let breaks = empty + usize::from(last.is_some());
                self.scratch.extend(std::iter::repeat_n('\n', breaks));
            }
        }
        Ok(unfinished)
    }
}

/// Adds `line` after `last` and `empty` lines without content.
fn join(out: &mut String, last: Option<Line<'_>>, line: Line<'_>, empty: usize, style: Style) {
    let breaks = match last {
        None => empty,
        Some(last) if style == Style::Folded && !last.indented && !line.indented => {
            if empty == 0 {
                out.push(' ');
            }
            empty
        }
        Some(_) => empty + 1,
    };
    for _ in 0..breaks {
        out.push('\n');
    }
    out.push_str(line.text);
}

fn spaces_at(bytes: &[u8], pos: usize) -> usize {
    bytes[pos..].iter().take_while(|&&b| b == b' ').count()
}
