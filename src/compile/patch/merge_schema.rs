//! How lists merge under a strategic-merge patch: by which keys, in which fields of which kinds.
//!
//! Kustomize takes this from the OpenAPI document of Kubernetes 1.21.2, which [`merge_table`](super::merge_table)
//! restates, or from a document that `openapi: {path: ...}` names and that then replaces the built-in one entirely.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::merge_table::{DEFINITIONS, KINDS, LEAF};
use crate::compile::openapi::SCHEMA;
use crate::finding::{Finding, Findings};
use crate::resource::Gvk;
use crate::source::{Node, Symbol};

/// A type of the built-in schema: the fields through which a merging list can be reached.
#[derive(Debug)]
pub struct Shape {
    pub(super) fields: &'static [Field],
}

/// A field of a [`Shape`].
#[derive(Debug)]
pub struct Field {
    pub(super) name: &'static str,
    pub(super) lists: Lists,
    /// The field's type, or that of its items.
    pub(super) of: &'static Shape,
}

/// Whether a field is a list that merges.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lists {
    /// It is a mapping.
    No,
    /// Items with equal keys merge.
    ByKeys(&'static [&'static str]),
    /// A list of scalars, merged as a set.
    ByValue,
}

/// The merge keys of each kind's lists.
#[derive(Clone, Debug, Default)]
pub struct MergeSchema {
    custom: Option<Arc<Custom>>,
    /// Whether a layer has asked for the built-in schema by its version.
    chosen: bool,
}

/// A schema from a user's OpenAPI document.
#[derive(Clone, Debug, Default)]
struct Custom {
    definitions: HashMap<Symbol, Node>,
    kinds: HashMap<Gvk, Node>,
    beside: BuiltIn,
}

/// Where no document is named.
static WITHOUT_DOCUMENT: LazyLock<Custom> = LazyLock::new(|| Custom { beside: BuiltIn::Loaded, ..Custom::default() });

/// What has become of kustomize's built-in schema by the time that a document is named. The later of two schemas counts
/// where both know a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum BuiltIn {
    /// Nothing has asked for it, and so it is not loaded any more.
    #[default]
    Untouched,
    /// Something met a kind that the table of scopes lacks; it is loaded behind the document
    /// (`isInitSchemaNeededForNamespaceScopeCheck`).
    AskedFor,
    /// A strategic merge has loaded it.
    Loaded,
}

/// A place in the schema. What the schema does not know has none, and lists there are replaced.
#[derive(Clone, Copy, Debug)]
pub struct SchemaCursor<'s>(At<'s>);

#[derive(Clone, Copy, Debug)]
enum At<'s> {
    Type(&'static Shape),
    Field(&'static Field),
    Custom(&'s Custom, &'s Node),
}

impl MergeSchema {
    /// Kustomize's own.
    pub fn built_in() -> Self {
        MergeSchema::default()
    }

    /// One that knows no kind.
    pub fn empty() -> Self {
        MergeSchema { custom: Some(Arc::default()), chosen: true }
    }

    /// Whether a layer has said which schema it shall be.
    pub fn is_decided(&self) -> bool {
        self.chosen || self.custom.is_some()
    }

    /// From an OpenAPI v2 document, which replaces the built-in schema: kinds that it lacks have no merge keys.
    pub fn from_openapi(root: &Node, findings: &mut Findings) -> Self {
        let Some(definitions) = root.get("definitions").and_then(Node::as_mapping) else {
            findings.push(
                Finding::warning(
                    "patch/openapi",
                    "this OpenAPI document has no `definitions`, so every list is replaced",
                )
                .at(root.location(), "merge keys would be read from here")
                .help("`openapi.path` takes an OpenAPI v2 document, such as `kustomize openapi fetch` writes"),
            );
            return MergeSchema::empty();
        };
        let mut custom = Custom::default();
        for entry in definitions.iter() {
            for kind in
                entry.value.get("x-kubernetes-group-version-kind").and_then(Node::as_sequence).unwrap_or_default()
            {
                let text = |key| Symbol::new(kind.get(key).and_then(Node::text).unwrap_or_default());
                let gvk = Gvk { group: text("group"), version: text("version"), kind: text("kind") };
                custom.kinds.insert(gvk, entry.value.clone());
            }
            custom.definitions.insert(entry.key.name, entry.value.clone());
        }
        MergeSchema { custom: Some(Arc::new(custom)), chosen: true }
    }

    /// The same where the built-in schema is there, too.
    #[must_use]
    pub fn beside(mut self, built_in: BuiltIn) -> Self {
        if let Some(custom) = &mut self.custom {
            Arc::make_mut(custom).beside = built_in;
        }
        self
    }

    /// The schema that `openapi: {version: ...}` asks for; one that kustomize does not have is reported.
    pub fn version(version: &Node, findings: &mut Findings) -> Option<Self> {
        // hasBuiltinOpenAPIVersion: one version is built in.
        if version.text() == Some("v1.21.2") {
            return Some(MergeSchema { custom: None, chosen: true });
        }
        findings.push(
            Finding::error("patch/openapi", format!("there is no OpenAPI version `{}`", version.text().unwrap_or("")))
                .at(version.location(), "not built into kustomize")
                .help("the only built-in version is `v1.21.2`; for another, name a document by `openapi: {path: ...}`"),
        );
        None
    }

    /// The schema that a comment in JSON gives.
    pub fn noted<'s>(&'s self, says: &'s Node) -> Option<SchemaCursor<'s>> {
        let mut faults = Findings::new();
        SCHEMA.check(says, "patch/openapi", &mut faults);
        (!faults.has_errors() && !says.is_empty()).then_some(())?;
        let custom = self.custom.as_deref().unwrap_or(&WITHOUT_DOCUMENT);
        custom.resolve(says).or(Some(SchemaCursor(At::Custom(custom, says))))
    }

    /// The schema of a kind.
    pub fn of(&self, gvk: &Gvk) -> Option<SchemaCursor<'_>> {
        let built_in = || built_in(gvk).map(|shape| SchemaCursor(At::Type(shape)));
        let Some(custom) = &self.custom else { return built_in() };
        let own = || custom.kinds.get(gvk).map(|node| SchemaCursor(At::Custom(custom, node)));
        match custom.beside {
            BuiltIn::Untouched => own(),
            BuiltIn::AskedFor => built_in().or_else(own),
            BuiltIn::Loaded => own().or_else(built_in),
        }
    }
}

