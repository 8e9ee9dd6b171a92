//! One view of a schema, whether it comes from the store or from a CRD.

use crate::source::Node;

use super::crd::{CelRule, CrdNode, Limits};
use super::store::{self, StoreField, StoreNode, Strings};
use super::types::{Format, ListType, MapType, Patch, Type};
use super::version::{KubernetesVersion, Versions};

/// The schema of a value. Cheap to copy; it borrows the [`Catalog`](super::Catalog) it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    node: Inner<'a>,
    /// The one version of Kubernetes whose fields count.
    version: Versions,
}

#[derive(Clone, Copy, Debug)]
enum Inner<'a> {
    Store(StoreNode),
    Crd(&'a CrdNode),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'a str,
    /// What its value must be.
    pub schema: Schema<'a>,
    /// Whether the object must have it.
    pub required: bool,
}

/// Names in the order of the schema.
#[derive(Clone, Debug)]
pub struct Names<'a>(NamesInner<'a>);

#[derive(Clone, Debug)]
enum NamesInner<'a> {
    Store(Strings),
    Crd(std::slice::Iter<'a, String>),
}

impl<'a> Iterator for Names<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        match &mut self.0 {
            NamesInner::Store(names) => names.next(),
            NamesInner::Crd(names) => names.next().map(String::as_str),
        }
    }
}

impl<'a> Schema<'a> {
    pub(super) fn of_store(node: StoreNode, version: KubernetesVersion) -> Self {
        Schema { node: Inner::Store(node), version: Versions::only(version) }
    }

    pub(super) fn of_crd(node: &'a CrdNode, version: KubernetesVersion) -> Self {
        Schema { node: Inner::Crd(node), version: Versions::only(version) }
    }

    fn with(self, node: Inner<'a>) -> Self {
        Schema { node, ..self }
    }

    /// What kind of value it wants.
    pub fn type_(self) -> Type {
        match self.node {
            Inner::Store(node) => node.type_(),
            Inner::Crd(node) => node.type_,
        }
    }

    /// Whether a boolean fits too (`additionalProperties` of a CRD's schema).
    pub fn also_boolean(self) -> bool {
        matches!(self.node, Inner::Store(node) if node.also_boolean())
    }

    /// Whether a list of [`items`](Self::items) fits too (`items` of a CRD's schema).
    pub fn also_list(self) -> bool {
        matches!(self.node, Inner::Store(node) if node.also_list())
    }

    /// The format of a string or number.
    pub fn format(self) -> Format {
        match self.node {
            Inner::Store(node) => node.format(),
            Inner::Crd(node) => node.format,
        }
    }

