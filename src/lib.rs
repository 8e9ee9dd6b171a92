//! kollate.
pub mod compile;
pub mod finding;
pub mod resource;
pub mod source;
