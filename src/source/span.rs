//! Where something stands in a source: byte spans, and the file they belong to.

use std::ops::Range;

/// A half-open byte range of one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`.
    pub fn new(start: u32, end: u32) -> Self {
        Span { start, end }
    }

    /// The empty span at `offset`.
    pub fn point(offset: u32) -> Self {
        Span { start: offset, end: offset }
    }

    /// The same range as `usize`, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Names one source text of a run. Texts embedded in a file (an inline patch) have an id of their own;
/// [`SourceMap::place`](super::SourceMap::place) leads them back to the file that a person edits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// Ids are 24 bits wide, since a [`Node`](super::Node) packs the scalar's style beside them.
    pub const MAX: u32 = (1 << 24) - 1;

    pub(super) fn from_index(index: usize) -> Option<Self> {
        u32::try_from(index).ok().filter(|&id| id <= Self::MAX).map(FileId)
    }

    /// The id as a number below [`FileId::MAX`].
    pub fn index(self) -> u32 {
        self.0
    }

    pub(super) fn from_bits(bits: u32) -> Self {
        FileId(bits & Self::MAX)
    }
}

/// A span of a file: what a finding's label points at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The source text.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

impl Location {
    /// The bytes `span` of `file`.
    pub fn new(file: FileId, span: Span) -> Self {
        Location { file, span }
    }
}
