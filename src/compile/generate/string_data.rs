//! A Secret's `stringData` as data, before a generator merges into it.
//!
//! The API server does the same with what it is given, and so does kustomize 5.8 (`normalizeSecretStringData`); older
//! ones lose the field, as they do all that a generator does not know.

use super::pairs::wrapped_base64;
use crate::finding::Finding;
use crate::resource::Resource;
use crate::source::{Key, Mapping, Node, ScalarKind, Signature, Style};

const FIELD: &str = "stringData";

/// Moves the values of `stringData` to `data`, over those of the same key. What cannot be moved is told.
pub fn take_over(secret: &mut Resource, sign: &Signature) -> Option<Finding> {
    let gvk = secret.gvk();
    if gvk.kind != "Secret" || gvk.version != "v1" || !gvk.group.is_empty() {
        return None;
    }
    let given = secret.root.get(FIELD)?.clone();
    let entries = given.as_mapping().map(Mapping::iter);
    if entries.is_none() && !given.is_null() {
        return Some(unfit(secret, &given, FIELD).secret(given.location()));
    }
    let mut encoded = Vec::new();
    for entry in entries.into_iter().flatten() {
        let value = &entry.value;
        if !value.is_scalar() {
            return Some(unfit(secret, value, entry.key.name.as_str()).secret(given.location()));
        }
        let text = if value.is_null() { "" } else { value.text().unwrap_or_default() };
        let text = wrapped_base64(text.as_bytes());
        encoded.push((entry.key, value.copied_text(text, (Style::Plain, ScalarKind::String), sign)));
    }
    let root = secret.root.as_mapping_mut()?;
    root.remove(FIELD, sign);
    if encoded.is_empty() {
        return None;
    }
    if root.get("data").is_none_or(|data| data.as_mapping().is_none()) {
        root.set(Key::new("data", sign.at), Node::new_mapping(Vec::new(), sign), sign);
    }
    let data = root.get_mut("data").and_then(Node::as_mapping_mut)?;
    encoded.into_iter().for_each(|(key, value)| data.set(key, value, sign));
    None
}

fn unfit(secret: &Resource, node: &Node, name: &str) -> Finding {
    let what = if name == FIELD { "a mapping of texts" } else { "text" };
    Finding::error("generator/string-data", format!("`{name}` of {} is not {what}", secret.id()))
        .at(node.location(), "cannot be merged")
        .help("write each value of `stringData` as text")
        .resource(secret.id())
}
