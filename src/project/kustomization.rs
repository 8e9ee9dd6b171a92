//! One `kustomization.yaml`: its fields, and the finding of what is wrong with it.

use super::shape::{Conform, Field, Shape};
use crate::finding::{Finding, Findings, Severity};
use crate::source::{Document, Entry, Location, Node};

/// The names under which kustomize looks for the file, in its order.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What a file says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// A base or an overlay: stands for itself.
    Kustomization,
    /// Works on what its includer has gathered.
    Component,
}

/// One kustomization file, held to its shape.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// What the file says it is.
    pub kind: LayerKind,
    /// The fields, names in their proper spelling.
    pub root: Node,
}

const TEXT: Shape = Shape::Text;
const BOOL: Shape = Shape::Bool;
const TEXTS: Shape = Shape::List(&Shape::Text);
const TEXT_MAP: Shape = Shape::Map(&Shape::Text);

const fn text(name: &'static str) -> Field {
    Field::new(name, TEXT)
}

const FIELD_SPEC: Shape =
    Shape::Object(&[text("group"), text("version"), text("kind"), text("path"), Field::new("create", BOOL)]);

const SELECTOR_FIELDS: &[Field] = &[
    text("group"),
    text("version"),
    text("kind"),
    text("name"),
    text("namespace"),
    text("labelSelector"),
    text("annotationSelector"),
];

const METADATA: Shape = Shape::Object(&[
    text("name"),
    text("namespace"),
    Field::new("labels", TEXT_MAP),
    Field::new("annotations", TEXT_MAP),
]);

const PATCH: Shape = Shape::Object(&[
    text("path"),
    text("patch"),
    Field::new("target", Shape::Object(SELECTOR_FIELDS)),
    Field::new("options", Shape::Map(&Shape::Bool)),
]);

const GENERATOR_OPTIONS: Shape = Shape::Object(&[
    Field::new("labels", TEXT_MAP),
    Field::new("annotations", TEXT_MAP),
    Field::new("disableNameSuffixHash", BOOL),
    Field::new("immutable", BOOL),
]);

const CONFIG_MAP: Shape = Shape::Object(&[
    text("name"),
    text("namespace"),
    text("behavior"),
    Field::new("literals", TEXTS),
    Field::new("files", TEXTS),
    Field::new("envs", TEXTS),
    Field::deprecated("env", TEXT, "envs"),
    Field::new("options", GENERATOR_OPTIONS),
]);

const SECRET: Shape = Shape::Object(&[
    text("name"),
    text("namespace"),
    text("behavior"),
    text("type"),
    Field::new("literals", TEXTS),
    Field::new("files", TEXTS),
    Field::new("envs", TEXTS),
    Field::deprecated("env", TEXT, "envs"),
    Field::new("options", GENERATOR_OPTIONS),
]);

const IMAGE: Shape = Shape::Object(&[text("name"), text("newName"), text("newTag"), text("tagSuffix"), text("digest")]);

const LABELS: Shape = Shape::Object(&[
    Field::new("pairs", TEXT_MAP),
    Field::new("includeSelectors", BOOL),
    Field::new("includeTemplates", BOOL),
    Field::new("includeVolumeClaimTemplates", BOOL),
    Field::new("fields", Shape::List(&FIELD_SPEC)),
]);

const REPLACEMENT_OPTIONS: Shape =
    Shape::Object(&[text("delimiter"), Field::new("index", Shape::Int), text("encoding"), Field::new("create", BOOL)]);

const REPLACEMENT: Shape = Shape::Object(&[
    text("path"),
    text("sourceValue"),
    Field::new(
        "source",
        Shape::Object(&[
            text("group"),
            text("version"),
            text("kind"),
            text("name"),
            text("namespace"),
            text("fieldPath"),
            Field::new("options", REPLACEMENT_OPTIONS),
        ]),
    ),
    Field::new(
        "targets",
        Shape::List(&Shape::Object(&[
            Field::new("select", Shape::Object(SELECTOR_FIELDS)),
            Field::new("reject", Shape::List(&Shape::Object(SELECTOR_FIELDS))),
            Field::new("fieldPaths", TEXTS),
            Field::new("options", REPLACEMENT_OPTIONS),
        ])),
    ),
]);

const VAR: Shape = Shape::Object(&[
    text("name"),
    Field::new(
        "objref",
        Shape::Object(&[
            text("apiVersion"),
            text("group"),
            text("version"),
            text("kind"),
            text("name"),
            text("namespace"),
        ]),
    ),
    Field::new("fieldref", Shape::Object(&[text("fieldPath")])),
]);

