//! When two spellings are one value, so that a change of spelling is no change.

use std::borrow::Cow;

use crate::resource::Quantity;
use crate::source::{FieldPath, Node, PathStep, ScalarKind, View};

use super::names::Names;

/// What a scalar is once printed: texts that print equally are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Printed<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    Text(&'a str),
}

/// What the scalar `text` of `kind` is once printed.
pub(super) fn printed(text: &str, kind: ScalarKind) -> Printed<'_> {
    match kind {
        ScalarKind::Null => Printed::Null,
        ScalarKind::Bool => Printed::Bool(text.eq_ignore_ascii_case("true")),
        ScalarKind::Int => Printed::Number(integer(text).map_or(Cow::Borrowed(text), |int| int.to_string().into())),
        ScalarKind::Float => Printed::Number(float(text)),
        ScalarKind::String | ScalarKind::Timestamp | ScalarKind::Binary => Printed::Text(text),
    }
}

fn integer(text: &str) -> Option<i128> {
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let radix = |prefix: &[&str]| prefix.iter().find_map(|prefix| digits.strip_prefix(prefix));
    let value = if let Some(hex) = radix(&["0x", "0X"]) {
        i128::from_str_radix(hex, 16)
    } else if let Some(binary) = radix(&["0b", "0B"]) {
        i128::from_str_radix(binary, 2)
    } else if let Some(octal) = radix(&["0o", "0O", "0"]).filter(|rest| !rest.is_empty()) {
        i128::from_str_radix(octal, 8)
    } else {
        digits.parse()
    };
    value.ok().map(|value| if negative { -value } else { value })
}

fn float(text: &str) -> Cow<'_, str> {
    // Beyond this a float is not printed as an integer.
    const LARGEST: f64 = 1e15;
    match text.replace('_', "").parse::<f64>() {
        Ok(value) if value.fract() == 0.0 && value.abs() < LARGEST => format!("{}", value as i64).into(),
        Ok(value) => format!("{value}").into(),
        Err(_) => Cow::Borrowed(text),
    }
}

/// Mappings from a resource's name to an amount of it.
const AMOUNTS: &[&str] = &[
    "requests",
    "limits",
    "hard",
    "capacity",
    "allocatable",
    "overhead",
    "podFixed",
    "default",
    "defaultRequest",
    "min",
    "max",
];

/// Fields that hold an amount.
const AMOUNT: &[&str] = &["sizeLimit", "averageValue", "divisor"];

fn holds_amount(path: &FieldPath) -> bool {
    match path.steps() {
        [.., PathStep::Key(parent), PathStep::Key(_)] if AMOUNTS.contains(&parent.as_str()) => true,
        [.., PathStep::Key(key)] => AMOUNT.contains(&key.as_str()),
        _ => false,
    }
}

/// Whether the scalars at `path` mean the same: they print equally, or are one amount in two spellings.
pub(super) fn same_scalar(path: &FieldPath, before: &Node, after: &Node) -> bool {
    let (View::Scalar(a, kind_a), View::Scalar(b, kind_b)) = (before.view(), after.view()) else {
        return false;
    };
    if kind_a == kind_b && a == b || printed(a, kind_a) == printed(b, kind_b) {
        return true;
    }
    holds_amount(path) && Quantity::parse(a).is_some_and(|amount| Quantity::parse(b) == Some(amount))
}

/// A text that is equal for equal values: for the alignment of lists without keys. Names of the side before are
/// followed to the side after.
pub(super) fn fingerprint(node: &Node, names: &Names) -> String {
    let mut text = String::new();
    write_fingerprint(node, names, &mut text);
    text
}

fn write_fingerprint(node: &Node, names: &Names, out: &mut String) {
    match node.view() {
        View::Scalar(text, kind) => {
            let text = if kind == ScalarKind::String { names.followed(text) } else { Cow::Borrowed(text) };
            out.push_str(&format!("{:?}", printed(&text, kind)));
        }
        View::Sequence(items) => {
            out.push('[');
            for item in items {
                write_fingerprint(item, names, out);
                out.push(',');
            }
            out.push(']');
        }
        View::Mapping(mapping) => {
            let mut entries: Vec<_> = mapping.iter().collect();
            entries.sort_by_key(|entry| entry.key.name);
            out.push('{');
            for entry in entries {
                out.push_str(&format!("{:?}:", entry.key.name));
                write_fingerprint(&entry.value, names, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}
