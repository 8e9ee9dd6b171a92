//! Patches: strategic merge and JSON 6902.

mod merge_schema;
mod merge_table;
pub mod strategic;

pub use merge_schema::{MergeSchema, SchemaCursor};
