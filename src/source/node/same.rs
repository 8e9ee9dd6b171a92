//! Whether two nodes are the same.

use std::sync::Arc;

use super::{Node, Value};
use crate::source::Entry;

impl Node {
    /// Whether both mean the same value: mappings in any key order, scalars by kind and text. Places do not count.
    pub fn same_value(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(a), Value::Scalar(b)) => self.kind() == other.kind() && (a == b || self.is_null()),
            (Value::Sequence(a), Value::Sequence(b)) => {
                Arc::ptr_eq(a, b)
                    || a.items().len() == b.items().len()
                        && a.items().iter().zip(b.items()).all(|(a, b)| a.same_value(b))
            }
            (Value::Mapping(a), Value::Mapping(b)) => {
                Arc::ptr_eq(a, b)
                    || a.len() == b.len() && {
                        let b = b.lookup();
                        let same = |entry: &Entry, other: &Entry| entry.value.same_value(&other.value);
                        a.iter().all(|entry| b.entry(entry.key.name).is_some_and(|other| same(entry, other)))
                    }
            }
            _ => false,
        }
    }

    /// Whether both share one allocation, and so are the same without looking.
    pub fn shares_with(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Sequence(a), Value::Sequence(b)) => Arc::ptr_eq(a, b),
            (Value::Mapping(a), Value::Mapping(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}
