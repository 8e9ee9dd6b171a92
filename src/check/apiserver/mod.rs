//! What the API server would refuse although the schema allows it. One file a rule.

use super::Rule;

mod config_key;
mod label;
mod name;
mod negative_replicas;
mod secret_base64;
mod selector_mismatch;

/// The rules of this room, by name.
pub const RULES: &[&Rule] = &[
    &config_key::RULE,
    &label::RULE,
    &name::RULE,
    &negative_replicas::RULE,
    &secret_base64::RULE,
    &selector_mismatch::RULE,
];
