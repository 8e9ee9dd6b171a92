//! CustomResourceDefinitions as schemas: `openAPIV3Schema` turned into what [`Schema`](super::Schema) shows.
//!
//! Lenient on purpose: a CRD is itself checked against its native schema, so what does not fit here is left out rather
//! than reported a second time.

use crate::source::{Node, Symbol};

use super::types::{Format, ListType, MapType, Scope, Type};

/// A CustomResourceDefinition.
#[derive(Clone, Debug)]
pub struct Crd {
    /// `spec.group`
    pub group: Symbol,
    /// `spec.names.kind`
    pub kind: Symbol,
    /// `spec.scope`
    pub scope: Scope,
    /// `spec.versions`, in the order of the file.
    pub versions: Vec<CrdVersion>,
}

/// One version of a [`Crd`].
#[derive(Clone, Debug)]
pub struct CrdVersion {
    /// Such as `v1beta1`.
    pub name: Symbol,
    /// Whether the API server offers it.
    pub served: bool,
    /// Whether objects are stored as this version.
    pub storage: bool,
    /// Whether its use draws a warning.
    pub deprecated: bool,
    /// `deprecationWarning`, the author's own words.
    pub deprecation_warning: Option<String>,
    pub(super) schema: Option<CrdNode>,
}

/// What a CRD says about a value beyond its type. Lengths count characters, items or entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Smallest number.
    pub minimum: Option<f64>,
    /// Largest number.
    pub maximum: Option<f64>,
    /// The smallest number itself does not fit.
    pub exclusive_minimum: bool,
    /// The largest number itself does not fit.
    pub exclusive_maximum: bool,
    /// The number is a multiple of this.
    pub multiple_of: Option<f64>,
    /// Shortest string.
    pub min_length: Option<u64>,
    /// Longest string.
    pub max_length: Option<u64>,
    /// A regular expression that is found in the string.
    pub pattern: Option<String>,
    /// Fewest items of a list.
    pub min_items: Option<u64>,
    /// Most items of a list.
    pub max_items: Option<u64>,
    /// Fewest entries of a mapping.
    pub min_properties: Option<u64>,
    /// Most entries of a mapping.
    pub max_properties: Option<u64>,
}

/// One of `x-kubernetes-validations`.
#[derive(Clone, Debug)]
pub struct CelRule {
    /// The CEL expression.
    pub rule: String,
    /// What to say when it is false.
    pub message: Option<String>,
    /// A CEL expression for what to say.
    pub message_expression: Option<String>,
    /// Where to say it, relative to the value.
    pub field_path: Option<String>,
    /// Where the rule stands in the CRD.
    pub source: Node,
}

/// A schema of a CRD. The fields mirror the words of `openAPIV3Schema`.
#[derive(Clone, Debug, Default)]
pub(super) struct CrdNode {
    pub type_: Type,
    pub format: Format,
    pub nullable: bool,
    /// Sorted by name.
    pub properties: Vec<(String, CrdNode)>,
    pub required: Vec<String>,
    pub items: Option<Box<CrdNode>>,
    pub additional: Option<Box<CrdNode>>,
    pub enum_values: Vec<Node>,
    pub limits: Option<Box<Limits>>,
    pub list_type: Option<ListType>,
    pub list_keys: Vec<String>,
    pub map_type: Option<MapType>,
    pub preserve_unknown: bool,
    /// A whole object with `apiVersion`, `kind` and `metadata`: the root, or `x-kubernetes-embedded-resource`.
    pub resource: bool,
    pub default: Option<Node>,
    pub description: Option<String>,
    pub rules: Vec<CelRule>,
    pub all_of: Vec<CrdNode>,
    pub any_of: Vec<CrdNode>,
    pub one_of: Vec<CrdNode>,
    pub not: Option<Box<CrdNode>>,
}

impl Crd {
    /// Reads a CustomResourceDefinition; `None` when it does not say for which group and kind.
    pub fn compile(document: &Node) -> Option<Crd> {
        let spec = document.get("spec")?;
        let versions = spec.get("versions").and_then(Node::as_sequence).unwrap_or_default();
        Some(Crd {
            group: symbol(spec, "group")?,
            kind: symbol(spec.get("names")?, "kind")?,
            scope: if spec.get("scope")?.text() == Some("Cluster") { Scope::Cluster } else { Scope::Namespaced },
            versions: versions.iter().filter_map(version).collect(),
        })
    }

    /// The version `name`.
    pub fn version(&self, name: &str) -> Option<&CrdVersion> {
        self.versions.iter().find(|version| version.name == *name)
    }
}

