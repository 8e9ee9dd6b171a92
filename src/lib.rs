//! kollate.
pub mod check;
pub mod cli;
pub mod compile;
pub mod diff;
pub mod finding;
pub mod project;
pub mod report;
pub mod resource;
pub mod schema;
pub mod source;
