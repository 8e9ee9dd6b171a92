//! Documents to resources, as kustomize reads them: lists are taken apart, and each object must have a kind and a name.

use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::{Document, FileId, Location, Node, Span, View};

/// The resources of a file's documents. Items of a `List` come after the file's other objects.
pub fn from_documents(documents: &[Document], findings: &mut Findings) -> Vec<Resource> {
    of_documents(documents.iter().cloned(), findings)
}

/// The same for documents that are given away.
pub fn of_documents(documents: impl IntoIterator<Item = Document>, findings: &mut Findings) -> Vec<Resource> {
    let mut resources = Vec::new();
    let mut from_lists = Vec::new();
    for root in documents.into_iter().filter_map(|document| document.root).filter(|root| !root.is_null()) {
        match list_items(&root) {
            Some(items) => take_items(items, &mut from_lists, findings),
            None => take(root, &mut resources, findings),
        }
    }
    resources.append(&mut from_lists);
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

/// The items of a `List`, or of any `...List` that has `items`.
fn list_items(root: &Node) -> Option<&Node> {
    let kind = root.get("kind").and_then(Node::text)?;
    if !kind.ends_with("List") {
        return None;
    }
    root.get("items").filter(|items| items.as_sequence().is_some())
}

fn take_items(items: &Node, into: &mut Vec<Resource>, findings: &mut Findings) {
    for item in items.as_sequence().unwrap_or_default() {
        match list_items(item) {
            Some(inner) => take_items(inner, into, findings),
            None => take(item.clone(), into, findings),
        }
    }
}

fn take(root: Node, into: &mut Vec<Resource>, findings: &mut Findings) {
    match problem(&root) {
        Some(finding) => findings.push(finding),
        None => into.push(Resource::new(root)),
    }
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
    let named = |node: Option<&Node>| node.and_then(Node::text).is_some_and(|text| !text.is_empty());
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
        let near = mapping.iter().find(|entry| crate::finding::nearest(&entry.key.name, ["kind"]).is_some());
        return Some(match near {
            Some(entry) => {
                finding.at(entry.key.location, "").help("did you mean `kind`?").edit(entry.key.location, "kind")
            }
            None => finding.at(first, "the object begins here").help(kind_help(root)),
        });
    }
    let metadata = mapping.get("metadata");
    let kind = mapping.get("kind").and_then(Node::text).unwrap_or_default();
    if !named(metadata.and_then(|metadata| metadata.get("name"))) {
        let finding = Finding::error("resource/missing-name", "this object has no `metadata.name`");
        let generated = metadata.and_then(Node::as_mapping).and_then(|metadata| metadata.entry("generateName"));
        return Some(match (generated, mapping.entry("metadata")) {
            (None, None) if kind == "Kustomization" || kind == "Component" => {
                Finding::error("resource/not-an-object", "this is a kustomization, not a resource")
                    .at(first, "the kustomization begins here")
                    .help("list the folder it stands in, not the file; a kustomization does not list itself")
            }
            (None, None) if kind.ends_with("List") => {
                finding.at(first, "a list without items").help("write its objects below `items:`, each as `- ...`")
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
