//! The shape of a file of ours or of kustomize's: which fields it has and what each holds. Holding a document to its
//! shape finds unknown fields and wrong types with their exact places.

use super::mend::mended;
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::source::yaml::scalar;
use crate::source::{Entry, Key, Node, ScalarKind, Style, Symbol, View};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A string.
    Text,
    /// An integer.
    Int,
    /// `true` or `false`.
    Bool,
    /// Anything.
    Any,
    /// A list.
    List(&'static Shape),
    /// A mapping with keys of the user's choice.
    Map(&'static Shape),
    /// A mapping with these fields.
    Object(&'static [Field]),
}

/// One field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// For a deprecated field, what to write instead.
    pub instead: Option<&'static str>,
}

impl Field {
    /// A field.
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Field { name, shape, instead: None }
    }

    /// A deprecated field.
    pub const fn deprecated(name: &'static str, shape: Shape, instead: &'static str) -> Self {
        Field { name, shape, instead: Some(instead) }
    }
}

impl Shape {
    pub(super) fn words(self) -> &'static str {
        match self {
            Shape::Text => "a string",
            Shape::Int => "an integer",
            Shape::Bool => "`true` or `false`",
            Shape::Any => "a value",
            Shape::List(_) => "a list",
            Shape::Map(_) | Shape::Object(_) => "a mapping",
        }
    }
}

/// Holds documents of one kind to their shape.
pub struct Conform<'a> {
    /// The rule under which unknown fields are reported.
    pub unknown: &'static str,
    /// The rule under which wrong types are reported.
    pub wrong_type: &'static str,
    /// The rule under which deprecated fields are reported.
    pub deprecated: &'static str,
    /// How bad a key is that YAML 1.1 takes for something else than a string: kustomize writes it anew, and goes on.
    pub odd_key: Severity,
    /// What the file is, in words: `kustomization.yaml`.
    pub file: &'static str,
    /// Where mistakes go.
    pub findings: &'a mut Findings,
}

/// What kustomize makes of a null in a list or mapping: an empty text or object. `node` says where it stands.
fn nothing(node: &Node, shape: Shape) -> Option<Node> {
    match shape {
        Shape::Text => Some(Node::read_scalar("".into(), ScalarKind::String, Style::DoubleQuoted, node.location())),
        Shape::Object(_) => Some(Node::read_mapping(Vec::new(), node.location())),
        _ => None,
    }
}

