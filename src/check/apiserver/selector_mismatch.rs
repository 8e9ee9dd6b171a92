//! `api/selector-mismatch`.

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::{Pod, Resource};
use crate::source::{FieldPath, Mapping, Node};

declare_rule! {
    /// The selector of a workload must match the labels of its own pod template.
    ///
    /// The API server refuses the workload: its controller would not find the pods that it makes.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web # <-
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: website
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           image: nginx:1.29.3
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    ///   template:
    ///     metadata:
    ///       labels:
    ///         app: web
    ///         tier: front
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           image: nginx:1.29.3
    /// ```
    "api/selector-mismatch": ApiServer, Error, since "0.1.0", Resource(check)
}

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    let Some(path) = selector_path(resource) else { return };
    let Some(pod) = Pod::of(resource) else { return };
    let Some(selector) = resource.root.at(&path).and_then(Node::as_mapping) else { return };
    for entry in selector.iter() {
        let (key, Some(wanted)) = (entry.key.name, entry.value.as_str()) else { continue };
        let label = pod.labels().and_then(|labels| labels.get(key));
        if label.and_then(Node::text) == Some(wanted) {
            continue;
        }
        let message = format!("the selector of {} `{}` does not match its own pods", resource.kind(), resource.name());
        let finding = mark(RULE.finding(message), resource, &path.key(&key), "selects other pods");
        findings.push(match label {
            Some(label) => finding
                .related(label.location(), "the label of the pod template")
                .help(format!("write the same value for `{key}` in both places")),
            None => finding
                .related(place_of_labels(&pod), format!("the pod template has no label `{key}`"))
                .help(format!("give the pod template the label `{key}: {wanted}`, or take it out of the selector")),
        });
    }
}

/// Where the labels stand that a workload selects its pods by.
fn selector_path(resource: &Resource) -> Option<FieldPath> {
    let (gvk, spec) = (resource.gvk(), FieldPath::root().key("spec").key("selector"));
    match ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].iter().any(|kind| gvk.is("apps", kind)) {
        true => Some(spec.key("matchLabels")),
        false => gvk.is("", "ReplicationController").then_some(spec),
    }
}

fn place_of_labels(pod: &Pod<'_>) -> crate::source::Location {
    let first = |labels: &Mapping| labels.iter().next().map(|entry| entry.key.location);
    pod.labels().and_then(Node::as_mapping).and_then(first).unwrap_or(pod.template.location())
}
