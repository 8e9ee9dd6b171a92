//! What the objects hold that configure builtin generators and transformers, where no reader of their settings looks:
//! Go decodes each of them as a whole.

use super::fields::wrong_type;
use super::shape::Shape;
use super::shape::Shape::{AsText, Bool, List, Loose, Map, Text};
use crate::finding::Findings;
use crate::resource::Resource;
use crate::source::Node;

const RULE: &str = "build/field-type";

/// Texts of structs within structs are not made of other scalars.
static TEXTS: Shape = Map(&Text);

static OBJECT_META: Shape =
    Loose(&[("name", &AsText), ("namespace", &AsText), ("labels", &Map(&AsText)), ("annotations", &Map(&AsText))]);

static OPTIONS: Shape =
    Loose(&[("labels", &TEXTS), ("annotations", &TEXTS), ("immutable", &Bool), ("disableNameSuffixHash", &Bool)]);

static SELECTOR: Shape =
    Loose(&[("group", &Text), ("version", &Text), ("kind", &Text), ("name", &Text), ("namespace", &Text)]);

const GENERATOR: Shape = Loose(&[
    ("metadata", &OBJECT_META),
    ("name", &Text),
    ("namespace", &Text),
    ("behavior", &Text),
    ("type", &Text),
    ("options", &OPTIONS),
]);

/// By kind.
static SHAPES: [(&str, Shape); 6] = [
    ("NamespaceTransformer", Loose(&[("metadata", &OBJECT_META)])),
    ("ConfigMapGenerator", GENERATOR),
    ("SecretGenerator", GENERATOR),
    ("PatchTransformer", Loose(&[("options", &Map(&Bool))])),
    ("PatchStrategicMergeTransformer", Loose(&[("paths", &List(&AsText)), ("patches", &AsText)])),
    (
        "ReplacementTransformer",
        Loose(&[(
            "replacements",
            &List(&Loose(&[
                ("source", &Loose(&[("options", &Loose(&[("delimiter", &Text)]))])),
                ("targets", &List(&Loose(&[("select", &SELECTOR), ("reject", &List(&SELECTOR))]))),
            ])),
        )]),
    ),
];

/// Reports what in the object is of a type that its kind does not have there.
pub fn check(config: &Resource, findings: &mut Findings) {
    let annotations = config.root.dig(&["metadata", "annotations"]);
    // Kustomize looks for its notes there, as if they were keys and values.
    let is_list = |node: &&Node| node.as_sequence().is_some_and(|items| !items.is_empty());
    if let Some(list) = annotations.filter(is_list) {
        findings.push(wrong_type(list, "annotations", "a mapping"));
    } else if let Some((_, shape)) = SHAPES.iter().find(|(kind, _)| *kind == config.kind()) {
        shape.check(&config.root, RULE, findings);
    }
}
