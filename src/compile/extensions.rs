//! What extends a build beyond its own fields: `configurations`, `crds`, and objects that configure
//! generators, transformers and validators (`generators:`, `transformers:`, `validators:`).

use super::accumulate::{Gathered, reach};
use super::configuration::LayerSpecs;
use super::fields::{Fields, as_text};
use super::layer::{Layer, Trail};
use super::patch::{BuiltIn, not_in_json};
use super::{
    Loader, Session, configured, doubles, function, generate, helm, made_labels, metadata, openapi, resources,
    transform,
};
use crate::finding::{Finding, nearest};
use crate::resource::{FieldSpecs, Resource};
use crate::source::yaml::scalar;
use crate::source::{Document, EntryKind, Node, ScalarKind, Style};

/// A document that kustomize does not read, if it says something.
fn unread(document: &Document) -> Option<Finding> {
    let root = document.root.as_ref().filter(|root| !root.is_null())?;
    let finding = Finding::warning("configuration/unread-document", "this document is not read")
        .at(root.location(), "kustomize reads the first document of a configuration, and no more");
    Some(
        finding
            .help("put it in a file of its own and list that under `configurations:`, or remove the `---` before it"),
    )
}

/// `configurations` and `crds`: further field specs.
pub fn configurations(layer: &Layer, loader: &mut Loader, gathered: &mut Gathered) {
    let (mut files, mut crds) = (FieldSpecs::default(), FieldSpecs::default());
    let compat = gathered.compat;
    for entry in layer.kustomization.list("configurations") {
        let written = entry.text().unwrap_or_default();
        let Some(parsed) = loader.whole(written, entry.location(), &mut gathered.findings) else { continue };
        // Kustomize reads the first document, whatever it says.
        let mut documents = parsed.documents.iter();
        if let Some(mut root) =
            documents.next().and_then(|document| document.root.clone()).filter(|root| !root.is_null())
        {
            retell(&mut root);
            files.merge_configuration(&root, compat, &mut gathered.findings);
        }
        documents.find_map(unread).into_iter().for_each(|finding| gathered.findings.push(finding));
    }
    for entry in layer.kustomization.list("crds") {
        if let Some(root) = openapi::types(entry, loader, &mut gathered.findings) {
            crds.merge_crds(&root, &mut gathered.findings);
        }
    }
    let (mut of_files, mut of_crds) = (Vec::new(), Vec::new());
    let specs = gathered.specs.of_layer(files, compat, &mut of_files);
    gathered.specs = specs.union(&LayerSpecs::of_files(crds), &mut of_crds);
    for (field, contradictions) in [("configurations", of_files), ("crds", of_crds)] {
        let at = layer.kustomization.get(field).map_or(layer.location, Node::location);
        contradictions.iter().for_each(|found| gathered.findings.push(found.finding(at)));
    }
}

/// `generators:` entries.
pub fn generators(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    for mut config in objects(session, layer, trail, "generators", loader, gathered) {
        if let Some(make) = program(&config) {
            make(session, &config, loader, gathered);
            metadata::made(&mut gathered.set, metadata::object(layer, &config).as_ref());
            continue;
        }
        match generate::GENERATORS.iter().find(|known| config.kind() == known.kind && is_builtin(&config)) {
            Some(generator) => {
                if let Some(fields) = Fields::of_object(&config.root, "this generator", &mut gathered.findings) {
                    transform::warn_of_unknown(&fields, generator.fields, &mut gathered.findings);
                    generate::misfits(&config.root, &mut gathered.findings);
                    generate::leave_env(&mut config.root, &mut gathered.findings);
                }
                gathered.work(loader, |work| (generator.configured)(&config.root, work));
                metadata::made(&mut gathered.set, metadata::object(layer, &config).as_ref());
            }
            None => gathered.findings.push(unknown(
                &config,
                "generator",
                generate::GENERATORS.iter().map(|known| known.kind),
            )),
        }
    }
}

