//! Reads the settings of a transformer: small mappings that a user wrote.
//!
//! Kustomize reads them with a YAML 1.1 reader into typed fields whose names match in any letter case. A value of
//! another type is a finding here, and reads as not set.

use crate::finding::{Finding, Findings, nearest};
use crate::source::yaml::scalar;
use crate::source::{Entry, Key, Location, Node, ScalarKind, Style};

/// Which scalars are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalars {
    /// Strings: in a kustomization.
    Strict,
    /// All: in the objects and files that kustomize decodes straight into its types.
    Lenient,
}

/// One mapping of settings.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    node: &'a Node,
    scalars: Scalars,
    /// What the mapping is, for messages: `an entry of images`.
    what: &'static str,
}

impl<'a> Fields<'a> {
    /// The settings in `node`. If it is not a mapping, that is reported.
    pub fn of(node: &'a Node, what: &'static str, findings: &mut Findings) -> Option<Self> {
        if node.as_mapping().is_none() {
            findings.push(wrong_type(node, what, "a mapping"));
            return None;
        }
        Some(Fields { node, scalars: Scalars::Strict, what })
    }

    /// The settings in an object of its own, or in a file.
    pub fn of_object(node: &'a Node, what: &'static str, findings: &mut Findings) -> Option<Self> {
        Fields::of(node, what, findings).map(|fields| fields.with(Scalars::Lenient))
    }

    /// The same settings with another idea of text.
    pub fn with(self, scalars: Scalars) -> Self {
        Fields { scalars, ..self }
    }

    /// Where the mapping was written.
    pub fn location(&self) -> Location {
        self.node.location()
    }

    fn entry(&self, name: &str) -> Option<&'a Entry> {
        let mapping = self.node.as_mapping()?;
        mapping.entry(name).or_else(|| mapping.iter().find(|entry| entry.key.name.eq_ignore_ascii_case(name)))
    }

    /// The key that was probably meant to be `name`, which is not there.
    pub fn misspelt(&self, name: &str) -> Option<Key> {
        let near = |entry: &&Entry| nearest(&entry.key.name, [name]).is_some();
        self.node.as_mapping()?.iter().find(near).map(|entry| entry.key)
    }

    /// The value of a field that is set and not null.
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.entry(name).map(|entry| &entry.value).filter(|value| !value.is_null())
    }

    /// The text of a field; the node says where it stands.
    pub fn text(&self, name: &str, findings: &mut Findings) -> Option<(&'a str, &'a Node)> {
        let node = self.node(name)?;
        match text_of(node, self.scalars) {
            Some(text) => Some((text, node)),
            None => {
                findings.push(wrong_type(node, name, "text"));
                None
            }
        }
    }

    /// The text of a field that is not empty.
    pub fn nonempty(&self, name: &str, findings: &mut Findings) -> Option<(&'a str, &'a Node)> {
        self.text(name, findings).filter(|(text, _)| !text.is_empty())
    }

    /// A field that is true or false; false if it is not set.
    pub fn flag(&self, name: &str, findings: &mut Findings) -> bool {
        let Some(node) = self.node(name) else {
            return false;
        };
        let plain = node.text().filter(|_| node.style() == Style::Plain);
        plain.and_then(scalar::bool_value_v2).unwrap_or_else(|| {
            findings.push(wrong_type(node, name, "`true` or `false`"));
            false
        })
    }

    /// A whole number.
    pub fn number(&self, name: &str, findings: &mut Findings) -> Option<(i64, &'a Node)> {
        let node = self.node(name)?;
        let value = node.text().filter(|_| node.kind() == ScalarKind::Int).and_then(scalar::int_value);
        match value.and_then(|value| i64::try_from(value).ok()) {
            Some(value) => Some((value, node)),
            None => {
                findings.push(wrong_type(node, name, "a whole number"));
                None
            }
        }
    }

    /// The items of a list; none if it is not set.
    pub fn list(&self, name: &str, findings: &mut Findings) -> &'a [Node] {
        match self.node(name) {
            Some(node) => items(node, name, findings),
            None => &[],
        }
    }

    /// The settings in a field.
    pub fn fields(&self, name: &'static str, findings: &mut Findings) -> Option<Fields<'a>> {
        Fields::of(self.node(name)?, name, findings).map(|fields| Fields { scalars: self.scalars, ..fields })
    }

    /// The keys and texts of a field such as `labels`, sorted by key.
    pub fn pairs(&self, name: &str, findings: &mut Findings) -> Vec<(&'a str, &'a Node)> {
        self.node(name).map_or_else(Vec::new, |node| pairs(node, name, self.scalars, findings))
    }

    /// Warns of fields that are none of `known`.
    pub fn warn_of_unknown(&self, known: &[&str], findings: &mut Findings) {
        let Some(mapping) = self.node.as_mapping() else {
            return;
        };
        for entry in mapping.iter() {
            if !known.iter().any(|name| entry.key.name.eq_ignore_ascii_case(name)) {
                findings.push(unknown_field(entry, self.what, known));
            }
        }
    }
}

