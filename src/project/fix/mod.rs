//! `kollate fix`: deprecated fields of a kustomization, rewritten as `kustomize edit fix` does, but as edits of the
//! text, which keep its comments, order and layout.
//!
//! Owns: what each field becomes. Must not: build; whether a rewrite is right is proved by `compile::prove`.
//!
//! In: a kustomization file. Out: a [`Rewrite`], or the finding that says why there is none. One file a field.

mod bases;
mod common_labels;
mod file;
mod generator_env;
mod header;
mod helm;
mod image_tags;
mod moved;
mod patches_json6902;
mod patches_strategic_merge;
mod secrets;
mod var_uses;
mod vars;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::source::edit::{EditError, Edits};
use crate::source::{Location, Node, Span, Store, yaml};
use file::File;
pub use secrets::masked;

/// In which order patches of several fields come to stand in `patches`, and what a replacement aims at that takes the
/// place of a var in a patch without a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// As `kustomize edit fix` writes them: `patches`, `patchesJson6902`, `patchesStrategicMerge`; the replacement aims
    /// at all of the patch's namespace.
    #[default]
    Upstream,
    /// As kustomize applies them: `patchesStrategicMerge`, `patches`, `patchesJson6902`; the replacement aims at the
    /// object that the patch changes.
    AsApplied,
}

/// What to rewrite, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct FixOptions {
    /// Whose manner.
    pub manner: Manner,
    /// Whether `vars` become `replacements`.
    pub vars: bool,
    /// Only this field.
    pub only: Option<&'static str>,
}

/// What becomes of a kustomization, and of files that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// The kustomization file.
    pub path: PathBuf,
    /// Its new text.
    pub text: String,
    /// The fields that were rewritten, with where they stand in the old text.
    pub fields: Vec<(&'static str, Location)>,
    /// Edits of other files: placeholders where vars stood.
    pub others: BTreeMap<PathBuf, Edits>,
}

/// The kustomization and what it is rewritten with.
struct Context<'a> {
    store: &'a Store,
    folder: &'a Path,
    options: FixOptions,
}

/// What one field asks for.
#[derive(Default)]
struct Change {
    edits: Edits,
    others: BTreeMap<PathBuf, Edits>,
}

/// Why a field is not rewritten.
enum Refusal {
    Edit(EditError),
    Words { message: String, help: &'static str },
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Self {
        Refusal::Edit(error)
    }
}

/// One field and what becomes of it.
struct Stage {
    field: &'static str,
    change: fn(&File, &Context<'_>) -> Result<Change, Refusal>,
}

/// In this order: each stage reads what the one before has written.
const STAGES: &[Stage] = &[
    bases::STAGE,
    image_tags::STAGE,
    generator_env::CONFIG_MAP_STAGE,
    generator_env::SECRET_STAGE,
    helm::STAGE,
    common_labels::STAGE,
    patches_json6902::STAGE,
    patches_strategic_merge::STAGE,
    vars::STAGE,
    header::STAGE,
];

/// Rewrites the kustomization file `path`. `None` if there is nothing to do, or the file cannot be read, which a build
/// says.
pub fn rewrite(store: &Store, path: &Path, options: FixOptions) -> Result<Option<Rewrite>, Box<Finding>> {
    let Ok(loaded) = store.load(path) else { return Ok(None) };
    let Some(old) = loaded.text.clone() else { return Ok(None) };
    let Some(original) = File::read(&old, loaded.file) else { return Ok(None) };
    let folder = path.parent().unwrap_or(Path::new("/"));
    let context = Context { store, folder, options };
    let mut rewrite =
        Rewrite { path: path.to_path_buf(), text: old.to_string(), fields: Vec::new(), others: BTreeMap::new() };
    let mut file = original.clone();
    for stage in STAGES.iter().filter(|stage| options.only.is_none_or(|only| only == stage.field)) {
        let place = || original.place(stage.field);
        let change =
            (stage.change)(&file, &context).map_err(|refusal| Box::new(refused(stage.field, place(), refusal)))?;
        if change.edits.is_empty() {
            continue;
        }
        let failed = |error| Box::new(refused(stage.field, place(), Refusal::Edit(error)));
        let text = change.edits.apply(&rewrite.text).map_err(failed)?;
        file = File::read(&text, loaded.file)
            .filter(|file| file.doubled.is_none() || original.doubled.is_some())
            .ok_or_else(|| failed(EditError::Unusual(place().span, "a text that would be no YAML after the edit")))?;
        rewrite.text = text;
        rewrite.fields.push((stage.field, place()));
        change.others.into_iter().for_each(|(path, edits)| rewrite.others.entry(path).or_default().merge(&edits));
    }
    if rewrite.fields.is_empty() {
        return Ok(None);
    }
    if let Some(twice) = original.doubled {
        return Err(Box::new(twice_finding(twice)));
    }
    Ok(Some(rewrite))
}

/// Whether the kustomization file `path` has `vars`.
pub fn has_vars(store: &Store, path: &Path) -> bool {
    let Ok(loaded) = store.load(path) else { return false };
    let file = loaded.text.as_deref().and_then(|text| File::read(text, loaded.file));
    file.is_some_and(|file| file.entry("vars").is_some_and(|entry| !entry.value.is_empty()))
}

fn twice_finding(at: Location) -> Finding {
    Finding::error("fix/refused", "this kustomization is not rewritten, since a key stands in it twice")
        .at(at, "only the last one counts")
        .help("take one of them out, then run `kollate fix` again")
}

fn refused(field: &str, at: Location, refusal: Refusal) -> Finding {
    let finding = |words: &str| {
        Finding::error("fix/refused", format!("`{field}` is not rewritten: {words}")).at(at, "stays as it is")
    };
    match refusal {
        Refusal::Words { message, help } => finding(&message).help(help),
        Refusal::Edit(EditError::Anchor(_)) => finding("an anchor or alias would be cut off from its like")
            .help("write the value out where the alias stands, then run `kollate fix` again"),
        Refusal::Edit(EditError::Unusual(_, words)) => finding(&format!("this is {words}"))
            .help("write it as a plain block list or mapping, then run `kollate fix` again"),
        Refusal::Edit(EditError::Overlap(..) | EditError::OutOfText(_)) => {
            finding("its edits share the same text").help("rewrite it by hand")
        }
    }
}

/// A mapping as the lines that kustomize would print for it.
fn printed_lines(node: &Node) -> Vec<String> {
    let mut text = String::new();
    // A mapping of strings and integers can always be printed.
    let _ = yaml::print(node, &mut text);
    text.lines().map(str::to_owned).collect()
}

/// The place of a whole file.
fn whole(file: crate::source::FileId) -> Location {
    Location::new(file, Span::point(0))
}
