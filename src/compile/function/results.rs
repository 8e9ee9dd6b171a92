//! What a function has to say: the `results` of its answer, as findings.

use super::spec::Spec;
use crate::finding::{Finding, Findings, Severity};
use crate::resource::{Gvk, Resource, ResourceId, ResourceSet};
use crate::source::{FieldPath, Node};

/// Reports every result, at the field or resource that it is about if there is one.
pub fn report(results: &[Node], spec: &Spec, set: &ResourceSet, findings: &mut Findings) {
    for result in results {
        findings.push(finding(result, spec, set));
    }
}

fn finding(result: &Node, spec: &Spec, set: &ResourceSet) -> Finding {
    let severity = match result.get("severity").and_then(Node::text) {
        Some("warning") => Severity::Warning,
        Some("info") => Severity::Info,
        _ => Severity::Error,
    };
    let words = result.get("message").and_then(Node::text).unwrap_or_default().trim();
    let words = if words.is_empty() { "says that something is wrong" } else { words };
    let finding = Finding::new("build/function-result", severity, format!("`{}`: {words}", spec.path));
    let Some(resource) = result.get("resourceRef").and_then(|named| about(named, set)) else {
        return finding.at(spec.path_at, "said by this function");
    };
    let path = result.dig(&["field", "path"]).and_then(Node::text).and_then(|text| FieldPath::parse(text).ok());
    let node = path.as_ref().and_then(|path| resource.root.at(path));
    let at = node.map_or(resource.declared, Node::location);
    let finding = finding.at(at, "").related(spec.path_at, "said by this function").resource(resource.id());
    match path {
        Some(path) if node.is_some() => finding.path(path),
        _ => finding,
    }
}

fn about<'a>(named: &Node, set: &'a ResourceSet) -> Option<&'a Resource> {
    let text = |name: &str| named.get(name).and_then(Node::text).unwrap_or_default();
    let id = ResourceId {
        gvk: Gvk::new(text("apiVersion"), text("kind")),
        namespace: text("namespace").into(),
        name: text("name").into(),
    };
    set.get(set.with_current_id(&id)?)
}
