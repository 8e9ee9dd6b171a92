#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skipped")]

mod yaml;
mod yaml_messages;
mod yaml_print;
mod yaml_strings;
