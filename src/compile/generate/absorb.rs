//! How a generated resource meets those gathered before: `behavior` create, merge and replace.

use super::string_data;
use crate::compile::quoted::in_quotes;
use crate::compile::transform::untagged_kind;
use crate::compile::{Step, Work, doubles, shared_label};
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::resource::{Behavior, Resource, ResourceId, ResourceSet};
use crate::source::{Entry, Location, Mapping, Node, ScalarKind, Signature, Style, Symbol};

/// Adds a generated resource to the set, or lays it over the one that has or had its id.
pub fn absorb(resource: Resource, step: Step, work: &mut Work<'_>) {
    let id = resource.id();
    let behavior = resource.generated.map_or(Behavior::Create, |generated| generated.behavior);
    let matches = work.set.with_any_id(&id);
    match (matches.as_slice(), behavior) {
        ([], Behavior::Create) => work.set.push(resource),
        ([], _) => {
            let finding = missing(&resource, &id, work);
            work.findings.push(finding);
            // Added all the same, so that what refers to it is not reported missing too.
            work.set.push(resource);
        }
        (&[first, ..], Behavior::Create) => work.findings.push(exists(&resource, &id, work.set.get(first))),
        (&[only], _) => {
            if let Some(old) = work.set.get_mut(only) {
                work.findings.extend(repeated(old, &resource, behavior));
                if behavior == Behavior::Merge && work.compat.merges_string_data() {
                    let taken = string_data::take_over(old, &step.sign(resource.declared));
                    taken.into_iter().for_each(|finding| work.findings.push(finding));
                }
                doubles::keep_firsts(old);
                lay_over(old, &resource, behavior, &step.sign(resource.declared));
            }
        }
        (several, _) => work.findings.push(ambiguous(&resource, &id, several, work.set)),
    }
}

fn word(behavior: Behavior) -> &'static str {
    if behavior == Behavior::Merge { "merge" } else { "replace" }
}

fn name_location(resource: &Resource) -> Location {
    resource.root.dig(&["metadata", "name"]).map_or(resource.declared, Node::location)
}

fn missing(resource: &Resource, id: &ResourceId, work: &mut Work<'_>) -> Finding {
    let behavior = word(resource.generated.map_or(Behavior::Merge, |generated| generated.behavior));
    let kind = id.gvk.kind;
    let finding = Finding::error("generator/merge-target-missing", format!("there is no `{id}` to {behavior}"))
        .at(name_location(resource), format!("no {kind} of this name so far"))
        .resource(id.clone());
    let set = &*work.set;
    if !work.findings.may_look_through(set.len()) {
        return finding.help("remove `behavior` to create it, or correct the name");
    }
    let same_kind = || set.iter().filter(|other| other.gvk() == id.gvk);
    let elsewhere = same_kind().find(|other| other.name() == id.name || other.original_id().name == id.name);
    if let Some(other) = elsewhere {
        let namespace = other.effective_namespace().to_owned();
        return finding
            .related(other.named_at(), format!("a {kind} of this name is in namespace `{namespace}`"))
            .help(format!("add `namespace: {namespace}` to the generator"));
    }
    let mut names: Vec<String> = same_kind().map(|other| other.name().to_owned()).collect();
    names.extend(same_kind().map(|other| other.original_id().name.to_string()));
    if let Some(near) = nearest(&id.name, names.iter().map(String::as_str)) {
        return finding.help(format!("did you mean `{near}`?"));
    }
    names.sort();
    names.dedup();
    match names.as_slice() {
        [] => finding.help("remove `behavior` to create it, or list the base that has it under `resources`"),
        names => finding.help(format!("remove `behavior` to create it, or name one of `{}`", names.join("`, `"))),
    }
}

fn exists(resource: &Resource, id: &ResourceId, old: Option<&Resource>) -> Finding {
    let finding = Finding::error("generator/already-exists", format!("`{id}` exists already"))
        .at(name_location(resource), "made a second time here")
        .help("choose another name, or write `behavior: merge` or `behavior: replace`")
        .resource(id.clone());
    match old {
        Some(old) => finding.related(name_location(old), "it comes from here"),
        None => finding,
    }
}

