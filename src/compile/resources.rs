//! Documents to resources, as kustomize reads them: lists are taken apart, and each object must have a kind and a name.

use std::collections::VecDeque;

use super::Step;
use super::patch::read_notes;
use crate::finding::{Finding, Findings};
use crate::resource::{Resource, ResourceId};
use crate::source::yaml::scalar;
use crate::source::{
    Document, Entry, FieldPath, FileId, Key, Location, Node, ScalarKind, Signature, Span, Style, View,
};

/// The resources of a file's documents. Items of a `List` come after the file's other objects.
pub fn from_documents(documents: &[Document], findings: &mut Findings) -> Vec<Resource> {
    of_documents(documents.iter().cloned(), findings)
}

/// The same for documents that are given away.
pub fn of_documents(documents: impl IntoIterator<Item = Document>, findings: &mut Findings) -> Vec<Resource> {
    let mut resources = Vec::new();
    let mut from_lists = VecDeque::new();
    for document in documents {
        let alone = document.alone;
        // Kustomize passes over documents that are empty, and items likewise.
        let Some(root) = document.root.filter(|root| !root.is_empty()) else { continue };
        warn_of_empty(&root, findings);
        match list_items(&root) {
            // Kustomize takes one that is alone in its file apart as it is, and others by way of JSON.
            Some(items) if alone && is_plain_list(&root) => {
                from_lists.extend(items.as_sequence().unwrap_or_default().iter().cloned());
            }
            Some(items) => from_lists.extend(items_by_way_of_json(items)),
            None => {
                let start = resources.len();
                take(root, &mut resources, findings);
                for resource in &mut resources[start..] {
                    (resource.commented, resource.cramped) = (document.commented, document.emptied);
                }
            }
        }
    }
    take_items(from_lists, &mut resources, findings);
    resources
}

/// Objects without a kind in a text that cannot be read as YAML: the second thing to mend should not wait for the first.
pub fn missing_kinds(file: FileId, text: &str, findings: &mut Findings) {
    let mut at = 0;
    let mut begun: Option<usize> = None;
    let mut has_kind = false;
    let mut close = |begun: &mut Option<usize>, has_kind: &mut bool| {
        if let Some(start) = begun.take().filter(|_| !*has_kind) {
            let key = Location::new(file, Span::new(start as u32, (start + "apiVersion".len()) as u32));
            findings.push(
                Finding::error("resource/missing-kind", "this object has no `kind`")
                    .at(key, "the object begins here")
                    .help("add a line such as `kind: Deployment` below it"),
            );
        }
        *has_kind = false;
    };
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            close(&mut begun, &mut has_kind);
        }
        if line.starts_with("apiVersion:") && begun.is_none() {
            begun = Some(at);
        }
        // A kind that is misspelt or lacks its space is told of when the rest is in order.
        has_kind |= line.to_ascii_lowercase().starts_with("kind");
        at += line.len();
    }
    close(&mut begun, &mut has_kind);
}

fn is_list(root: &Node) -> bool {
    root.get("kind").and_then(Node::text).is_some_and(|kind| kind.ends_with("List"))
}

fn is_plain_list(root: &Node) -> bool {
    root.get("kind").and_then(Node::text) == Some("List")
}

/// The items of a `List`, or of any `...List` that has `items`.
fn list_items(root: &Node) -> Option<&Node> {
    root.get("items").filter(|items| is_list(root) && (items.as_sequence().is_some() || items.is_null()))
}

/// A list that holds nothing, which kustomize passes over, or takes for an object of its own.
fn warn_of_empty(root: &Node, findings: &mut Findings) {
    let has_items = root.get("items").is_some_and(|items| !items.is_null());
    if is_list(root) && !has_items && root.dig(&["metadata", "name"]).is_none() {
        let first = root.as_mapping().and_then(|mapping| mapping.iter().next());
        findings.push(
            Finding::warning("resource/empty-list", "this list has no items")
                .at(first.map_or(root.location(), |entry| entry.key.location), "")
                .help("write its objects below `items:`, each as `- ...`"),
        );
    }
}

/// Takes what the lists hold; what lists within them hold comes behind all that.
fn take_items(mut waiting: VecDeque<Node>, into: &mut Vec<Resource>, findings: &mut Findings) {
    while let Some(item) = waiting.pop_front() {
        match list_items(&item) {
            _ if item.is_empty() => {}
            Some(inner) => waiting.extend(items_by_way_of_json(inner)),
            None => take(item, into, findings),
        }
    }
}

fn items_by_way_of_json(items: &Node) -> impl Iterator<Item = Node> {
    items.as_sequence().unwrap_or_default().iter().map(by_way_of_json)
}

