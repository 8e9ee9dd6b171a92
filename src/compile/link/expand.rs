//! `$(NAME)` in a string, as kustomize and the kubelet expand it.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::bounds::MAX_GROWN;
use crate::source::yaml::scalar::{bool_value, go_float};
use crate::source::{Node, ScalarKind, Symbol};

/// What the vars of a build stand for, and which of them have been asked for.
pub(super) struct Values {
    known: BTreeMap<&'static str, Node>,
    used: BTreeSet<&'static str>,
    /// How many bytes may still be put in.
    left: u64,
}

impl Values {
    pub(super) fn new(known: BTreeMap<Symbol, Node>) -> Self {
        let known = known.into_iter().map(|(name, node)| (name.as_str(), node)).collect();
        Values { known, used: BTreeSet::new(), left: MAX_GROWN }
    }

    pub(super) fn is_unused(&self, name: Symbol) -> bool {
        self.known.contains_key(name.as_str()) && !self.used.contains(name.as_str())
    }

    /// Whether more was asked for than may be put in; then nothing was put in any more.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// The value of a var. One that is unknown, or a mapping or list, stays as it is written.
    fn get(&mut self, name: &str) -> Option<&Node> {
        let (name, node) = self.known.get_key_value(name).filter(|(_, node)| node.is_scalar())?;
        self.used.insert(name);
        let length = node.text().map_or(0, str::len) as u64;
        self.left = self.left.saturating_sub(length);
        (self.left > 0).then_some(node)
    }
}

/// A string with its vars resolved.
pub(super) struct Expanded {
    pub(super) text: String,
    /// What the text means: a string that is nothing but `$(NAME)` takes the kind of the value.
    pub(super) kind: ScalarKind,
    /// The last value that was put in.
    pub(super) source: Option<Node>,
}

/// Expands `$(NAME)`. `$$` stands for `$`; what is not closed stays.
pub(super) fn expand(text: &str, values: &mut Values) -> Expanded {
    let whole = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')).filter(|name| !name.contains(')'));
    if let Some(node) = whole.and_then(|name| values.get(name)) {
        let (text, kind) = typed(node);
        return Expanded { text, kind, source: Some(node.clone()) };
    }
    let mut out = Expanded { text: String::with_capacity(text.len()), kind: ScalarKind::String, source: None };
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, found) = rest.split_at(at);
        out.text.push_str(before);
        let after = &found[1..];
        rest = if let Some(after) = after.strip_prefix('$') {
            out.text.push('$');
            after
        } else if let Some((name, after)) = after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            match values.get(name) {
                Some(node) => {
                    out.text.push_str(&inside(node));
                    out.source = Some(node.clone());
                }
                None => out.text.push_str(&found[..name.len() + 3]),
            }
            after
        } else {
            // The character after a lone `$` is passed over with it; `(` may begin nothing, `$` was seen to above.
            let width = after.chars().next().map_or(0, char::len_utf8);
            out.text.push_str(&found[..1 + width]);
            &after[width..]
        };
    }
    out.text.push_str(rest);
    out
}

/// A value in the midst of a string, as Go prints it.
fn inside(node: &Node) -> String {
    let (text, kind) = typed(node);
    match kind {
        ScalarKind::Float => text.parse().map_or(text, go_float),
        _ => text,
    }
}

/// A value as kustomize reads it: only integers, floats and booleans are more than text.
fn typed(node: &Node) -> (String, ScalarKind) {
    let text = node.text().unwrap_or_default();
    let value = match node.kind() {
        ScalarKind::Int => text.parse::<i64>().ok().map(|int| int.to_string()),
        ScalarKind::Float => text.parse::<f64>().ok().filter(|float| float.is_finite()).map(|float| float.to_string()),
        ScalarKind::Bool => bool_value(text).map(|truth| truth.to_string()),
        _ => None,
    };
    match value {
        Some(text) => (text, node.kind()),
        None => (text.to_owned(), ScalarKind::String),
    }
}
