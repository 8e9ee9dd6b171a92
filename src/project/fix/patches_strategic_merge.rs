//! `patchesStrategicMerge` → `patches`: the name of a file becomes `path`, all else `patch`.

use super::moved::move_list;
use super::{Change, Context, Manner, Refusal, Stage};
use crate::project::fix::file::File;
use crate::source::edit::{End, Item};
use crate::source::{EntryKind, Node, normalize};

pub(super) const STAGE: Stage = Stage { field: "patchesStrategicMerge", change };

fn change(file: &File, context: &Context<'_>) -> Result<Change, Refusal> {
    let end = match context.options.manner {
        Manner::Upstream => End::Last,
        Manner::AsApplied => End::First,
    };
    let turn = |node: &Node, item: Item| {
        let written = node.text().unwrap_or_default();
        item.under_key(if is_file(written, context) { "path" } else { "patch" })
    };
    move_list(file, STAGE.field, "patches", end, Some(&turn))
}

/// A name that no file has is still no patch, unless it could be one.
fn is_file(written: &str, context: &Context<'_>) -> bool {
    let inline = written.contains(['\n', '{']);
    context.store.kind(&normalize(&context.folder.join(written))) == Some(EntryKind::File) || !inline
}