/// What remains of an item that is written as JSON and read again: texts and dates stand in quotes, all in brackets.
fn by_way_of_json(node: &Node) -> Node {
    let at = node.location();
    match node.view() {
        View::Mapping(mapping) => {
            let entry = |entry: &Entry| Entry { key: entry.key, value: by_way_of_json(&entry.value) };
            Node::read_mapping(mapping.iter().map(entry).collect(), at).bracketed()
        }
        View::Sequence(items) => Node::read_sequence(items.iter().map(by_way_of_json).collect(), at).bracketed(),
        View::Scalar(text, ScalarKind::String) => {
            Node::read_scalar(text.into(), ScalarKind::String, Style::DoubleQuoted, at)
        }
        View::Scalar(text, ScalarKind::Timestamp) => {
            let text = scalar::timestamp_text(text).unwrap_or_default();
            node.reworded(text, (Style::DoubleQuoted, ScalarKind::String), &by_json(at))
        }
        View::Scalar(_, ScalarKind::Null) => Node::read_scalar("null".into(), ScalarKind::Null, Style::Plain, at),
        View::Scalar(text, kind) => match json_text(text, kind) {
            Some(json) if json != text => {
                let kind = scalar::resolve(&json);
                node.reworded(json, (Style::Plain, kind), &by_json(at))
            }
            _ => node.clone(),
        },
    }
}

fn by_json(at: Location) -> Signature {
    Step::link("items of a list go through JSON").sign(at)
}

/// How JSON spells a number, `true` or `false`; the text of an annotation is then that.
fn json_text(text: &str, kind: ScalarKind) -> Option<String> {
    match kind {
        ScalarKind::Bool => scalar::bool_value(text).map(|value| value.to_string()),
        ScalarKind::Int => scalar::int_value(text).map(|value| value.to_string()),
        ScalarKind::Float => scalar::float_value(text).filter(|value| value.is_finite()).map(scalar::json_float),
        _ => None,
    }
}

fn take(root: Node, into: &mut Vec<Resource>, findings: &mut Findings) {
    match problem(&root) {
        Some(finding) => findings.push(finding),
        None => {
            let mut resource = Resource::new(with_metadata(root));
            match read_notes(&mut resource) {
                Some(finding) => findings.push(finding),
                None => into.push(resource),
            }
        }
    }
}

/// Says of each resource that has lost its kind or name on the way what it lacks. A name that was lost and found again
/// does not help: kustomize has lost count of the earlier names.
pub fn check_identity(resource: &Resource) -> Option<Finding> {
    let is_bare = |name: &str, kind: &str| name.is_empty() && !kind.ends_with("List");
    let was_bare = |id: &ResourceId| is_bare(&id.name, &id.gvk.kind);
    let lost_count = || resource.previous.iter().any(was_bare) && !resource.previous.iter().all(was_bare);
    if !(resource.kind().is_empty() || is_bare(resource.name(), resource.kind()) || lost_count()) {
        return None;
    }
    let lost = if resource.kind().is_empty() { "kind" } else { "metadata.name" };
    let message = match resource.original_id() {
        id if id.name.is_empty() => format!("a {} has lost its `{lost}` on the way", id.gvk.kind),
        id => format!("{id} has lost its `{lost}` on the way"),
    };
    let place = FieldPath::parse(lost).ok().and_then(|path| resource.root.at(&path));
    let finding = match place {
        Some(node) => Finding::error("resource/lost-identity", message).at_node(node, "emptied here"),
        None => Finding::error("resource/lost-identity", message).at(resource.declared, "this resource"),
    };
    Some(finding.help("let the replacement or patch leave a text there"))
}

/// A list without items is an object that needs no name; kustomize gives it its `metadata`.
fn with_metadata(root: Node) -> Node {
    if root.get("metadata").is_some_and(|metadata| !metadata.is_null()) {
        return root;
    }
    let entries = root.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
    let at = root.location();
    let metadata = Entry { key: Key::new("metadata", at), value: Node::read_mapping(Vec::new(), at) };
    let kept = entries.filter(|entry| entry.key.name != "metadata").cloned();
    Node::read_mapping(kept.chain([metadata]).collect(), at)
}