/// The text of a scalar that YAML 1.1 takes for a string too.
pub fn string(node: &Node) -> Option<&str> {
    let text = node.text()?;
    let plain = node.style() == Style::Plain;
    match node.kind() {
        ScalarKind::String if plain && scalar::resolve_v2(text) == ScalarKind::Bool => None,
        ScalarKind::String | ScalarKind::Timestamp => Some(text),
        _ => None,
    }
}

fn text_of(node: &Node, scalars: Scalars) -> Option<&str> {
    if scalars == Scalars::Lenient { node.text() } else { string(node) }
}

/// A scalar as text, in the way Go writes its value.
pub fn as_text(node: &Node) -> String {
    let text = node.text().unwrap_or_default();
    let written = match node.kind() {
        ScalarKind::Null => Some(String::new()),
        ScalarKind::Bool => Some(text.to_lowercase()),
        ScalarKind::Int => scalar::int_value(text).map(|value| value.to_string()),
        ScalarKind::Float => scalar::float_value(text).map(scalar::go_float),
        _ => None,
    };
    written.unwrap_or_else(|| text.to_owned())
}

/// The items of a list that stands in the field `name`.
pub fn items<'a>(node: &'a Node, name: &str, findings: &mut Findings) -> &'a [Node] {
    node.as_sequence().unwrap_or_else(|| {
        if !node.is_null() {
            findings.push(wrong_type(node, name, "a list"));
        }
        &[]
    })
}

/// The keys and texts of a mapping such as `labels`, sorted by key.
pub fn pairs<'a>(node: &'a Node, name: &str, scalars: Scalars, findings: &mut Findings) -> Vec<(&'a str, &'a Node)> {
    let Some(mapping) = node.as_mapping() else {
        if !node.is_null() {
            findings.push(wrong_type(node, name, "a mapping"));
        }
        return Vec::new();
    };
    let mut pairs = Vec::with_capacity(mapping.len());
    for entry in mapping.iter() {
        if text_of(&entry.value, scalars).is_some() || entry.value.is_null() {
            pairs.push((entry.key.name.as_str(), &entry.value));
        } else {
            findings.push(wrong_type(&entry.value, &entry.key.name, "text"));
        }
    }
    pairs.sort_by_key(|&(key, _)| key);
    pairs
}

/// Says that the value of `name` is not of the type it needs.
pub fn wrong_type(node: &Node, name: &str, expected: &str) -> Finding {
    let is = match (node.text(), node.kind()) {
        (None, _) if node.as_sequence().is_some() => "a list",
        (None, _) => "a mapping",
        (_, ScalarKind::Null) => "empty",
        (_, ScalarKind::Bool) => "a boolean",
        (_, ScalarKind::Int | ScalarKind::Float) => "a number",
        _ if string(node).is_none() => "a boolean in YAML 1.1",
        _ => "text",
    };
    let finding =
        Finding::error("build/field-type", format!("`{name}` needs {expected} and is {is}")).at(node.location(), is);
    match node.text() {
        Some(text) if expected == "text" && !text.is_empty() => finding.help(format!("put it in quotes: `\"{text}\"`")),
        _ => finding.help(format!("write {expected} here")),
    }
}

fn unknown_field(entry: &Entry, what: &str, known: &[&str]) -> Finding {
    let name = entry.key.name;
    let finding = Finding::warning("build/unknown-field", format!("`{name}` is no field of {what}"))
        .at(entry.key.location, "this field has no effect");
    match nearest(&name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("remove it; known are {}", listed(known))),
    }
}

/// Words in backticks with commas between them.
pub fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
