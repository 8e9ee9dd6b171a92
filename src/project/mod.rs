//! Which files make which environment.
//!
//! Owns: the project file, [`Kustomization`], environments. Must not: build, or give rule names a meaning.

mod kustomization;
mod scaffold;
pub mod shape;

pub use kustomization::{FIELDS, FILE_NAMES, Kustomization, LayerKind};
pub use scaffold::{BadName, scaffold};
