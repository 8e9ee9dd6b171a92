//! What good practice refuses: built-in rules, one file each.

use super::Rule;

mod changed_value;
mod image_tag;
mod secret_in_plain_config;

/// The rules of this room, by name.
pub const RULES: &[&Rule] = &[&changed_value::RULE, &image_tag::RULE, &secret_in_plain_config::RULE];
