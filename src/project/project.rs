//! A project: its root folder and its environments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::discover::discover;
use super::project_file::{self, PROJECT_FILE};
use super::quoted;
use super::{Environment, EnvironmentName};
use crate::finding::{Finding, Findings, nearest};
use crate::source::{EntryKind, Location, Store};

/// A project: its root folder and its environments.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of the project file; without one the top of the git repository, or where the search began.
    pub root: PathBuf,
    /// The project file; `None` without one.
    pub file: Option<Location>,
    /// The environments, in the order of the project file, or by name if they were discovered.
    pub environments: Vec<Environment>,
}

impl Project {
    /// Opens the project that the folder `start` (absolute, symlinks resolved) lies in: that of the nearest project
    /// file above it, up to the top of the git repository. Environments are discovered if there is no such file, or
    /// if it does not name any. Mistakes are findings; what can be used is.
    pub fn open(store: &Arc<Store>, start: &Path, findings: &mut Findings) -> Project {
        let top = top_folder(store, start);
        let folders = start.ancestors().take_while(|folder| top.is_none_or(|top| folder.starts_with(top)));
        let with_file = folders.map(|folder| folder.join(PROJECT_FILE));
        let Some(path) = with_file.into_iter().find(|path| store.kind(path) == Some(EntryKind::File)) else {
            let root = top.unwrap_or(start).to_path_buf();
            let environments = discover(store, &root, findings);
            return Project { root, file: None, environments };
        };
        let root = path.parent().unwrap_or(start).to_path_buf();
        let file = project_file::read(store, &path, findings);
        let environments = file.environments.unwrap_or_else(|| discover(store, &root, findings));
        Project { root, file: Some(file.location), environments }
    }

    /// The environment called `name`, if there is one.
    pub fn find(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.name.as_str() == name)
    }

    /// The environment called `name`; a name that there is not is a finding.
    pub fn environment(&self, name: &str, findings: &mut Findings) -> Option<&Environment> {
        let found = self.find(name);
        if found.is_none() {
            findings.push(self.unknown(name));
        }
        found
    }

    /// The environment whose kustomization lies in `folder`.
    pub fn environment_in(&self, folder: &Path) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.folder == folder)
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

/// The top of the git repository around `start`, or of the revision that the store reads; `None` outside of both.
fn top_folder<'a>(store: &Store, start: &'a Path) -> Option<&'a Path> {
    start.ancestors().find(|folder| {
        let ends_here = folder.parent().is_some_and(|parent| store.kind(parent).is_none());
        // In a work tree added to a repository `.git` is a file.
        store.kind(&folder.join(".git")).is_some() || ends_here && store.kind(folder).is_some()
    })
}
