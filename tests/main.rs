//! All integration tests in one binary, since on two cores every further one is another link.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests fail by panicking and say what they skip")]

mod architecture;
mod build;
mod cli;
mod compat;
mod diff;
mod differential;
mod fix;
#[cfg(unix)]
mod functions;
mod git;
#[cfg(unix)]
mod helm;
mod hostile;
mod invariants;
mod kustomize;
mod mistakes;
mod patch;
mod patch_findings;
mod project;
mod remote;
mod report;
mod rules;
mod scale;
mod schema;
mod schema_corpus;
mod support;
mod tables;
mod transform;
mod yaml;
mod yaml_dialect;
mod yaml_messages;
mod yaml_print;
mod yaml_strings;
