//! Patches: strategic merge and JSON 6902, and the fields that ask for them.

mod advice;
mod apply;
mod field;
mod identity;
mod json6902;
mod merge_schema;
mod merge_table;
pub mod notes;
mod objects;
pub mod strategic;
mod target;
mod text;

pub use field::{PATCHES, PATCHES_JSON6902, PATCHES_STRATEGIC_MERGE};
pub use json6902::not_in_json;
pub use merge_schema::{BuiltIn, MergeSchema, SchemaCursor, has_known_scope};
pub use notes::{Notes, forget_notes, read_notes, said, take_over_notes};
pub(super) use target::Target;
