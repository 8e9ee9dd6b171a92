//! Patches: strategic merge and JSON 6902, and the fields that ask for them.

mod advice;
mod apply;
mod field;
mod json6902;
mod merge_schema;
mod merge_table;
mod objects;
pub mod strategic;
mod target;
mod text;

pub use apply::forget_notes;
pub use field::{PATCHES, PATCHES_JSON6902, PATCHES_STRATEGIC_MERGE};
pub use json6902::not_in_json;
pub use merge_schema::{BuiltIn, MergeSchema, SchemaCursor};
pub(super) use target::Target;
