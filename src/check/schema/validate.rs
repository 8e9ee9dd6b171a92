//! Walks a document beside its schema.
//!
//! This is what the API server does rather than what JSON Schema says: a field that is null counts as absent, `1.0` is
//! an integer, and a status is not required to be complete, since the API server drops it from what users send.

use std::collections::HashMap;

use crate::schema::{ListType, Schema, Type};
use crate::source::{FieldPath, Mapping, Node, PathStep, ScalarKind, Symbol, View};

use super::limits;
use super::problem::{Found, Mark, Problem, Violation};
use super::scalar;
use crate::finding::nearest;

/// Everything about `document` that does not fit `schema`, in the order of the document.
pub fn validate(document: &Node, schema: Schema<'_>) -> Vec<Violation> {
    let mut walk = Walk::default();
    walk.value(document, schema, At { trail: None, complete: true });
    walk.found
}

/// How many items a list may have to be compared each with each.
const SHORT: usize = 16;

/// How many mappings at the head of a set the others are compared with.
const SET_BOUND: usize = 256;

#[derive(Default)]
struct Walk {
    found: Vec<Violation>,
}

/// The way from the root to a value. It lives on the stack, so that a document without problems costs no allocation.
struct Trail<'t> {
    up: Option<&'t Trail<'t>>,
    step: Step,
}

#[derive(Clone, Copy)]
enum Step {
    Key(Symbol),
    Index(usize),
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct At<'t> {
    trail: Option<&'t Trail<'t>>,
    /// Whether required fields are required here: not in a status.
    complete: bool,
}

impl At<'_> {
    fn upwards(&self) -> impl Iterator<Item = &Trail<'_>> {
        std::iter::successors(self.trail, |trail| trail.up)
    }

    fn depth(self) -> usize {
        self.upwards().count()
    }

    fn path(self) -> FieldPath {
        let mut steps: Vec<PathStep> = self
            .upwards()
            .map(|trail| match trail.step {
                Step::Key(key) => PathStep::Key(key),
                Step::Index(index) => PathStep::Index(index),
            })
            .collect();
        steps.reverse();
        steps.into_iter().fold(FieldPath::root(), |mut path, step| {
            path.push(step);
            path
        })
    }
}

impl Walk {
    fn report(&mut self, at: At<'_>, mark: Mark, problem: Problem) {
        self.found.push(Violation { path: at.path(), mark, problem });
    }

    fn value(&mut self, node: &Node, schema: Schema<'_>, at: At<'_>) {
        let wanted = schema.type_();
        let fits = match node.view() {
            View::Mapping(mapping) if matches!(wanted, Type::Object | Type::Any) => {
                self.object(mapping, schema, at);
                true
            }
            View::Sequence(items) if matches!(wanted, Type::Array | Type::Any) || schema.also_list() => {
                self.list(items, schema, at);
                true
            }
            View::Scalar(_, ScalarKind::Null) => schema.nullable() || wanted == Type::Any,
            View::Scalar(_, ScalarKind::Bool) if schema.also_boolean() => true,
            View::Scalar(text, kind) => {
                let fits = scalar::is_of_type(text, kind, wanted);
                if fits {
                    self.scalar(text, kind, schema, at);
                }
                fits
            }
            _ => false,
        };
        if !fits {
            let found = Found::of(node);
            return self.report(at, Mark::Value, Problem::WrongType { expected: wanted, found });
        }
        if !schema.is_native() {
            self.beyond_type(node, schema, at);
        }
    }

    fn scalar(&mut self, text: &str, kind: ScalarKind, schema: Schema<'_>, at: At<'_>) {
        if !scalar::is_in_format(text, kind, schema.format()) {
            self.report(at, Mark::Value, Problem::WrongFormat { format: schema.format() });
        }
        if schema.type_() == Type::Quantity && !scalar::is_quantity(text) {
            self.report(at, Mark::Value, Problem::NotAQuantity);
        }
        // An empty string is the zero value in Go and so counts as absent, but a CRD takes it at its word.
        if schema.is_native() && text.is_empty() {
            return;
        }
        if schema.enum_values().next().is_some() && !schema.enum_values().any(|allowed| allowed == text) {
            let suggestion = nearest(text, schema.enum_values()).map(str::to_owned);
            let allowed = schema.enum_values().map(str::to_owned).collect();
            self.report(at, Mark::Value, Problem::NotInEnum { found: text.to_owned(), allowed, suggestion });
        }
    }

