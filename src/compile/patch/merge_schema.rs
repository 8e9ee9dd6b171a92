//! How lists merge under a strategic-merge patch.

/// The merge keys of each kind's lists.
#[derive(Clone, Debug, Default)]
pub struct MergeSchema {}
