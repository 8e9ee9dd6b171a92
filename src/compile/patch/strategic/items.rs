//! The items of a merging list as kyaml finds, sets and deletes them by the values of their keys.
//!
//! A port of the behaviour of `ElementSetter`, `ElementMatcher` and `FieldMatcher` (kyaml/yaml/fns.go) and of the
//! helpers beside them.

use std::collections::HashSet;

use super::Form;
use crate::compile::Step;
use crate::source::{Location, Node, ScalarKind, Style};

/// An item on its way into the merged list.
#[derive(Clone)]
pub(super) struct Item {
    pub node: Node,
    /// Its index in the base.
    pub from: Option<usize>,
    pub edited: bool,
}

/// An item that cannot have the keys of its list.
pub(super) struct Misfit {
    pub at: Location,
    pub found: &'static str,
}

/// The values of an item's merge keys; empty where it lacks one.
pub(super) type Values = Vec<String>;

/// The text that go-yaml keeps as a node's value: empty for collections.
pub(super) fn raw(node: &Node) -> &str {
    node.text().unwrap_or_default()
}

/// Null or an empty mapping: kustomize counts such items as absent.
pub(super) fn is_nothing(node: &Node) -> bool {
    node.is_null() || node.as_mapping().is_some_and(|mapping| mapping.is_empty())
}

pub(super) fn values_of(node: &Node, keys: &[&str]) -> Values {
    let value = |key: &&str| match *key {
        "" => raw(node).to_owned(),
        key => node.get(key).filter(|value| !value.is_null()).map(raw).unwrap_or_default().to_owned(),
    };
    keys.iter().map(value).collect()
}

/// Whether a walk of the list by itself leaves its items as many and in the order they are.
pub(super) fn is_regular(nodes: &[Node], keys: &[&str]) -> bool {
    let form = if keys == [""] { Form::Scalar } else { Form::Mapping };
    if !nodes.iter().all(|node| Form::of(node) == Some(form)) {
        return false;
    }
    let all: Vec<Values> = nodes.iter().map(|node| values_of(node, keys)).collect();
    let used = (0..keys.len()).filter(|&at| all.iter().any(|values| !values[at].is_empty()));
    let used: Vec<usize> = used.collect();
    let mut seen = HashSet::new();
    (nodes.is_empty() || !used.is_empty())
        && all.iter().all(|values| {
            used.iter().all(|&at| !values[at].is_empty())
                && seen.insert(used.iter().map(|&at| values[at].as_str()).collect::<Vec<_>>())
        })
}

/// Makes equal the values of items that differ only in keys which one of them lacks (`80` and `80, TCP`).
pub(super) fn unify(all: &mut [Values]) {
    for i in 0..all.len() {
        // Compared as it was before its row (mergeValues ranges over copies).
        let first = all[i].clone();
        for j in 0..all.len() {
            if let Some(both) = unified(&first, &all[j]) {
                all[i].clone_from(&both);
                all[j] = both;
            }
        }
    }
}

fn unified(a: &[String], b: &[String]) -> Option<Values> {
    let common = a.iter().zip(b).any(|(a, b)| a == b);
    let fits = a.iter().zip(b).all(|(a, b)| a == b || a.is_empty() || b.is_empty());
    (common && fits).then(|| a.iter().zip(b).map(|(a, b)| if a.is_empty() { b } else { a }.clone()).collect())
}

/// The keys that any item has, and the values for them.
pub(super) fn valid_keys<'k>(all: &[Values], values: &[String], keys: &[&'k str]) -> (Vec<&'k str>, Values) {
    let used: Vec<bool> = (0..keys.len()).map(|at| all.iter().any(|values| !values[at].is_empty())).collect();
    if !used.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let kept = |at: &usize| used[*at];
    let indices: Vec<usize> = (0..keys.len()).filter(kept).collect();
    (indices.iter().map(|&at| keys[at]).collect(), indices.iter().map(|&at| values[at].clone()).collect())
}

