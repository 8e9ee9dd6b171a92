//! OpenAPI documents that a user brings: `openapi`, from which merge keys are taken, and `crds`.

mod tables;

use std::sync::Arc;

use super::accumulate::Gathered;
use super::fields::Fields;
use super::layer::Layer;
use super::patch::{BuiltIn, MergeSchema};
use super::shape::{self, Shape};
use super::{Loader, doubles};
use crate::finding::{Finding, Findings, Severity};
use crate::source::{FileId, Loaded, Location, Node, Span};

pub(super) use self::tables::SCHEMA;

/// `openapi`: another schema to take merge keys from. The first layer that has one decides for the whole build.
pub fn openapi(layer: &Layer, loader: &mut Loader, gathered: &mut Gathered) {
    let Some(field) = layer.kustomization.get("openapi") else { return };
    if let Some(fields) = Fields::of(field, "`openapi`", &mut gathered.findings) {
        fields.warn_of_unknown(&["path", "version"], &mut gathered.findings);
    }
    if gathered.merge_schema.is_decided() {
        return;
    }
    match (field.get("path"), field.get("version")) {
        (Some(path), Some(version)) => gathered.findings.push(
            Finding::error("patch/openapi", "`openapi` has both a `path` and a `version`")
                .at(version.location(), "")
                .related(path.location(), "the document")
                .help("keep the one that is meant"),
        ),
        (None, Some(version)) => {
            if let Some(schema) = MergeSchema::version(version, &mut gathered.findings) {
                gathered.merge_schema = Arc::new(schema);
            }
        }
        (Some(path), None) => from_document(path, loader, gathered),
        (None, None) => {}
    }
}

fn from_document(path: &Node, loader: &mut Loader, gathered: &mut Gathered) {
    let Some(loaded) = loader.file(path.text().unwrap_or_default(), path.location(), &mut gathered.findings) else {
        return;
    };
    let mut faults = Findings::new();
    let root = document(path, &loaded, &tables::DOCUMENT, "patch/openapi", loader, &mut faults);
    if let Some(root) = &root {
        check_kinds(root, &mut faults);
    }
    let schema = match (root, faults.has_errors()) {
        (Some(root), false) => MergeSchema::from_openapi(&root, &mut gathered.findings),
        _ => MergeSchema::empty(),
    };
    gathered.merge_schema = Arc::new(schema.beside(gathered.built_in.max(gathered.built_in_before)));
    gathered.schema_faults.extend(faults);
    // What asks for a schema from now on asks for this one.
    (gathered.built_in, gathered.built_in_before) = (BuiltIn::Untouched, BuiltIn::Untouched);
}

/// The first document of the file that `entry` names, held to `shape`. One that begins with a brace has to be JSON
/// throughout.
fn document(
    entry: &Node,
    loaded: &Loaded,
    shape: &'static Shape,
    rule: &'static str,
    loader: &mut Loader,
    findings: &mut Findings,
) -> Option<Node> {
    let (start, at) = (findings.len(), entry.location());
    let parsed = loader.whole(entry.text().unwrap_or_default(), at, findings)?;
    let (file, text) = loaded.as_read();
    if text.is_empty() {
        findings.push(Finding::error(rule, "this file is empty").at(at, "").help("remove the entry, or fill the file"));
    } else if text.starts_with('{') {
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
            findings.push(not_json(file, text, &error, rule));
            return None;
        }
    } else {
        doubles::warn(start, findings);
    }
    let root = parsed.documents.first()?.root.clone()?;
    shape.check(&root, rule, findings);
    Some(root)
}

fn not_json(file: FileId, text: &str, error: &serde_json::Error, rule: &'static str) -> Finding {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut start = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    Finding::error(rule, "this file begins with `{`, which makes it JSON, and it is not JSON")
        .at(Location::new(file, Span::new(offset(start), offset(start + width))), "a reader of JSON stops here")
        .help("JSON has neither comments nor commas at the end, and puts keys and texts in double quotes")
}

const KIND: &str = "x-kubernetes-group-version-kind";

/// Reports kinds without a version or a name: those of definitions, and of what is got from a path.
fn check_kinds(root: &Node, findings: &mut Findings) {
    let values = |name: &str| root.get(name).and_then(Node::as_mapping).into_iter().flat_map(|mapping| mapping.iter());
    let of_definitions =
        values("definitions").flat_map(|entry| entry.value.get(KIND).and_then(Node::as_sequence).unwrap_or_default());
    let of_paths = values("paths").filter(|entry| tables::is_path(&entry.key.name));
    let of_paths = of_paths.filter_map(|entry| entry.value.dig(&["get", KIND]));
    for kind in of_definitions.chain(of_paths).filter(|kind| kind.as_mapping().is_some()) {
        let is_text = |name: &str| kind.get(name).is_some_and(shape::is_text);
        if let Some(missing) = ["version", "kind"].iter().find(|name| !is_text(name)) {
            findings.push(
                Finding::error("patch/openapi", format!("this kind has no `{missing}`"))
                    .at(kind.location(), "")
                    .help(format!("`{KIND}` takes `group`, `version` and `kind`, each a text")),
            );
        }
    }
}

/// What became of the faults of the document: nothing stands in the way of a build that asks for no schema.
pub fn judge_faults(gathered: &mut Gathered) {
    let asked = gathered.built_in != BuiltIn::Untouched;
    for fault in std::mem::take(&mut gathered.schema_faults) {
        gathered.findings.push(match asked {
            true => fault,
            false => Finding { severity: Severity::Warning, ..fault }.note("nothing in this build asks for a schema"),
        });
    }
}

/// The types that a file of `crds` describes.
pub fn types(entry: &Node, loader: &mut Loader, findings: &mut Findings) -> Option<Node> {
    let loaded = loader.file(entry.text().unwrap_or_default(), entry.location(), findings)?;
    let shape = if loaded.bytes().starts_with(b"{") { &tables::TYPES } else { &tables::TYPES_IN_YAML };
    let start = findings.len();
    let root = document(entry, &loaded, shape, "build/crds", loader, findings);
    let defines = |root: &Node| root.get("kind").and_then(Node::text) == Some("CustomResourceDefinition");
    let is_wrong = findings.since(start).any(|finding| finding.severity == Severity::Error);
    if is_wrong && loader.store.parse(&loaded).documents.iter().filter_map(|it| it.root.as_ref()).any(defines) {
        findings.retain_since(start, |_| false);
        let message = "`crds` takes OpenAPI definitions, and this file holds a CustomResourceDefinition";
        let finding = Finding::error("build/crds", message).at(entry.location(), "not of this kind");
        findings.push(finding.help("list it under `resources:`"));
        return None;
    }
    root.filter(|_| findings.since(start).all(|finding| finding.severity != Severity::Error))
}
