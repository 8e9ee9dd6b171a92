//! A project: its root folder and its environments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::discover::discover;
use super::project_file::{self, PROJECT_FILE};
use super::quoted;
use super::{Compat, Environment, EnvironmentName};
use crate::finding::{Finding, Findings, nearest};
use crate::source::{Location, ReadError, Store};

/// A project: its root folder and its environments.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of the project file; without one the top of the git repository, or where the search began.
    pub root: PathBuf,
    /// The project file; `None` without one.
    pub file: Option<Location>,
    /// The environments, in the order of the project file, or by name if they were discovered.
    pub environments: Vec<Environment>,
    /// Which environments the project file names but cannot be used, for reasons that were reported.
    pub unusable: Unusable,
    /// The servers that bases and files may be fetched from, as the project file lists them.
    pub remote_hosts: Vec<String>,
    /// The kustomize whose output its builds equal; `None` if the project file does not say.
    pub compat: Option<Compat>,
}

/// Environments that the project file names but that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Those of these names.
    Some(Vec<String>),
    /// All: the file cannot be read so far as to know their names.
    All,
}

impl Default for Unusable {
    fn default() -> Self {
        Unusable::Some(Vec::new())
    }
}

impl Unusable {
    /// Whether the file is known to name this environment.
    pub fn names(&self, name: &str) -> bool {
        matches!(self, Unusable::Some(names) if names.iter().any(|known| known == name))
    }

    /// Whether the file may name this environment.
    pub fn may_name(&self, name: &str) -> bool {
        *self == Unusable::All || self.names(name)
    }
}

/// Which environments are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked<'a> {
    /// All.
    All,
    /// Those of these names.
    Only(&'a [String]),
}

impl Asked<'_> {
    pub(super) fn names(self, name: &str) -> bool {
        match self {
            Asked::All => true,
            Asked::Only(names) => names.iter().any(|known| known == name),
        }
    }
}

/// Finds the environments below a folder.
type Discover = fn(&Store, &Path, &mut Findings) -> Vec<Environment>;

impl Project {
    /// Opens the project that the folder `start` (absolute, symlinks resolved) lies in: that of the nearest project
    /// file above it, up to the top of the git repository. Environments are discovered if there is no such file, or
    /// if it does not name any. Mistakes are findings; what can be used is.
    pub fn open(store: &Arc<Store>, start: &Path, findings: &mut Findings) -> Project {
        Project::read(store, start, findings, discover, Asked::All)
    }

    /// The same for a user who names environments: what is wrong with the folders of others is a warning.
    pub fn open_for(store: &Arc<Store>, start: &Path, names: &[String], findings: &mut Findings) -> Project {
        Project::read(store, start, findings, discover, Asked::Only(names))
    }

    /// The project as far as its file says, without a search of its folders for environments: for a user who names
    /// paths. What is wrong with the folders of environments is a warning.
    pub fn as_declared(store: &Arc<Store>, start: &Path, findings: &mut Findings) -> Project {
        Project::read(store, start, findings, |_, _, _| Vec::new(), Asked::Only(&[]))
    }

    fn read(
        store: &Arc<Store>,
        start: &Path,
        findings: &mut Findings,
        discover: Discover,
        asked: Asked<'_>,
    ) -> Project {
        let top = top_folder(store, start);
        let folders = start.ancestors().take_while(|folder| top.is_none_or(|top| folder.starts_with(top)));
        let with_file = folders.map(|folder| folder.join(PROJECT_FILE));
        let Some(path) = with_file.into_iter().find(|path| is_there(store, path)) else {
            let root = top.unwrap_or(start).to_path_buf();
            let environments = discover(store, &root, findings);
            let unusable = Unusable::default();
            return Project { root, file: None, environments, unusable, remote_hosts: Vec::new(), compat: None };
        };
        let root = path.parent().unwrap_or(start).to_path_buf();
        let file = project_file::read(store, &path, asked, findings);
        let environments = file.environments.unwrap_or_else(|| discover(store, &root, findings));
        Project {
            root,
            file: Some(file.location),
            environments,
            unusable: file.unusable,
            remote_hosts: file.remote_hosts,
            compat: file.compat,
        }
    }

    /// Whether it names no environments itself, and has none that are wrongly named.
    pub fn declares_none(&self) -> bool {
        self.environments.is_empty() && self.unusable == Unusable::default()
    }

    /// The environment called `name`, if there is one.
    pub fn find(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.name.as_str() == name)
    }

    /// The environment called `name`; a name that there is not is a finding, unless the project file was found wrong
    /// about it before.
    pub fn environment(&self, name: &str, findings: &mut Findings) -> Option<&Environment> {
        let found = self.find(name);
        if found.is_none() && !self.unusable.may_name(name) {
            findings.push(self.unknown(name));
        }
        found
    }

    /// The environment whose kustomization lies in `folder` (symlinks resolved); the first if there are several.
    pub fn environment_in(&self, store: &Store, folder: &Path) -> Option<&Environment> {
        self.environments.iter().find(|environment| store.files().resolve(&environment.folder) == folder)
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &EnvironmentName> {
        self.environments.iter().map(|environment| &environment.name)
    }

    pub(super) fn unknown(&self, name: &str) -> Finding {
        let finding = Finding::error("project/unknown-environment", format!("there is no environment `{name}`"));
        let names: Vec<&str> = self.names().map(EnvironmentName::as_str).collect();
        if names.is_empty() {
            let how = format!("name the environments in a `{PROJECT_FILE}`, or give the path of a kustomization");
            return finding.note("the project has no environments").help(how);
        }
        let finding = finding.note(format!("the environments are {}", quoted(&names)));
        match nearest(name, names.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("give one of these names, or the path of a kustomization"),
        }
    }
}

/// Whether something stands there, and be it a link that leads nowhere: who put it there wants it to be used.
fn is_there(store: &Store, path: &Path) -> bool {
    store.kind(path).is_some() || matches!(store.load(path), Err(ReadError::Dangling(_)))
}

/// The top of the git repository around `start`, or of the revision that the store reads; `None` outside of both.
fn top_folder<'a>(store: &Store, start: &'a Path) -> Option<&'a Path> {
    start.ancestors().find(|folder| {
        let ends_here = folder.parent().is_some_and(|parent| store.kind(parent).is_none());
        // In a work tree added to a repository `.git` is a file.
        store.kind(&folder.join(".git")).is_some() || ends_here && store.kind(folder).is_some()
    })
}
