//! Values of JSON patches: what YAML means there, when two values are equal, and what the way through JSON does to
//! the rest of the object.

use super::Notation;
use crate::compile::Step;
use crate::compile::quoted::in_quotes;
use crate::finding::{Finding, Findings};
use crate::resource::ResourceId;
use crate::source::yaml::{binary_text, folded, is_block, is_plain, is_unreadable_block, scalar};
use crate::source::{Entry, FieldPath, Key, Location, Mapping, Node, PathStep, ScalarKind, Signature, Style, View};

/// As a double zero keeps its sign; without the fraction it would be an integer, which has none.
const NEGATIVE_ZERO: &str = "-0.0";

/// `node` as a value of a JSON patch, whose plain scalars are read by YAML 1.1: `yes` is true, `0123` is 83, and a
/// date is a string.
pub fn typed(node: &Node) -> Node {
    let at = node.location();
    match node.view() {
        View::Scalar(written, kind) => {
            let (text, kind) = typed_scalar(written, kind, node.style());
            // What a folded scalar says is kept: it is never written folded again.
            let style = match node.style() {
                Style::Folded => Style::Literal,
                _ if kind == ScalarKind::Null => Style::Plain,
                style => style,
            };
            match text == written {
                true => Node::read_scalar(text.into(), kind, style, at),
                false => node.reworded(text, (style, kind), &Step::patch().sign(at)),
            }
        }
        View::Sequence(items) => Node::read_sequence(items.iter().map(typed).collect(), at),
        View::Mapping(mapping) => {
            let entry = |entry: &Entry| Entry { key: typed_key(entry.key), value: typed(&entry.value) };
            Node::read_mapping(mapping.iter().map(entry).collect(), at)
        }
    }
}

/// A key becomes the JSON text of what it means: `yes:` is the key `true`.
fn typed_key(key: Key) -> Key {
    if !key.is_plain() {
        return key;
    }
    let (text, _) = typed_scalar(&key.name, key.kind, Style::Plain);
    Key { name: text.as_str().into(), kind: ScalarKind::String, ..key }
}

fn typed_scalar(text: &str, kind: ScalarKind, style: Style) -> (String, ScalarKind) {
    if style == Style::Tagged && kind == ScalarKind::Timestamp {
        return (text.to_owned(), ScalarKind::String);
    }
    if kind == ScalarKind::Binary {
        return (binary_text(text).unwrap_or_default(), ScalarKind::String);
    }
    if style != Style::Plain {
        return (text.to_owned(), kind);
    }
    match scalar::resolve_v2(text) {
        ScalarKind::Bool => {
            let value = scalar::bool_value_v2(text).unwrap_or_default();
            (value.to_string(), ScalarKind::Bool)
        }
        ScalarKind::Int => match scalar::int_value(text) {
            Some(value) => (value.to_string(), ScalarKind::Int),
            None => (text.to_owned(), ScalarKind::String),
        },
        ScalarKind::Timestamp => (text.to_owned(), ScalarKind::String),
        ScalarKind::Float => {
            let value = scalar::float_value(text).filter(|value| value.is_finite());
            let written = |value: f64| {
                if value == 0.0 && value.is_sign_negative() { NEGATIVE_ZERO.into() } else { scalar::go_float(value) }
            };
            (value.map_or_else(|| text.to_owned(), written), ScalarKind::Float)
        }
        ScalarKind::Null => ("null".to_owned(), ScalarKind::Null),
        kind => (text.to_owned(), kind),
    }
}

/// A value of a patch that is written in JSON.
pub fn as_written(node: &Node) -> Node {
    let at = node.location();
    match node.view() {
        View::Scalar("-0", ScalarKind::Int) => {
            node.reworded(NEGATIVE_ZERO, (node.style(), ScalarKind::Float), &Step::patch().sign(at))
        }
        View::Scalar(..) => node.clone(),
        View::Sequence(items) => Node::read_sequence(items.iter().map(as_written).collect(), at),
        View::Mapping(mapping) => {
            let entry = |entry: &Entry| Entry { key: entry.key, value: as_written(&entry.value) };
            Node::read_mapping(mapping.iter().map(entry).collect(), at)
        }
    }
}

