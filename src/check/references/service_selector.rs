//! `ref/service-selector`.

use std::collections::HashMap;

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::{Finding, Findings};
use crate::resource::{LabelValue, Pod, Resource, is_controller_label};
use crate::source::{FieldPath, Mapping, Node};

declare_rule! {
    /// A Service must select at least one pod of its environment.
    ///
    /// A selector that matches no pod template in the Service's namespace leaves the Service without endpoints: every
    /// connection to it is refused. Services without a selector and `ExternalName` Services are left alone, and so is
    /// a build that has no pods at all. Labels that controllers give to pods count as theirs, such as
    /// `statefulset.kubernetes.io/pod-name`.
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
    let index = Index::of(&context.pods);
    for service in context.of_kind("", "Service") {
        let spec = service.root.get("spec");
        if spec.and_then(|spec| spec.get("type")).and_then(Node::as_str) == Some("ExternalName") {
            continue;
        }
        let Some(selector) = spec.and_then(|spec| spec.get("selector")).and_then(Node::as_mapping) else { continue };
        if !selector.is_empty() && !findings.is_full() && !index.selects(service, selector) {
            let finding = finding(service, selector, context, findings);
            findings.push(finding);
        }
    }
}

/// The pods by namespace, label and value: there may be thousands of Services beside thousands of pods.
struct Index<'a> {
    pods: HashMap<(&'a str, &'a str, LabelValue<'a>), Vec<&'a Pod<'a>>>,
}

impl<'a> Index<'a> {
    fn of(pods: &'a [Pod<'a>]) -> Self {
        let mut index = Index { pods: HashMap::new() };
        for pod in pods {
            let labels = pod.labels().and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter);
            let own = labels.filter_map(|label| Some((label.key.name.as_str(), LabelValue::Text(label.value.text()?))));
            for (key, value) in own.chain(pod.given_labels()) {
                index.pods.entry((pod.resource.effective_namespace(), key, value)).or_default().push(pod);
            }
        }
        index
    }

    fn selects(&self, service: &Resource, selector: &Mapping) -> bool {
        let namespace = service.effective_namespace();
        let with = |(key, value)| -> Vec<&[&Pod<'_>]> {
            LabelValue::of(value).filter_map(|value| Some(&**self.pods.get(&(namespace, key, value))?)).collect()
        };
        let rarest = wanted(selector).map(with).min_by_key(|found| found.iter().map(|pods| pods.len()).sum::<usize>());
        rarest.into_iter().flatten().flatten().any(|pod| wanted(selector).all(|label| has(pod, label)))
    }
}

/// The labels that a selector asks for.
fn wanted(selector: &Mapping) -> impl Iterator<Item = (&str, &str)> {
    selector.iter().map(|entry| (entry.key.name.as_str(), entry.value.text().unwrap_or_default()))
}

fn has(pod: &Pod<'_>, (key, value): (&str, &str)) -> bool {
    pod.labels().and_then(|labels| labels.get(key)).and_then(Node::text) == Some(value)
        || pod.given_labels().any(|(given, is)| given == key && is.may_be(value))
}

/// The selector's labels that the pod does not have.
fn misses<'s>(selector: &'s Mapping, pod: &Pod<'_>) -> Vec<(&'s str, &'s str)> {
    wanted(selector).filter(|label| !has(pod, *label)).collect()
}

fn finding(service: &Resource, selector: &Mapping, context: &Context<'_>, findings: &mut Findings) -> Finding {
    let words: Vec<_> = wanted(selector).map(|(key, value)| format!("{key}={value}")).collect();
    let message = format!("Service `{}` selects no pod: none has the labels {}", service.name(), words.join(","));
    let path = FieldPath::root().key("spec").key("selector");
    let help = "give the pods these labels, or change the selector to the labels they have";
    // Each of its labels is compared with each of the pod's.
    if !findings.may_look_through(context.pods.len().saturating_mul(5)) {
        return mark(RULE.finding(message), service, &path, "matches nothing in this namespace").help(help);
    }
    let here = context.pods.iter().filter(|pod| pod.resource.effective_namespace() == service.effective_namespace());
    // The pod that lacks the least, preferring one whose controller gives such labels, or one of the Service's name.
    let rank = |pod: &&Pod<'_>| {
        let missing = misses(selector, pod);
        (missing.len(), pod.resource.name() != service.name() && !gives_another(pod, &missing))
    };
    let nearest = here.map(|pod| (rank(&pod), pod)).min_by_key(|(rank, _)| *rank);
    let near = nearest.filter(|((missing, is_far), _)| *missing < selector.len() || !is_far).map(|(_, pod)| pod);
    let Some(near) = near else {
        let elsewhere = context.pods.iter().find(|pod| misses(selector, pod).is_empty());
        let finding = mark(RULE.finding(message), service, &path, "matches nothing in this namespace");
        return match elsewhere {
            Some(pod) => {
                finding.help(format!("`{}` has these labels, but stands in another namespace", pod.resource.id()))
            }
            None => finding.help(help),
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
    if is_controller_label(key) {
        let or = if gives_another(near, &missing) { ", or ask for the value that it has" } else { "" };
        let help = format!("`{key}` is set by controllers: take it out of the selector{or}");
        return finding.related(near.resource.named_at(), given_words(near, &whose, key)).help(help);
    }
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

/// Whether the controller of a workload sets a label that the selector asks for, to another value.
fn gives_another(pod: &Pod<'_>, missing: &[(&str, &str)]) -> bool {
    missing.iter().any(|(key, _)| pod.given_labels().any(|(given, _)| given == *key))
}

/// What the controller of a workload makes of a label.
fn given_words(pod: &Pod<'_>, whose: &str, key: &str) -> String {
    let given = pod.given_labels().find(|(given, _)| *given == key);
    match given.map(|(_, value)| value) {
        Some(LabelValue::Text(text)) => format!("the pods of {whose} get `{key}: {text}`"),
        Some(LabelValue::Numbered(name)) => format!("the pods of {whose} get `{key}: {name}-` and a number"),
        Some(LabelValue::Any) | None => format!("the pods of {whose} get no `{key}`"),
    }
}