const HELM_CHART: Shape = Shape::Object(&[
    text("name"),
    text("version"),
    text("repo"),
    text("releaseName"),
    text("namespace"),
    text("nameTemplate"),
    text("valuesFile"),
    text("valuesMerge"),
    text("kubeVersion"),
    Field::new("additionalValuesFiles", TEXTS),
    Field::new("valuesInline", Shape::Any),
    Field::new("includeCRDs", BOOL),
    Field::new("skipHooks", BOOL),
    Field::new("skipTests", BOOL),
    Field::new("debug", BOOL),
    Field::new("devel", BOOL),
    Field::new("apiVersions", TEXTS),
]);

const OLD_HELM_CHART: Shape = Shape::Object(&[
    text("chartName"),
    text("chartVersion"),
    text("chartRepoUrl"),
    text("chartRepoName"),
    text("chartHome"),
    text("helmBin"),
    text("helmHome"),
    text("values"),
    text("valuesMerge"),
    text("releaseName"),
    text("releaseNamespace"),
    Field::new("valuesLocal", Shape::Any),
    Field::new("extraArgs", TEXTS),
]);

/// The fields of a kustomization file.
pub const FIELDS: &[Field] = &[
    text("apiVersion"),
    text("kind"),
    Field::new("metadata", METADATA),
    Field::new("resources", TEXTS),
    Field::new("components", TEXTS),
    Field::new("configMapGenerator", Shape::List(&CONFIG_MAP)),
    Field::new("secretGenerator", Shape::List(&SECRET)),
    Field::new("generatorOptions", GENERATOR_OPTIONS),
    Field::new("patches", Shape::List(&PATCH)),
    text("namespace"),
    text("namePrefix"),
    text("nameSuffix"),
    Field::new("labels", Shape::List(&LABELS)),
    Field::new("commonAnnotations", TEXT_MAP),
    Field::new("replicas", Shape::List(&Shape::Object(&[text("name"), Field::new("count", Shape::Int)]))),
    Field::new("images", Shape::List(&IMAGE)),
    Field::new("replacements", Shape::List(&REPLACEMENT)),
    Field::new("configurations", TEXTS),
    Field::new("crds", TEXTS),
    Field::new("generators", TEXTS),
    Field::new("transformers", TEXTS),
    Field::new("validators", TEXTS),
    Field::new("helmGlobals", Shape::Object(&[text("chartHome"), text("configHome")])),
    Field::new("helmCharts", Shape::List(&HELM_CHART)),
    Field::new("openapi", TEXT_MAP),
    Field::new("buildMetadata", TEXTS),
    Field::new(
        "sortOptions",
        Shape::Object(&[
            text("order"),
            Field::new(
                "legacySortOptions",
                Shape::Object(&[Field::new("orderFirst", TEXTS), Field::new("orderLast", TEXTS)]),
            ),
        ]),
    ),
    Field::deprecated("bases", TEXTS, "resources"),
    Field::deprecated("commonLabels", TEXT_MAP, "labels"),
    Field::deprecated("imageTags", Shape::List(&IMAGE), "images"),
    Field::deprecated("patchesStrategicMerge", TEXTS, "patches"),
    Field::deprecated("patchesJson6902", Shape::List(&PATCH), "patches"),
    Field::deprecated("vars", Shape::List(&VAR), "replacements"),
    Field::deprecated("helmChartInflationGenerator", Shape::List(&OLD_HELM_CHART), "helmCharts"),
];

impl Kustomization {
    /// Reads the first document of a kustomization file; further documents are ignored, as kustomize does. `whole` is
    /// the place to mark if there is nothing in the file.
    pub fn read(documents: &[Document], whole: Location, findings: &mut Findings) -> Option<Kustomization> {
        let empty = || {
            Finding::error("kustomization/empty", "this kustomization is empty")
                .at(whole, "nothing here but comments, `apiVersion` and `kind`")
                .help("name at least one file under `resources:`")
        };
        let Some(root) = documents.first().and_then(|document| document.root.as_ref()).filter(|root| !root.is_null())
        else {
            findings.push(empty());
            return None;
        };
        let kind = check_kind(root, findings)?;
        let mut conform = Conform {
            unknown: "kustomization/unknown-field",
            wrong_type: "kustomization/wrong-type",
            deprecated: "kustomization/deprecated",
            odd_key: Severity::Warning,
            file: "kustomization.yaml",
            findings,
        };
        let before = conform.findings.count(Severity::Error);
        let root = conform.node(root, Shape::Object(FIELDS), "")?;
        warn_of_unread(documents, findings);
        if root.as_mapping()?.iter().all(says_nothing) {
            // Where something is wrong with every field, that has been said.
            if findings.count(Severity::Error) == before {
                findings.push(empty());
            }
            return None;
        }
        if findings.count(Severity::Error) == before {
            warn_of_missing_counts(&root, findings);
        }
        Some(Kustomization { kind, root })
    }

