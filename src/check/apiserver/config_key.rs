//! `api/config-key`.

use crate::check::Context;
use crate::check::context::mark_key;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::Resource;
use crate::source::{FieldPath, Node};

declare_rule! {
    /// Keys of a ConfigMap and a Secret must be made of letters, digits, `-`, `_` and `.`.
    ///
    /// They become names of files and of variables; the API server refuses others, and those of more than 253
    /// characters.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    /// data:
    ///   log level: info # <-
    ///   conf/web.ini: "" # <-
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    /// data:
    ///   LOG_LEVEL: info
    ///   web.ini: ""
    /// ```
    "api/config-key": ApiServer, Error, since "0.1.0", Resource(check)
}

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    let gvk = resource.gvk();
    if !gvk.is("", "ConfigMap") && !gvk.is("", "Secret") {
        return;
    }
    for field in ["data", "binaryData", "stringData"] {
        for entry in resource.root.get(field).and_then(Node::as_mapping).into_iter().flat_map(|data| data.iter()) {
            let key = entry.key.name;
            let Some(wrong) = wrong(&key) else { continue };
            let path = FieldPath::root().key(field);
            let finding = if gvk.kind == *"Secret" {
                // What stands where a key should may be a value.
                let finding = RULE.finding(format!("a key of Secret `{}` is not of the form", resource.name()));
                let (key, value) = (entry.key.location, entry.value.location());
                finding.resource(resource.id()).path(path).at(key, wrong).secret(key).secret(value)
            } else {
                let message = format!("`{key}` is no key that a {} can have", gvk.kind);
                mark_key(RULE.finding(message), resource, &path.key(&key), wrong)
            };
            findings.push(finding.help(
                "a valid config key must consist of alphanumeric characters, `-`, `_` or `.` (e.g. `key.name`, `KEY_NAME` or `key-name`)",
            ));
        }
    }
}

/// What is wrong with a key (apimachinery's `IsConfigMapKey`).
fn wrong(key: &str) -> Option<&'static str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match key {
        "" => Some("it is empty"),
        "." | ".." => Some("this is the name of a folder"),
        _ if key.starts_with("..") => Some("it begins with `..`"),
        _ if key.len() > 253 => Some("it is longer than 253 characters"),
        _ if !key.bytes().all(is_allowed) => Some("it has other characters"),
        _ => None,
    }
}
