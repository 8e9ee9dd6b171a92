//! The link step: what refers to something that the build does not have. One file a rule.

use super::Rule;

mod service_selector;

/// The rules of this room, by name.
pub const RULES: &[&Rule] = &[&service_selector::RULE];
