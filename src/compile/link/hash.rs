//! The hash suffix of generated names: a short digest of the content, so that a changed ConfigMap has a new name.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::annotations::NEEDS_HASH;
use super::node_tree;
use crate::compile::Step;
use crate::resource::{Resource, ResourceSet};
use crate::source::yaml::folded;
use crate::source::yaml::scalar::{bool_value, float_value, json_float, timestamp_text};
use crate::source::{Location, Node, ScalarKind, SourceMap, Style, View};

/// Appends the hash of its content to the name of each resource whose generator asks for it. `asked` is what asks for
/// the suffixes now, if it is not the generators alone.
pub fn add_suffixes(set: &mut ResourceSet, asked: Option<Location>, map: &SourceMap) {
    if !set.iter().any(needs_hash) {
        return;
    }
    for resource in set.rename_mut().iter_mut().filter(|resource| needs_hash(resource)) {
        let name = format!("{}-{}", resource.name(), hash_of(resource, map));
        resource.remember_id();
        let sign = Step::link("hash suffix").sign(asked.unwrap_or(resource.declared));
        if let Some(node) = resource.root.get_mut("metadata").and_then(|meta| meta.get_mut("name")) {
            node.set_string(name, &sign);
        }
    }
}

/// Whether its name is to get a suffix.
pub fn needs_hash(resource: &Resource) -> bool {
    resource.generated.is_some_and(|generated| generated.needs_hash)
        || resource.annotation(NEEDS_HASH) == Some("enabled")
}

/// The suffix for a resource.
pub(super) fn hash_of(resource: &Resource, map: &SourceMap) -> String {
    match resource.kind() {
        "ConfigMap" | "Secret" => content_hash(&resource.root),
        _ => digest(&node_tree::json(resource, map)),
    }
}

/// Ten letters and digits that stand for the content of a ConfigMap or Secret. Name, labels and the like do not count.
///
/// The text that is digested is kustomize's (`api/hasher`): JSON as Go writes it, with an empty name.
pub fn content_hash(root: &Node) -> String {
    digest(&hashed_text(root))
}

/// The text that is digested.
pub(super) fn hashed_text(root: &Node) -> String {
    let kind = root.get("kind").and_then(Node::text).unwrap_or_default();
    let mut json = String::new();
    let field = |json: &mut String, name: &str, required: bool| {
        match root.get(name) {
            Some(node) if node.as_mapping().is_some() => member(json, name, |json| write_node(json, node)),
            // Go finds no mapping to read it into.
            Some(node) if node.as_sequence().is_some() => member(json, name, |json| json.push_str("null")),
            value if required => {
                let text = value.and_then(Node::text).unwrap_or_default();
                member(json, name, |json| write_string(json, text));
            }
            _ => {}
        }
    };
    match kind {
        "ConfigMap" => {
            field(&mut json, "binaryData", false);
            field(&mut json, "data", true);
            member(&mut json, "kind", |json| write_string(json, kind));
            member(&mut json, "name", |json| json.push_str("\"\""));
        }
        "Secret" => {
            field(&mut json, "data", true);
            member(&mut json, "kind", |json| write_string(json, kind));
            member(&mut json, "name", |json| json.push_str("\"\""));
            field(&mut json, "stringData", false);
            field(&mut json, "type", true);
        }
        _ => {
            write_node(&mut json, root);
            return json;
        }
    }
    json.push('}');
    json
}

fn member(json: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    json.push(if json.is_empty() { '{' } else { ',' });
    write_string(json, name);
    json.push(':');
    value(json);
}

/// The first ten hex digits of SHA-256, those that could form words replaced by consonants.
fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let letter = |half: u8| match half {
        0 => 'g',
        1 => 'h',
        3 => 'k',
        0xa => 'm',
        0xe => 't',
        digit => char::from_digit(u32::from(digit), 16).unwrap_or('g'),
    };
    hash.iter().take(5).flat_map(|byte| [letter(byte >> 4), letter(byte & 0xf)]).collect()
}

fn write_node(json: &mut String, node: &Node) {
    match node.view() {
        View::Mapping(mapping) => {
            let mut entries: Vec<_> = mapping.iter().collect();
            entries.sort_by_key(|entry| entry.key.name);
            json.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_string(json, &entry.key.name);
                json.push(':');
                write_node(json, &entry.value);
            }
            json.push('}');
        }
        View::Sequence(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_node(json, item);
            }
            json.push(']');
        }
        // The text as it will be printed, damage included.
        View::Scalar(text, _) if node.style() == Style::Folded => write_string(json, &folded::printed_again(text)),
        View::Scalar(text, kind) => write_scalar(json, text, kind),
    }
}

fn write_scalar(json: &mut String, text: &str, kind: ScalarKind) {
    match kind {
        ScalarKind::Null => json.push_str("null"),
        ScalarKind::Bool => json.push_str(if bool_value(text) == Some(true) { "true" } else { "false" }),
        // Go's JSON makes a float of any number.
        ScalarKind::Int | ScalarKind::Float => match float_value(text) {
            Some(value) => json.push_str(&json_float(value)),
            None => write_string(json, text),
        },
        ScalarKind::Timestamp => write_string(json, &timestamp_text(text).unwrap_or_default()),
        _ => write_string(json, text),
    }
}

/// As Go's `json.Marshal` writes a string: `<`, `>`, `&` and the two line separators escaped too.
pub(super) fn write_string(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            // Go 1.22 and later write these two short as well
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            c if c < ' ' || matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => {
                write!(json, "\\u{:04x}", c as u32).expect("writing to a string cannot fail");
            }
            c => json.push(c),
        }
    }
    json.push('"');
}
