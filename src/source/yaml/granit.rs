//! The thorough reader: events of the `granit-parser` crate, with spans brought to our conventions.
//!
//! Reads anything YAML 1.2 allows. Slower than [`block`](super::block), which leaves to it what is unusual.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};

use super::breaks::Place;
use super::dialect::{self, Refused};
use super::event::{Props, Sink};
use crate::source::{Span, Style};

/// Deeper documents are refused by the sink; the parser's own limits lie above, so that ours speaks first.
const NESTING_LIMIT: usize = 2048;

/// Which documents to read, and how strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Only the first document; what go-yaml accepts (brackets that close at column 0).
    First,
    /// The same, and directives may stand before it.
    Whole,
    /// All documents, strictly by the specification.
    Stream,
}

/// What stood after the end of the first document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    /// A further document begins here.
    pub document: Option<u32>,
}

/// An open collection.
struct Open {
    mapping: bool,
    /// Whether it is within brackets; a pair in a list, `[a: b]`, has none of its own.
    flow: bool,
    /// Its column; within brackets, that of the block around them.
    column: usize,
    /// Whether the next thing in it is a key.
    key_next: bool,
}

struct Adapter<'a> {
    text: &'a str,
    place: &'a Place<'a>,
    /// The collections that are open.
    open: Vec<Open>,
    /// Where the last token ended, in `text`.
    last_end: usize,
    /// The least column of a plain scalar that was the last token.
    after_plain: Option<usize>,
    /// How many brackets are open.
    brackets: usize,
    /// What the parser sees in place of colons that belong to the words before them.
    colon: Option<char>,
    /// Where something was refused last: the gap before a list is that before its first item, too.
    refused: Option<usize>,
    mode: Mode,
}

/// Reads `text`, which stands at `place` in its file.
pub(crate) fn read<S: Sink>(text: &str, place: &Place<'_>, mode: Mode, sink: &mut S) -> Result<Rest, ScanError> {
    let options = granit_parser::options! {
        strict_indentation: mode == Mode::Stream,
        disallow_directives: mode == Mode::First,
        // go-yaml gives a block scalar no final line break if the text ends without one.
        block_scalar_eof_without_line_feed: mode == Mode::First,
        emit_anchor_events: true,
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: NESTING_LIMIT,
        block_nesting_limit: NESTING_LIMIT,
    };
    let hidden = if mode != Mode::Stream { dialect::hide_colons(text) } else { None };
    let seen = hidden.as_ref().map_or(text, |(seen, _)| seen);
    let mut parser = Parser::new_from_str_with_options(seen, options);
    let mut adapter = Adapter {
        text,
        place,
        open: Vec::new(),
        last_end: 0,
        after_plain: None,
        brackets: 0,
        colon: hidden.as_ref().map(|(_, colon)| *colon),
        refused: None,
        mode,
    };
    adapter.refuse(dialect::end_of_nothing(text), sink);
    let mut done = false;
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) if done && *error.kind() == ErrorKind::ExpectedDocumentStart => {
                let at = error.marker().byte_offset().unwrap_or_default();
                adapter.refuse(behind_document(seen, at), sink);
                return Ok(Rest { document: Some(adapter.at(at)) });
            }
            Err(error) => return Err(error),
        };
        let (start, end) = (offset(&span.start), offset(&span.end));
        match event {
            Event::DocumentStart(..) if done => {
                adapter.refuse(behind_document(seen, start), sink);
                return Ok(Rest { document: Some(adapter.at(start)) });
            }
            Event::DocumentStart(explicit, _) => sink.document_start(explicit),
            Event::DocumentEnd => {
                adapter.gap(start, sink);
                sink.document_end(start < end);
                done = mode != Mode::Stream;
            }
            event => {
                if !matches!(event, Event::Comment(..)) {
                    adapter.gap(start, sink);
                }
                adapter.node(event, span, &mut parser, sink)?;
            }
        }
        if sink.stopped() {
            break;
        }
    }
    Ok(Rest::default())
}

/// What begins at `at`, behind the end of the document: go-yaml looks at it as far as to the next token.
fn behind_document(text: &str, at: usize) -> Option<Refused> {
    // Only on a line of its own is a `---` there one.
    let blank = if text[..at].ends_with('\n') { "" } else { " " };
    let rest = format!("{blank}{}", &text[at..]);
    let unread = |error: &ScanError| *error.kind() == ErrorKind::UnknownAnchor;
    let broken = Parser::new_from_str(&rest).take(4).any(|event| event.is_err_and(|error| !unread(&error)));
    broken.then(|| Refused {
        start: at,
        end: at + text[at..].lines().next().map_or(0, |line| line.trim_end().len()),
        message: "this stands behind the end of the document",
        help: "put a line before it that begins with `---`, without a blank before that",
    })
}

