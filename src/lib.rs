//! kollate.
pub mod compile;
pub mod diff;
pub mod finding;
pub mod resource;
pub mod source;
