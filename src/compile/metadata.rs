//! `buildMetadata`: what the root asks to be written on the resources about the build itself.
//!
//! Kustomize keeps book in the annotations themselves; here the book is the resources' [`Lineage`], and the
//! annotations are written once, at the end.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::fields::listed;
use super::layer::Layer;
use super::transform::Transformer;
use super::{Step, doubles, link};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{Compat, Lineage, Maker, Resource, ResourceSet};
use crate::source::yaml::{PrintError, print};
use crate::source::{Key, Location, Node, Signature, Word};

const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// The path `written` in the folder `folder`, which is relative to the root's.
pub fn join(folder: &str, written: &str) -> String {
    let mut out = PathBuf::new();
    for part in Path::new(folder).join(written).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    if out.as_os_str().is_empty() { ".".to_owned() } else { out.to_string_lossy().into_owned() }
}

/// The file `written`, as a maker of resources; `None` if the build keeps no book.
pub fn file(layer: &Layer, written: &str) -> Option<Arc<Maker>> {
    let folder = layer.from_root.as_ref()?;
    Some(Arc::new(Maker::File(join(folder, written))))
}

fn own_file(layer: &Layer) -> Option<String> {
    let folder = layer.from_root.as_ref()?;
    Some(join(folder, &layer.file.file_name()?.to_string_lossy()))
}

/// A field of the layer's kustomization, as a maker.
pub fn field(layer: &Layer, kind: &str) -> Option<Arc<Maker>> {
    Some(Maker::field(&own_file(layer)?, kind))
}

/// A configuration object, as a maker. One without a lineage is written in the layer's own file.
pub fn object(layer: &Layer, config: &Resource) -> Option<Arc<Maker>> {
    let own = own_file(layer)?;
    let origin = config.lineage.as_ref().and_then(|lineage| lineage.origin.as_ref());
    Some(Arc::new(Maker::Configured {
        file: origin.map_or(own, |origin| origin.file().to_owned()),
        api_version: config.root.get("apiVersion").and_then(Node::text).unwrap_or_default().to_owned(),
        kind: config.kind().to_owned(),
        name: config.name().to_owned(),
        namespace: config.namespace().to_owned(),
    }))
}

/// Says that a resource has no annotations that kustomize could write to, should it keep book.
pub fn takes_no_note(resource: &Resource) -> Option<Finding> {
    let annotations = resource.root.dig(&["metadata", "annotations"])?;
    (annotations.as_mapping().is_none() && !annotations.is_null()).then(|| {
        let id = resource.id();
        Finding::error("build/wrong-kind", format!("`metadata.annotations` of `{id}` is not a mapping"))
            .at(annotations.location(), "`buildMetadata` needs a mapping here")
            .help("write annotations as `key: text`, or remove the field")
            .resource(id)
    })
}

/// Notes who made the resources of which it is not known yet.
pub fn made(set: &mut ResourceSet, maker: Option<&Arc<Maker>>) {
    let Some(maker) = maker else { return };
    for resource in set.iter_mut() {
        let origin = &mut resource.lineage.get_or_insert_default().origin;
        if origin.is_none() {
            *origin = Some(maker.clone());
            doubles::annotations::make_anew(resource);
        }
    }
}

/// Notes that every resource was transformed by `maker`; a resource that nobody made so far was made by it.
pub fn transformed(set: &mut ResourceSet, maker: Option<&Arc<Maker>>) {
    let Some(maker) = maker else { return };
    for resource in set.iter_mut() {
        // Kustomize writes all annotations anew when it adds its own (`Resource.SetAnnotations`).
        doubles::annotations::make_anew(resource);
        if let Some(metadata) = resource.root.get_mut("metadata") {
            let bracketed = metadata.is_bracketed();
            if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut) {
                link::make_annotations_texts(annotations, bracketed, Step::transform("buildMetadata"));
            }
        }
        resource.renew_annotations();
        let lineage = resource.lineage.get_or_insert_default();
        match &lineage.origin {
            None => lineage.origin = Some(maker.clone()),
            Some(_) => lineage.transformations.push(maker.clone()),
        }
    }
}

/// Notes the work of a field, as often as kustomize makes a transformer of it.
pub fn transformed_by_field(layer: &Layer, transformer: &Transformer, set: &mut ResourceSet) {
    let Some(maker) = field(layer, transformer.kind) else { return };
    let filled = |name: &str| {
        let value = layer.kustomization.get(name);
        value.is_some_and(|node| {
            let texts = node.text().is_some_and(|text| !text.is_empty() && !node.is_null());
            texts || node.as_mapping().is_some_and(|map| !map.is_empty()) || !layer.kustomization.list(name).is_empty()
        })
    };
    let times = match transformer.field {
        // These note each entry as they go: a JSON patch may take away what was noted before.
        "patches" | "patchesJson6902" => 0,
        name @ ("labels" | "replicas" | "images" | "imageTags") => layer.kustomization.list(name).len(),
        // Where there are `labels`, kustomize makes a transformer for `commonLabels`, too, though it has nothing to do.
        "commonLabels" => usize::from(filled("labels") || filled("commonLabels")),
        name => usize::from(filled(name)),
    };
    (0..times).for_each(|_| transformed(set, Some(&maker)));
}

