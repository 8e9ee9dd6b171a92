//! A value as a diff may show it. Never a [`Node`](crate::source::Node): a node carries its history, and with it what must not be shown.

use crate::source::{ScalarKind, Symbol};

/// What stands for a masked part of a text.
pub const MASK: &str = "***";

/// A value as a diff may show it. Values of secrets are compared before they get here; only the verdict does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// A scalar: its text without quotes, and what it means.
    Scalar {
        /// The text; may have many lines.
        text: String,
        /// What it means: only [`ScalarKind::String`] may need quotes.
        kind: ScalarKind,
    },
    /// A string with secret parts, which [`MASK`] stands for: `postgres://shop:***@db/orders`.
    Masked {
        /// What may be shown.
        text: String,
    },
    /// A secret.
    Secret {
        /// Whether the other side has a different one, or none.
        changed: bool,
    },
    /// A mapping in its order.
    Map(Vec<(Symbol, Shown)>),
    /// A sequence.
    List(Vec<Shown>),
}

impl Shown {
    /// The text of a scalar, masked or not; `None` for secrets and collections.
    pub fn text(&self) -> Option<&str> {
        match self {
            Shown::Scalar { text, .. } | Shown::Masked { text } => Some(text),
            Shown::Secret { .. } | Shown::Map(_) | Shown::List(_) => None,
        }
    }

    /// Whether anything in it is masked.
    pub fn is_masked(&self) -> bool {
        match self {
            Shown::Scalar { .. } => false,
            Shown::Masked { .. } | Shown::Secret { .. } => true,
            Shown::Map(entries) => entries.iter().any(|(_, value)| value.is_masked()),
            Shown::List(items) => items.iter().any(Shown::is_masked),
        }
    }
}
