//! What extends a build beyond its own fields: `openapi`, `configurations`, `crds`, and objects that configure
//! generators, transformers and validators (`generators:`, `transformers:`, `validators:`).

use std::sync::Arc;

use super::accumulate::{Gathered, reach};
use super::layer::{Layer, Trail};
use super::patch::MergeSchema;
use super::{Loader, Session, generate, helm, resources, transform};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{FieldSpecs, Resource};
use crate::source::{Document, EntryKind, Node};

/// `openapi`: another schema to take merge keys from. The first layer that has one decides for the whole build.
pub fn openapi(layer: &Layer, loader: &mut Loader, gathered: &mut Gathered) {
    let Some(field) = layer.kustomization.get("openapi") else { return };
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
        (Some(path), None) => {
            let written = path.text().unwrap_or_default();
            let parsed = loader.documents(written, path.location(), &mut gathered.findings);
            let root = parsed.as_ref().and_then(|parsed| parsed.documents.first()?.root.as_ref());
            if let Some(root) = root {
                let schema = MergeSchema::from_openapi(root, &mut gathered.findings);
                let unknown = |resource: &Resource| gathered.merge_schema.of(&resource.gvk()).is_none();
                let mixed = gathered.set.iter().any(unknown);
                gathered.merge_schema = Arc::new(if mixed { schema.under_built_in() } else { schema });
            }
        }
        (None, None) => {}
    }
}

/// Reads one file of field specs.
type Merge = fn(&mut FieldSpecs, &Node, &mut Findings);

/// `configurations` and `crds`: further field specs.
pub fn configurations(layer: &Layer, loader: &mut Loader, gathered: &mut Gathered) {
    let (mut files, mut crds) = (FieldSpecs::default(), FieldSpecs::default());
    let merges: [(&str, &mut FieldSpecs, Merge); 2] =
        [("configurations", &mut files, FieldSpecs::merge_configuration), ("crds", &mut crds, FieldSpecs::merge_crds)];
    for (field, specs, merge) in merges {
        for entry in layer.kustomization.list(field) {
            let written = entry.text().unwrap_or_default();
            let Some(parsed) = loader.documents(written, entry.location(), &mut gathered.findings) else { continue };
            for root in parsed.documents.iter().filter_map(|document| document.root.as_ref()) {
                merge(specs, root, &mut gathered.findings);
            }
        }
    }
    gathered.specs = FieldSpecs::of_layer(&gathered.specs, files);
    gathered.specs = FieldSpecs::union(&gathered.specs, &Arc::new(crds));
}

/// `generators:` entries.
pub fn generators(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    for config in objects(session, layer, trail, "generators", loader, gathered) {
        if config.kind() == helm::KIND {
            helm::configured(session, &config.root, loader, gathered);
            continue;
        }
        match generate::GENERATORS.iter().find(|generator| config.kind() == generator.kind) {
            Some(generator) => gathered.work(loader, |work| (generator.configured)(&config.root, work)),
            None => gathered.findings.push(unknown(
                &config,
                "generator",
                generate::GENERATORS.iter().map(|known| known.kind),
            )),
        }
    }
}

/// `transformers:` entries, then `validators:` entries.
pub fn transformers(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    for field in ["transformers", "validators"] {
        for config in objects(session, layer, trail, field, loader, gathered) {
            match transform::Transformer::by_kind(config.kind()) {
                Some(transformer) => gathered.work(loader, |work| (transformer.configured)(&config.root, work)),
                None => gathered.findings.push(unknown(
                    &config,
                    "transformer",
                    transform::TRANSFORMERS.iter().map(|known| known.kind),
                )),
            }
        }
    }
}

fn unknown<'a>(config: &Resource, what: &str, known: impl Iterator<Item = &'a str>) -> Finding {
    let kind = config.kind();
    let at = config.root.get("kind").map_or(config.declared, Node::location);
    let finding =
        Finding::error("build/unknown-extension", format!("`{kind}` is not a {what} that kollate knows")).at(at, "");
    match nearest(kind, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("functions in programs and containers are not run"),
    }
}

/// The configuration objects that the entries of `field` lead to: a file, a folder with a kustomization, or YAML
/// written in place.
fn objects(
    session: &Session,
    layer: &Layer,
    trail: &Trail<'_>,
    field: &str,
    loader: &mut Loader,
    gathered: &mut Gathered,
) -> Vec<Resource> {
    let mut found = Gathered::new(gathered.merge_schema.clone());
    let mut inline = Vec::new();
    for entry in layer.kustomization.list(field) {
        let written = entry.text().unwrap_or_default();
        if written.contains('\n') && loader.kind(written) != Some(EntryKind::File) {
            if let Some(parsed) = loader.embedded(entry, &mut found.findings) {
                let documents: &[Document] = &parsed.documents;
                inline.extend(resources::from_documents(documents, &mut found.findings));
            }
        } else if let Some(below) = reach(session, trail, entry, loader, &mut found) {
            inline.extend(below.set.into_vec());
            found.findings.extend(below.findings);
            gathered.reads.extend(below.reads);
        }
    }
    gathered.findings.extend(found.findings);
    found.set.into_iter().chain(inline).collect()
}