/// What a `buildMetadata` may ask for.
const OPTIONS: [&str; 3] = ["managedByLabel", "originAnnotations", "transformerAnnotations"];

/// Warns of words in `buildMetadata` that kustomize passes over.
pub fn warn_of_unknown(layer: &Layer, findings: &mut Findings) {
    for entry in layer.kustomization.list("buildMetadata") {
        let word = entry.text().unwrap_or_default();
        if OPTIONS.contains(&word) {
            continue;
        }
        let finding = Finding::warning("build/unknown-field", format!("`{word}` is no option of `buildMetadata`"))
            .at(entry.location(), "this entry has no effect");
        findings.push(match nearest(word, OPTIONS) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("remove it; known are {}", listed(&OPTIONS))),
        });
    }
}

/// Writes what the root's `buildMetadata` asks for, and the label if the caller asks for it.
pub fn annotate(
    layer: &Layer,
    managed_by_label: bool,
    compat: Compat,
    set: &mut ResourceSet,
) -> Result<(), PrintError> {
    let wish = |word: &str| {
        let asked = layer.kustomization.list("buildMetadata").iter().find(|node| node.text() == Some(word));
        asked.map(Node::location)
    };
    let label = wish("managedByLabel").or(managed_by_label.then_some(layer.location));
    let (origin, transformations) = (wish("originAnnotations"), wish("transformerAnnotations"));
    for resource in set.iter_mut() {
        if let Some(at) = label {
            if let Some(labels) = resource.labels().filter(|labels| labels.as_mapping().is_none() && !labels.is_null())
            {
                let message = format!("`metadata.labels` of `{}` is not a mapping", resource.id());
                let help = "write labels as `key: text`, or take `managedByLabel` out of `buildMetadata`";
                return Err(PrintError { location: labels.location(), message, help });
            }
            put(resource, "labels", "app.kubernetes.io/managed-by", compat.managed_by().to_owned(), at);
        }
        let lineage = resource.lineage.take();
        // What a user wrote there kustomize takes for its own.
        take_off(resource, ORIGIN);
        take_off(resource, TRANSFORMATIONS);
        for (name, text) in lineage.as_deref().map_or_else(|| Ok(Vec::new()), told)? {
            if let Some(at) = if name == ORIGIN { origin } else { transformations } {
                put(resource, "annotations", name, text, at);
            }
        }
    }
    Ok(())
}

/// What the annotations say of a lineage, each with its name.
pub fn told(lineage: &Lineage) -> Result<Vec<(&'static str, String)>, PrintError> {
    let mut all = Vec::new();
    if let Some(maker) = &lineage.origin {
        all.push((ORIGIN, written(maker)?));
    }
    let mut text = String::new();
    for maker in &lineage.transformations {
        for (number, line) in written(maker)?.lines().enumerate() {
            text += if number == 0 { "- " } else { "  " };
            text += line;
            text.push('\n');
        }
    }
    all.extend((!text.is_empty()).then_some((TRANSFORMATIONS, text)));
    Ok(all)
}

fn written(maker: &Maker) -> Result<String, PrintError> {
    let sign = Step::transform("buildMetadata").sign(Location::default());
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            text += name;
            print(&Node::new_string(value, &sign), &mut text)?;
        }
        Ok(())
    };
    match maker {
        Maker::File(path) => line("path: ", path)?,
        Maker::Configured { file, api_version, kind, name, namespace } => {
            line("configuredIn: ", file)?;
            line("configuredBy:\n  apiVersion: ", api_version)?;
            line("  kind: ", kind)?;
            line("  name: ", name)?;
            line("  namespace: ", namespace)?;
        }
    }
    Ok(text)
}

fn put(resource: &mut Resource, field: &str, key: &str, value: String, at: Location) {
    let sign = Step::transform("buildMetadata").sign(at);
    let value = Node::new_string(value, &sign);
    let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    match metadata.get_mut(field).and_then(Node::as_mapping_mut) {
        Some(entries) => entries.set_key(key, value, &sign),
        None => {
            let entry = crate::source::Entry { key: Key::new(key, sign.at), value };
            metadata.set_key(field, Node::new_mapping(vec![entry], &sign), &sign);
        }
    }
}

fn take_off(resource: &mut Resource, key: &str) {
    let annotations = resource.root.dig(&[Word::Metadata, Word::Annotations]);
    let Some(place) = annotations.and_then(|annotations| annotations.get(key)).map(Node::location) else { return };
    let sign: Signature = Step::transform("buildMetadata").sign(place);
    let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut) else { return };
    annotations.remove(key, &sign);
    if annotations.is_empty() {
        metadata.remove("annotations", &sign);
    }
}
