//! The limits that a CRD sets beside a type: bounds, lengths, patterns.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::Regex;

use crate::schema::Limits;
use crate::source::{Node, ScalarKind, View};

/// What the value must be and is not.
pub(super) fn broken(node: &Node, limits: &Limits) -> Vec<String> {
    let mut broken = Vec::new();
    match node.view() {
        View::Mapping(mapping) => {
            count(mapping.len(), limits.min_properties, limits.max_properties, "entries", &mut broken);
        }
        View::Sequence(items) => count(items.len(), limits.min_items, limits.max_items, "items", &mut broken),
        View::Scalar(text, ScalarKind::Int | ScalarKind::Float) => {
            if let Ok(number) = text.parse() {
                bounds(number, limits, &mut broken);
            }
        }
        View::Scalar(_, ScalarKind::Null | ScalarKind::Bool) => {}
        View::Scalar(text, _) => {
            count(text.chars().count(), limits.min_length, limits.max_length, "characters", &mut broken);
            if let Some(pattern) = limits.pattern.as_deref().filter(|pattern| !matches(pattern, text)) {
                broken.push(format!("of the form `{pattern}`"));
            }
        }
    }
    broken
}

fn count(length: usize, fewest: Option<u64>, most: Option<u64>, what: &str, broken: &mut Vec<String>) {
    let length = length as u64;
    if let Some(fewest) = fewest.filter(|&fewest| length < fewest) {
        broken.push(format!("at least {fewest} {what}, not {length}"));
    }
    if let Some(most) = most.filter(|&most| length > most) {
        broken.push(format!("at most {most} {what}, not {length}"));
    }
}

fn bounds(number: f64, limits: &Limits, broken: &mut Vec<String>) {
    if let Some(minimum) = limits.minimum {
        if limits.exclusive_minimum && number <= minimum {
            broken.push(format!("more than {minimum}"));
        } else if number < minimum {
            broken.push(format!("at least {minimum}"));
        }
    }
    if let Some(maximum) = limits.maximum {
        if limits.exclusive_maximum && number >= maximum {
            broken.push(format!("less than {maximum}"));
        } else if number > maximum {
            broken.push(format!("at most {maximum}"));
        }
    }
    if let Some(step) = limits.multiple_of.filter(|step| (number / step).fract() != 0.0) {
        broken.push(format!("a multiple of {step}"));
    }
}

/// Whether the pattern is found in the text. One that does not compile matches everything: it is the CRD's fault.
fn matches(pattern: &str, text: &str) -> bool {
    thread_local! {
        // A CRD has few patterns and a build has many objects; compiling takes longer than a whole document.
        static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            compiled.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        compiled[pattern].as_ref().is_none_or(|regex| regex.is_match(text))
    })
}