/// The first item that has exactly these values. Keys without a value are not asked for, unless all are.
pub(super) fn find<'n>(mut nodes: impl Iterator<Item = &'n Node>, keys: &[&str], values: &[String]) -> Option<usize> {
    let any = values.iter().any(|value| !value.is_empty());
    let pairs: Vec<_> = keys.iter().zip(values).filter(|(_, value)| !any || !value.is_empty()).collect();
    nodes.position(|node| match pairs[..] {
        [(&"", value)] => raw(node) == value,
        _ => {
            node.as_mapping().is_some()
                && pairs.iter().all(|(key, value)| node.get(key).is_some_and(|found| raw(found) == *value))
        }
    })
}

/// Sets, or without `new` deletes, the items that have these values; adds `new` if there is none.
pub(super) fn set_item(
    items: &mut Vec<Item>,
    keys: &[&str],
    values: &[String],
    new: Option<Item>,
) -> Result<(), Misfit> {
    let by_mapping = keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|v| !v.is_empty());
    let (mut found, mut bad) = (false, None);
    // In place: this is done once for each item.
    items.retain_mut(|item| {
        if bad.is_some() || is_nothing(&item.node) {
            return false;
        }
        if by_mapping && item.node.as_mapping().is_none() {
            return true;
        }
        match has_values(&item.node, keys, values) {
            // Without any value to look for, kustomize keeps nothing.
            Ok(false) => return !values.is_empty(),
            Ok(true) => {}
            Err(misfit) => {
                bad = Some(misfit);
                return false;
            }
        }
        found = true;
        new.as_ref().is_some_and(|new| {
            *item = new.clone();
            true
        })
    });
    if let Some(misfit) = bad {
        return Err(misfit);
    }
    if let (Some(new), false) = (new, found)
        && !new.node.is_null()
    {
        items.push(new);
    }
    Ok(())
}

fn has_values(node: &Node, keys: &[&str], values: &[String]) -> Result<bool, Misfit> {
    if values.is_empty() {
        return Ok(false);
    }
    for (key, value) in keys.iter().zip(values) {
        let fits = if key.is_empty() {
            node.text().ok_or_else(|| misfit(node))? == value
        } else {
            node.as_mapping().ok_or_else(|| misfit(node))?;
            node.get(key).is_some_and(|found| value.is_empty() || raw(found) == value)
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

fn misfit(node: &Node) -> Misfit {
    Misfit { at: node.location(), found: Form::of(node).map_or("null", Form::words) }
}

/// Gives `item` the keys it lacks: the other side of the merge had them. Whether it lacked any.
pub(super) fn add_keys(item: &mut Item, keys: &[&str], values: &[String], base: &[Item], said: &[Node]) -> bool {
    let mut added = false;
    for (key, value) in keys.iter().zip(values) {
        if key.is_empty() || value.is_empty() || item.node.get(key).is_some() {
            continue;
        }
        let known = said.iter().chain(base.iter().map(|item| &item.node)).filter_map(|node| node.get(key));
        let model = known.into_iter().find(|node| raw(node) == value);
        let kind = model.map_or(ScalarKind::String, Node::kind);
        let sign = Step::patch().sign(model.unwrap_or(&item.node).location());
        let node = Node::read_scalar(value.as_str().into(), kind, Style::Plain, sign.at);
        if let Some(mapping) = item.node.as_mapping_mut() {
            mapping.set_key(key, node, &sign);
            (added, item.edited) = (true, true);
        }
    }
    added
}

/// Lays `more` over `items`: what has equal values is replaced, the rest goes to the end.
pub(super) fn append(mut items: Vec<Item>, more: Vec<Item>, keys: &[&str]) -> Result<Vec<Item>, Misfit> {
    for item in more {
        let mut values = Vec::new();
        for key in keys {
            if key.is_empty() {
                values.push(raw(&item.node).to_owned());
                continue;
            }
            if !item.node.is_null() && item.node.as_mapping().is_none() {
                return Err(misfit(&item.node));
            }
            match item.node.get(key) {
                Some(value) => values.push(raw(value).to_owned()),
                None => items.push(item.clone()),
            }
        }
        if keys.len() > 1 {
            set_item(&mut items, keys, &values, None)?;
        }
        set_item(&mut items, keys, &values, Some(item))?;
    }
    Ok(items)
}
