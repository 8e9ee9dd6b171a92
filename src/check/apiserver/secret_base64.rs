//! `api/secret-base64`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::Resource;
use crate::source::{FieldPath, Node};

declare_rule! {
    /// Values under `data` of a Secret must be base64.
    ///
    /// The API server decodes them and refuses the Secret if it cannot. Plain text belongs under `stringData`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: database
    /// data:
    ///   user: not base64 # <-
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: database
    /// data:
    ///   user: cGxhY2Vob2xkZXI=
    /// stringData:
    ///   password: placeholder
    /// ```
    "api/secret-base64": ApiServer, Error, since "0.1.0", Resource(check)
}

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    if !resource.gvk().is("", "Secret") {
        return;
    }
    for entry in resource.root.get("data").and_then(Node::as_mapping).into_iter().flat_map(|data| data.iter()) {
        // Kubernetes decodes as Go does, which skips line breaks.
        let Some(text) = entry.value.as_str() else { continue };
        let bare: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
        if STANDARD.decode(&bare).is_ok() || text.starts_with("ENC[") {
            continue;
        }
        let key = entry.key.name;
        let path = FieldPath::root().key("data").key(&key);
        let finding = RULE.finding(format!("the value of `{key}` in Secret `{}` is not base64", resource.name()));
        let finding =
            mark(finding, resource, &path, "the API server cannot decode this").secret(entry.value.location());
        findings
            .push(finding.help("move the plain text under `stringData:`, or encode it: `printf %s 'value' | base64`"));
    }
}