fn ambiguous(resource: &Resource, id: &ResourceId, several: &[usize], set: &ResourceSet) -> Finding {
    let finding =
        Finding::error("generator/ambiguous-target", format!("{} resources are or were `{id}`", several.len()))
            .at(name_location(resource), "it is not clear which of them is meant")
            .help("name the resource as it stands after its base's prefix and suffix")
            .resource(id.clone());
    let found = several.iter().filter_map(|&at| set.get(at));
    found.fold(finding, |finding, other| finding.related(name_location(other), format!("`{}`", other.id())))
}

/// What to say of literals under `merge` that are there already. A file is often complete on purpose.
fn repeated(old: &Resource, new: &Resource, behavior: Behavior) -> Findings {
    let mut findings = Findings::new();
    if behavior != Behavior::Merge {
        return findings;
    }
    let entries = |resource: &Resource| ["data", "binaryData"].map(|key| resource.root.get(key).cloned());
    for (old_data, new_data) in entries(old).iter().zip(entries(new)) {
        let (Some(old_data), Some(new_data)) = (old_data, new_data) else { continue };
        let is_literal = |entry: &&Entry| entry.key.location.file == new.declared.file;
        for entry in new_data.as_mapping().into_iter().flat_map(Mapping::iter).filter(is_literal) {
            let Some(known) = old_data.get(entry.key.name).filter(|known| known.text() == entry.value.text()) else {
                continue;
            };
            let message = format!("`{}` has `{}` with this value already", old.id(), entry.key.name);
            findings.push(
                Finding::new("generator/no-change", Severity::Info, message)
                    .at(entry.key.location, "changes nothing")
                    .related(known.location(), "is so already")
                    .help("remove it, or write another value")
                    .resource(old.id()),
            );
        }
    }
    findings
}

/// Lays `new` over `old`. Name, namespace and what the build remembers of them stay; labels and annotations are
/// laid over in any case, data only under `merge`; whatever else the old one had goes, as in kustomize, where the new
/// object takes the place of the old (`CopyMergeMetaDataFieldsFrom`).
fn lay_over(old: &mut Resource, new: &Resource, behavior: Behavior, sign: &Signature) {
    // The hash is for what a generator made in the first place, and only as long as all of them want it.
    if let (Some(old), Some(new)) = (&mut old.generated, new.generated) {
        old.needs_hash &= new.needs_hash;
    }
    if behavior == Behavior::Replace {
        old.declared = new.declared;
        if let Some(lineage) = &mut old.lineage {
            lineage.origin = None;
        }
    }
    shared_label::separate(&mut old.root);
    old.labels_as_made = true;
    let (Some(base), Some(over)) = (old.root.as_mapping_mut(), new.root.as_mapping()) else {
        return;
    };
    let merged: &[&str] = if behavior == Behavior::Merge { &["data", "binaryData"] } else { &[] };
    for key in keys(base) {
        if !over.iter().any(|entry| entry.key.name == key) && !merged.contains(&key.as_str()) {
            base.remove(&key, sign);
        }
    }
    for entry in over.iter() {
        match entry.key.name.as_str() {
            "apiVersion" | "kind" => {}
            "metadata" => {}
            "data" | "binaryData" => {}
            _ => base.set(entry.key, entry.value.clone(), sign),
        }
    }
    if let Some(meta) = base.get_mut("metadata").and_then(Node::as_mapping_mut) {
        lay_metadata(meta, over.get("metadata"), sign);
    }
    for key in ["data", "binaryData"] {
        if behavior == Behavior::Merge {
            lay_texts(base, key, over.get(key), sign);
        } else if let Some(value) = over.get(key) {
            replace_texts(base, key, value, sign);
        }
    }
    write_in_lines(&mut old.root);
}

/// The new object is none in brackets, and nor is what both are laid into.
fn write_in_lines(root: &mut Node) {
    let mut free = |path: &[&str]| {
        let place = path.iter().try_fold(&mut *root, |node, key| node.get_mut(*key));
        if let Some(node) = place.filter(|node| node.is_bracketed()) {
            *node = node.clone().out_of_brackets();
        }
    };
    let paths: [&[&str]; 6] =
        [&[], &["metadata"], &["metadata", "labels"], &["metadata", "annotations"], &["data"], &["binaryData"]];
    paths.into_iter().for_each(&mut free);
}