/// Before a JSON patch texts have the styles of their files; after it, those with several lines are blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Before,
    After,
}

/// A text within `node` that kustomize writes as a block on its way through JSON and cannot read again.
pub fn unreadable(node: &Node, stage: Stage) -> Option<Location> {
    match node.view() {
        View::Scalar(text, ScalarKind::String) => {
            let block = if stage == Stage::Before { is_block(node.style()) } else { text.contains('\n') };
            (block && is_unreadable_block(text)).then(|| node.location())
        }
        View::Scalar(..) => None,
        View::Sequence(items) => items.iter().find_map(|item| unreadable(item, stage)),
        View::Mapping(mapping) => mapping.iter().find_map(|Entry { key, value }| {
            let key_is = stage == Stage::After && key.name.contains('\n') && is_unreadable_block(&key.name);
            key_is.then_some(key.location).or_else(|| unreadable(value, stage))
        }),
    }
}

/// A number within `node` that JSON does not have.
pub fn not_in_json(node: &Node) -> Option<&Node> {
    match node.view() {
        View::Scalar(text, ScalarKind::Float) => {
            scalar::float_value(text).is_some_and(|value| !value.is_finite()).then_some(node)
        }
        View::Scalar(..) => None,
        View::Sequence(items) => items.iter().find_map(not_in_json),
        View::Mapping(mapping) => mapping.iter().find_map(|entry| not_in_json(&entry.value)),
    }
}

/// Whether a value of the object and one of a patch are the same JSON; numbers by how they are written.
pub fn same_json(a: &Node, b: &Node, notation: Notation) -> bool {
    match (a.view(), b.view()) {
        (View::Scalar(a, a_kind), View::Scalar(b, b_kind)) => same_scalar((a, a_kind), (b, b_kind), notation),
        (View::Sequence(a), View::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b, notation))
        }
        (View::Mapping(a), View::Mapping(b)) => {
            a.len() == b.len() && {
                let b = b.lookup();
                let same = |entry: &Entry, other: &Entry| same_json(&entry.value, &other.value, notation);
                a.iter().all(|entry| b.entry(entry.key.name).is_some_and(|other| same(entry, other)))
            }
        }
        _ => false,
    }
}

fn same_scalar(a: (&str, ScalarKind), b: (&str, ScalarKind), notation: Notation) -> bool {
    let string = |(text, kind): (&str, ScalarKind)| match kind {
        ScalarKind::String | ScalarKind::Binary => Some(text.to_owned()),
        ScalarKind::Timestamp => scalar::timestamp_text(text),
        _ => None,
    };
    let number = |(text, kind): (&str, ScalarKind)| match kind {
        ScalarKind::Int => scalar::int_value(text).map(|value| value.to_string()),
        ScalarKind::Float => scalar::float_value(text).map(scalar::json_float),
        _ => None,
    };
    match (a.1, b.1) {
        (ScalarKind::Null, ScalarKind::Null) => true,
        (ScalarKind::Bool, ScalarKind::Bool) => scalar::bool_value(a.0) == scalar::bool_value(b.0),
        (ScalarKind::Int | ScalarKind::Float, ScalarKind::Int | ScalarKind::Float) => match notation {
            Notation::Yaml => number(a) == number(b),
            Notation::Json => number(a).as_deref() == Some(b.0),
        },
        _ => string(a).is_some_and(|a| string(b) == Some(a)),
    }
}

/// Does to the whole object what its way through JSON does: numbers become doubles, which hold integers exactly up to
/// 2^53, and dates become strings.
pub fn through_json(root: &mut Node, patch: Location, id: &ResourceId, findings: &mut Findings) {
    if changes(root) {
        let mut pass = Pass { sign: Step::patch().sign(patch), id, path: FieldPath::root(), findings };
        pass.walk(root);
    }
    annotations_through_json(root, &Step::patch().sign(patch));
    retell(root);
    annotations_become_texts(root);
}