/// `transformers:` entries.
pub fn transformers(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    for config in objects(session, layer, trail, "transformers", loader, gathered) {
        transform(session, &config, loader, gathered);
        metadata::transformed(&mut gathered.set, metadata::object(layer, &config).as_ref());
    }
}

/// `validators:` entries: transformers that may change nothing, but for a label that says that they were here.
pub fn validators(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    for config in objects(session, layer, trail, "validators", loader, gathered) {
        // It is also told which resources have come to bear one id.
        gathered.settle(config.declared);
        let before = gathered.set.clone();
        transform(session, &config, loader, gathered);
        let pairs = before.iter().zip(gathered.set.iter());
        let changed =
            pairs.clone().find(|(before, after)| !made_labels::is_same(before, after)).map(|(before, _)| before);
        let lost = (before.len() > gathered.set.len()).then(|| before.iter().last()).flatten();
        if let Some(resource) = changed.or(lost) {
            let finding = Finding::error("build/validator", format!("a validator changes `{}`", resource.id()))
                .at(config.root.get("kind").map_or(config.declared, Node::location), "this one")
                .related(resource.named_at(), "what it changes")
                .help("list it under `transformers:`");
            gathered.findings.push(finding);
        }
    }
}

/// Makes resources with a program of the user's.
type Make = fn(&Session, &Resource, &mut Loader, &mut Gathered);

fn program(config: &Resource) -> Option<Make> {
    match is_builtin(config) {
        true => (config.kind() == helm::KIND).then_some(helm::configured as Make),
        false => function::is_function(config).then_some(function::generate as Make),
    }
}

fn transform(session: &Session, config: &Resource, loader: &mut Loader, gathered: &mut Gathered) {
    if !is_builtin(config) && function::is_function(config) {
        return function::transform(session, config, loader, gathered);
    }
    match transform::Transformer::by_kind(config.kind()).filter(|_| is_builtin(config)) {
        Some(transformer) => gathered.work(loader, |work| (transformer.configured)(&config.root, work)),
        None => gathered.findings.push(unknown(
            config,
            "transformer",
            transform::TRANSFORMERS.iter().map(|known| known.kind),
        )),
    }
}

/// The `apiVersion` of kustomize's own generators and transformers. Others are programs.
const BUILTIN: &str = "builtin";

fn is_builtin(config: &Resource) -> bool {
    config.root.get("apiVersion").and_then(Node::text) == Some(BUILTIN)
}

/// Where objects of one of kustomize's own kinds are listed.
fn field_of(kind: &str) -> Option<&'static str> {
    let generates = kind == helm::KIND || generate::GENERATORS.iter().any(|known| known.kind == kind);
    let transforms = transform::Transformer::by_kind(kind).is_some();
    if generates { Some("generators") } else { transforms.then_some("transformers") }
}

fn unknown<'a>(config: &Resource, what: &str, mut known: impl Iterator<Item = &'a str>) -> Finding {
    let kind = config.kind();
    let at = config.root.get("kind").map_or(config.declared, Node::location);
    let finding =
        Finding::error("build/unknown-extension", format!("`{kind}` is not a {what} that kollate knows")).at(at, "");
    if !is_builtin(config) && (known.any(|known| known == kind) || kind == helm::KIND) {
        return finding.help(format!("write `apiVersion: {BUILTIN}`"));
    }
    if let Some(field) = field_of(kind).filter(|_| is_builtin(config)) {
        return finding.help(format!("list it under `{field}:`"));
    }
    match nearest(kind, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(
            "a function names its program in the annotation `config.kubernetes.io/function`; kustomize's older plugins, which lie in a folder of their own, are not run",
        ),
    }
}

