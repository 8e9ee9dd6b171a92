//! What both readers say of a text: the events of one document, in order. They know nothing of nodes.

use crate::source::{Span, Style};

/// The anchor and tag before a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Props<'a> {
    /// The name after `&`.
    pub anchor: Option<&'a str>,
    /// The tag, resolved: `tag:yaml.org,2002:int`, `!local`, `!`.
    pub tag: Option<&'a str>,
}

/// Takes the events of a document.
pub(crate) trait Sink {
    /// A document begins; `explicit` with `---`.
    fn document_start(&mut self, explicit: bool);
    /// The document ends; `explicit` with `...`.
    fn document_end(&mut self, explicit: bool);
    /// A scalar. `text` is without quotes and escapes, `span` as written: with quotes, from `|` or `>` to the line
    /// after the block, and for a scalar that is not there, the empty span after its indicator.
    fn scalar(&mut self, text: &str, style: Style, span: Span, props: Props<'_>);
    /// A sequence begins at its first `-` or its `[`.
    fn sequence_start(&mut self, flow: bool, at: u32, props: Props<'_>);
    /// A mapping begins at its first key or its `{`.
    fn mapping_start(&mut self, flow: bool, at: u32, props: Props<'_>);
    /// The innermost collection ends; at `at`, after its bracket, if it has one.
    fn collection_end(&mut self, at: Option<u32>);
    /// `*name`.
    fn alias(&mut self, name: &str, span: Span);
    /// A comment with its `#`.
    fn comment(&mut self, span: Span);
    /// Something that YAML allows and go-yaml refuses.
    fn refuse(&mut self, _span: Span, _message: &str, _help: &str) {}
    /// Whether the sink has had enough.
    fn stopped(&self) -> bool {
        false
    }
}