fn version(node: &Node) -> Option<CrdVersion> {
    let schema = node.dig(&["schema", "openAPIV3Schema"]);
    Some(CrdVersion {
        name: symbol(node, "name")?,
        served: flag(node, "served"),
        storage: flag(node, "storage"),
        deprecated: flag(node, "deprecated"),
        deprecation_warning: text(node, "deprecationWarning"),
        schema: schema.map(|schema| CrdNode { resource: true, ..compile(schema) }),
    })
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.text().map(str::to_owned)
}

fn symbol(node: &Node, key: &str) -> Option<Symbol> {
    node.get(key)?.text().map(Symbol::new)
}

fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

fn number<T: std::str::FromStr>(node: &Node, key: &str) -> Option<T> {
    node.get(key)?.text()?.parse().ok()
}

fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_sequence).unwrap_or_default()
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    list(node, key).iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

fn nested(node: &Node, key: &str) -> Vec<CrdNode> {
    list(node, key).iter().map(compile).collect()
}

fn boxed(node: &Node, key: &str) -> Option<Box<CrdNode>> {
    node.get(key).filter(|schema| schema.as_mapping().is_some()).map(|schema| Box::new(compile(schema)))
}

/// One schema, whole. The depth is that of the document, which the reader bounds.
fn compile(node: &Node) -> CrdNode {
    let mut properties: Vec<(String, CrdNode)> = node
        .get("properties")
        .and_then(Node::as_mapping)
        .map(|fields| fields.iter().map(|field| (field.key.name.to_string(), compile(&field.value))).collect())
        .unwrap_or_default();
    properties.sort_by(|a, b| a.0.cmp(&b.0));
    CrdNode {
        type_: type_of(node),
        format: node.get("format").and_then(Node::text).map(Format::named).unwrap_or_default(),
        nullable: flag(node, "nullable"),
        properties,
        required: texts(node, "required"),
        items: boxed(node, "items"),
        additional: boxed(node, "additionalProperties"),
        enum_values: list(node, "enum").to_vec(),
        limits: limits(node),
        list_type: match node.get("x-kubernetes-list-type").and_then(Node::text) {
            Some("map") => Some(ListType::Map),
            Some("set") => Some(ListType::Set),
            Some("atomic") => Some(ListType::Atomic),
            _ => None,
        },
        list_keys: texts(node, "x-kubernetes-list-map-keys"),
        map_type: match node.get("x-kubernetes-map-type").and_then(Node::text) {
            Some("atomic") => Some(MapType::Atomic),
            Some("granular") => Some(MapType::Granular),
            _ => None,
        },
        preserve_unknown: flag(node, "x-kubernetes-preserve-unknown-fields") || flag(node, "additionalProperties"),
        resource: flag(node, "x-kubernetes-embedded-resource"),
        default: node.get("default").cloned(),
        description: text(node, "description"),
        rules: list(node, "x-kubernetes-validations").iter().filter_map(rule).collect(),
        all_of: nested(node, "allOf"),
        any_of: nested(node, "anyOf"),
        one_of: nested(node, "oneOf"),
        not: boxed(node, "not"),
    }
}

fn type_of(node: &Node) -> Type {
    if flag(node, "x-kubernetes-int-or-string") {
        return Type::IntOrString;
    }
    match node.get("type").and_then(Node::text) {
        Some("object") => Type::Object,
        Some("array") => Type::Array,
        Some("string") => Type::String,
        Some("integer") => Type::Integer,
        Some("number") => Type::Number,
        Some("boolean") => Type::Boolean,
        _ => Type::Any,
    }
}

fn limits(node: &Node) -> Option<Box<Limits>> {
    let limits = Limits {
        minimum: number(node, "minimum"),
        maximum: number(node, "maximum"),
        exclusive_minimum: flag(node, "exclusiveMinimum"),
        exclusive_maximum: flag(node, "exclusiveMaximum"),
        multiple_of: number(node, "multipleOf"),
        min_length: number(node, "minLength"),
        max_length: number(node, "maxLength"),
        pattern: text(node, "pattern"),
        min_items: number(node, "minItems"),
        max_items: number(node, "maxItems"),
        min_properties: number(node, "minProperties"),
        max_properties: number(node, "maxProperties"),
    };
    (limits != Limits::default()).then(|| Box::new(limits))
}

fn rule(node: &Node) -> Option<CelRule> {
    Some(CelRule {
        rule: text(node, "rule")?,
        message: text(node, "message"),
        message_expression: text(node, "messageExpression"),
        field_path: text(node, "fieldPath"),
        source: node.clone(),
    })
}
