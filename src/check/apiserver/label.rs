//! `api/label`.

use crate::check::Context;
use crate::check::context::{mark, mark_key};
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::{Pod, Resource, syntax};
use crate::source::{FieldPath, Node};

declare_rule! {
    /// Labels must have the form that Kubernetes wants, and so must the keys of annotations.
    ///
    /// A value has at most 63 letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit, or is
    /// empty. A key has the same form, perhaps with a domain and a `/` before it. The API server refuses others. What
    /// holds a placeholder such as `${NAME}` is left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    ///   labels:
    ///     owner: Team Web # <-
    ///     cost center: "1" # <-
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    ///   labels:
    ///     owner: team-web
    ///     example.com/cost-center: "1"
    ///   annotations:
    ///     owner: Team Web
    /// ```
    "api/label": ApiServer, Error, since "0.1.0", Resource(check)
}

const KEY: &str = "a key is made of alphanumeric characters, `-`, `_` and `.`, at most 63, and must start and end with an alphanumeric character (e.g. `MyName` or `my.name`), with an optional DNS subdomain prefix and `/` (e.g. `example.com/MyName`)";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, `-`, `_` or `.`, at most 63, and must start and end with an alphanumeric character (e.g. `MyValue` or `my_value`)";

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    let own = FieldPath::root().key("metadata");
    let of_pods = Pod::of(resource).map(|pod| pod.path.key("metadata")).filter(|path| *path != own);
    for metadata in std::iter::once(own).chain(of_pods) {
        for field in ["labels", "annotations"] {
            let path = metadata.key(field);
            let entries = resource.root.at(&path).and_then(Node::as_mapping);
            for entry in entries.into_iter().flat_map(|entries| entries.iter()) {
                let key = entry.key.name;
                let (what, at) = (field.trim_end_matches('s'), path.key(&key));
                if !syntax::is_qualified_name(&key) && !syntax::has_placeholder(&key) {
                    let message = format!("`{key}` cannot be the key of {} {what}", article(what));
                    findings.push(mark_key(RULE.finding(message), resource, &at, "not of the form").help(KEY));
                }
                let value = entry.value.as_str().filter(|_| field == "labels").unwrap_or_default();
                if !syntax::is_label_value(value) && !syntax::has_placeholder(value) {
                    let message = format!("the label `{key}` cannot have this value");
                    findings.push(mark(RULE.finding(message), resource, &at, "not of the form").help(VALUE));
                }
            }
        }
    }
}

fn article(what: &str) -> &'static str {
    if what == "annotation" { "an" } else { "a" }
}