/// Writes scalars as they are when the object is written anew: later steps find the text, the quotes and the tag that
/// they have then.
fn retell(node: &mut Node) {
    if !needs_retelling(node) {
        return;
    }
    if node.is_bracketed() {
        *node = node.clone().out_of_brackets();
    }
    if let Some((text, style, kind)) = retold(node) {
        *node = node.retold(text, style, kind);
    } else if let Some(mapping) = node.as_mapping_mut() {
        mapping.iter_mut().for_each(|(_, value)| retell(value));
    } else if let Some(list) = node.as_sequence_mut() {
        list.items_mut().iter_mut().for_each(retell);
    }
}

fn needs_retelling(node: &Node) -> bool {
    match node.view() {
        View::Scalar(..) => retold(node).is_some(),
        View::Sequence(items) => node.is_bracketed() || items.iter().any(needs_retelling),
        View::Mapping(mapping) => node.is_bracketed() || mapping.iter().any(|entry| needs_retelling(&entry.value)),
    }
}

/// How a scalar is written anew, if not as it is.
fn retold(node: &Node) -> Option<(String, Style, ScalarKind)> {
    let (text, kind, style) = (node.text()?, node.kind(), node.style());
    let (text, style, kind) = match kind {
        ScalarKind::String => match (style, is_plain(text)) {
            (Style::Plain | Style::Tagged, false) => (text.to_owned(), Style::DoubleQuoted, kind),
            (Style::Plain, true) if !node.is_untagged() => return None,
            (Style::Plain, true) => (text.to_owned(), style, kind),
            (_, true) => (text.to_owned(), Style::Plain, kind),
            _ if node.is_untagged() => (text.to_owned(), style, kind),
            _ => return None,
        },
        ScalarKind::Int if is_small(text) && !node.is_untagged() => return None,
        ScalarKind::Int | ScalarKind::Float => {
            let text = scalar::go_float(scalar::float_value(text)?);
            let kind = scalar::resolve(&text);
            (text, Style::Plain, kind)
        }
        ScalarKind::Bool => (scalar::bool_value(text)?.to_string(), Style::Plain, kind),
        // Absent within brackets, it is written as `''`.
        ScalarKind::Null if style != Style::SingleQuoted => ("null".to_owned(), Style::Plain, kind),
        ScalarKind::Null | ScalarKind::Timestamp | ScalarKind::Binary => return None,
    };
    let is_same = !node.is_untagged() && node.text() == Some(&text) && (node.style(), node.kind()) == (style, kind);
    (!is_same).then_some((text, style, kind))
}

/// Whether an integer is surely written with the digits that it has.
fn is_small(text: &str) -> bool {
    (text == "0" || !text.starts_with('0')) && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Annotations are made texts later on, and the text of a number is then the one that this way has given it.
fn annotations_through_json(root: &mut Node, sign: &Signature) {
    let text = |node: &Node| {
        // Of a list or mapping nothing is left.
        let Some(text) = node.text() else { return Some(String::new()) };
        let new = match node.kind() {
            ScalarKind::Int | ScalarKind::Float => scalar::go_float(scalar::float_value(text)?),
            ScalarKind::Bool => scalar::bool_value(text)?.to_string(),
            ScalarKind::String if node.style() == Style::Folded => folded::printed_again(text),
            // Absent within brackets, it was written as `''`.
            ScalarKind::Null if node.style() == Style::SingleQuoted => String::new(),
            ScalarKind::Null => "null".to_owned(),
            _ => return None,
        };
        (new != text).then_some(new)
    };
    change_annotations(root, text, |value, text| value.set_string(text, sign));
}

/// Kustomize puts all annotations back as texts (`SetAnnotations`).
fn annotations_become_texts(root: &mut Node) {
    let as_text = |node: &Node| {
        let text = node.text()?;
        let style = if text.contains('\n') { Style::Literal } else { Style::Plain };
        let new = node.respelled(style, ScalarKind::String);
        let new = in_quotes(&new).unwrap_or(new);
        ((new.kind(), new.style()) != (node.kind(), node.style())).then_some(new)
    };
    change_annotations(root, as_text, |value, new| *value = new);
    let found = root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping);
    if found.is_some_and(|mapping| !mapping.has_plain_keys())
        && let Some(annotations) = root.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"))
    {
        annotations.as_mapping_mut().into_iter().for_each(Mapping::unquote_keys);
    }
}