    /// The value of a field.
    pub fn get(&self, field: &str) -> Option<&Node> {
        self.root.get(field)
    }

    /// The items of a list field; none if it is absent.
    pub fn list(&self, field: &str) -> &[Node] {
        self.get(field).and_then(Node::as_sequence).unwrap_or_default()
    }

    /// What it builds upon: `resources`, then the deprecated `bases`.
    pub fn resources(&self) -> impl Iterator<Item = &Node> {
        self.list("resources").iter().chain(self.list("bases"))
    }

    /// Whether `buildMetadata` asks for `option`.
    pub fn asks_for_metadata(&self, option: &str) -> bool {
        self.list("buildMetadata").iter().any(|node| node.text() == Some(option))
    }
}

/// Says of a second document that kustomize passes over it.
fn warn_of_unread(documents: &[Document], findings: &mut Findings) {
    let says = |root: &&Node| !root.is_null();
    let Some(root) = documents.iter().skip(1).filter_map(|document| document.root.as_ref()).find(says) else { return };
    let first = root.as_mapping().and_then(|mapping| mapping.iter().next());
    findings.push(
        Finding::warning(
            "yaml/unread",
            "this document is never read: kustomize reads only the first one of a kustomization",
        )
        .at(first.map_or(root.location(), |entry| entry.key.location), "dropped from here on")
        .help("move its fields into the first document, and remove the line `---`"),
    );
}

/// Without a `count`, kustomize counts 0.
fn warn_of_missing_counts(root: &Node, findings: &mut Findings) {
    let entries = root.get("replicas").and_then(Node::as_sequence).unwrap_or_default();
    for entry in entries.iter().filter(|entry| entry.get("name").is_some() && entry.get("count").is_none()) {
        let finding =
            Finding::warning("replicas/no-count", "this entry of `replicas` has no `count`, and so scales to 0")
                .at(entry.location(), "no `count` here");
        findings.push(finding.help("write `count:` and the number below `name:`, be it 0"));
    }
}

/// Whether kustomize sees no difference between this field and none. It moves lists of some old fields into newer ones.
fn says_nothing(entry: &Entry) -> bool {
    match entry.key.name.as_str() {
        "apiVersion" | "kind" => true,
        "bases" | "imageTags" | "helmChartInflationGenerator" => {
            entry.value.as_sequence().is_some_and(<[Node]>::is_empty)
        }
        _ => entry.value.text() == Some(""),
    }
}

/// Whether an `apiVersion` is that of the objects with which Flux builds kustomizations.
fn is_of_flux(version: &str) -> bool {
    version.starts_with("kustomize.toolkit.fluxcd.io/")
}

fn check_kind(root: &Node, findings: &mut Findings) -> Option<LayerKind> {
    let field = |key| root.get(key).filter(|node| !node.is_null());
    let kind = match field("kind").and_then(Node::text) {
        None | Some("Kustomization" | "") => LayerKind::Kustomization,
        Some("Component") => LayerKind::Component,
        Some(other) => {
            let node = field("kind")?;
            let finding = Finding::error("kustomization/wrong-kind", format!("`kind` is `{other}`"))
                .at(node.location(), "expected `Kustomization` or `Component`");
            findings.push(if other.starts_with("Kustomiz") {
                finding.help("write `kind: Kustomization`").edit(node.location(), "Kustomization")
            } else {
                finding.help("is this a resource? Then list it under `resources:` of a kustomization.yaml")
            });
            return None;
        }
    };
    if let Some(node) = field("apiVersion").filter(|node| node.text().is_some_and(is_of_flux)) {
        findings.push(
            Finding::error("kustomization/wrong-version", "this is a Kustomization of Flux, not one of kustomize")
                .at(node.location(), "an object for the controller of Flux")
                .help("give the file another name, and list it under `resources:` of a kustomization.yaml"),
        );
        return None;
    }
    let expected = match kind {
        LayerKind::Kustomization => "kustomize.config.k8s.io/v1beta1",
        LayerKind::Component => "kustomize.config.k8s.io/v1alpha1",
    };
    match field("apiVersion") {
        Some(node) if node.text().is_some_and(|text| !text.is_empty() && text != expected) => {
            let found = node.text().unwrap_or_default();
            findings.push(
                Finding::error("kustomization/wrong-version", format!("`apiVersion` is `{found}`"))
                    .at(node.location(), format!("expected `{expected}`"))
                    .help(format!("write `apiVersion: {expected}`"))
                    .edit(node.location(), expected),
            );
            None
        }
        _ => Some(kind),
    }
}
