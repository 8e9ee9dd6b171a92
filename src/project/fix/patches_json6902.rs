//! `patchesJson6902` → `patches`: the items are the same.

use super::Stage;
use super::moved::move_list;
use crate::source::edit::End;

/// They go to the end in either order of patches: kustomize applies them last, and `kustomize edit fix` appends.
pub(super) const STAGE: Stage = Stage {
    field: "patchesJson6902",
    change: |file, _| move_list(file, "patchesJson6902", "patches", End::Last, None),
};