/// Puts into the annotations what `change` makes of them. Copies what is shared only if there is something to put.
fn change_annotations<T>(root: &mut Node, change: impl Fn(&Node) -> Option<T>, put: impl Fn(&mut Node, T)) {
    let found = root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping);
    if !found.is_some_and(|annotations| annotations.iter().any(|entry| change(&entry.value).is_some())) {
        return;
    }
    let annotations = root.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    for (_, value) in annotations.and_then(Node::as_mapping_mut).into_iter().flat_map(|mapping| mapping.iter_mut()) {
        if let Some(new) = change(value) {
            put(value, new);
        }
    }
}

struct Pass<'a> {
    sign: Signature,
    id: &'a ResourceId,
    path: FieldPath,
    findings: &'a mut Findings,
}

impl Pass<'_> {
    fn walk(&mut self, node: &mut Node) {
        if let Some((text, kind)) = as_json(node) {
            if kind != ScalarKind::String {
                self.report(node, &text);
            }
            let new = Node::new_scalar(text, kind, &self.sign);
            node.set(new, &self.sign);
        } else if let Some(mapping) = node.as_mapping_mut() {
            for (key, value) in mapping.iter_mut().filter(|(_, value)| changes(value)) {
                self.path.push(PathStep::Key(key.name));
                self.walk(value);
                self.path.pop();
            }
        } else if let Some(list) = node.as_sequence_mut() {
            for (at, item) in list.items_mut().iter_mut().enumerate().filter(|(_, item)| changes(item)) {
                self.path.push(PathStep::Index(at));
                self.walk(item);
                self.path.pop();
            }
        }
    }

    fn report(&mut self, node: &Node, text: &str) {
        self.findings.push(
            Finding::warning("patch/precision-lost", format!("`{}` of `{}` changes to {text}", self.path, self.id))
                .at(node.location(), "an integer above 2^53")
                .related(self.sign.at, "a JSON patch turns all numbers of the object into doubles")
                .help("use a strategic merge patch, or write the number as a string")
                .resource(self.id.clone())
                .path(self.path.clone()),
        );
    }
}

fn changes(node: &Node) -> bool {
    match node.view() {
        View::Scalar(..) => as_json(node).is_some(),
        View::Sequence(items) => items.iter().any(changes),
        View::Mapping(mapping) => mapping.iter().any(|entry| changes(&entry.value)),
    }
}

/// What a scalar becomes, if it becomes something else.
fn as_json(node: &Node) -> Option<(String, ScalarKind)> {
    let text = node.text()?;
    match node.kind() {
        // Up to fifteen digits are exact, whatever the base.
        ScalarKind::Int if text.len() > 15 => {
            let value = scalar::int_value(text)?;
            // The shortest digits that give the double, as Go's JSON writes them.
            let new = format!("{}", value as f64);
            let kind = if new.parse::<u64>().is_ok() || new.parse::<i64>().is_ok() {
                ScalarKind::Int
            } else {
                ScalarKind::Float
            };
            (new.parse::<i128>() != Ok(value)).then_some((new, kind))
        }
        ScalarKind::Timestamp => Some((scalar::timestamp_text(text)?, ScalarKind::String)),
        // It is written folded on the way, and read again as it comes out of that.
        ScalarKind::String if node.style() == Style::Folded => Some((folded::printed_again(text), ScalarKind::String)),
        _ => None,
    }
}
