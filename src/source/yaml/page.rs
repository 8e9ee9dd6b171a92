//! A document as it stands in its text: lines, columns and comments of its keys and values.

use std::collections::HashMap;

use super::attached::{Attached, Owner, Spot, attached};
use super::build::Builder;
use super::granit::Mode;
use super::split;
use crate::source::{FileId, Source, Span};

/// One document of a text.
#[derive(Debug)]
pub(crate) struct Page {
    document: Span,
    comments: HashMap<(Owner, Spot), String>,
}

impl Page {
    /// The document around an offset.
    pub(crate) fn around(at: u32, text: &str, file: FileId) -> Option<Page> {
        let parts = split::parts(text);
        let document = parts.into_iter().map(|part| part.span).find(|span| span.start <= at && at <= span.end)?;
        let mut builder = Builder::new(file);
        super::read(&text[document.range()], Mode::Whole, document.start, file, &mut builder);
        builder.comments.sort_unstable();
        let root = builder.root.take()?;
        let mut comments: HashMap<(Owner, Spot), String> = HashMap::new();
        for Attached { owner, spot, text, .. } in attached(&root, &builder.comments, text, document) {
            let all = comments.entry((owner, spot)).or_default();
            all.extend((!all.is_empty()).then_some('\n'));
            *all += &text;
        }
        Some(Page { document, comments })
    }

    /// Whether an offset is in this document.
    pub(crate) fn holds(&self, at: u32) -> bool {
        self.document.start <= at && at <= self.document.end
    }

    /// Line and column of an offset, from 1, in the document. `source` is the file.
    pub(crate) fn place(&self, at: u32, source: &Source) -> (usize, usize) {
        let lines_to = |at: u32| source.lines().partition_point(|&start| start <= at);
        let (first, own) = (lines_to(self.document.start), lines_to(at));
        let start = source.lines()[own - 1].max(self.document.start);
        (own - first + 1, source.text[start as usize..at as usize].chars().count() + 1)
    }

    /// The comments above, behind and below a key or value.
    pub(crate) fn comments(&self, owner: Owner) -> [&str; 3] {
        [Spot::Head, Spot::Line, Spot::Foot].map(|spot| self.comments.get(&(owner, spot)).map_or("", String::as_str))
    }
}
