//! Finds the schema of a kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::resource::Gvk;
use crate::source::Symbol;

use super::crd::Crd;
use super::retired::RETIRED;
use super::store::{self, StoreKind};
use super::types::Scope;
use super::version::{KubernetesVersion, Versions};
use super::view::Schema;

/// The schemas of one version of Kubernetes and of the CRDs of a build.
#[derive(Clone, Debug)]
pub struct Catalog {
    version: KubernetesVersion,
    /// By group and kind.
    crds: BTreeMap<(Symbol, Symbol), Arc<Crd>>,
}

/// A kind whose schema is known.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    /// The schema of the whole object.
    pub schema: Schema<'a>,
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// The CRD, for a custom resource.
    pub crd: Option<&'a Crd>,
}

/// What [`Catalog::find`] finds.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// The schema.
    Found(Kind<'a>),
    /// Kubernetes has, or had, this very kind and API version, but not in the catalog's version.
    OtherKubernetes(Lifetime),
    /// The kind is known, but not under this API version.
    OtherApiVersion {
        /// Under which it is.
        available: Vec<Gvk>,
    },
    /// The CRD has this version and says nothing about its shape, or does not serve it.
    NoSchema {
        /// Whether the API server offers it.
        served: bool,
    },
    /// Neither Kubernetes nor a CRD of the build has the kind.
    Unknown,
}

/// From when to when Kubernetes has a kind under an API version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The first version that has it; `None` if that is the oldest embedded one or older.
    pub added_in: Option<KubernetesVersion>,
    /// The first version that no longer has it; `None` if the newest embedded one has it.
    pub removed_in: Option<KubernetesVersion>,
    /// What takes its place where it is gone: the same kind under other API versions that the catalog's version has.
    pub instead: Vec<Gvk>,
}

impl Catalog {
    /// The schemas of Kubernetes `version`, or of the embedded version nearest to it.
    pub fn new(version: KubernetesVersion) -> Self {
        Catalog { version: version.nearest(), crds: BTreeMap::new() }
    }

    /// Whose native schemas these are.
    pub fn version(&self) -> KubernetesVersion {
        self.version
    }

    /// Makes a CRD's kind known. A later CRD of the same group and kind replaces an earlier one.
    pub fn add(&mut self, crd: Arc<Crd>) {
        self.crds.insert((crd.group, crd.kind), crd);
    }

    /// The CRDs by group and kind.
    pub fn crds(&self) -> impl Iterator<Item = &Arc<Crd>> {
        self.crds.values()
    }

    /// Looks for a kind: natives first, then CRDs.
    pub fn find(&self, gvk: Gvk) -> Lookup<'_> {
        let here = rows(gvk).find(|row| row.versions().contains(self.version));
        if let Some(row) = here {
            let schema = Schema::of_store(row.node(), self.version);
            return Lookup::Found(Kind { schema, scope: row.scope(), crd: None });
        }
        if let Some(crd) = self.crd(gvk) {
            return self.find_in(crd, gvk);
        }
        if let Some(lifetime) = self.lifetime(gvk) {
            return Lookup::OtherKubernetes(lifetime);
        }
        let available = self.others(gvk);
        if available.is_empty() { Lookup::Unknown } else { Lookup::OtherApiVersion { available } }
    }

    fn crd(&self, gvk: Gvk) -> Option<&Crd> {
        self.crds.get(&(gvk.group, gvk.kind)).map(|crd| &**crd)
    }

    fn find_in<'a>(&'a self, crd: &'a Crd, gvk: Gvk) -> Lookup<'a> {
        let Some(found) = crd.version(&gvk.version) else {
            let served = crd.versions.iter().filter(|version| version.served);
            let available = served.map(|own| Gvk { version: own.name, ..gvk }).collect();
            return Lookup::OtherApiVersion { available };
        };
        match &found.schema {
            Some(schema) if found.served => {
                let schema = Schema::of_crd(schema, self.version);
                Lookup::Found(Kind { schema, scope: crd.scope, crd: Some(crd) })
            }
            _ => Lookup::NoSchema { served: found.served },
        }
    }

    /// The kind under the other API versions that the catalog's version of Kubernetes has.
    fn others(&self, gvk: Gvk) -> Vec<Gvk> {
        let of_group = store::kinds_named(gvk.kind.as_str()).filter(|row| gvk.group == *row.group());
        let here = of_group.filter(|row| row.versions().contains(self.version));
        here.map(gvk_of).filter(|other| *other != gvk).collect()
    }

    /// When Kubernetes has a native kind under its API version; `None` for others. Also tells of a kind that the
    /// catalog's version has and a later one has not.
    pub fn lifetime(&self, gvk: Gvk) -> Option<Lifetime> {
        let versions = rows(gvk).map(StoreKind::versions).fold(Versions::default(), Versions::union);
        if !versions.is_empty() {
            let (added_in, removed_in) = (versions.added_in(), versions.removed_in());
            return Some(Lifetime { added_in, removed_in, instead: self.others(gvk) });
        }
        let api_version = gvk.api_version();
        let gone =
            RETIRED.iter().find(|gone| gone.api_version == api_version && gone.kinds.contains(&gvk.kind.as_str()))?;
        Some(Lifetime {
            added_in: None,
            removed_in: Some(KubernetesVersion::new(gone.removed_in)),
            instead: gone.instead.map(|api_version| Gvk::new(api_version, &gvk.kind)).into_iter().collect(),
        })
    }

    /// Whether objects of a kind live in a namespace, in whatever API version; `None` for a kind nobody declares.
    pub fn scope(&self, gvk: Gvk) -> Option<Scope> {
        let native = store::kinds_named(gvk.kind.as_str()).find(|row| gvk.group == *row.group()).map(StoreKind::scope);
        native.or_else(|| self.crd(gvk).map(|crd| crd.scope))
    }

    /// Every kind that the catalog's version of Kubernetes has, by kind.
    pub fn native_kinds(&self) -> impl Iterator<Item = Gvk> {
        store::kinds().filter(|row| row.versions().contains(self.version)).map(gvk_of)
    }

    /// Whether Kubernetes itself, in any embedded version, has kinds in `group`.
    pub fn is_native_group(group: &str) -> bool {
        store::kinds().any(|row| row.group() == group)
    }
}

/// The rows of one kind and API version; more than one if its definition has changed its name.
fn rows(gvk: Gvk) -> impl Iterator<Item = StoreKind> {
    store::kinds_named(gvk.kind.as_str()).filter(move |row| gvk.group == *row.group() && gvk.version == *row.version())
}

fn gvk_of(row: StoreKind) -> Gvk {
    Gvk { group: Symbol::new(row.group()), version: Symbol::new(row.version()), kind: Symbol::new(row.kind()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_retired_is_in_the_store() {
        for gone in RETIRED {
            for kind in gone.kinds {
                let gvk = Gvk::new(gone.api_version, kind);
                assert_eq!(rows(gvk).count(), 0, "{gvk}");
                assert!(gone.removed_in <= 25, "{gvk}: the store knows this version itself");
            }
        }
    }
}