/// What keeps a document from being a resource.
fn problem(root: &Node) -> Option<Finding> {
    let View::Mapping(mapping) = root.view() else {
        let what = if root.is_scalar() { "this is a text" } else { "this is a list" };
        return Some(
            Finding::error("resource/not-an-object", "this document is not a Kubernetes object")
                .at(root.location(), what)
                .help("an object is a mapping with `apiVersion`, `kind` and `metadata`; take the file out of `resources:` if it is something else"),
        );
    };
    let named = |node: Option<&Node>| {
        node.filter(|node| !node.is_null()).and_then(Node::text).is_some_and(|text| !text.is_empty())
    };
    let first = mapping.iter().next().map_or(root.location(), |entry| entry.key.location);
    if !["apiVersion", "kind", "metadata", "spec", "data", "items"].iter().any(|key| mapping.get(key).is_some()) {
        return Some(
            Finding::error("resource/not-an-object", "this document is not a Kubernetes object")
                .at(first, "no `apiVersion`, no `kind`, no `metadata`")
                .help("take the file out of `resources:`; the values of a Helm chart, for one, do not belong there"),
        );
    }
    if !named(mapping.get("kind")) {
        let finding = Finding::error("resource/missing-kind", "this object has no `kind`");
        if let Some(entry) = mapping.entry("kind") {
            return Some(not_a_name(finding, "kind", entry, &kind_help(root)));
        }
        let near = mapping.iter().find(|entry| crate::finding::nearest(&entry.key.name, ["kind"]).is_some());
        return Some(match near {
            Some(entry) => {
                finding.at(entry.key.location, "").help("did you mean `kind`?").edit(entry.key.location, "kind")
            }
            None => finding.at(first, "the object begins here").help(kind_help(root)),
        });
    }
    if let Some(items) = mapping.get("items").filter(|items| is_list(root) && !items.is_null()) {
        let what = if items.is_scalar() { "a single value" } else { "a mapping" };
        return Some(
            Finding::error("resource/not-an-object", format!("the `items` of this list are {what}"))
                .at(items.location(), what)
                .help("write its objects below `items:`, each as `- ...`"),
        );
    }
    let metadata = mapping.get("metadata");
    let kind = mapping.get("kind").and_then(Node::text).unwrap_or_default();
    if !is_list(root) && !named(metadata.and_then(|metadata| metadata.get("name"))) {
        let finding = Finding::error("resource/missing-name", "this object has no `metadata.name`");
        if let Some(entry) =
            mapping.entry("metadata").filter(|entry| !entry.value.is_null() && entry.value.as_mapping().is_none())
        {
            let help = match entry.value.is_scalar() {
                true => "write `name:` with a name on a line of its own below `metadata:`",
                false => "write `name:` and the others below `metadata:` without `- `",
            };
            return Some(not_a_name(finding, "metadata", entry, help));
        }
        let name = metadata.and_then(Node::as_mapping).and_then(|metadata| metadata.entry("name"));
        let generated = metadata.and_then(Node::as_mapping).and_then(|metadata| metadata.entry("generateName"));
        return Some(match (generated, mapping.entry("metadata")) {
            (None, None) if kind == "Kustomization" || kind == "Component" => {
                Finding::error("resource/not-an-object", "this is a kustomization, not a resource")
                    .at(first, "the kustomization begins here")
                    .help("list the folder it stands in, not the file; a kustomization does not list itself")
            }
            (None, Some(_)) if let Some(name) = name => {
                not_a_name(finding, "metadata.name", name, "write a name behind `name:`")
            }
            (Some(entry), _) => {
                finding.at(entry.key.location, "a build needs a fixed name").help("replace `generateName` by `name`")
            }
            (None, Some(entry)) => {
                finding.at(entry.key.location, "no `name` in here").help("add `name:` below `metadata:`")
            }
            (None, None) => finding.at(first, "the object begins here").help("add `metadata:` with a `name:`"),
        });
    }
    None
}

/// What to say of a field of which nothing can be made: it is empty, or no text.
fn not_a_name(finding: Finding, field: &str, entry: &Entry, help: &str) -> Finding {
    let what = match entry.value.view() {
        View::Mapping(_) => "a mapping",
        View::Sequence(_) => "a list",
        View::Scalar(text, kind) if text.is_empty() || kind == ScalarKind::Null => {
            return finding.at(entry.key.location, "nothing stands behind it").help(help);
        }
        View::Scalar(..) => "a single value",
    };
    let message = format!("the `{field}` of this object is {what}");
    let only = entry.value.as_sequence().filter(|items| items.len() == 1).and_then(|items| items[0].text());
    let help = match only {
        Some(text) if field == "kind" => format!("write it as text: `kind: {text}`"),
        _ => help.to_owned(),
    };
    Finding { message, ..finding }.at(entry.value.location(), what).help(help)
}

/// Which kind an object without one looks like.
fn kind_help(root: &Node) -> String {
    let spec = root.get("spec");
    let has = |key| spec.and_then(|spec| spec.get(key)).is_some();
    let guess = if has("template") && has("selector") {
        Some("Deployment")
    } else if has("ports") && has("selector") {
        Some("Service")
    } else if has("containers") {
        Some("Pod")
    } else if root.get("data").is_some() {
        Some("ConfigMap")
    } else {
        None
    };
    match guess {
        Some(kind) => format!("add a line such as `kind: {kind}`"),
        None => {
            "add a line such as `kind: ConfigMap`; if the file is no Kubernetes object, remove it from `resources:`"
                .to_owned()
        }
    }
}
