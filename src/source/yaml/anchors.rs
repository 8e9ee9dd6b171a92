//! Where a text has anchors and aliases. Nodes do not say: an alias is the node that its anchor names.

use super::breaks;
use super::event::{Props, Sink};
use super::granit::{self, Mode};
use super::split;
use crate::source::{Span, Style};

struct Marks<'a> {
    text: &'a str,
    spans: Vec<Span>,
}

impl Marks<'_> {
    /// The anchor of the node that begins at `start`: the nearest such word before it.
    fn anchor(&mut self, start: u32, props: Props<'_>) {
        let Some(name) = props.anchor else { return };
        let word = format!("&{name}");
        if let Some(at) = self.text.get(..start as usize).and_then(|before| before.rfind(&word)) {
            self.spans.push(Span::new(at as u32, (at + word.len()) as u32));
        }
    }
}

impl Sink for Marks<'_> {
    fn document_start(&mut self, _: bool) {}
    fn document_end(&mut self, _: bool) {}
    fn scalar(&mut self, _: &str, _: Style, span: Span, props: Props<'_>) {
        self.anchor(span.start, props);
    }
    fn sequence_start(&mut self, _: bool, at: u32, props: Props<'_>) {
        self.anchor(at, props);
    }
    fn mapping_start(&mut self, _: bool, at: u32, props: Props<'_>) {
        self.anchor(at, props);
    }
    fn collection_end(&mut self, _: Option<u32>) {}
    fn alias(&mut self, _: &str, span: Span) {
        self.spans.push(span);
    }
    fn comment(&mut self, _: Span) {}
}

/// Every `&name` and `*name` of a text, in order. What stands after a syntax error is not seen.
pub fn anchors(text: &str) -> Vec<Span> {
    let mut marks = Marks { text, spans: Vec::new() };
    if !text.contains(['&', '*']) {
        return marks.spans;
    }
    for part in split::parts(text) {
        let mut start = part.span.start;
        if text[part.span.range()].starts_with('\u{feff}') {
            start += '\u{feff}'.len_utf8() as u32;
        }
        // What the reader refuses was reported when the text was parsed.
        let (given, place) = breaks::ordinary(&text[start as usize..part.span.end as usize], start);
        let _ = granit::read(&given, &place, Mode::First, &mut marks);
    }
    marks.spans.sort_unstable();
    marks.spans
}

#[cfg(test)]
mod tests {
    use super::anchors;

    #[test]
    fn finds_anchors_and_aliases_and_nothing_that_looks_so() {
        let text = "a: &x\n  b: 1\nc: *x\nd: 'not &this'\n---\ne: [&y 1, *y] # nor &that\n";
        let words: Vec<&str> = anchors(text).into_iter().map(|span| &text[span.range()]).collect();
        assert_eq!(words, ["&x", "*x", "&y", "*y"]);
    }
}