impl Conform<'_> {
    /// Gives `node` with field names in their proper spelling (kustomize takes any letter case), without nulls, and
    /// without what does not fit, which is reported.
    pub fn node(&mut self, node: &Node, shape: Shape, name: &str) -> Option<Node> {
        if node.is_null() {
            return None;
        }
        match (shape, node.view()) {
            (Shape::Any, _) => Some(node.clone()),
            (Shape::Object(fields), View::Mapping(_)) => Some(self.object(node, fields, name)),
            (Shape::Map(item), View::Mapping(mapping)) => {
                let entries = mapping.iter().filter_map(|entry| self.map_entry(entry, *item, name)).collect();
                Some(Node::read_mapping(entries, node.location()))
            }
            (Shape::List(item), View::Sequence(items)) => {
                let items = items.iter().filter_map(|node| self.item(node, *item, name)).collect();
                Some(Node::read_sequence(items, node.location()))
            }
            (Shape::Text, View::Scalar(..)) if is_text(node) => Some(node.clone()),
            (Shape::Int, View::Scalar(_, ScalarKind::Int)) | (Shape::Bool, View::Scalar(_, ScalarKind::Bool)) => {
                Some(node.clone())
            }
            (Shape::Bool, View::Scalar(text, _)) if node.style() == Style::Plain && is_old_bool(text) => {
                let truth =
                    if matches!(text.to_ascii_lowercase().as_str(), "y" | "yes" | "on") { "true" } else { "false" };
                Some(Node::read_scalar(truth.into(), ScalarKind::Bool, Style::Plain, node.location()))
            }
            _ => {
                self.mismatch(node, shape, name);
                None
            }
        }
    }

    fn item(&mut self, node: &Node, shape: Shape, name: &str) -> Option<Node> {
        if node.is_null() {
            return nothing(node, shape);
        }
        let start = self.findings.len();
        let kept = self.node(node, shape, name);
        if kept.is_none() {
            self.findings.change_since(start, |mut finding| {
                if finding.message.starts_with(&format!("`{name}` must be")) {
                    finding.message.insert_str(0, "each item of ");
                }
                finding
            });
        }
        kept
    }

    fn map_entry(&mut self, entry: &Entry, item: Shape, name: &str) -> Option<Entry> {
        let mut key = entry.key;
        if key.is_plain() && (key.kind != ScalarKind::String || is_old_bool(&key.name)) {
            let severity = if key.kind == ScalarKind::Null { Severity::Error } else { self.odd_key };
            let message = format!(
                "`{name}` has the key `{key}`, which YAML 1.1 takes for a value that is not a string",
                key = key.name
            );
            let finding = Finding::new(self.wrong_type, severity, message).at(key.location, "not a string");
            self.findings.push(finding.help(format!("write `\"{}\"`", key.name)));
            if severity == Severity::Error {
                return None;
            }
            key = Key { name: scalar::key_in_json(&key.name)?.as_str().into(), kind: ScalarKind::String, ..key };
        }
        let value = match entry.value.is_null() {
            true => nothing(&entry.value, item)?,
            false => self.node(&entry.value, item, &key.name)?,
        };
        Some(Entry { key, value })
    }

    fn object(&mut self, node: &Node, fields: &'static [Field], name: &str) -> Node {
        let mut found: Vec<(&'static Field, Vec<&Entry>)> = Vec::new();
        for entry in node.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            let key = entry.key.name;
            let field = fields
                .iter()
                .find(|field| *field.name == *key)
                .or_else(|| fields.iter().find(|field| field.name.eq_ignore_ascii_case(&key)));
            match (field, found.iter_mut().find(|(known, _)| field.is_some_and(|field| field.name == known.name))) {
                (None, _) => self.unknown_field(entry, fields, name),
                (Some(_), Some((_, written))) => written.push(entry),
                (Some(field), None) => found.push((field, vec![entry])),
            }
        }
        let kept = found.into_iter().filter_map(|(field, written)| self.field(field, written)).collect();
        Node::read_mapping(kept, node.location())
    }

    /// A field, which may be written in several letter cases: Go reads these one over the other, in the order of bytes.
    fn field(&mut self, field: &'static Field, mut written: Vec<&Entry>) -> Option<Entry> {
        written.sort_by_key(|entry| entry.key.name.as_str());
        let mut kept: Option<Entry> = None;
        for entry in written {
            if let Some(instead) = field.instead {
                self.deprecated(entry, field, instead);
            }
            let is_cleared = || matches!(field.shape, Shape::List(_) | Shape::Map(_) | Shape::Object(_));
            match self.node(&entry.value, field.shape, field.name) {
                Some(value) => {
                    let value = kept.map_or_else(|| value.clone(), |kept| laid_over(&kept.value, &value));
                    kept = Some(Entry { key: Key { name: Symbol::new(field.name), ..entry.key }, value });
                }
                None if entry.value.is_null() && is_cleared() => kept = None,
                None => {}
            }
        }
        kept
    }

    fn deprecated(&mut self, entry: &Entry, field: &Field, instead: &str) {
        let name = field.name;
        let command = if name == "vars" { "kollate fix --vars" } else { "kollate fix" };
        self.findings.push(
            Finding::warning(self.deprecated, format!("`{name}` is deprecated"))
                .at(entry.key.location, format!("`{instead}` takes its place"))
                .help(format!("`{command}` rewrites it")),
        );
    }

    fn unknown_field(&mut self, entry: &Entry, fields: &'static [Field], name: &str) {
        let key = entry.key.name;
        let whose = if name.is_empty() { self.file.to_owned() } else { format!("`{name}`") };
        let finding = Finding::error(self.unknown, format!("unknown field `{key}` in {whose}"))
            .at(entry.key.location, "no such field");
        let near = nearest(&key, fields.iter().map(|field| field.name));
        self.findings.push(match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")).edit(entry.key.location, near),
            None => {
                let names: Vec<_> = fields
                    .iter()
                    .filter(|field| field.instead.is_none())
                    .map(|field| format!("`{}`", field.name))
                    .collect();
                finding.help(format!("its fields are {}", names.join(", ")))
            }
        });
    }

    fn mismatch(&mut self, node: &Node, shape: Shape, name: &str) {
        let shown = if name.is_empty() { self.file } else { name };
        let found = match node.view() {
            View::Sequence(_) => "this is a list".to_owned(),
            View::Mapping(_) => "this is a mapping".to_owned(),
            View::Scalar(text, _) if node.style() == Style::Plain && is_old_bool(text) => {
                "YAML 1.1 takes this for a boolean".to_owned()
            }
            View::Scalar(_, kind) => format!("this is {}", kind_words(kind)),
        };
        let finding =
            Finding::error(self.wrong_type, format!("`{shown}` must be {}", shape.words())).at(node.location(), found);
        self.findings.push(mended(finding, node, shape, name));
    }
}

/// What Go has when it has read `over` into what it had read of `under`: of mappings, and of the items of lists, what is
/// not said again stays.
fn laid_over(under: &Node, over: &Node) -> Node {
    match (under.view(), over.view()) {
        (View::Mapping(below), View::Mapping(above)) => {
            let mut entries: Vec<Entry> = below.iter().cloned().collect();
            for entry in above.iter() {
                match entries.iter_mut().find(|known| known.key.name == entry.key.name) {
                    Some(known) => known.value = laid_over(&known.value, &entry.value),
                    None => entries.push(entry.clone()),
                }
            }
            Node::read_mapping(entries, over.location())
        }
        (View::Sequence(below), View::Sequence(above)) => {
            let item =
                |(at, item): (usize, &Node)| below.get(at).map_or_else(|| item.clone(), |it| laid_over(it, item));
            Node::read_sequence(above.iter().enumerate().map(item).collect(), over.location())
        }
        _ => over.clone(),
    }
}

fn kind_words(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::String => "a string",
        ScalarKind::Null => "null",
        ScalarKind::Bool => "a boolean",
        ScalarKind::Int => "an integer",
        ScalarKind::Float => "a number",
        ScalarKind::Timestamp => "a date",
        ScalarKind::Binary => "binary data",
    }
}

fn is_text(node: &Node) -> bool {
    match node.kind() {
        // kustomization files are read by go-yaml v2, which keeps dates as strings.
        ScalarKind::Timestamp | ScalarKind::Binary => true,
        ScalarKind::String => node.style() != Style::Plain || !is_old_bool(node.text().unwrap_or_default()),
        _ => false,
    }
}

/// The boolean words that YAML 1.1 has and YAML 1.2 has not.
fn is_old_bool(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF"
    )
}
