//! Kubernetes objects: what identifies them and how they are shaped.
//!
//! Owns: [`Gvk`], [`ResourceId`] (original and current), [`Resource`], [`ResourceSet`], selectors, field specs,
//! quantities, the pods of any workload. Must not: read files, judge, print.
//!
//! In: [`Node`](crate::source::Node)s. Out: resources in a [`ResourceSet`].

mod compat;
mod controller_labels;
mod default_specs;
mod field_spec;
mod field_walk;
mod file_name;
pub mod go_regexp;
mod gvk;
mod id;
mod label_selector;
mod lineage;
mod name_reference;
mod pods;
mod quantity;
mod reference;
#[expect(clippy::module_inception, reason = "the room and its main type share the field's word")]
mod resource;
pub mod scope;
mod selector;
mod set;
pub mod syntax;
mod var_reference;

pub use compat::Compat;
pub use controller_labels::{LabelValue, is_controller_label};
pub use field_spec::{CreateConflict, FieldSpec, FieldSpecs, NameReference, PathPart, split_escaped};
pub use field_walk::{Missing, SpecIndex, WrongKind};
pub use file_name::file_name;
pub use gvk::Gvk;
pub use id::ResourceId;
pub use label_selector::LabelSelector;
pub use lineage::{Lineage, Maker};
pub use name_reference::{default_name_references, may_refer};
pub use pods::{Container, ContainerList, Pod};
pub use quantity::Quantity;
pub use reference::Reference;
pub use resource::{Behavior, Generated, Labelled, Resource};
pub use selector::{Pattern, Selector};
pub use set::ResourceSet;
pub use var_reference::default_var_references;
