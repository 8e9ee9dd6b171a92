//! What an argument of the command line means.

use std::path::{Path, PathBuf};

use super::{Environment, Project, kustomization_file};
use crate::finding::{Finding, Findings};
use crate::source::{EntryKind, Store, normalize};

/// What an argument of the command line means.
#[derive(Clone, Debug)]
pub enum Target {
    /// An environment of the project.
    Environment(Environment),
    /// A folder with a kustomization, absolute and normal, that is no environment.
    Folder(PathBuf),
    /// A file of manifests, absolute and normal.
    File(PathBuf),
    /// Manifests on standard input.
    Stdin,
}

impl Project {
    /// What `argument` means to a user who works in the folder `here`: `-`, an environment's name or a path. A name
    /// of the project wins over a path, unless the argument contains `/` or begins with `.`. The folder of an environment, or the
    /// kustomization file in it, is that environment.
    pub fn target(&self, store: &Store, argument: &str, here: &Path, findings: &mut Findings) -> Option<Target> {
        if argument == "-" {
            return Some(Target::Stdin);
        }
        let environment = self.find(argument);
        let is_path = argument.contains('/') || argument.starts_with('.');
        let path = store.files().resolve(&normalize(&here.join(argument)));
        match (environment, store.kind(&path)) {
            (Some(environment), None) => Some(Target::Environment(environment.clone())),
            (Some(environment), Some(_)) if !is_path => Some(Target::Environment(environment.clone())),
            (None, Some(_)) if !is_path && self.unusable.names(argument) => None,
            (None, None) if self.unusable.names(argument) || !is_path && self.unusable.may_name(argument) => None,
            (_, Some(EntryKind::File)) => Some(self.file(store, path)),
            (_, Some(EntryKind::Folder)) => self.folder(store, path, findings),
            (None, None) => {
                findings.push(self.neither(store, argument, &path, is_path));
                None
            }
        }
    }

    fn file(&self, store: &Store, path: PathBuf) -> Target {
        let is_kustomization = path.file_name().is_some_and(|name| super::FILE_NAMES.iter().any(|k| name == *k));
        match path.parent().filter(|_| is_kustomization) {
            Some(folder) => match self.environment_in(store, folder) {
                Some(environment) => Target::Environment(environment.clone()),
                None => Target::Folder(folder.to_path_buf()),
            },
            None => Target::File(path),
        }
    }

    fn folder(&self, store: &Store, folder: PathBuf, findings: &mut Findings) -> Option<Target> {
        if let Some(environment) = self.environment_in(store, &folder) {
            return Some(Target::Environment(environment.clone()));
        }
        match kustomization_file(store, &folder) {
            Ok(_) => Some(Target::Folder(folder)),
            Err(finding) => {
                findings.push(*finding);
                None
            }
        }
    }

    /// The argument is neither: what is said depends on what it looks like.
    fn neither(&self, store: &Store, argument: &str, path: &Path, is_path: bool) -> Finding {
        let by_name = self.unknown(argument);
        let names_file = [".yaml", ".yml", ".json"].iter().any(|end| argument.ends_with(end));
        let is_near_name = by_name.help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
        if !is_path && !names_file || is_near_name {
            return by_name;
        }
        match kustomization_file(store, path) {
            Err(finding) if !names_file => *finding,
            _ => missing_file(store, path),
        }
    }
}

fn missing_file(store: &Store, path: &Path) -> Finding {
    let finding = Finding::error("project/missing-path", format!("`{}` does not exist", store.shown(path)));
    let names = path.parent().and_then(|folder| store.files().list(folder).ok()).unwrap_or_default();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match crate::finding::nearest(&name, names.iter().map(|(name, _)| name.as_str())) {
        Some(near) => finding.help(format!("did you mean `{}`?", store.shown(&path.with_file_name(near)))),
        None => finding.help("name a file of manifests, a folder with a kustomization, or an environment"),
    }
}
