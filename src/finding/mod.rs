//! What is said to the user.
//!
//! Owns: [`Finding`], [`Severity`], [`Label`], and [`Findings`], the collection that every phase adds to. Must not:
//! know a rule, or render.
//!
//! In: places and words from every room below. Out: findings in a stable order.

#[expect(clippy::module_inception, reason = "the room and its main type share the field's word")]
mod finding;
mod findings;
mod problem;
mod secret_text;
mod suggest;
mod ways;

pub use finding::{Edit, Finding, Label, Severity};
pub use findings::Findings;
pub use problem::{report_problems, report_problems_in};
pub use secret_text::{patch_values, secret_values};
pub use suggest::{nearest, nearest_key};
pub use ways::Ways;
