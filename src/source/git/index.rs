//! What stands where in a revision: the answer of one `git ls-tree`, with symlinks followed inside of it.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::source::EntryKind;

/// Symlinks followed on the way to one file before it counts as a cycle; Linux gives up at the same number.
const MAX_LINKS: usize = 40;

/// What git keeps at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file, and its blob.
    File(String),
    /// A symlink, and the blob that holds where it leads.
    Link(String),
    /// A repository in the repository, whose files git does not keep, and its commit.
    Submodule(String),
}

/// What stands at a path once symlinks are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file, and its blob.
    File(String),
    /// A folder.
    Folder,
}

/// The paths of a revision, relative to the top level, `/` between the parts.
#[derive(Debug)]
pub(super) struct Index {
    entries: BTreeMap<String, Entry>,
    has_links: bool,
}

impl Index {
    /// Reads the records `<mode> <type> <hash>\t<path>\0`.
    pub(super) fn read(listing: &[u8]) -> Index {
        let records = listing.split(|&byte| byte == 0).filter(|record| !record.is_empty());
        let entries: BTreeMap<String, Entry> =
            records.filter_map(|record| entry(&String::from_utf8_lossy(record))).collect();
        let has_links = entries.values().any(|entry| matches!(entry, Entry::Link(_)));
        Index { entries, has_links }
    }

    /// Follows the symlinks in `path` (relative, normal) and says where that leads and what stands there. `None` if
    /// nothing does, or outside of the revision. `target` reads where a symlink leads, made relative to the top level.
    pub(super) fn find(&self, path: &str, target: impl Fn(&str, &str) -> Option<String>) -> Option<(String, Found)> {
        let mut path = path.to_owned();
        for _ in 0..=MAX_LINKS {
            match self.first_link(&path) {
                None => return self.at(&path).map(|found| (path, found)),
                Some((end, blob)) => {
                    let (link, rest) = path.split_at(end);
                    let leads = target(link, blob)?;
                    path = match rest.strip_prefix('/') {
                        Some(rest) => join(&leads, rest),
                        None => leads,
                    };
                }
            }
        }
        None
    }

    /// The first symlink that `path` goes through, as the end of its name in `path`, and its blob.
    fn first_link(&self, path: &str) -> Option<(usize, &str)> {
        if !self.has_links {
            return None;
        }
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().find_map(|end| match self.entries.get(&path[..end]) {
            Some(Entry::Link(blob)) => Some((end, blob.as_str())),
            _ => None,
        })
    }

    fn at(&self, path: &str) -> Option<Found> {
        match self.entries.get(path) {
            Some(Entry::File(blob)) => Some(Found::File(blob.clone())),
            Some(Entry::Submodule(_)) => Some(Found::Folder),
            Some(Entry::Link(_)) => None,
            None => (path.is_empty() || self.inside(path).next().is_some()).then_some(Found::Folder),
        }
    }

    /// The entries below a folder, their paths relative to it.
    fn inside<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        let prefix = join(folder, "");
        let range = self.entries.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        range.map_while(move |(path, entry)| Some((path.strip_prefix(&prefix)?, entry)))
    }

    /// The repositories in this one: path and commit.
    pub(super) fn submodules(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::Submodule(commit) => Some((path.as_str(), commit.as_str())),
            Entry::File(_) | Entry::Link(_) => None,
        })
    }

    /// The names in a folder (relative, symlinks followed), sorted; symlinks are told by `kind`.
    pub(super) fn list(&self, folder: &str, kind: impl Fn(&str) -> Option<EntryKind>) -> Vec<(String, EntryKind)> {
        let mut names: BTreeMap<&str, EntryKind> = BTreeMap::new();
        for (path, entry) in self.inside(folder) {
            let (name, what) = match (path.split_once('/'), entry) {
                (Some((name, _)), _) => (name, Some(EntryKind::Folder)),
                (None, Entry::File(_)) => (path, Some(EntryKind::File)),
                (None, Entry::Submodule(_)) => (path, Some(EntryKind::Folder)),
                (None, Entry::Link(_)) => (path, kind(&join(folder, path))),
            };
            names.extend(what.map(|what| (name, what)));
        }
        names.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect()
    }
}

fn entry(record: &str) -> Option<(String, Entry)> {
    let (head, path) = record.split_once('\t')?;
    let mut words = head.split(' ');
    let (mode, _, hash) = (words.next()?, words.next()?, words.next()?);
    let entry = match mode {
        "120000" => Entry::Link(hash.to_owned()),
        "160000" => Entry::Submodule(hash.to_owned()),
        _ => Entry::File(hash.to_owned()),
    };
    Some((path.to_owned(), entry))
}

/// `folder/name`; the top level is the empty path.
fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}
