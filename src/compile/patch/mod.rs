//! Patches: strategic merge and JSON 6902.

mod merge_schema;

pub use merge_schema::MergeSchema;
