//! YAML to [`Node`] and back.

use crate::source::{FileId, Location, Node, Span};

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The content; `None` for an empty document.
    pub root: Option<Node>,
    /// The whole document.
    pub location: Location,
}

/// Something in a text that is not YAML, or not YAML that Kubernetes takes.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What to mark.
    pub location: Location,
    /// What is wrong, in the user's words; lower case, no final period.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that matters (the first of two equal keys), with what to say of it.
    pub related: Option<(Location, String)>,
}

/// The documents of one text, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The documents in order. After a syntax error, those before it.
    pub documents: Vec<Document>,
    /// Syntax errors; the text cannot be used.
    pub errors: Vec<Problem>,
    /// Keys that stand twice in one mapping (the last one won), and the like.
    pub warnings: Vec<Problem>,
    /// Every comment's span, `#` included, in order.
    pub comments: Vec<Span>,
}

/// Parses all documents of `text`.
pub fn parse(text: &str, file: FileId) -> Parsed {
    let _ = (text, file);
    Parsed::default()
}

/// What to say of a file that is not UTF-8.
pub fn not_utf8(bytes: &[u8], file: FileId) -> Parsed {
    let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to()) as u32;
    let problem = Problem {
        location: Location::new(file, Span::point(0)),
        message: format!("this file is not UTF-8 text (first at byte {at})"),
        help: Some(
            "save it as UTF-8; binary data belongs into `configMapGenerator.files` or `secretGenerator.files`".into(),
        ),
        related: None,
    };
    Parsed { errors: vec![problem], ..Parsed::default() }
}
