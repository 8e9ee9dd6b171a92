//! How to mend a value of the wrong shape: what to write in its place. Values of mappings are never repeated, since they may
//! be secret.

use super::shape::{Field, Shape};
use crate::finding::Finding;
use crate::source::{Mapping, Node, ScalarKind, Style, View};

/// `finding` with what to do about `node`, which is not of the shape that the field `name` has; the name is empty for all
/// of a file.
pub(super) fn mended(finding: Finding, node: &Node, shape: Shape, name: &str) -> Finding {
    match (shape, node.view()) {
        (Shape::Text, View::Scalar(text, _)) => {
            finding.help(format!("put it in quotes: `\"{text}\"`")).edit(node.location(), format!("\"{text}\""))
        }
        (Shape::Int, View::Scalar(text, ScalarKind::String)) if text.parse::<i64>().is_ok() => {
            finding.help(format!("remove the quotes: `{text}`")).edit(node.location(), text)
        }
        (Shape::Object(fields), _) if name.is_empty() => finding.help(whole_file(node, fields)),
        (Shape::Object(fields), View::Scalar(text, _)) if has_field(fields, "path") => {
            finding.help(format!("write `path: {text}`"))
        }
        (Shape::List(item), View::Mapping(mapping)) => finding.help(list_of_mapping(mapping, *item, name)),
        (Shape::List(item), View::Scalar(text, _)) => list_of_text(finding, node, text, *item),
        _ => finding.help(format!("give {} here", shape.words())),
    }
}

fn has_field(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name.eq_ignore_ascii_case(name))
}

fn whole_file(node: &Node, fields: &[Field]) -> String {
    let list = fields.iter().find(|field| matches!(field.shape, Shape::List(_)));
    let holds_more = |field: &&Field| matches!(field.shape, Shape::Map(_) | Shape::Object(_));
    let field = list.or(fields.iter().find(holds_more)).map_or("", |field| field.name);
    let paths = node.as_sequence().is_some_and(|items| items.iter().all(Node::is_scalar));
    match list {
        Some(Field { shape: Shape::List(Shape::Text), .. }) if paths => {
            format!("write `{field}:` on a line above the list")
        }
        _ => format!("begin with a field such as `{field}:`"),
    }
}

/// What to write in place of a mapping where a list is needed.
fn list_of_mapping(mapping: &Mapping, item: Shape, name: &str) -> String {
    let dash = || "write `- ` before the first key, and indent the others like it".to_owned();
    let Some(first) = mapping.iter().next() else { return "write a list here: `[]`".to_owned() };
    let key = first.key.name;
    match item {
        Shape::Text if first.value.text().is_some_and(|text| text == "true" || text == "false") => {
            format!("write each that is true as an item: `- {key}`")
        }
        Shape::Text if first.value.is_null() => format!("write each as an item, without a colon: `- {key}`"),
        Shape::Text if ["literals", "files"].contains(&name) => {
            format!("write each pair as an item, with `=`: `- {key}=...`")
        }
        Shape::Text => "write a list here, each of its texts as an item: `- ...`".to_owned(),
        Shape::Object(fields) if has_field(fields, &key) => dash(),
        Shape::Object([Field { name, shape: Shape::Map(_), .. }, ..]) => {
            format!("write `- {name}:` on a line above, and indent these pairs below it")
        }
        Shape::Object(fields) => match (has_field(fields, "name"), value_field(&first.value, fields)) {
            (true, Some(value)) => format!("write each as an item: `- name: {key}`, and below it `{value}: ...`"),
            (true, None) => format!("write each as an item: `- name: {key}`, and its fields below it"),
            (false, _) => match fields.first() {
                Some(field) => format!("write each as an item with fields, such as `- {}: ...`", field.name),
                None => dash(),
            },
        },
        _ => dash(),
    }
}

/// The field that a value behind a name is meant for: a count, or the tag of an image.
fn value_field(value: &Node, fields: &[Field]) -> Option<&'static str> {
    value.text()?;
    let of_int = fields.iter().find(|field| matches!(field.shape, Shape::Int)).map(|field| field.name);
    of_int.or_else(|| has_field(fields, "newTag").then_some("newTag"))
}

/// What to write in place of a text where a list is needed.
fn list_of_text(finding: Finding, node: &Node, text: &str, item: Shape) -> Finding {
    let quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted);
    if quoted && text.starts_with('[') && text.ends_with(']') && !text.contains('=') {
        return finding.help(format!("remove the quotes: `{text}`")).edit(node.location(), text);
    }
    let texts: Vec<&str> = match text.contains(", ") && matches!(item, Shape::Text) {
        true => text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect(),
        false => vec![text],
    };
    let field = match item {
        Shape::Object(fields) => ["path", "name"].into_iter().find(|name| has_field(fields, name)),
        _ => None,
    };
    let items: Vec<String> = texts.into_iter().map(|text| list_item(text, field)).collect();
    match items.as_slice() {
        [one] => finding.help(format!("write it as a list item: {one}")),
        several => finding.help(format!("write a list item on a line of its own for each: {}", several.join(", "))),
    }
}

fn list_item(text: &str, field: Option<&str>) -> String {
    // What stands behind a `=` may be secret.
    let text = &text.split_once('=').map_or_else(|| text.to_owned(), |(key, _)| format!("{key}=..."));
    // A number without its quotes would be a number again.
    let quote = if text.starts_with(|c: char| c.is_ascii_digit()) { "\"" } else { "" };
    match field {
        Some(field) => format!("`- {field}: {quote}{text}{quote}`"),
        None => format!("`- {quote}{text}{quote}`"),
    }
}
