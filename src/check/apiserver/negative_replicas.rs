//! `api/negative-replicas`.

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::Resource;
use crate::source::{FieldPath, Node};

declare_rule! {
    /// A workload cannot have fewer than no pods.
    ///
    /// The API server refuses it: `replicas` must be greater than or equal to 0.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: ReplicaSet
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: -1 # <-
    ///   selector:
    ///     matchLabels:
    ///       app: web
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: ReplicaSet
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 0
    ///   selector:
    ///     matchLabels:
    ///       app: web
    /// ```
    "api/negative-replicas": ApiServer, Error, since "0.1.0", Resource(check)
}

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    let gvk = resource.gvk();
    let is_workload = ["Deployment", "StatefulSet", "ReplicaSet"].iter().any(|kind| gvk.is("apps", kind));
    if !is_workload && !gvk.is("", "ReplicationController") {
        return;
    }
    let path = FieldPath::root().key("spec").key("replicas");
    let count = resource.root.at(&path).and_then(Node::text).and_then(|text| text.parse::<i64>().ok());
    if let Some(count) = count.filter(|&count| count < 0) {
        let message = format!("{} `{}` cannot have {count} replicas", gvk.kind, resource.name());
        let finding = mark(RULE.finding(message), resource, &path, "less than none");
        findings.push(finding.help("`replicas` must be greater than or equal to 0"));
    }
}
