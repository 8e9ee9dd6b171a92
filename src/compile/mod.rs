//! One environment's layers to one [`Build`].
//!
//! Owns: load, generate, patch, transform, link: kustomize's semantics, stated once. Must not: judge by policy, read
//! but through [`Loader`], or change a node without a [`Step`].
//!
//! In: a [`Store`](crate::source::Store) and the folder of a kustomization. Out: a [`Build`]: resources in order,
//! what was deleted, what is wrong, and every file that was read.

mod accumulate;
mod ahead;
mod bare_containers;
mod bounds;
mod brought;
mod clash;
mod configuration;
mod configured;
mod consequence;
mod crds;
mod doubles;
pub mod explain;
mod extensions;
mod fields;
pub mod fix;
mod foot;
pub mod function;
pub mod generate;
pub mod helm;
mod key_comments;
mod layer;
pub mod link;
mod load;
mod made_labels;
mod metadata;
mod once;
mod openapi;
pub mod patch;
mod quoted;
mod remote;
mod resources;
mod session;
mod shape;
mod shared_label;
mod step;
pub mod transform;
#[cfg(test)]
mod trial;
mod work;

pub use configuration::LayerSpecs;
pub use function::Functions;
pub use helm::Helm;
pub use link::Order;
pub use load::{LoadRestrictor, Loader, Sharing, report_problems};
pub use resources::from_documents;
pub use session::{Build, Options, Session};
pub use step::Step;
pub use work::Work;

pub use crate::resource::Compat;
