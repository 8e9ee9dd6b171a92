//! An environment: a named kustomization and its settings.

use std::fmt;
use std::path::PathBuf;

use crate::finding::Severity;
use crate::source::Location;

/// An environment's name, `prod` or `shop/prod`: letters, digits, `-`, `_` and `.`, in parts separated by `/`, each part
/// beginning with a letter or digit, so that no name looks like an option or a path that begins with a dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvironmentName(String);

impl EnvironmentName {
    /// Takes `name` if it is one.
    pub fn new(name: &str) -> Option<EnvironmentName> {
        name.split('/').all(is_part).then(|| EnvironmentName(name.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_part(part: &str) -> bool {
    part.starts_with(char::is_alphanumeric) && part.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
}

impl fmt::Display for EnvironmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// An environment: a kustomization that is built, and how it is judged.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// The folder of its kustomization, absolute and normal.
    pub folder: PathBuf,
    /// The Kubernetes versions it must work with, `1.34`; empty if the project does not say.
    pub kubernetes: Vec<String>,
    /// The environment whose content reaches this one next.
    pub promotes_from: Option<EnvironmentName>,
    /// The mildest severity that fails a check of this environment; `None` if the project does not say.
    pub fail_on: Option<Severity>,
    /// Its name in the project file; `None` for one that was discovered.
    pub declared: Option<Location>,
}

impl Environment {
    /// An environment without settings.
    pub fn new(name: EnvironmentName, folder: PathBuf) -> Self {
        Environment { name, folder, kubernetes: Vec::new(), promotes_from: None, fail_on: None, declared: None }
    }

    /// Whether both say the same, wherever it is written.
    pub fn same_settings(&self, other: &Environment) -> bool {
        let settings = |e: &Environment| (e.name.clone(), e.folder.clone(), e.kubernetes.clone());
        let more = |e: &Environment| (e.promotes_from.clone(), e.fail_on);
        settings(self) == settings(other) && more(self) == more(other)
    }
}