/// The configuration objects that the entries of `field` lead to: YAML written in place first, then what files and
/// folders with a kustomization hold.
fn objects(
    session: &Session,
    layer: &Layer,
    trail: &Trail<'_>,
    field: &str,
    loader: &mut Loader,
    gathered: &mut Gathered,
) -> Vec<Resource> {
    let mut found = Gathered::new(gathered.merge_schema.clone(), gathered.compat);
    found.built_in_before = gathered.built_in.max(gathered.built_in_before);
    // An entry without words is taken for YAML that says nothing.
    let entries =
        layer.kustomization.list(field).iter().filter(|entry| entry.text().is_none_or(|text| !text.is_empty()));
    let (inline, paths): (Vec<&Node>, Vec<&Node>) = entries.partition(|entry| is_inline(entry, loader));
    for entry in inline {
        if let Some(parsed) = loader.embedded(entry, &mut found.findings) {
            let documents: &[Document] = &parsed.documents;
            let read = resources::from_documents(documents, &mut found.findings);
            read.into_iter().for_each(|resource| found.add(resource));
        }
    }
    let own = layer.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    metadata::made(&mut found.set, metadata::file(layer, &own).as_ref());
    for entry in paths {
        if let Some(below) = reach(session, layer, trail, entry, loader, &mut found) {
            found.absorb(below, entry);
        }
    }
    for config in found.set.iter_mut() {
        doubles::check(config, &mut found.findings);
        if is_builtin(config) {
            if let Some(number) = not_in_json(&config.root) {
                found.findings.push(no_such_number(number, config));
            }
            retell(&mut config.root);
            put_in_quotes(&mut config.root);
            configured::check(config, &mut found.findings);
        }
    }
    gathered.findings.extend(found.findings);
    gathered.reads.extend(found.reads);
    // No schema knows the kinds of configuration objects.
    let asked = if found.set.is_empty() { BuiltIn::Untouched } else { BuiltIn::AskedFor };
    gathered.built_in = gathered.built_in.max(found.built_in).max(asked);
    found.set.into_vec()
}

/// Writes numbers as they are when kustomize has printed the object, to read it as settings: a text is made of those.
fn retell(node: &mut Node) {
    each_scalar(node, &|node| {
        let (text, kind) = match node.kind() {
            ScalarKind::Int | ScalarKind::Float => (as_text(node), node.kind()),
            ScalarKind::Timestamp => {
                (node.text().and_then(scalar::timestamp_text).unwrap_or_default(), ScalarKind::String)
            }
            _ => return,
        };
        if node.text() != Some(&text) {
            *node = node.retold(text, node.style(), kind);
        }
    });
}

/// Puts texts in quotes that YAML 1.1 would take for booleans: kustomize prints an object so, and reads it again.
fn put_in_quotes(node: &mut Node) {
    each_scalar(node, &|node| {
        let plain = node.as_str().filter(|_| node.style() == Style::Plain);
        if plain.is_some_and(|text| scalar::resolve_v2(text) == ScalarKind::Bool) {
            *node = node.restyled(Style::DoubleQuoted);
        }
    });
}

fn each_scalar(node: &mut Node, change: &impl Fn(&mut Node)) {
    if let Some(mapping) = node.as_mapping_mut() {
        mapping.iter_mut().for_each(|(_, value)| each_scalar(value, change));
    } else if let Some(list) = node.as_sequence_mut() {
        list.items_mut().iter_mut().for_each(|item| each_scalar(item, change));
    } else {
        change(node);
    }
}

fn no_such_number(number: &Node, config: &Resource) -> Finding {
    let message = format!("JSON has no such number as `{}`", number.text().unwrap_or_default());
    Finding::error("build/field-value", message)
        .at_node(number, "kustomize writes the object as JSON")
        .related(config.declared, "this object")
        .help("put it in quotes, or remove it")
}

fn is_inline(entry: &Node, loader: &Loader) -> bool {
    let written = entry.text().unwrap_or_default();
    let like_yaml = written.contains('\n') || written.trim_start().starts_with('{');
    like_yaml && loader.kind(written) != Some(EntryKind::File)
}
