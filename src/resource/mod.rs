//! Kubernetes objects: what identifies them and how they are shaped.
//!
//! Owns: [`Gvk`], [`ResourceId`] (original and current), [`Resource`], [`ResourceSet`], selectors, field specs,
//! quantities, the pods of any workload. Must not: read files, judge, print.
//!
//! In: [`Node`](crate::source::Node)s. Out: resources in a [`ResourceSet`].

mod field_spec;
mod gvk;
mod id;
mod pods;
mod quantity;
mod reference;
#[expect(clippy::module_inception, reason = "the room and its main type share the field's word")]
mod resource;
pub mod scope;
mod set;

pub use field_spec::{FieldSpec, FieldSpecs, NameReference};
pub use gvk::Gvk;
pub use id::ResourceId;
pub use pods::{Container, ContainerList, Pod};
pub use quantity::Quantity;
pub use reference::Reference;
pub use resource::{Behavior, Generated, Resource};
pub use set::ResourceSet;