fn keys(mapping: &Mapping) -> Vec<Symbol> {
    mapping.iter().map(|entry| entry.key.name).collect()
}

fn lay_metadata(meta: &mut Mapping, over: Option<&Node>, sign: &Signature) {
    for key in keys(meta) {
        if !["name", "namespace", "labels", "annotations"].contains(&key.as_str()) {
            meta.remove(&key, sign);
        }
    }
    if meta.get("namespace").is_some_and(|node| node.is_null() || node.text().is_none_or(str::is_empty)) {
        meta.remove("namespace", sign);
    }
    // Set anew, with no word of what they are; in quotes where the generator has none, or has its own in quotes.
    for key in ["name", "namespace"] {
        if let Some(place) = meta.get_mut(key).filter(|node| node.is_scalar()) {
            let kind = untagged_kind(place.text().unwrap_or_default(), Style::Plain);
            let new = place.respelled(Style::Plain, kind).untagged();
            let quotes = over.and_then(|over| over.get(key)).is_none_or(|own| in_quotes(own).is_some());
            *place = in_quotes(&new).filter(|_| quotes).unwrap_or(new);
        }
    }
    for key in ["labels", "annotations"] {
        lay_texts(meta, key, over.and_then(|over| over.get(key)), sign);
    }
    meta.order_by(|key| ["name", "namespace", "labels"].iter().position(|known| *known == key).unwrap_or(usize::MAX));
}

/// Lays the texts of `over` over those under `key`. What ends up empty is left out.
fn lay_texts(parent: &mut Mapping, key: &str, over: Option<&Node>, sign: &Signature) {
    match parent.get_mut(key).filter(|node| node.as_mapping().is_some()) {
        Some(node) => {
            make_strings(node, key, sign);
            set_all(node, over, sign);
        }
        None => {
            if let Some(over) = over {
                parent.set_key(key, over.clone(), sign);
            }
        }
    }
    if parent.get(key).is_some_and(|node| node.as_mapping().is_none_or(Mapping::is_empty)) {
        parent.remove(key, sign);
    }
}

fn replace_texts(parent: &mut Mapping, key: &str, over: &Node, sign: &Signature) {
    match parent.get_mut(key).filter(|node| node.as_mapping().is_some()) {
        Some(node) => {
            if let Some(mapping) = node.as_mapping_mut() {
                for name in keys(mapping).into_iter().filter(|name| over.get(name).is_none()) {
                    mapping.remove(&name, sign);
                }
            }
            set_all(node, Some(over), sign);
        }
        None => parent.set_key(key, over.clone(), sign),
    }
}

/// Sets what `over` has. All keys are written anew then, without quotes.
fn set_all(node: &mut Node, over: Option<&Node>, sign: &Signature) {
    let Some(mapping) = node.as_mapping_mut() else { return };
    for entry in over.and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter) {
        mapping.set(entry.key, entry.value.clone(), sign);
    }
    mapping.unquote_keys();
}

/// kustomize reads the old values as strings, whatever they are, and forgets how they were written. A null is text in
/// labels and annotations, and nothing in data (`GetDataMap`).
fn make_strings(node: &mut Node, key: &str, sign: &Signature) {
    let is_as_made = |node: &Node| {
        let style = if node.text().is_some_and(|text| text.contains('\n')) { Style::Literal } else { Style::Plain };
        node.is_scalar() && node.kind() == ScalarKind::String && node.style() == style && in_quotes(node).is_none()
    };
    if node.as_mapping().is_none_or(|mapping| mapping.iter().all(|entry| is_as_made(&entry.value))) {
        return;
    }
    let is_data = matches!(key, "data" | "binaryData");
    for (_, value) in node.as_mapping_mut().into_iter().flat_map(Mapping::iter_mut) {
        if is_as_made(value) {
            continue;
        }
        let text = if is_data && value.is_null() { "" } else { value.text().unwrap_or_default() };
        let style = if text.contains('\n') { Style::Literal } else { Style::Plain };
        if value.kind() == ScalarKind::String && value.is_scalar() {
            *value = value.respelled(style, ScalarKind::String);
        } else {
            value.set(Node::new_string(text, sign).restyled(style), sign);
        }
        if let Some(quoted) = in_quotes(value) {
            *value = quoted;
        }
    }
}
