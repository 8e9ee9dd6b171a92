//! What an OpenAPI v2 document holds where: kustomize decodes `openapi` and `crds` files into typed fields, and refuses
//! the whole file for one value of another type. Fields that OpenAPI does not know may hold anything.

use crate::compile::fields::wrong_type;
use crate::finding::{Finding, Findings};
use crate::source::yaml::scalar;
use crate::source::{Node, ScalarKind, Style, View};

/// What a place holds. Nothing, `null`, may stand everywhere.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    /// What becomes a text: a scalar of any type.
    AsText,
    Bool,
    Number,
    Whole,
    Any,
    Scalar,
    List(&'static Shape),
    Map(&'static Shape),
    /// A mapping of which the keys that the function takes hold this.
    Keyed(fn(&str) -> bool, &'static Shape),
    Object(&'static [(&'static str, &'static Shape)]),
    /// An [`Shape::Object`] that is decoded without regard to letter case.
    Loose(&'static [(&'static str, &'static Shape)]),
    /// One of these. Their kinds of nodes differ, and so one at most fits.
    Either(&'static [&'static Shape]),
}

use Shape::{Any, AsText, Bool, Either, Keyed, List, Loose, Map, Number, Object, Scalar, Text, Whole};

static TEXTS: Shape = List(&Text);
static SCHEMAS: Shape = List(&SCHEMA);
static SCHEMAS_BY_NAME: Shape = Map(&SCHEMA);
static SECURITY: Shape = List(&Map(&TEXTS));
static PARAMETERS: Shape = List(&FORMAT);

static EXTERNAL_DOCS: Shape = Object(&[("description", &Text), ("url", &Text)]);

static SCHEMA: Shape = Object(&[
    ("id", &Text),
    ("description", &Text),
    ("type", &Either(&[&Text, &TEXTS])),
    ("nullable", &Bool),
    ("format", &Text),
    ("title", &Text),
    ("maximum", &Number),
    ("exclusiveMaximum", &Bool),
    ("minimum", &Number),
    ("exclusiveMinimum", &Bool),
    ("maxLength", &Whole),
    ("minLength", &Whole),
    ("pattern", &Text),
    ("maxItems", &Whole),
    ("minItems", &Whole),
    ("uniqueItems", &Bool),
    ("multipleOf", &Number),
    ("enum", &List(&Any)),
    ("maxProperties", &Whole),
    ("minProperties", &Whole),
    ("required", &TEXTS),
    ("items", &Either(&[&SCHEMA, &SCHEMAS, &Scalar])),
    ("allOf", &SCHEMAS),
    ("oneOf", &SCHEMAS),
    ("anyOf", &SCHEMAS),
    ("not", &SCHEMA),
    ("properties", &SCHEMAS_BY_NAME),
    ("additionalProperties", &Either(&[&SCHEMA, &Bool])),
    ("patternProperties", &SCHEMAS_BY_NAME),
    ("dependencies", &Map(&Either(&[&SCHEMA, &TEXTS, &Scalar]))),
    ("additionalItems", &Either(&[&SCHEMA, &Bool])),
    ("definitions", &SCHEMAS_BY_NAME),
    ("discriminator", &Text),
    ("readOnly", &Bool),
    ("externalDocs", &EXTERNAL_DOCS),
]);

/// What `items`, parameters and headers are: their fields do not contradict.
static FORMAT: Shape = Object(&[
    ("type", &Text),
    ("nullable", &Bool),
    ("format", &Text),
    ("items", &FORMAT),
    ("collectionFormat", &Text),
    ("maximum", &Number),
    ("exclusiveMaximum", &Bool),
    ("minimum", &Number),
    ("exclusiveMinimum", &Bool),
    ("maxLength", &Whole),
    ("minLength", &Whole),
    ("pattern", &Text),
    ("maxItems", &Whole),
    ("minItems", &Whole),
    ("uniqueItems", &Bool),
    ("multipleOf", &Number),
    ("enum", &List(&Any)),
    ("description", &Text),
    ("name", &Text),
    ("in", &Text),
    ("required", &Bool),
    ("schema", &SCHEMA),
    ("allowEmptyValue", &Bool),
]);

static RESPONSE: Shape =
    Object(&[("description", &Text), ("schema", &SCHEMA), ("headers", &Map(&FORMAT)), ("examples", &Map(&Any))]);

static OPERATION: Shape = Object(&[
    ("description", &Text),
    ("consumes", &TEXTS),
    ("produces", &TEXTS),
    ("schemes", &TEXTS),
    ("tags", &TEXTS),
    ("summary", &Text),
    ("externalDocs", &EXTERNAL_DOCS),
    ("operationId", &Text),
    ("deprecated", &Bool),
    ("security", &SECURITY),
    ("parameters", &PARAMETERS),
    ("responses", &Keyed(is_status, &RESPONSE)),
]);

static PATH: Shape = Object(&[
    ("get", &OPERATION),
    ("put", &OPERATION),
    ("post", &OPERATION),
    ("delete", &OPERATION),
    ("options", &OPERATION),
    ("head", &OPERATION),
    ("patch", &OPERATION),
    ("parameters", &PARAMETERS),
]);

/// An OpenAPI v2 document.
pub(super) static DOCUMENT: Shape = Object(&[
    ("id", &Text),
    ("consumes", &TEXTS),
    ("produces", &TEXTS),
    ("schemes", &TEXTS),
    ("swagger", &Text),
    (
        "info",
        &Object(&[
            ("description", &Text),
            ("title", &Text),
            ("termsOfService", &Text),
            ("contact", &Object(&[("name", &Text), ("url", &Text), ("email", &Text)])),
            ("license", &Object(&[("name", &Text), ("url", &Text)])),
            ("version", &Text),
        ]),
    ),
    ("host", &Text),
    ("basePath", &Text),
    ("paths", &Keyed(is_path, &PATH)),
    ("definitions", &SCHEMAS_BY_NAME),
    ("parameters", &Map(&FORMAT)),
    ("responses", &Map(&RESPONSE)),
    (
        "securityDefinitions",
        &Map(&Object(&[
            ("description", &Text),
            ("type", &Text),
            ("name", &Text),
            ("in", &Text),
            ("flow", &Text),
            ("authorizationUrl", &Text),
            ("tokenUrl", &Text),
            ("scopes", &Map(&Text)),
        ])),
    ),
    ("security", &SECURITY),
    ("tags", &List(&Object(&[("description", &Text), ("name", &Text), ("externalDocs", &EXTERNAL_DOCS)]))),
    ("externalDocs", &EXTERNAL_DOCS),
]);

/// A file of `crds` in JSON.
pub(super) static TYPES: Shape = Map(&Loose(&[("Schema", &SCHEMA), ("Dependencies", &TEXTS)]));

/// A file of `crds` in YAML, whose reader makes texts of scalars where it knows that a text is meant.
pub(super) static TYPES_IN_YAML: Shape = Map(&Loose(&[("Schema", &SCHEMA), ("Dependencies", &List(&AsText))]));

fn is_status(key: &str) -> bool {
    key == "default" || key.parse::<i64>().is_ok()
}

pub(super) fn is_path(key: &str) -> bool {
    key.starts_with('/')
}

impl Shape {
    /// Reports, under `rule`, what in `node` is of another type. `path` leads to it.
    pub(super) fn check(&'static self, node: &Node, path: &str, rule: &'static str, findings: &mut Findings) {
        if node.is_null() {
            return;
        }
        let Some(fitting) = self.fitting(node) else {
            let name = if path.is_empty() { "this file" } else { path };
            findings.push(Finding { rule, ..wrong_type(node, name, &self.words()) });
            return;
        };
        let mut below = |shape: &'static Shape, name: &str, node: &Node| {
            let dot = if path.is_empty() { "" } else { "." };
            shape.check(node, &format!("{path}{dot}{name}"), rule, findings);
        };
        match (fitting, node.view()) {
            (List(item), View::Sequence(items)) => {
                items.iter().enumerate().for_each(|(at, node)| below(item, &at.to_string(), node));
            }
            (Map(item), View::Mapping(mapping)) => {
                mapping.iter().for_each(|entry| below(item, &entry.key.name, &entry.value));
            }
            (Keyed(takes, item), View::Mapping(mapping)) => {
                let taken = mapping.iter().filter(|entry| takes(&entry.key.name));
                taken.for_each(|entry| below(item, &entry.key.name, &entry.value));
            }
            (Object(fields) | Loose(fields), View::Mapping(mapping)) => {
                for entry in mapping.iter() {
                    let is = |name: &str| match fitting {
                        Loose(_) => entry.key.name.eq_ignore_ascii_case(name),
                        _ => *entry.key.name == *name,
                    };
                    if let Some((_, shape)) = fields.iter().find(|(name, _)| is(name)) {
                        below(shape, &entry.key.name, &entry.value);
                    }
                }
            }
            _ => {}
        }
    }

    /// The shape to which to hold the contents of `node`, if it is of the right type itself.
    fn fitting(&'static self, node: &Node) -> Option<&'static Shape> {
        let fits = match (self, node.view()) {
            (Either(shapes), _) => return shapes.iter().find_map(|shape| shape.fitting(node)),
            (Any, _) | (List(_), View::Sequence(_)) | (AsText | Scalar, View::Scalar(..)) => true,
            (Map(_) | Keyed(..) | Object(_) | Loose(_), View::Mapping(_)) => true,
            (Text, View::Scalar(..)) => kind(node) == ScalarKind::String,
            (Bool, View::Scalar(..)) => kind(node) == ScalarKind::Bool,
            (Number, View::Scalar(..)) => matches!(kind(node), ScalarKind::Int | ScalarKind::Float),
            (Whole, View::Scalar(text, ScalarKind::Int)) => {
                scalar::int_value(text).is_some_and(|int| i64::try_from(int).is_ok())
            }
            _ => false,
        };
        fits.then_some(self)
    }

    fn words(&self) -> String {
        match self {
            Text | AsText => "text".to_owned(),
            Bool => "`true` or `false`".to_owned(),
            Number => "a number".to_owned(),
            Whole => "an integer".to_owned(),
            Any | Scalar => "a value".to_owned(),
            List(item) => format!("a list of {}", item.words().trim_start_matches("a ")),
            Map(_) | Keyed(..) | Object(_) | Loose(_) => "a mapping".to_owned(),
            Either(shapes) => shapes.iter().map(|shape| shape.words()).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// Whether the node is a text.
pub(super) fn is_text(node: &Node) -> bool {
    matches!(node.view(), View::Scalar(..)) && kind(node) == ScalarKind::String
}

/// What the scalar is to a reader of YAML 1.1, which takes a date for text.
fn kind(node: &Node) -> ScalarKind {
    match node.kind() {
        ScalarKind::Timestamp => ScalarKind::String,
        ScalarKind::String if node.style() == Style::Plain => scalar::resolve_v2(node.text().unwrap_or_default()),
        kind => kind,
    }
}
