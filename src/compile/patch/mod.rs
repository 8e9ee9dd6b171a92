//! Patches: strategic merge and JSON 6902, and the fields that ask for them.

mod apply;
mod field;
mod json6902;
mod merge_schema;
mod merge_table;
pub mod strategic;
mod target;
mod text;

pub use field::{PATCHES, PATCHES_JSON6902, PATCHES_STRATEGIC_MERGE};
pub use merge_schema::{MergeSchema, SchemaCursor};
pub(super) use target::Target;
