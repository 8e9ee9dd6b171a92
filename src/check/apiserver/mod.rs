//! What the API server would refuse although the schema allows it. One file a rule.

use super::Rule;

mod secret_base64;

/// The rules of this room, by name.
pub const RULES: &[&Rule] = &[&secret_base64::RULE];