    fn object(&mut self, mapping: &Mapping, schema: Schema<'_>, at: At<'_>) {
        let before = self.found.len();
        let mut free: Option<Vec<&str>> = None;
        for entry in mapping.iter() {
            let name = entry.key.name;
            let trail = Trail { up: at.trail, step: Step::Key(name) };
            let is_status = at.trail.is_none() && name == *"status";
            let below = At { trail: Some(&trail), complete: at.complete && !is_status };
            if let Some(value) = schema.field(&name).or_else(|| schema.additional()) {
                if !entry.value.is_null() || value.nullable() {
                    self.value(&entry.value, value, below);
                }
            } else if schema.is_closed() {
                let free = free.get_or_insert_with(|| free_fields(mapping, schema));
                let problem = unknown_field(&name, free, schema);
                self.report(below, Mark::Key, problem);
            }
        }
        if at.complete {
            self.required(mapping, schema, at, before);
        }
    }

    /// `before` is how many problems there were before those of this object.
    fn required(&mut self, mapping: &Mapping, schema: Schema<'_>, at: At<'_>, before: usize) {
        for name in schema.required() {
            let given = mapping.get(name);
            // A CRD's own schema and its defaults are needed only for a field that seems to be missing.
            if given.is_some_and(|value| !value.is_null()) {
                continue;
            }
            let field = schema.field(name);
            let null_fits = given.is_some() && field.is_some_and(Schema::nullable);
            let filled_in = field.is_some_and(|field| field.default().is_some());
            // A misspelt field is one mistake, not also a missing field.
            let misspelt = self.found[before..].iter().any(|violation| {
                matches!(&violation.problem, Problem::UnknownField { suggestion: Some(meant), .. } if meant == name)
                    && violation.path.steps().len() == at.depth() + 1
            });
            if !null_fits && !filled_in && !misspelt {
                self.report(at, Mark::Key, Problem::MissingField { name: name.to_owned() });
            }
        }
    }

    fn list(&mut self, items: &[Node], schema: Schema<'_>, at: At<'_>) {
        if let Some(wanted) = schema.items() {
            for (index, item) in items.iter().enumerate() {
                let trail = Trail { up: at.trail, step: Step::Index(index) };
                self.value(item, wanted, At { trail: Some(&trail), ..at });
            }
        }
        match schema.list_type() {
            Some(ListType::Map) => self.unique_by_keys(items, schema, at),
            Some(ListType::Set) => self.unique_values(items, at),
            Some(ListType::Atomic) | None => {}
        }
    }

    fn duplicate(&mut self, at: At<'_>, index: usize, first: usize, keys: Vec<(String, String)>) {
        let trail = Trail { up: at.trail, step: Step::Index(index) };
        let at = At { trail: Some(&trail), ..at };
        self.report(at, Mark::Value, Problem::DuplicateItem { keys, first });
    }

    fn unique_by_keys(&mut self, items: &[Node], schema: Schema<'_>, at: At<'_>) {
        // Most lists are so short that comparing each with each is faster than hashing.
        let mut seen = HashMap::new();
        for (index, item) in items.iter().enumerate().filter(|_| items.len() > 1) {
            let first = if items.len() <= SHORT {
                items[..index].iter().position(|earlier| same_keys(earlier, item, schema))
            } else {
                let values: Vec<_> = schema.list_keys().map(|key| key_value(item, key, schema)).collect();
                Some(*seen.entry(values).or_insert(index)).filter(|&first| first != index)
            };
            let values = schema.list_keys().filter_map(|key| Some((key, key_value(item, key, schema)?)));
            // Items without any key have another problem, reported as a missing field.
            if let Some(first) = first.filter(|_| values.clone().next().is_some()) {
                let keys = values.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
                self.duplicate(at, index, first, keys);
            }
        }
    }

