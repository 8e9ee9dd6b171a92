//! Which files make which environment.
//!
//! Owns: the project file, [`Kustomization`], [`Environment`], discovery, what an argument of the command line means,
//! and which environments a change affects. Must not: build, or give rule names a meaning.
//!
//! In: a [`Store`](crate::source::Store) over the disk or a git revision. Out: environments and their folders.

mod affected;
mod discover;
mod environment;
pub mod fix;
mod kustomization;
mod kustomization_file;
mod mend;
#[expect(clippy::module_inception, reason = "the room and its main type share the field's word")]
mod project;
mod project_file;
mod remotes;
mod revision;
mod scaffold;
pub mod shape;
mod target;

pub use affected::{Affected, ReadSets, affected, same_content};
pub use environment::{Environment, EnvironmentName};
pub use kustomization::{FIELDS, FILE_NAMES, Kustomization, LayerKind};
pub use kustomization_file::{base_file, kustomization_file, kustomization_files};
pub use project::{Project, Unusable};
pub use project_file::PROJECT_FILE;
pub use revision::git_finding;
pub use scaffold::{BadName, scaffold};
pub use target::Target;

pub use crate::resource::Compat;

/// Words in backticks with commas between them.
fn quoted<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}
