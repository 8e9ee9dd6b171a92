//! Lines without content between two that have some, and which of their comments belong together.

use super::Spot;
use crate::source::Span;

/// A line without content, with the comment on it.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) column: usize,
    pub(super) comment: Option<Span>,
}

/// Lines without content, and what is around them.
pub(super) struct Gap {
    pub(super) lines: Vec<Line>,
    /// Where the content before them ends.
    pub(super) start: u32,
    /// Where there is content again, or the document ends.
    pub(super) end: u32,
    /// The column of the innermost collection in lines before them.
    pub(super) indent: usize,
    /// Whether a comment right below what stands before may be its foot: not below a value that is yet to come.
    pub(super) has_foot: bool,
    /// The column of the next content.
    pub(super) next_column: Option<usize>,
}

/// Some lines of comment that belong together.
pub(super) struct Piece {
    pub(super) spot: Spot,
    /// Each, and whether there is an empty one behind it.
    pub(super) lines: Vec<(Span, bool)>,
    pub(super) column: usize,
    /// Whether an empty line, or the end, makes it the foot of something less deep.
    pub(super) apart: bool,
}

impl Gap {
    /// The comments of the gap, as go-yaml's scanner takes them together.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut open: Option<(usize, usize, Piece)> = None;
        let (mut first_empty, mut recent_empty) = (true, false);
        for (at, line) in self.lines.iter().enumerate() {
            let Some(comment) = line.comment else {
                if let Some((first, column, mut piece)) = open.take() {
                    let is_foot = first == 0 && self.has_foot || column < self.indent;
                    if first_empty && !recent_empty && is_foot {
                        piece.spot = Spot::Foot;
                        piece.apart = column < self.indent || !pieces.is_empty();
                        pieces.push(piece);
                    } else {
                        piece.lines.last_mut().into_iter().for_each(|(_, blank)| *blank = true);
                        open = Some((first, column, piece));
                    }
                }
                (first_empty, recent_empty) = (false, true);
                continue;
            };
            if let Some((.., mut piece)) = open.take_if(|open| line.column < self.indent && line.column != open.1) {
                piece.spot = Spot::Foot;
                // What comes behind another foot is parted from the content before by that.
                piece.apart = !pieces.is_empty();
                pieces.push(piece);
            }
            let (_, _, piece) = open.get_or_insert_with(|| {
                (at, line.column, Piece { spot: Spot::Head, lines: Vec::new(), column: line.column, apart: false })
            });
            piece.lines.push((comment, false));
            recent_empty = false;
        }
        match (open, self.next_column) {
            (Some((_, column, mut piece)), Some(next)) => {
                if next < self.indent && next != column {
                    piece.spot = Spot::Foot;
                    piece.apart = !pieces.is_empty();
                }
                pieces.push(piece);
            }
            // The end is like an empty line, and nothing has a head there.
            (Some((first, column, mut piece)), None) => {
                if first_empty && !recent_empty && (first == 0 && self.has_foot || column < self.indent) {
                    piece.spot = Spot::Foot;
                    piece.apart = column < self.indent || !pieces.is_empty();
                    pieces.push(piece);
                }
            }
            (None, _) => {}
        }
        pieces
    }
}