    fn unique_values(&mut self, items: &[Node], at: At<'_>) {
        let mut seen: HashMap<(ScalarKind, &str), usize> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            let first = match item.view() {
                View::Scalar(text, kind) => Some(*seen.entry((kind, text)).or_insert(index)),
                // Sets of mappings are rare and short; the bound is for input made to keep us busy.
                _ => items[..index.min(SET_BOUND)].iter().position(|earlier| earlier.same_value(item)),
            };
            if let Some(first) = first.filter(|&first| first != index) {
                self.duplicate(at, index, first, Vec::new());
            }
        }
    }

    /// What only CRDs say: limits and combinations of schemas.
    fn beyond_type(&mut self, node: &Node, schema: Schema<'_>, at: At<'_>) {
        for must_be in schema.limits().into_iter().flat_map(|limits| limits::broken(node, limits)) {
            self.report(at, Mark::Value, Problem::Limit { must_be });
        }
        for nested in schema.all_of() {
            self.value(node, nested, at);
        }
        let fitting = |schemas: &mut dyn Iterator<Item = Schema<'_>>| {
            schemas.fold((0, 0), |(fitting, all), nested| (fitting + usize::from(fits(node, nested, at)), all + 1))
        };
        if let (0, 1..) = fitting(&mut schema.any_of()) {
            self.report(at, Mark::Value, Problem::NoAlternative { fitting: 0 });
        }
        match fitting(&mut schema.one_of()) {
            (1, _) | (_, 0) => {}
            (fitting, _) => self.report(at, Mark::Value, Problem::NoAlternative { fitting }),
        }
        if schema.excluded().is_some_and(|excluded| fits(node, excluded, at)) {
            self.report(at, Mark::Value, Problem::Excluded);
        }
    }
}

fn fits(node: &Node, schema: Schema<'_>, at: At<'_>) -> bool {
    let mut walk = Walk::default();
    walk.value(node, schema, at);
    walk.found.is_empty()
}

fn same_keys(one: &Node, other: &Node, schema: Schema<'_>) -> bool {
    schema.list_keys().all(|key| key_value(one, key, schema) == key_value(other, key, schema))
}

/// The value of a list key. An item that leaves it out has its default.
fn key_value<'a>(item: &'a Node, key: &str, schema: Schema<'a>) -> Option<&'a str> {
    if let Some(text) = item.get(key).and_then(Node::text) {
        return Some(text);
    }
    let default = schema.items()?.field(key)?.default();
    // The one default among the native list keys, which the store does not hold.
    default.and_then(Node::text).or_else(|| (schema.is_native() && key == "protocol").then_some("TCP"))
}

/// The fields that an object does not have yet. One that it has is not what the user meant by another.
fn free_fields<'s>(mapping: &Mapping, schema: Schema<'s>) -> Vec<&'s str> {
    schema.fields().map(|field| field.name).filter(|own| mapping.get(own).is_none()).take(MOST_FIELDS).collect()
}

/// With how many fields a misspelt one is compared. Kubernetes has no kind of as many; a CRD may have more.
const MOST_FIELDS: usize = 1_000;

fn unknown_field(name: &str, free: &[&str], schema: Schema<'_>) -> Problem {
    let versions = schema.versions_with(name);
    let suggestion = if versions.is_empty() { meant(name, free, schema) } else { None };
    Problem::UnknownField { name: name.to_owned(), suggestion, versions }
}

/// The field that was meant: one with a name much like it, or else the one of that name a level deeper, as in
/// `spec.containers` for `containers`.
fn meant(name: &str, free: &[&str], schema: Schema<'_>) -> Option<String> {
    if let Some(near) = nearest(name, free.iter().copied()) {
        return Some(near.to_owned());
    }
    let mut deeper = schema.fields().take(MOST_FIELDS).filter(|field| field.schema.field(name).is_some());
    let only = deeper.next().filter(|_| deeper.next().is_none())?;
    Some(format!("{}.{name}", only.name))
}
