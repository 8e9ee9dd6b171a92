//! The name of the file that holds one resource.

use super::{Resource, scope};

/// `apps_v1_deployment_web`, before it the namespace if there is one: group, version, kind and name. A generated
/// resource keeps the name it had before its hash suffix, so that its file keeps its name when the content changes.
pub fn file_name(resource: &Resource) -> String {
    let id = resource.id();
    let hashed = resource.generated.is_some_and(|generated| generated.needs_hash);
    let name = match resource.previous.last() {
        Some(before) if hashed => before.name.clone(),
        _ => id.name.clone(),
    };
    let namespace = if scope::is_certainly_cluster_scoped(&id.gvk) { "" } else { id.namespace.as_str() };
    let kind = id.gvk.kind.to_ascii_lowercase();
    let parts = [namespace, &id.gvk.group, &id.gvk.version, &kind, &name];
    let safe = |part: &&str| {
        part.chars().map(|c| if c.is_alphanumeric() || "-.".contains(c) { c } else { '-' }).collect::<String>()
    };
    parts.iter().filter(|part| !part.is_empty()).map(safe).collect::<Vec<_>>().join("_")
}