/// The built-in schema of a kind.
fn built_in(gvk: &Gvk) -> Option<&'static Shape> {
    let row = KINDS.iter().find(|(group, versions, kinds, _)| {
        kinds.contains(&gvk.kind.as_str()) && gvk.group == **group && versions.contains(&gvk.version.as_str())
    });
    row.map(|(.., shape)| *shape)
}

/// Whether kustomize knows the scope of a kind without a schema.
pub fn has_known_scope(gvk: &Gvk) -> bool {
    built_in(gvk).is_some()
}

impl<'s> SchemaCursor<'s> {
    /// The schema of a field.
    pub fn field(self, name: &str) -> Option<Self> {
        let fields = |shape: &'static Shape| {
            shape.fields.iter().find(|field| field.name == name).map(|field| SchemaCursor(At::Field(field)))
        };
        match self.0 {
            At::Type(shape) => fields(shape),
            At::Field(Field { lists: Lists::No, of, .. }) => fields(of),
            At::Field(_) => None,
            At::Custom(custom, node) => {
                let known = node.get("properties").and_then(|properties| properties.get(name));
                let any = || node.get("additionalProperties").filter(|any| any.as_mapping().is_some());
                custom.resolve(known.or_else(any)?)
            }
        }
    }

    /// The schema of a list's items.
    pub fn items(self) -> Option<Self> {
        match self.0 {
            At::Field(Field { of, .. }) => Some(SchemaCursor(At::Type(of))),
            At::Type(_) => Some(SchemaCursor(At::Type(&LEAF))),
            At::Custom(custom, node) => {
                let kind = node.get("type")?;
                let kind = kind.as_sequence().and_then(|kinds| kinds.first()).unwrap_or(kind);
                let items = node.get("items").filter(|_| kind.text() == Some("array"))?;
                custom.resolve(items)
            }
        }
    }

    /// The keys by which a list's items merge: none for a list of scalars. `None` if the list is replaced.
    pub fn merge_keys(self) -> Option<Cow<'s, [&'s str]>> {
        match self.0 {
            At::Field(Field { lists: Lists::ByKeys(keys), .. }) => Some(Cow::Borrowed(keys)),
            At::Field(Field { lists: Lists::ByValue, .. }) => Some(Cow::Borrowed(&[])),
            At::Field(_) | At::Type(_) => None,
            At::Custom(_, node) => {
                let strategy = node.get("x-kubernetes-patch-strategy").and_then(Node::text)?;
                strategy.split(',').any(|word| word == "merge").then_some(())?;
                // Several keys stand in the list-map extension, which wins over the patch merge key.
                let keys = match node.get("x-kubernetes-list-map-keys").and_then(Node::as_sequence) {
                    Some(keys) => keys.iter().filter_map(Node::text).collect(),
                    None => node.get("x-kubernetes-patch-merge-key").and_then(Node::text).into_iter().collect(),
                };
                Some(Cow::Owned(keys))
            }
        }
    }
}

impl Custom {
    /// Follows `$ref`s. A chain longer than any sane one is a circle.
    fn resolve<'s>(&'s self, mut node: &'s Node) -> Option<SchemaCursor<'s>> {
        for _ in 0..100 {
            let Some(reference) = node.get("$ref").and_then(Node::text) else {
                return Some(SchemaCursor(At::Custom(self, node)));
            };
            let name = reference.strip_prefix("#/definitions/")?;
            let own = self.definitions.get(&Symbol::new(name));
            let built_in = DEFINITIONS.iter().find(|(known, _)| self.beside != BuiltIn::Untouched && *known == name);
            match (built_in, own) {
                (_, Some(own)) if self.beside != BuiltIn::AskedFor => node = own,
                (Some((_, shape)), _) => return Some(SchemaCursor(At::Type(shape))),
                (None, own) => node = own?,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(gvk: Gvk, path: &[&str]) -> Option<Vec<String>> {
        let schema = MergeSchema::built_in();
        let mut at = schema.of(&gvk)?;
        for step in path {
            at = if *step == "[]" { at.items()? } else { at.field(step)? };
        }
        Some(at.merge_keys()?.iter().map(|key| (*key).to_owned()).collect())
    }

    #[test]
    fn built_in_keys() {
        let ports = ["spec", "template", "spec", "containers", "[]", "ports"];
        let expected = Some(vec!["containerPort".to_owned(), "protocol".to_owned()]);
        assert_eq!(keys(Gvk::new("apps/v1", "Deployment"), &ports), expected);
        assert_eq!(keys(Gvk::new("v1", "ConfigMap"), &["metadata", "finalizers"]), Some(vec![]));
        assert_eq!(keys(Gvk::new("apps/v1beta1", "Deployment"), &ports), None);
        assert_eq!(keys(Gvk::new("v1", "Pod"), &["spec", "tolerations"]), None);
        assert_eq!(keys(Gvk::new("v1", "Pod"), &["spec", "containers", "[]", "envFrom"]), None);
    }
}
