//! What validation finds, as data. No value of the document is kept unless its schema lists the values that fit:
//! any other may be a secret.

use std::fmt;

use crate::schema::{Format, Type, Versions};
use crate::source::{FieldPath, Node, ScalarKind, View};

/// One thing that does not fit the schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Where: the field itself or, for a missing one, the object that lacks it. List items by index.
    pub path: FieldPath,
    /// What of it to mark.
    pub mark: Mark,
    /// What is wrong.
    pub problem: Problem,
}

/// The half of an entry that a finding points at. A list item has only a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The key.
    Key,
    /// The value.
    Value,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The object has no such field.
    UnknownField {
        /// The field.
        name: String,
        /// A field that it has, with a name much like it, or the place a level deeper where the field belongs.
        suggestion: Option<String>,
        /// The versions of Kubernetes that have the field.
        versions: Versions,
    },
    /// The object must have a field that it lacks, or has as null.
    MissingField {
        /// The field.
        name: String,
    },
    /// The value is of another type.
    WrongType {
        /// What the schema wants.
        expected: Type,
        /// What the document has.
        found: Found,
    },
    /// The text or number is not in the format.
    WrongFormat {
        /// The format.
        format: Format,
    },
    /// The text is not a quantity.
    NotAQuantity,
    /// The value is none of those that fit.
    NotInEnum {
        /// The value.
        found: String,
        /// Those that fit.
        allowed: Vec<String>,
        /// The one much like it.
        suggestion: Option<String>,
    },
    /// Two items of a list are the same thing.
    DuplicateItem {
        /// The keys that tell items apart and their values; empty for a set, whose values do so themselves.
        keys: Vec<(String, String)>,
        /// Index of the first.
        first: usize,
    },
    /// The value breaks a limit that the CRD sets, such as `at least 1` or `at most 63 characters`.
    Limit {
        /// What it must be.
        must_be: String,
    },
    /// The value must fit one of several schemas (exactly one if `fitting` is not 0), and does not.
    NoAlternative {
        /// How many it fits.
        fitting: usize,
    },
    /// The value fits a schema that it must not fit.
    Excluded,
}

/// The type of a value in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A mapping.
    Mapping,
    /// A list.
    List,
    /// A scalar.
    Scalar(ScalarKind),
}

impl Found {
    pub(super) fn of(node: &Node) -> Found {
        match node.view() {
            View::Mapping(_) => Found::Mapping,
            View::Sequence(_) => Found::List,
            View::Scalar(_, kind) => Found::Scalar(kind),
        }
    }

    /// As a message says it, with its article.
    pub fn article(self) -> &'static str {
        match self {
            Found::Mapping => "a mapping",
            Found::List => "a list",
            Found::Scalar(ScalarKind::Null) => "null",
            Found::Scalar(ScalarKind::Bool) => "a boolean",
            Found::Scalar(ScalarKind::Int) => "an integer",
            Found::Scalar(ScalarKind::Float) => "a number",
            Found::Scalar(ScalarKind::String | ScalarKind::Timestamp | ScalarKind::Binary) => "a string",
        }
    }
}

impl fmt::Display for Problem {
    /// The message of a finding: what is wrong, in a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::UnknownField { name, .. } => write!(f, "unknown field `{name}`"),
            Problem::MissingField { name } => write!(f, "missing field `{name}`"),
            Problem::WrongType { expected, found } => {
                write!(f, "expected {}, found {}", expected.article(), found.article())
            }
            Problem::WrongFormat { format } => write!(f, "expected {}", format.article()),
            Problem::NotAQuantity => write!(f, "expected a quantity such as `500m` or `1Gi`"),
            Problem::NotInEnum { found, allowed, .. } => {
                write!(f, "`{found}` is none of {}", listed(allowed.iter()))
            }
            Problem::DuplicateItem { keys, first } if keys.is_empty() => write!(f, "the same value as item {first}"),
            Problem::DuplicateItem { keys, first } => {
                let keys: Vec<String> = keys.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                write!(f, "{} is also in item {first}", listed(keys.iter()))
            }
            Problem::Limit { must_be } => write!(f, "must be {must_be}"),
            Problem::NoAlternative { fitting: 0 } => write!(f, "fits none of the alternatives in the schema"),
            Problem::NoAlternative { fitting } => {
                write!(f, "fits {fitting} of the alternatives in the schema, and must fit one")
            }
            Problem::Excluded => write!(f, "has a form that the schema excludes"),
        }
    }
}

impl Problem {
    /// What to do about it, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Problem::UnknownField { suggestion: Some(name), .. } => Some(format!("did you mean `{name}`?")),
            Problem::UnknownField { versions, .. } if !versions.is_empty() => {
                Some(format!("Kubernetes {versions} has it"))
            }
            Problem::NotInEnum { suggestion: Some(value), .. } => Some(format!("did you mean `{value}`?")),
            Problem::WrongType { expected: Type::String, found: Found::Scalar(kind) } if *kind != ScalarKind::Null => {
                Some("put the value in quotes".to_owned())
            }
            _ => None,
        }
    }
}

fn listed<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    texts.map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}
