//! `api/name`.

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::{Resource, syntax};
use crate::source::FieldPath;

declare_rule! {
    /// Names and namespaces must have the form that Kubernetes wants.
    ///
    /// Most names are made of lower case letters, digits, `-` and `.`; those of a Namespace and a Service have no `.`
    /// and at most 63 characters. The API server refuses others. What holds a placeholder such as `${NAME}` is left
    /// alone, and so are kinds that have rules of their own.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: Web_Settings # <-
    ///   namespace: team.web # <-
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web-settings
    ///   namespace: team-web
    /// ```
    "api/name": ApiServer, Error, since "0.1.0", Resource(check)
}

/// Kinds whose names are DNS subdomains, by group.
const SUBDOMAINS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "ConfigMap",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "ReplicationController",
            "Secret",
            "ServiceAccount",
        ],
    ),
    ("apps", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("autoscaling", &["HorizontalPodAutoscaler"]),
    ("batch", &["CronJob", "Job"]),
    ("networking.k8s.io", &["Ingress", "NetworkPolicy"]),
    ("policy", &["PodDisruptionBudget"]),
    ("storage.k8s.io", &["StorageClass"]),
];

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, `-` or `.`, and must start and end with an alphanumeric character (e.g. `example.com`)";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or `-`, at most 63, and must start and end with an alphanumeric character (e.g. `my-name` or `123-abc`)";

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    let (gvk, name, namespace) = (resource.gvk(), resource.name(), resource.namespace());
    let is_label = gvk.is("", "Namespace") || gvk.is("", "Service");
    let is_subdomain = SUBDOMAINS.iter().any(|(group, kinds)| kinds.iter().any(|kind| gvk.is(group, kind)));
    let right = match (is_label, is_subdomain) {
        (true, _) => syntax::is_dns_label(name),
        (_, true) => syntax::is_dns_subdomain(name),
        _ => true,
    };
    let mut push = |field: &str, message: String, help: &str| {
        let path = FieldPath::root().key("metadata").key(field);
        findings.push(mark(RULE.finding(message), resource, &path, "not of the form").help(help));
    };
    if !right && !name.is_empty() && !syntax::has_placeholder(name) {
        push("name", format!("a {} cannot be called `{name}`", gvk.kind), if is_label { LABEL } else { SUBDOMAIN });
    }
    if !namespace.is_empty() && !syntax::is_dns_label(namespace) && !syntax::has_placeholder(namespace) {
        push("namespace", format!("a namespace cannot be called `{namespace}`"), LABEL);
    }
}
