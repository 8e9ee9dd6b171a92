//! Kubernetes and CRD schemas as data.
//!
//! Owns: the embedded store of all Kubernetes versions, the schemas of custom resources found in a build, and what both
//! know: types, fields, merge keys, list types, scope, and which version has what. Must not: judge (that is `check`);
//! read YAML itself.
//!
//! In: a [`KubernetesVersion`] and the CustomResourceDefinitions of a build. Out: a [`Catalog`] that finds the
//! [`Schema`] of a kind. A `Schema` looks the same whether it comes from the store or from a CRD.

mod catalog;
mod crd;
mod retired;
mod store;
mod types;
mod version;
mod view;

pub use catalog::{Catalog, Kind, Lifetime, Lookup};
pub use crd::{CelRule, Crd, CrdVersion, Limits};
pub use types::{Format, ListType, MapType, Patch, Scope, Type};
pub use version::{KubernetesVersion, VersionError, Versions};
pub use view::{Field, Names, Schema};
