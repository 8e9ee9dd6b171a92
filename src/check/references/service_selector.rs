//! `ref/service-selector`.

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::{Finding, Findings};
use crate::resource::{Pod, Resource};
use crate::source::{FieldPath, Mapping, Node};

declare_rule! {
    /// A Service must select at least one pod of its environment.
    ///
    /// A selector that matches no pod template in the Service's namespace leaves the Service without endpoints: every
    /// connection to it is refused. Services without a selector and `ExternalName` Services are left alone, and so is
    /// a build that has no pods at all.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     app: wbe # <-
    ///   ports:
    ///     - port: 80
    /// ---
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
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           image: nginx:1.29.3
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     app: web
    ///   ports:
    ///     - port: 80
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels:
    ///     app: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: nginx:1.29.3
    /// ```
    "ref/service-selector": References, Error, since "0.1.0", Build(check)
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.pods.is_empty() {
        return;
    }
    for service in context.of_kind("", "Service") {
        let spec = service.root.get("spec");
        if spec.and_then(|spec| spec.get("type")).and_then(Node::as_str) == Some("ExternalName") {
            continue;
        }
        let Some(selector) = spec.and_then(|spec| spec.get("selector")).and_then(Node::as_mapping) else { continue };
        let here = || context.pods.iter().filter(|pod| same_namespace(pod.resource, service));
        if !selector.is_empty() && !here().any(|pod| misses(selector, pod).is_empty()) {
            findings.push(finding(service, selector, here(), context));
        }
    }
}

fn same_namespace(a: &Resource, b: &Resource) -> bool {
    a.effective_namespace() == b.effective_namespace()
}

/// The selector's labels that the pod does not have.
fn misses<'s>(selector: &'s Mapping, pod: &Pod<'_>) -> Vec<(&'s str, &'s str)> {
    let has =
        |key: &str, value: &str| pod.labels().and_then(|labels| labels.get(key)).and_then(Node::text) == Some(value);
    selector
        .iter()
        .map(|entry| (entry.key.name.as_str(), entry.value.text().unwrap_or_default()))
        .filter(|(key, value)| !has(key, value))
        .collect()
}

fn finding<'p>(
    service: &Resource,
    selector: &Mapping,
    here: impl Iterator<Item = &'p Pod<'p>>,
    context: &'p Context<'p>,
) -> Finding {
    let words: Vec<_> =
        selector.iter().map(|entry| format!("{}={}", entry.key.name, entry.value.text().unwrap_or_default())).collect();
    let message = format!("Service `{}` selects no pod: none has the labels {}", service.name(), words.join(","));
    // The pod that lacks the least, preferring one that shares the Service's name.
    let rank = |pod: &&Pod<'_>| (misses(selector, pod).len(), pod.resource.name() != service.name());
    let near = here
        .min_by_key(rank)
        .filter(|pod| misses(selector, pod).len() < selector.len() || pod.resource.name() == service.name());
    let path = FieldPath::root().key("spec").key("selector");
    let Some(near) = near else {
        let elsewhere = context.pods.iter().find(|pod| misses(selector, pod).is_empty());
        let finding = mark(RULE.finding(message), service, &path, "matches nothing in this namespace");
        return match elsewhere {
            Some(pod) => {
                finding.help(format!("`{}` has these labels, but stands in another namespace", pod.resource.id()))
            }
            None => finding.help("give the pods these labels, or change the selector to the labels they have"),
        };
    };
    point_at_near(RULE.finding(message), service, selector, near)
}

fn point_at_near(finding: Finding, service: &Resource, selector: &Mapping, near: &Pod<'_>) -> Finding {
    let missing = misses(selector, near);
    let (key, wanted) = missing.first().copied().unwrap_or_default();
    let path = FieldPath::root().key("spec").key("selector").key(key);
    let finding = mark(finding, service, &path, "no pod has this label");
    let whose = format!("{} `{}`", near.resource.kind(), near.resource.name());
    match near.labels().and_then(|labels| labels.get(key)) {
        Some(label) => {
            let found = label.text().unwrap_or_default();
            finding
                .related(label.location(), format!("the pods of {whose} have `{key}: {found}`"))
                .help(format!("write `{key}: {found}`, or give the pods `{key}: {wanted}`"))
        }
        None => {
            let at = near.labels().map_or(near.template.location(), Node::location);
            finding.related(at, format!("the pods of {whose} lack `{key}`")).help(format!(
                "take `{key}` out of the selector, or give the pods of {whose} the label `{key}: {wanted}`"
            ))
        }
    }
}