    /// Name of the definition, such as `core.v1.Container`; `None` for a type without one and in CRDs.
    pub fn name(self) -> Option<&'static str> {
        match self.node {
            Inner::Store(node) => Some(node.name()).filter(|name| !name.is_empty()),
            Inner::Crd(_) => None,
        }
    }

    /// Whether this is a schema of Kubernetes itself rather than of a CRD.
    pub fn is_native(self) -> bool {
        matches!(self.node, Inner::Store(_))
    }

    /// The schema of the field `name`, as it is in this version of Kubernetes.
    pub fn field(self, name: &str) -> Option<Schema<'a>> {
        match self.node {
            Inner::Store(node) => {
                let form = node.fields_named(name).find(|form| form.versions().overlaps(self.version))?;
                Some(self.with(Inner::Store(form.node)))
            }
            Inner::Crd(node) => self.implied_field(node, name).or_else(|| {
                let at = node.properties.binary_search_by(|(own, _)| own.as_str().cmp(name)).ok()?;
                Some(self.with(Inner::Crd(&node.properties[at].1)))
            }),
        }
    }

    /// `metadata` of a whole object is the API server's own, whatever the CRD says of it.
    fn implied_field(self, node: &CrdNode, name: &str) -> Option<Schema<'a>> {
        let metadata = store::object_meta;
        let stored = match name {
            _ if !node.resource => return None,
            "metadata" => metadata(),
            "apiVersion" | "kind" => metadata().fields_named("name").next()?.node,
            _ => return None,
        };
        Some(self.with(Inner::Store(stored)))
    }

    fn stored_field(self, form: StoreField) -> Field<'a> {
        Field { name: form.name(), schema: self.with(Inner::Store(form.node)), required: form.required() }
    }

    /// Every field by name, without those a whole custom resource has anyway.
    pub fn fields(self) -> impl Iterator<Item = Field<'a>> {
        let (stored, own) = match self.node {
            Inner::Store(node) => (Some(node), None),
            Inner::Crd(node) => (None, Some(node)),
        };
        let stored = stored.into_iter().flat_map(StoreNode::fields);
        let stored = stored.filter(move |form| form.versions().overlaps(self.version));
        let own = own.into_iter().flat_map(move |node| {
            node.properties.iter().map(move |(name, schema)| {
                let required = node.required.contains(name);
                Field { name, schema: self.with(Inner::Crd(schema)), required }
            })
        });
        stored.map(move |form| self.stored_field(form)).chain(own)
    }

    /// Names of the fields that an object must have.
    pub fn required(self) -> impl Iterator<Item = &'a str> {
        let (stored, own) = match self.node {
            Inner::Store(node) => (Some(node), None),
            Inner::Crd(node) => (None, Some(node)),
        };
        let stored = stored.into_iter().flat_map(StoreNode::required);
        let stored = stored.filter(move |form| form.versions().overlaps(self.version));
        let own = own.into_iter().flat_map(|node| node.required.iter().map(String::as_str));
        stored.map(|form| -> &'a str { form.name() }).chain(own)
    }

    /// The embedded versions of Kubernetes in which the object has a field `name`; none for a CRD.
    pub fn versions_with(self, name: &str) -> Versions {
        match self.node {
            Inner::Store(node) => {
                node.fields_named(name).map(StoreField::versions).fold(Versions::default(), Versions::union)
            }
            Inner::Crd(_) => Versions::default(),
        }
    }

    /// Whether an object may have only the declared fields.
    pub fn is_closed(self) -> bool {
        match self.node {
            // Types without fields (RawExtension, FieldsV1) hold what they like.
            Inner::Store(node) => node.has_fields(),
            Inner::Crd(node) => node.type_ == Type::Object && !node.preserve_unknown && node.additional.is_none(),
        }
    }

    /// The schema of a list's items.
    pub fn items(self) -> Option<Schema<'a>> {
        match self.node {
            Inner::Store(node) if node.type_() == Type::Array || node.also_list() => {
                node.items().map(|items| self.with(Inner::Store(items)))
            }
            Inner::Store(_) => None,
            Inner::Crd(node) => node.items.as_deref().map(|items| self.with(Inner::Crd(items))),
        }
    }

    /// The schema of the values of a mapping with free keys.
    pub fn additional(self) -> Option<Schema<'a>> {
        match self.node {
            Inner::Store(node) if node.type_() == Type::Object && !node.also_list() => {
                node.items().map(|items| self.with(Inner::Store(items)))
            }
            Inner::Store(_) => None,
            Inner::Crd(node) => node.additional.as_deref().map(|values| self.with(Inner::Crd(values))),
        }
    }

    /// How server-side apply merges the list.
    pub fn list_type(self) -> Option<ListType> {
        match self.node {
            Inner::Store(node) => node.list_type(),
            Inner::Crd(node) => node.list_type,
        }
    }

    /// The keys that tell the items of a [`ListType::Map`] apart.
    pub fn list_keys(self) -> Names<'a> {
        match self.node {
            Inner::Store(node) => Names(NamesInner::Store(node.list_keys())),
            Inner::Crd(node) => Names(NamesInner::Crd(node.list_keys.iter())),
        }
    }

    /// How server-side apply merges the mapping.
    pub fn map_type(self) -> Option<MapType> {
        match self.node {
            Inner::Store(node) => node.map_type(),
            Inner::Crd(node) => node.map_type,
        }
    }

    /// How a strategic merge patch treats the field; CRDs have no such patches.
    pub fn patch(self) -> Patch {
        match self.node {
            Inner::Store(node) => node.patch(),
            Inner::Crd(_) => Patch::default(),
        }
    }

    /// The key by which a strategic merge patch finds the items of the list.
    pub fn merge_key(self) -> Option<&'static str> {
        match self.node {
            Inner::Store(node) => Some(node.merge_key()).filter(|key| !key.is_empty()),
            Inner::Crd(_) => None,
        }
    }

    /// The values that fit, as texts; empty when any does.
    pub fn enum_values(self) -> impl Iterator<Item = &'a str> {
        let (stored, own) = match self.node {
            Inner::Store(node) => (Some(node.enum_values()), None),
            Inner::Crd(node) => (None, Some(node.enum_values.iter())),
        };
        stored
            .into_iter()
            .flatten()
            .map(|text| -> &'a str { text })
            .chain(own.into_iter().flatten().filter_map(Node::text))
    }

    fn crd(self) -> Option<&'a CrdNode> {
        match self.node {
            Inner::Store(_) => None,
            Inner::Crd(node) => Some(node),
        }
    }

    fn nested(self, of: impl Fn(&'a CrdNode) -> &'a [CrdNode]) -> impl Iterator<Item = Schema<'a>> {
        let schemas = self.crd().map(of).unwrap_or_default();
        schemas.iter().map(move |schema| self.with(Inner::Crd(schema)))
    }

    /// Whether null is a value of its own. Elsewhere a field that is null counts as absent.
    pub fn nullable(self) -> bool {
        self.crd().is_some_and(|node| node.nullable)
    }

    /// Whether the value is a whole object with `apiVersion`, `kind` and `metadata`.
    pub fn is_resource(self) -> bool {
        self.crd().is_some_and(|node| node.resource)
    }

    /// What a CRD says about the value beyond its type.
    pub fn limits(self) -> Option<&'a Limits> {
        self.crd()?.limits.as_deref()
    }

    /// The value that the API server fills in; CRDs only.
    pub fn default(self) -> Option<&'a Node> {
        self.crd()?.default.as_ref()
    }

    /// What the CRD's author says about the value.
    pub fn description(self) -> Option<&'a str> {
        self.crd()?.description.as_deref()
    }

    /// `x-kubernetes-validations`
    pub fn rules(self) -> &'a [CelRule] {
        self.crd().map_or(&[], |node| &node.rules)
    }

    /// Schemas that must all fit.
    pub fn all_of(self) -> impl Iterator<Item = Schema<'a>> {
        self.nested(|node| &node.all_of)
    }

    /// Schemas of which one must fit.
    pub fn any_of(self) -> impl Iterator<Item = Schema<'a>> {
        self.nested(|node| &node.any_of)
    }

    /// Schemas of which exactly one must fit.
    pub fn one_of(self) -> impl Iterator<Item = Schema<'a>> {
        self.nested(|node| &node.one_of)
    }

    /// A schema that must not fit.
    pub fn excluded(self) -> Option<Schema<'a>> {
        self.crd()?.not.as_deref().map(|node| self.with(Inner::Crd(node)))
    }
}
