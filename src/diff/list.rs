//! What differs between two lists.

use std::collections::{HashMap, HashSet};

use compact_str::CompactString;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::source::{Location, Node, PathStep, Symbol};

use super::alike;
use super::change::Op;
use super::equal::{Printed, fingerprint, printed};
use super::list_keys::{self, Pairing};
use super::tree::{Beside, Walk};

/// A list: the node and its items.
type List<'a> = (&'a Node, &'a [Node]);

/// An item's key: the fields and their values, with names followed to the side after.
type ItemKey = Vec<(Symbol, CompactString)>;

/// Compares two lists that stand at the walk's path.
pub(super) fn compare<'a>(walk: &mut Walk<'a, '_>, before: List<'a>, after: List<'a>) {
    let field = walk.path.steps().iter().rev().find_map(|step| match step {
        PathStep::Key(key) => Some(key.as_str()),
        _ => None,
    });
    match list_keys::pairing(field.unwrap_or_default(), before.1, after.1) {
        Pairing::Keys { keys, ordered } => keyed(walk, before, after, keys, ordered),
        Pairing::Set => sets(walk, before, after),
        Pairing::Position => positions(walk, before, after),
    }
}

fn keyed<'a>(walk: &mut Walk<'a, '_>, before: List<'a>, after: List<'a>, keys: &[&'static str], ordered: bool) {
    let names = walk.names;
    let old_key = |item| -> ItemKey {
        let pairs = list_keys::key_of(item, keys);
        pairs.into_iter().map(|(key, value)| (Symbol::new(key), CompactString::from(names.followed(value)))).collect()
    };
    let new_key = |item| -> ItemKey {
        let pairs = list_keys::key_of(item, keys);
        pairs.into_iter().map(|(key, value)| (Symbol::new(key), value.into())).collect()
    };
    let old_order: Vec<(ItemKey, &Node)> = before.1.iter().map(|item| (old_key(item), item)).collect();
    let mut new_order: Vec<(ItemKey, &Node)> = after.1.iter().map(|item| (new_key(item), item)).collect();
    let old: HashMap<&ItemKey, &Node> = old_order.iter().map(|(key, item)| (key, *item)).collect();
    let new: HashMap<ItemKey, &Node> = new_order.iter().cloned().collect();
    if ordered {
        let kept_before = old_order.iter().map(|(key, _)| key).filter(|key| new.contains_key(*key));
        let kept_after = new_order.iter().map(|(key, _)| key).filter(|key| old.contains_key(key));
        if !kept_before.eq(kept_after) {
            walk.report(Op::Moved, Some(before.0), Some(after.0), None, Beside::default());
        }
    }
    let mut gone: Vec<&(ItemKey, &Node)> = old_order.iter().filter(|(key, _)| !new.contains_key(key)).collect();
    if !ordered {
        // So that the order of the items, which means nothing, does not show.
        gone.sort_by(|a, b| a.0.cmp(&b.0));
        new_order.sort_by(|a, b| a.0.cmp(&b.0));
    }
    for (key, item) in gone {
        walk.path.push(PathStep::Match(key.clone()));
        walk.report(Op::Removed, Some(item), None, removed_by(after.0, key), Beside::default());
        walk.path.pop();
    }
    for (key, item) in &new_order {
        walk.path.push(PathStep::Match(key.clone()));
        match old.get(key) {
            Some(was) => walk.nodes(was, item, Beside::default()),
            None => walk.report(Op::Added, None, Some(item), None, Beside::default()),
        }
        walk.path.pop();
    }
}

/// The record of the list item with this key, if a build deleted it.
fn removed_by(list: &Node, key: &ItemKey) -> Option<Location> {
    let name = key.first().map(|(_, value)| value.as_str())?;
    let removals = list.sequence()?.removed();
    removals.iter().rev().find(|removal| removal.key == *name).map(|removal| removal.origin.at)
}

