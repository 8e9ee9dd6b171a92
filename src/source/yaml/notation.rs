//! The events of a text in the notation of the YAML test suite, to see what a reader sees.

use std::fmt::Write as _;

use super::breaks::Place;
use super::event::{Props, Sink};
use super::granit::{self, Mode};
use super::{block, split};
use crate::source::{Span, Style};

/// Which reader to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The thorough one, over all documents, strictly by the specification.
    Thorough,
    /// The fast one, and the thorough one for what it leaves.
    Fast,
}

#[derive(Default)]
struct Notation {
    out: String,
    open: Vec<bool>,
    spans: bool,
}

/// The events of `text`, one a line. The error is what the thorough reader says.
pub fn events(text: &str, reader: Reader) -> Result<String, String> {
    let mut sink = Notation { out: "+STR\n".into(), ..Notation::default() };
    if reader == Reader::Fast && block::read(text, 0, Mode::Stream, &mut sink).is_ok() {
        return Ok(sink.out + "-STR\n");
    }
    let mut sink = Notation { out: "+STR\n".into(), ..Notation::default() };
    granit::read(text, &Place::new(text, 0), Mode::Stream, &mut sink).map_err(|error| error.to_string())?;
    Ok(sink.out + "-STR\n")
}

/// For each document of `text`, what the fast reader saw (`None` if it left it), and what the thorough one saw
/// (`None` if it refused it). With spans and comments, so that the two can be held against one another.
pub fn compare(text: &str) -> Vec<(Option<String>, Option<String>)> {
    let parts = split::parts(text);
    parts.iter().map(|part| compare_part(&text[part.span.range()], part.span.start)).collect()
}

fn compare_part(text: &str, base: u32) -> (Option<String>, Option<String>) {
    let with = |read: &dyn Fn(&mut Notation) -> bool| {
        let mut sink = Notation { spans: true, ..Notation::default() };
        read(&mut sink).then(|| {
            // The readers come to comments at different times.
            let (comments, nodes): (Vec<&str>, Vec<&str>) = sink.out.lines().partition(|line| line.starts_with('#'));
            nodes.join("\n") + "\n" + &comments.join("\n")
        })
    };
    let fast = with(&|sink| block::read(text, base, Mode::Stream, sink).is_ok());
    let thorough = with(&|sink| granit::read(text, &Place::new(text, base), Mode::First, sink).is_ok());
    (fast, thorough)
}

impl Notation {
    fn line(&mut self, words: &str, props: Props<'_>, span: Span) {
        self.out.push_str(words);
        if let Some(anchor) = props.anchor {
            let _ = write!(self.out, " &{anchor}");
        }
        if let Some(tag) = props.tag {
            let _ = write!(self.out, " <{tag}>");
        }
        self.end(span);
    }

    fn end(&mut self, span: Span) {
        if self.spans {
            let _ = write!(self.out, " @{}..{}", span.start, span.end);
        }
        self.out.push('\n');
    }
}

impl Sink for Notation {
    fn document_start(&mut self, explicit: bool) {
        self.out.push_str(if explicit { "+DOC ---\n" } else { "+DOC\n" });
    }

    fn document_end(&mut self, explicit: bool) {
        self.out.push_str(if explicit { "-DOC ...\n" } else { "-DOC\n" });
    }

    fn scalar(&mut self, text: &str, style: Style, span: Span, props: Props<'_>) {
        let mut words = String::new();
        if let Some(anchor) = props.anchor {
            let _ = write!(words, " &{anchor}");
        }
        if let Some(tag) = props.tag {
            let _ = write!(words, " <{tag}>");
        }
        let mark = match style {
            Style::Plain | Style::Tagged => ':',
            Style::SingleQuoted => '\'',
            Style::DoubleQuoted => '"',
            Style::Literal => '|',
            Style::Folded => '>',
        };
        let _ = write!(self.out, "=VAL{words} {mark}");
        for c in text.chars() {
            match c {
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                c => self.out.push(c),
            }
        }
        self.end(span);
    }

    fn sequence_start(&mut self, flow: bool, at: u32, props: Props<'_>) {
        self.open.push(false);
        self.line(if flow { "+SEQ []" } else { "+SEQ" }, props, Span::point(at));
    }

    fn mapping_start(&mut self, flow: bool, at: u32, props: Props<'_>) {
        self.open.push(true);
        self.line(if flow { "+MAP {}" } else { "+MAP" }, props, Span::point(at));
    }

    fn collection_end(&mut self, at: Option<u32>) {
        let words = if self.open.pop() == Some(true) { "-MAP" } else { "-SEQ" };
        self.line(words, Props::default(), Span::point(at.unwrap_or_default()));
    }

    fn alias(&mut self, name: &str, span: Span) {
        let _ = write!(self.out, "=ALI *{name}");
        self.end(span);
    }

    fn comment(&mut self, span: Span) {
        if self.spans {
            let _ = writeln!(self.out, "# {}..{}", span.start, span.end);
        }
    }
}
