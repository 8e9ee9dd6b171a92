//! Mappings that refer to a resource and do not name it, or do so badly. Kustomize refuses them whether or not anything
//! was renamed; without a renamed resource its tables of references are not looked at here, and so these fields have a
//! look of their own.

use super::references::Renamed;
use super::walk::{shape_finding, visit};
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, Resource};
use crate::source::{FieldPath, Node, Symbol};

/// Reports what is wrong with the subjects of a binding and with the services of webhooks.
pub(super) fn check(resource: &Resource, renamed: &Renamed, findings: &mut Findings) {
    let (path, target): (&[&str], _) = match resource.kind() {
        "RoleBinding" | "ClusterRoleBinding" => (&["subjects"], "ServiceAccount"),
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            (&["webhooks", "clientConfig", "service"], "Service")
        }
        _ => return,
    };
    if resource.kind() == "RoleBinding" {
        blank_namespaces(resource, findings);
    }
    // Otherwise the search for references meets them.
    if !renamed.has(&Gvk::new("v1", target)) {
        let keys: Vec<Symbol> = path.iter().map(|key| Symbol::new(key)).collect();
        let mut found = Vec::new();
        let mut see = |node, path: &FieldPath| found.push((node, path.clone()));
        _ = visit(&resource.root, &keys, &mut FieldPath::root(), &mut see);
        for (node, path) in found {
            nameless(resource, node, &path, findings);
        }
    }
}

fn nameless(resource: &Resource, node: &Node, path: &FieldPath, findings: &mut Findings) {
    if let Some(items) = node.as_sequence() {
        for (index, item) in items.iter().enumerate() {
            nameless(resource, item, &path.index(index), findings);
        }
    } else if node.as_mapping().is_some() && node.get("name").is_none() {
        findings.push(finding(resource, node, path));
    }
}

/// Says that the mapping has no name.
pub(super) fn finding(resource: &Resource, node: &Node, path: &FieldPath) -> Finding {
    shape_finding(resource, node, path, "a mapping with a `name`")
}

/// kustomize refuses a subject whose namespace is there and empty.
fn blank_namespaces(resource: &Resource, findings: &mut Findings) {
    let subjects = resource.root.get("subjects").and_then(Node::as_sequence).unwrap_or_default();
    for (index, subject) in subjects.iter().enumerate() {
        let is_account = subject.get("kind").and_then(Node::text) == Some("ServiceAccount");
        if let Some(blank) = subject.get("namespace").filter(|node| is_account && node.as_str().is_none()) {
            let path = FieldPath::root().key("subjects").index(index).key("namespace");
            let id = resource.id();
            let finding = Finding::error("link/blank-namespace", format!("a subject of {id} has a blank namespace"))
                .at_node(blank, "not a string")
                .help("name the ServiceAccount's namespace, or remove the field")
                .resource(id)
                .path(path);
            findings.push(finding);
        }
    }
}