fn sets<'a>(walk: &mut Walk<'a, '_>, before: List<'a>, after: List<'a>) {
    fn print(item: &Node) -> Printed<'_> {
        printed(item.text().unwrap_or_default(), item.kind())
    }
    let order = |items: &'a [Node]| {
        let mut sorted: Vec<&Node> = items.iter().collect();
        sorted.sort_by_key(|item| item.text());
        sorted
    };
    let values = |items: &'a [Node]| items.iter().map(print).collect::<HashSet<_>>();
    for (items, others, op) in [(before.1, after.1, Op::Removed), (after.1, before.1, Op::Added)] {
        let others = values(others);
        for item in order(items).into_iter().filter(|item| !others.contains(&print(item))) {
            let key = vec![(Symbol::default(), CompactString::from(item.text().unwrap_or_default()))];
            let by = if op == Op::Removed { removed_by(after.0, &key) } else { None };
            let (old, new) = if op == Op::Removed { (Some(item), None) } else { (None, Some(item)) };
            walk.path.push(PathStep::Match(key));
            walk.report(op, old, new, by, Beside::default());
            walk.path.pop();
        }
    }
}

/// An alignment of more than this many pairs of items would take too long; such lists pair item by item.
const MOST_PAIRS: usize = 4_000_000;

fn positions<'a>(walk: &mut Walk<'a, '_>, before: List<'a>, after: List<'a>) {
    let prints = |items: &'a [Node]| items.iter().map(|item| fingerprint(item, walk.names)).collect::<Vec<_>>();
    let (old, new) = (prints(before.1), prints(after.1));
    if old == new {
        // Equal but for what follows a name.
        (0..old.len()).for_each(|at| item(walk, before.1, after.1, at, at));
        return;
    }
    let sorted = |prints: &[String]| {
        let mut sorted = prints.to_vec();
        sorted.sort_unstable();
        sorted
    };
    if old.len() == new.len() && sorted(&old) == sorted(&new) {
        return walk.report(Op::Moved, Some(before.0), Some(after.0), None, Beside::default());
    }
    for op in alignment(&old, &new) {
        let (a, b) = (op.old_range(), op.new_range());
        let pairs = match op {
            DiffOp::Equal { len, .. } => (0..len).map(|i| (i, i)).collect(),
            _ => alike::in_order(&before.1[a.clone()], &after.1[b.clone()]),
        };
        let pairs: Vec<(usize, usize)> = pairs.into_iter().map(|(old, new)| (a.start + old, b.start + new)).collect();
        for at in a.filter(|at| pairs.binary_search_by_key(at, |(old, _)| *old).is_err()) {
            let by = removed_by(after.0, &vec![(Symbol::default(), at.to_string().into())]);
            one_sided(walk, Op::Removed, before.1, at, by);
        }
        pairs.iter().for_each(|&(old, new)| item(walk, before.1, after.1, old, new));
        for at in b.filter(|at| pairs.binary_search_by_key(at, |(_, new)| *new).is_err()) {
            one_sided(walk, Op::Added, after.1, at, None);
        }
    }
}

fn one_sided<'a>(walk: &mut Walk<'a, '_>, op: Op, items: &'a [Node], at: usize, by: Option<Location>) {
    let (old, new) = if op == Op::Removed { (items.get(at), None) } else { (None, items.get(at)) };
    walk.path.push(PathStep::Index(at));
    walk.report(op, old, new, by, Beside { mapping: None, previous: previous(items, at) });
    walk.path.pop();
}

fn item<'a>(walk: &mut Walk<'a, '_>, before: &'a [Node], after: &'a [Node], old: usize, new: usize) {
    walk.path.push(PathStep::Index(new));
    walk.nodes(&before[old], &after[new], Beside { mapping: None, previous: previous(after, new) });
    walk.path.pop();
}

fn previous(items: &[Node], at: usize) -> Option<&Node> {
    at.checked_sub(1).and_then(|at| items.get(at))
}

fn alignment(old: &[String], new: &[String]) -> Vec<DiffOp> {
    let lead = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[lead..].iter().rev().zip(new[lead..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_len, new_len) = (old.len() - lead - tail, new.len() - lead - tail);
    if old_len.saturating_mul(new_len) > MOST_PAIRS {
        return vec![
            DiffOp::Equal { old_index: 0, new_index: 0, len: lead },
            DiffOp::Replace { old_index: lead, old_len, new_index: lead, new_len },
            DiffOp::Equal { old_index: lead + old_len, new_index: lead + new_len, len: tail },
        ];
    }
    capture_diff_slices(Algorithm::Myers, old, new)
}