fn offset(marker: &granit_parser::Marker) -> usize {
    marker.byte_offset().unwrap_or_default()
}

type Granit<'a> = Parser<'a, StrInput<'a>>;

impl Adapter<'_> {
    fn at(&self, offset: usize) -> u32 {
        self.place.at(offset)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.place.span(start, end)
    }

    /// Looks at what stands between the last token and the one at `start`.
    fn gap<S: Sink>(&mut self, start: usize, sink: &mut S) {
        if self.mode != Mode::Stream && self.brackets == 0 && start > self.last_end {
            let found = dialect::tab_between(self.text, self.last_end, start, self.after_plain);
            self.refuse(found, sink);
        }
    }

    fn refuse<S: Sink>(&mut self, found: Option<Refused>, sink: &mut S) {
        if let Some(Refused { start, end, message, help }) = found
            && self.mode != Mode::Stream
            && self.refused != Some(start)
        {
            self.refused = Some(start);
            sink.refuse(self.span(start, end), message, help);
        }
    }

    fn open(&mut self, mapping: bool, flow: bool, start: usize) {
        self.brackets += usize::from(flow);
        let outer = self.open.last().map_or(0, |around| around.column);
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let column = if flow { outer } else { start - line };
        self.open.push(Open { mapping, flow, column, key_next: mapping });
        self.after_plain = None;
    }

    /// Looks at a node that begins at `start`, which may be a key.
    fn begin<S: Sink>(&mut self, start: usize, end: usize, is_bare: bool, sink: &mut S) {
        let Some(around) = self.open.last_mut().filter(|around| around.mapping) else { return };
        around.key_next = !around.key_next;
        let found = match (around.key_next, around.flow) {
            (true, _) => None,
            (_, true) => dialect::key_apart(self.text, self.last_end, start, end),
            _ if is_bare && start == end => dialect::no_key(self.text, self.last_end, start),
            _ => None,
        };
        self.refuse(found, sink);
    }

    fn node<S: Sink>(
        &mut self,
        event: Event<'_>,
        span: granit_parser::Span,
        parser: &mut Granit<'_>,
        sink: &mut S,
    ) -> Result<(), ScanError> {
        let (start, end) = (offset(&span.start), offset(&span.end));
        match &event {
            Event::Scalar(_, style, 0, None) => self.begin(start, end, *style == ScalarStyle::Plain, sink),
            Event::Alias(_) | Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) => {
                self.begin(start, end, false, sink);
            }
            _ => {}
        }
        match event {
            Event::Comment(..) => sink.comment(self.span(start, end)),
            Event::Alias(_) => {
                sink.alias(&self.text[start + 1..end], self.span(start, end));
                self.last_end = end;
                self.after_plain = None;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let (anchor, tag) = self.props(anchor, tag.as_deref(), &span, parser, sink)?;
                let props = Props { anchor: anchor.as_deref(), tag: tag.as_deref() };
                self.scalar(&text, style, start, end, props, sink);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let (anchor, tag) = self.props(anchor, tag.as_deref(), &span, parser, sink)?;
                let props = Props { anchor: anchor.as_deref(), tag: tag.as_deref() };
                let start = self.sequence_at(style, start);
                sink.sequence_start(style == StructureStyle::Flow, self.at(start), props);
                self.open(false, style == StructureStyle::Flow, start);
                self.last_end = start + usize::from(style == StructureStyle::Flow);
            }
            Event::MappingStart(style, anchor, tag) => {
                let (anchor, tag) = self.props(anchor, tag.as_deref(), &span, parser, sink)?;
                let props = Props { anchor: anchor.as_deref(), tag: tag.as_deref() };
                sink.mapping_start(style == StructureStyle::Flow, self.at(start), props);
                self.open(true, style == StructureStyle::Flow, start);
                if style == StructureStyle::Flow {
                    self.last_end = end;
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.brackets -= usize::from(self.open.pop().is_some_and(|closed| closed.flow));
                sink.collection_end((start < end).then(|| self.at(end)));
                if start < end {
                    self.last_end = end;
                    self.after_plain = None;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The name of the anchor, and the tag, of the node at `span`. The event after an anchored node names its anchor.
    fn props<S: Sink>(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        span: &granit_parser::Span,
        parser: &mut Granit<'_>,
        sink: &mut S,
    ) -> Result<(Option<String>, Option<String>), ScanError> {
        if let Some(tag) = span.tag_span() {
            self.refuse(dialect::tag(self.text, offset(&tag.start), offset(&tag.end)), sink);
        }
        let event = if anchor == 0 { None } else { parser.next_event().transpose()? };
        let anchor = match event {
            Some((Event::Anchor(_, name), span)) => {
                self.refuse(dialect::anchor(self.text, offset(&span.start), offset(&span.end)), sink);
                Some(name.into_owned())
            }
            _ => None,
        };
        Ok((anchor, tag.map(full_tag)))
    }

    fn scalar<S: Sink>(
        &mut self,
        text: &str,
        style: ScalarStyle,
        start: usize,
        end: usize,
        props: Props<'_>,
        sink: &mut S,
    ) {
        let (style, start, end) = match style {
            ScalarStyle::Plain if start == end => {
                let at = self.after_indicator(start);
                sink.scalar("", Style::Plain, self.span(at, at), props);
                self.last_end = at;
                self.after_plain = None;
                return;
            }
            ScalarStyle::Plain => (Style::Plain, start, end),
            ScalarStyle::SingleQuoted => (Style::SingleQuoted, start, end),
            ScalarStyle::DoubleQuoted => (Style::DoubleQuoted, start, end),
            ScalarStyle::Literal => (Style::Literal, self.header(b'|', start), self.block_end(end)),
            ScalarStyle::Folded => (Style::Folded, self.header(b'>', start), self.block_end(end)),
        };
        let end = end.max(start);
        let text = match self.colon {
            Some(colon) => Cow::Owned(text.replace(colon, ":")),
            None => Cow::Borrowed(text),
        };
        let found = match style {
            Style::Literal | Style::Folded => dialect::tab_in_block(self.text, start, end),
            Style::DoubleQuoted => dialect::escape(self.text, start, end),
            Style::Plain if self.brackets > 0 => dialect::plain_in_flow(self.text, start, end),
            _ => None,
        };
        self.refuse(found, sink);
        let text = self.place.scalar(text, style, start, end).unwrap_or_else(|found| {
            self.refuse(Some(found), sink);
            Cow::Borrowed("")
        });
        sink.scalar(&text, style, self.span(start, end), props);
        self.last_end = end;
        let column = self.open.last().map_or(0, |around| around.column + 1);
        self.after_plain = (style == Style::Plain).then_some(column);
    }

    /// Where an absent scalar would stand: after its `:` or `-`.
    fn after_indicator(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        if self.open.last().is_some_and(|around| !around.mapping) {
            return self.find(b'-', start).map_or(start, |at| at + 1);
        }
        let blanks = bytes[start..].iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        if bytes.get(start + blanks) == Some(&b':') { start + blanks + 1 } else { start }
    }

    /// A sequence that is the value of a key may stand at the key's column; its event comes only after the first `-`.
    fn sequence_at(&self, style: StructureStyle, start: usize) -> usize {
        if style == StructureStyle::Block && self.open.last().is_some_and(|around| around.mapping) {
            return self.find(b'-', start).unwrap_or(start);
        }
        start
    }

    /// The block scalar's indicator before its content at `start`.
    fn header(&self, indicator: u8, start: usize) -> usize {
        self.find(indicator, start).unwrap_or(start)
    }

    /// The first token that is `wanted` after the last token and before `limit` (or there).
    fn find(&self, wanted: u8, limit: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.last_end;
        while at <= limit && at < bytes.len() {
            match bytes[at] {
                byte if byte == wanted => return Some(at),
                b'#' => at += line_length(&bytes[at..]),
                b'&' | b'!' => at += bytes[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count(),
                _ => at += 1,
            }
        }
        None
    }

    /// A block scalar ends where the next line begins, not at that line's first word.
    fn block_end(&self, end: usize) -> usize {
        let line = self.text[..end].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        if self.text[line..end].bytes().all(|b| b == b' ' || b == b'\t') && end < self.text.len() { line } else { end }
    }
}

fn line_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&b| b != b'\n' && b != b'\r').count()
}

fn full_tag(tag: &Tag) -> String {
    format!("{}{}", tag.handle(), tag.suffix())
}
