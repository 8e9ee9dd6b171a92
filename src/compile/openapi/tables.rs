//! What an OpenAPI v2 document holds where.

use crate::compile::shape::Shape;
use crate::compile::shape::Shape::{
    Any, AsText, Bool, Either, Extended, Keyed, List, Loose, Map, Number, Object, Scalar, Text, Whole,
};

static TEXTS: Shape = List(&Text);
static SCHEMAS: Shape = List(&SCHEMA);
static SCHEMAS_BY_NAME: Shape = Map(&SCHEMA);
static SECURITY: Shape = List(&Map(&TEXTS));
static PARAMETERS: Shape = List(&FORMAT);

static EXTERNAL_DOCS: Shape = Object(&[("description", &Text), ("url", &Text)]);

/// What both schemas and formats may ask of a value.
static VALIDATIONS: &[(&str, &Shape)] = &[
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
];

pub(in crate::compile) static SCHEMA: Shape = Extended(
    VALIDATIONS,
    &[
        ("id", &Text),
        ("description", &Text),
        ("type", &Either(&[&Text, &TEXTS])),
        ("nullable", &Bool),
        ("format", &Text),
        ("title", &Text),
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
    ],
);

/// What `items`, parameters and headers are: their fields do not contradict.
static FORMAT: Shape = Extended(
    VALIDATIONS,
    &[
        ("type", &Text),
        ("nullable", &Bool),
        ("format", &Text),
        ("items", &FORMAT),
        ("collectionFormat", &Text),
        ("description", &Text),
        ("name", &Text),
        ("in", &Text),
        ("required", &Bool),
        ("schema", &SCHEMA),
        ("allowEmptyValue", &Bool),
    ],
);

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
