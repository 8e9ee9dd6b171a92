//! Finds the kustomization file of a folder.

use std::path::{Path, PathBuf};

use crate::finding::{Finding, nearest};
use crate::source::{EntryKind, Location, ReadError, Span, Store, normalize};

use super::{FILE_NAMES, quoted};

/// The kustomization files that stand in `folder`: one if all is well.
pub fn kustomization_files(store: &Store, folder: &Path) -> Vec<PathBuf> {
    let candidates = FILE_NAMES.iter().map(|name| folder.join(name));
    candidates.filter(|path| store.kind(path) == Some(EntryKind::File)).collect()
}

/// The kustomization file of `folder`. None or several are a finding, which points at nothing if there is none: the
/// caller adds the place that named the folder.
pub fn kustomization_file(store: &Store, folder: &Path) -> Result<PathBuf, Box<Finding>> {
    only(store, folder, AskedBy::User)
}

/// The same for a folder that a kustomization names.
pub fn base_file(store: &Store, folder: &Path) -> Result<PathBuf, Box<Finding>> {
    only(store, folder, AskedBy::Kustomization)
}

/// Who names a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AskedBy {
    User,
    /// What lies around the folder is mostly the one that asks, or includes it.
    Kustomization,
}

fn only(store: &Store, folder: &Path, asked: AskedBy) -> Result<PathBuf, Box<Finding>> {
    let mut files = kustomization_files(store, folder);
    match files.len() {
        0 => Err(Box::new(none(store, folder, asked))),
        1 => Ok(files.remove(0)),
        _ => Err(Box::new(several(store, folder, &files))),
    }
}

fn none(store: &Store, folder: &Path, asked: AskedBy) -> Finding {
    let shown = store.shown(folder);
    let message = match store.kind(folder) {
        None => return missing_folder(store, folder),
        Some(EntryKind::File) => format!("`{shown}` is a file, and a folder with a kustomization is needed here"),
        Some(EntryKind::Folder) => format!("no kustomization in `{shown}`"),
    };
    if let Some(finding) = dangling(store, folder) {
        return finding;
    }
    if let Some(name) = misnamed(store, folder) {
        let path = store.shown(&folder.join(name));
        let help = format!("rename `{path}` to `{}`", FILE_NAMES[0]);
        return Finding::error("project/no-kustomization", message).help(help);
    }
    let near = near(store, folder, asked);
    let finding = Finding::error("project/no-kustomization", message);
    match near.as_slice() {
        [] => finding.help(format!("create `{}`", store.shown(&folder.join(FILE_NAMES[0])))),
        [one] => finding.help(format!("did you mean {}?", quoted(&[one]))),
        several => finding.help(format!("did you mean one of {}?", quoted(several))),
    }
}

/// What to say if the file is a symlink that leads nowhere.
fn dangling(store: &Store, folder: &Path) -> Option<Finding> {
    FILE_NAMES.iter().find_map(|name| {
        let path = folder.join(name);
        let Err(ReadError::Dangling(to)) = store.load(&path) else { return None };
        let message = format!("`{}` is a symlink to `{to}`, which does not exist", store.shown(&path));
        let help = format!("create `{to}`, or put a file in place of the link");
        Some(Finding::error("project/no-kustomization", message).help(help))
    })
}

/// A file in `folder` whose name is nearly that of a kustomization.
fn misnamed(store: &Store, folder: &Path) -> Option<String> {
    let is_near = |name: &str| {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let known = ["kustomization", "kustomize", "kustomise"];
        ["", "yaml", "yml", "json"].contains(&ending) && nearest(stem, known).is_some()
    };
    let names = store.files().list(folder).ok()?;
    names.into_iter().find(|(name, kind)| *kind == EntryKind::File && is_near(name)).map(|(name, _)| name)
}

fn missing_folder(store: &Store, folder: &Path) -> Finding {
    let finding = Finding::error("project/missing-path", format!("`{}` does not exist", store.shown(folder)));
    match nearest_name(store, folder) {
        Some(near) => finding.help(format!("did you mean `{}`?", store.shown(&near))),
        None => finding.help("name a folder with a kustomization"),
    }
}

fn several(store: &Store, folder: &Path, files: &[PathBuf]) -> Finding {
    let names: Vec<String> = files.iter().map(|file| store.shown(file)).collect();
    let message = format!("`{}` has {} kustomization files: {}", store.shown(folder), files.len(), quoted(&names));
    let finding = Finding::error("project/two-kustomizations", message)
        .help(format!("kustomize refuses to choose: keep `{}` and delete the rest", names[0]));
    let starts = files.iter().filter_map(|file| Some(Location::new(store.load(file).ok()?.file, Span::point(0))));
    starts.enumerate().fold(finding, |finding, (index, start)| match index {
        0 => finding.at(start, "one"),
        _ => finding.related(start, "another"),
    })
}

/// How many folders are named at most.
const MAX_NEAR: usize = 5;

/// Folders near `folder` that have a kustomization: those below it, nearest first, else the first one above it.
fn near(store: &Store, folder: &Path, asked: AskedBy) -> Vec<String> {
    let children = subfolders(store, folder);
    let grandchildren: Vec<PathBuf> = children.iter().flat_map(|child| subfolders(store, child)).collect();
    let below: Vec<PathBuf> = children.into_iter().chain(grandchildren).filter(|path| has_one(store, path)).collect();
    let above = || folder.ancestors().skip(1).find(|folder| has_one(store, folder)).map(Path::to_path_buf);
    let found = match asked {
        AskedBy::User if below.is_empty() => above().into_iter().collect(),
        _ => below,
    };
    found.iter().take(MAX_NEAR).map(|path| store.shown(path)).collect()
}

fn has_one(store: &Store, folder: &Path) -> bool {
    !kustomization_files(store, folder).is_empty()
}

/// How many folders are looked into at one level.
const MAX_SUBFOLDERS: usize = 100;

fn subfolders(store: &Store, folder: &Path) -> Vec<PathBuf> {
    let names = store.files().list(folder).unwrap_or_default();
    let folders = names.into_iter().filter(|(name, kind)| *kind == EntryKind::Folder && !name.starts_with('.'));
    folders.take(MAX_SUBFOLDERS).map(|(name, _)| folder.join(name)).collect()
}

/// What the user may have meant by `path`, which does not exist: the path with its first wrong part mended.
pub(super) fn nearest_name(store: &Store, path: &Path) -> Option<PathBuf> {
    let path = normalize(path);
    let missing = path.ancestors().take_while(|part| store.kind(part).is_none()).last()?;
    let parent = missing.parent()?;
    let names = store.files().list(parent).ok()?;
    let names = names.iter().filter(|(_, kind)| *kind == EntryKind::Folder).map(|(name, _)| name.as_str());
    let near = parent.join(crate::finding::nearest(missing.file_name()?.to_str()?, names)?);
    let rest = path.strip_prefix(missing).ok()?;
    let whole = if rest.as_os_str().is_empty() { near.clone() } else { near.join(rest) };
    Some(if store.kind(&whole).is_some() { whole } else { near })
}
