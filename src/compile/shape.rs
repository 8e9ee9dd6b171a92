//! What a file holds where, as Go decodes it by way of JSON: one value of another type, and the whole file is refused.
//! Fields that a shape does not have may hold anything.

use std::fmt;

use super::fields::wrong_type;
use crate::finding::{Finding, Findings};
use crate::source::yaml::scalar;
use crate::source::{Node, ScalarKind, Style, View};

/// What a place holds. Nothing, `null`, may stand everywhere.
#[derive(Debug)]
pub enum Shape {
    Text,
    /// What becomes a text: a scalar of any type.
    AsText,
    Bool,
    Number,
    Whole,
    Any,
    Scalar,
    List(&'static Shape),
    Map(&'static Shape),
    /// A mapping of which the keys that the function takes hold this.
    Keyed(fn(&str) -> bool, &'static Shape),
    Object(&'static [(&'static str, &'static Shape)]),
    /// An [`Shape::Object`] with the fields of both.
    Extended(&'static [(&'static str, &'static Shape)], &'static [(&'static str, &'static Shape)]),
    /// An [`Shape::Object`] that is decoded without regard to letter case.
    Loose(&'static [(&'static str, &'static Shape)]),
    /// One of these. Their kinds of nodes differ, and so one at most fits.
    Either(&'static [&'static Shape]),
}

use Shape::{Any, AsText, Bool, Either, Extended, Keyed, List, Loose, Map, Number, Object, Scalar, Text, Whole};

impl Shape {
    /// Reports, under `rule`, what in `node` is of another type.
    pub fn check(&'static self, node: &Node, rule: &'static str, findings: &mut Findings) {
        self.check_at(node, None, rule, findings);
    }

    fn check_at(&'static self, node: &Node, way: Option<&Way<'_>>, rule: &'static str, findings: &mut Findings) {
        if node.is_null() {
            return;
        }
        let Some(fitting) = self.fitting(node) else {
            let name = way.map_or_else(|| "this file".to_owned(), ToString::to_string);
            findings.push(Finding { rule, ..wrong_type(node, &name, &self.words()) });
            return;
        };
        let mut below = |shape: &'static Shape, last: Last<'_>, node: &Node| {
            shape.check_at(node, Some(&Way { before: way, last }), rule, findings);
        };
        match (fitting, node.view()) {
            (List(item), View::Sequence(items)) => {
                items.iter().enumerate().for_each(|(at, node)| below(item, Last::Item(at), node));
            }
            (Map(item), View::Mapping(mapping)) => {
                mapping.iter().for_each(|entry| below(item, Last::Key(&entry.key.name), &entry.value));
            }
            (Keyed(takes, item), View::Mapping(mapping)) => {
                let taken = mapping.iter().filter(|entry| takes(&entry.key.name));
                taken.for_each(|entry| below(item, Last::Key(&entry.key.name), &entry.value));
            }
            (_, View::Mapping(mapping)) => {
                for entry in mapping.iter() {
                    if let Some(shape) = fitting.field(&entry.key.name) {
                        below(shape, Last::Key(&entry.key.name), &entry.value);
                    }
                }
            }
            _ => {}
        }
    }

    /// What the field holds, if the shape has it.
    fn field(&self, name: &str) -> Option<&'static Shape> {
        let (fields, more): (_, &[_]) = match self {
            Object(fields) | Loose(fields) => (fields, &[]),
            Extended(fields, more) => (fields, more),
            _ => return None,
        };
        let is = |known: &str| if matches!(self, Loose(_)) { known.eq_ignore_ascii_case(name) } else { known == name };
        fields.iter().chain(more).find(|(known, _)| is(known)).map(|(_, shape)| *shape)
    }

    /// The shape to which to hold the contents of `node`, if it is of the right type itself.
    fn fitting(&'static self, node: &Node) -> Option<&'static Shape> {
        let fits = match (self, node.view()) {
            (Either(shapes), _) => return shapes.iter().find_map(|shape| shape.fitting(node)),
            (Any, _) | (List(_), View::Sequence(_)) | (AsText | Scalar, View::Scalar(..)) => true,
            (Map(_) | Keyed(..) | Object(_) | Extended(..) | Loose(_), View::Mapping(_)) => true,
            (Text, View::Scalar(..)) => kind(node) == ScalarKind::String,
            (Bool, View::Scalar(..)) => kind(node) == ScalarKind::Bool,
            (Number, View::Scalar(..)) => matches!(kind(node), ScalarKind::Int | ScalarKind::Float),
            (Whole, View::Scalar(text, ScalarKind::Int)) => {
                scalar::int_value(text).is_some_and(|int| i64::try_from(int).is_ok())
            }
            _ => false,
        };
        fits.then_some(self)
    }

    fn words(&self) -> String {
        match self {
            Text | AsText => "text".to_owned(),
            Bool => "`true` or `false`".to_owned(),
            Number => "a number".to_owned(),
            Whole => "an integer".to_owned(),
            Any | Scalar => "a value".to_owned(),
            List(item) => format!("a list of {}", item.words().trim_start_matches("a ")),
            Map(_) | Keyed(..) | Object(_) | Extended(..) | Loose(_) => "a mapping".to_owned(),
            Either(shapes) => shapes.iter().map(|shape| shape.words()).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// The way to a place, told from its end.
struct Way<'a> {
    before: Option<&'a Way<'a>>,
    last: Last<'a>,
}

enum Last<'a> {
    Key(&'a str),
    Item(usize),
}

impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before {
            write!(f, "{before}.")?;
        }
        match self.last {
            Last::Key(key) => f.write_str(key),
            Last::Item(at) => write!(f, "{at}"),
        }
    }
}

/// Whether the node is a text.
pub fn is_text(node: &Node) -> bool {
    matches!(node.view(), View::Scalar(..)) && kind(node) == ScalarKind::String
}

/// What the scalar is to a reader of YAML 1.1, which takes a date for text.
fn kind(node: &Node) -> ScalarKind {
    let found = match node.kind() {
        ScalarKind::String if node.style() == Style::Plain => scalar::resolve_v2(node.text().unwrap_or_default()),
        kind => kind,
    };
    if found == ScalarKind::Timestamp { ScalarKind::String } else { found }
}
