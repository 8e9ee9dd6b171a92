//! `imageTags` → `images`, after those that are there, as kustomize reads them.

use super::Stage;
use super::moved::move_list;
use crate::source::edit::End;

pub(super) const STAGE: Stage =
    Stage { field: "imageTags", change: |file, _| move_list(file, "imageTags", "images", End::Last, None) };
