//! Structural-schema validation: whether a document has the shape that its kind wants.
//!
//! Owns: the walk over a document beside its schema, what it finds, and the rules under which that is reported. Must
//! not: know where schemas come from (that is the room `schema`).

mod limits;
mod problem;
mod rules;
mod scalar;
mod validate;
mod verdict;

pub use problem::{Found, Mark, Problem, Violation};
pub use rules::RULES;
pub use validate::validate;
pub use verdict::{Versions, catalogs, judge};
