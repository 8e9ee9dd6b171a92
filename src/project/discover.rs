//! Discovers environments where no project file names them.
//!
//! An environment is a folder below one called `environments`, `overlays`, `envs` or `clusters` that has a
//! kustomization which is no component and which no other kustomization includes.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Component, Path, PathBuf};

use super::{Environment, EnvironmentName, FILE_NAMES, PROJECT_FILE};
use crate::finding::{Finding, Findings};
use crate::source::{EntryKind, Location, Node, Span, Store, normalize};

/// Folders whose content is environments.
const PARENTS: [&str; 4] = ["environments", "overlays", "envs", "clusters"];

/// Folders that hold other people's files or results. Hidden folders are skipped too.
const SKIPPED: [&str; 3] = ["node_modules", "target", "vendor"];

/// Fields of a kustomization that include other kustomizations.
const INCLUDING: [&str; 3] = ["resources", "bases", "components"];

/// Bounds of the walk; a repository beyond them should have a project file.
const MAX_DEPTH: usize = 20;
const MAX_FOLDERS: usize = 50_000;

/// The environments below `root`, by name.
pub(super) fn discover(store: &Store, root: &Path, findings: &mut Findings) -> Vec<Environment> {
    let kustomized = walk(store, root, findings);
    let mut included = BTreeSet::new();
    let mut candidates = Vec::new();
    for (folder, file) in &kustomized {
        let node = content(store, file);
        included.extend(node.iter().flat_map(|node| includes(node, folder)));
        let is_component = node.is_some_and(|node| node.get("kind").and_then(Node::as_str) == Some("Component"));
        if !is_component && is_below_parent(folder, root) {
            candidates.push((folder, file));
        }
    }
    candidates.retain(|(folder, _)| !included.contains(*folder));
    let names = names(&candidates.iter().map(|(folder, _)| parts(folder, root)).collect::<Vec<_>>());
    let mut environments = Vec::new();
    for ((folder, file), name) in candidates.into_iter().zip(names) {
        match EnvironmentName::new(&name) {
            Some(name) => environments.push(Environment::new(name, folder.clone())),
            None => findings.push(bad_name(store, file, &name)),
        }
    }
    environments.sort_by(|a, b| a.name.cmp(&b.name));
    environments
}

/// The folders that have a kustomization, with its file; the first if there are several, which is told when it is
/// built. Nearest to the root first.
fn walk(store: &Store, root: &Path, findings: &mut Findings) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    let mut queue = VecDeque::from([(root.to_path_buf(), 0)]);
    let mut seen = 0;
    while let Some((folder, depth)) = queue.pop_front() {
        seen += 1;
        if seen > MAX_FOLDERS || depth > MAX_DEPTH {
            findings.push(too_much(store, &folder, depth));
            break;
        }
        // What cannot be listed cannot be built either, and is told there.
        let names = store.files().list(&folder).unwrap_or_default();
        let has = |file: &str| names.iter().any(|(name, kind)| name == file && *kind == EntryKind::File);
        if let Some(file) = FILE_NAMES.into_iter().find(|file| has(file)) {
            found.push((folder.clone(), folder.join(file)));
        }
        let folders = names.iter().filter(|(name, kind)| *kind == EntryKind::Folder && !is_skipped(name));
        let paths = folders.map(|(name, _)| folder.join(name));
        // A symlinked folder is found where it really is; following it may lead in a circle.
        queue.extend(paths.filter(|path| store.files().resolve(path) == *path).map(|path| (path, depth + 1)));
    }
    found
}

fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || SKIPPED.contains(&name)
}

fn too_much(store: &Store, folder: &Path, depth: usize) -> Finding {
    let bound = match depth > MAX_DEPTH {
        true => format!("folders nest more than {MAX_DEPTH} deep"),
        false => format!("there are more than {MAX_FOLDERS} folders"),
    };
    Finding::warning(
        "project/too-large",
        format!("environments beyond `{}` were not discovered: {bound}", store.shown(folder)),
    )
    .help(format!("name the environments in a `{PROJECT_FILE}`"))
}

/// The kustomization in `file`, if it can be read; what is wrong with it is told when it is built.
fn content(store: &Store, file: &Path) -> Option<Node> {
    let parsed = store.parse_whole(&*store.load(file).ok()?);
    parsed.documents.first()?.root.clone()
}

/// The folders that a kustomization in `folder` includes, and what else it names (which does no harm here).
fn includes(kustomization: &Node, folder: &Path) -> Vec<PathBuf> {
    let lists = INCLUDING.iter().filter_map(|field| kustomization.get(field)?.as_sequence());
    let entries = lists.flatten().filter_map(Node::as_str).filter(|entry| !entry.contains("://"));
    entries.map(|entry| normalize(&folder.join(entry))).collect()
}

fn is_below_parent(folder: &Path, root: &Path) -> bool {
    let above = folder.parent().and_then(|parent| parent.strip_prefix(root).ok());
    above.is_some_and(|above| above.components().any(|part| is_parent(part.as_os_str().to_str())))
}

fn is_parent(name: Option<&str>) -> bool {
    name.is_some_and(|name| PARENTS.contains(&name))
}

/// The parts of a folder's path below `root`.
fn parts(folder: &Path, root: &Path) -> Vec<String> {
    let rest = folder.strip_prefix(root).unwrap_or(folder);
    let names = rest.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    names.collect()
}

/// A name for each path: the fewest last parts that no other path ends with, leaving out `overlays` and the like; the
/// whole path if that does not tell two apart.
fn names(paths: &[Vec<String>]) -> Vec<String> {
    let telling: Vec<Vec<&str>> = paths
        .iter()
        .map(|parts| parts.iter().map(String::as_str).filter(|part| !is_parent(Some(part))).collect())
        .collect();
    let unique = |index: usize, end: &[&str]| {
        telling.iter().enumerate().all(|(other, parts)| other == index || !parts.ends_with(end))
    };
    telling
        .iter()
        .enumerate()
        .map(|(index, parts)| {
            let ends = (1..=parts.len()).map(|count| &parts[parts.len() - count..]);
            ends.into_iter().find(|end| unique(index, end)).map_or_else(|| paths[index].join("/"), |end| end.join("/"))
        })
        .collect()
}

fn bad_name(store: &Store, file: &Path, name: &str) -> Finding {
    let message = format!("the folder `{name}` has a kustomization, but its name cannot name an environment");
    let finding = Finding::warning("project/bad-name", message)
        .help(format!("give it a name in a `{PROJECT_FILE}`, or rename the folder"));
    match store.load(file) {
        Ok(loaded) => finding.at(Location::new(loaded.file, Span::point(0)), ""),
        Err(_) => finding,
    }
}
