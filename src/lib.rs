//! kollate.
pub mod source;
