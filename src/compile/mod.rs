//! One environment's layers to one [`Build`].
//!
//! Owns: load, generate, patch, transform, link: kustomize's semantics, stated once. Must not: judge by policy, read
//! but through [`Loader`], or change a node without a [`Step`].

mod configuration;
mod crds;
mod fields;
pub mod generate;
pub mod link;
mod load;
pub mod patch;
mod step;
pub mod transform;
mod work;

pub use load::{LoadRestrictor, Loader, report_problems};
pub use step::Step;
pub use work::Work;
