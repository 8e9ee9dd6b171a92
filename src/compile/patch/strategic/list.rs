//! Lists whose items merge by key, or as a set of scalars.
//!
//! A port of the behaviour of kyaml's `walk/associative_sequence.go`, whose order and treatment of items without
//! keys are visible in the output.

use std::collections::{HashMap, HashSet};

use super::directive::{self, Directive};
use super::items::{
    Item, Misfit, Values, add_keys, append, find, is_nothing, is_regular, set_item, unify, valid_keys, values_of,
};
use super::regular::LONG;
use super::{Merger, NewItems, Source, Walked};
use crate::compile::Step;
use crate::compile::patch::merge_schema::SchemaCursor;
use crate::finding::Finding;
use crate::source::{Node, PathStep, Signature, Symbol};

impl Merger<'_> {
    /// Walks a merging list.
    pub(super) fn walk_list(
        &mut self,
        base: Option<&Node>,
        source: Source<'_>,
        keys: &[&str],
        schema: Option<SchemaCursor<'_>>,
    ) -> Walked {
        let items = schema.and_then(SchemaCursor::items);
        let base = match (base, source) {
            // A list that the base lacks is not asked for its directive.
            (None, Source::Patch(said)) => return as_set(self.items(said, Source::Same, keys, items), said),
            (None, _) => return Walked::Same,
            (Some(_), Source::Patch(said)) if said.is_null() => return Walked::Gone,
            (Some(base), Source::Absent) => return self.items(base, Source::Absent, keys, items),
            (Some(base), _) => base,
        };
        let said = if let Source::Patch(said) = source { said } else { base };
        let directive = directive::take(said).unwrap_or_else(|value| {
            self.unknown_directive(value);
            None
        });
        match (directive, source) {
            (Some((Directive::Delete, _)), _) => Walked::Gone,
            (Some((_, rest)), Source::Same) => match self.items(&rest, Source::Same, keys, items) {
                Walked::Edited(new) => Walked::Edited(new),
                _ => Walked::Edited(rest),
            },
            (Some((Directive::Replace, rest)), _) => as_set(self.items(&rest, Source::Same, keys, items), &rest),
            (Some((Directive::Merge, rest)), _) => self.items(base, Source::Patch(&rest), keys, items),
            (None, source) => self.items(base, source, keys, items),
        }
    }

    fn items(&mut self, base: &Node, source: Source<'_>, keys: &[&str], schema: Option<SchemaCursor<'_>>) -> Walked {
        let keys = if keys.is_empty() { &[""] } else { keys };
        let nodes = base.as_sequence().unwrap_or_default();
        let item = |(from, node): (usize, &Node)| Item { node: node.clone(), from: Some(from), edited: false };
        let mut items: Vec<Item> = nodes.iter().enumerate().map(item).collect();
        let mut deletions = Vec::new();
        if matches!(source, Source::Absent) && is_regular(nodes, keys) {
            for item in &mut items {
                if let Walked::Edited(new) = self.item(&item.node.clone(), Source::Absent, keys, schema) {
                    *item = Item { node: new, edited: true, ..*item };
                }
            }
        } else {
            match self.merge_items(items, source, keys, schema, &mut deletions) {
                Ok(merged) => items = merged,
                Err(misfit) => {
                    self.misfit(&misfit, keys);
                    return Walked::Same;
                }
            }
        }
        let untouched = items.len() == nodes.len()
            && items.iter().enumerate().all(|(at, item)| item.from == Some(at) && !item.edited);
        match source {
            // Kustomize makes the list anew, and what stood at the old one is gone.
            _ if untouched && self.new_items == NewItems::First => {
                base.without_comment().map_or(Walked::Same, Walked::Edited)
            }
            _ if untouched => Walked::Same,
            Source::Same => {
                self.cramped |= items.is_empty();
                let nodes = items.into_iter().map(|item| item.node).collect();
                Walked::Edited(Node::read_sequence(nodes, base.location()))
            }
            source => {
                let base = &base.without_comment().unwrap_or_else(|| base.clone());
                self.cramped |= items.is_empty() || base.is_bracketed();
                Walked::Edited(written(base, items, keys, &deletions, self.sign(source)))
            }
        }
    }

    fn item(&mut self, base: &Node, source: Source<'_>, keys: &[&str], schema: Option<SchemaCursor<'_>>) -> Walked {
        self.path.push(step(base, keys));
        let walked = self.walk(Some(base), source, schema);
        self.path.pop();
        walked
    }

    fn merge_items(
        &mut self,
        mut base: Vec<Item>,
        source: Source<'_>,
        keys: &[&str],
        schema: Option<SchemaCursor<'_>>,
        deletions: &mut Vec<(usize, Signature)>,
    ) -> Result<Vec<Item>, Misfit> {
        let mut said: Vec<Node> = match source {
            Source::Patch(said) => said.as_sequence().unwrap_or_default().to_vec(),
            Source::Absent | Source::Same => Vec::new(),
        };
        if base.len() + said.len() > LONG
            && let Some(merged) = self.merge_regular(&mut base, &said, source, keys, schema, deletions)
        {
            return Ok(merged);
        }
        let all = self.all_values(&base, &said, keys);
        let mut mentioned: Vec<Item> = Vec::new();
        let mut used = (Vec::new(), Vec::new());
        for values in &all {
            used = valid_keys(&all, values, keys);
            let (keys, values) = (&used.0[..], &used.1[..]);
            let here = find(base.iter().map(|item| &item.node), keys, values);
            let there = find(said.iter(), keys, values);
            let theirs = there.map(|at| said[at].clone());
            let before = here.map(|at| base[at].node.clone());
            let merged = self.merge_one(&mut base, here, theirs.as_ref(), source, keys, schema);
            if let (Some(at), Some(before)) = (here, before) {
                follow(&mut base, at, &before);
            }
            if let Some(place) = there.and_then(|at| said.get_mut(at)) {
                match &merged {
                    // What the patch sets as a whole it has been rid of nulls and directives.
                    Some(item) if item.from.is_none() => place.clone_from(&item.node),
                    merged => {
                        strip(place);
                        if let (Some(item), true) = (merged, keys.len() > 1) {
                            wear_styles(place, &item.node);
                        }
                    }
                }
            }
            let Some(mut item) = merged.filter(|item| !is_nothing(&item.node)) else {
                if let (Some(from), Some(theirs)) = (here.and_then(|at| base.get(at)?.from), &theirs) {
                    deletions.push((from, self.sign(Source::Patch(theirs))));
                }
                set_item(&mut base, keys, values, None)?;
                continue;
            };
            if add_keys(&mut item, keys, values, &base, &said)
                && let Some(place) = here.and_then(|at| base.get_mut(at)).filter(|place| place.from == item.from)
            {
                *place = item.clone();
            }
            set_item(&mut mentioned, keys, values, Some(item))?;
        }
        if all.is_empty() {
            return Ok(base);
        }
        match self.new_items {
            NewItems::First => append(mentioned, base, &used.0),
            NewItems::Last => append(base, mentioned, &used.0),
        }
    }

    /// Merges the items that stand for one value; `None` if nothing is left of them.
    pub(super) fn merge_one(
        &mut self,
        base: &mut [Item],
        here: Option<usize>,
        there: Option<&Node>,
        source: Source<'_>,
        keys: &[&str],
        schema: Option<SchemaCursor<'_>>,
    ) -> Option<Item> {
        let theirs = match (source, there) {
            (Source::Same, _) if here.is_some() => Source::Same,
            (Source::Patch(_), Some(node)) => Source::Patch(node),
            _ => Source::Absent,
        };
        let Some(item) = here.and_then(|at| base.get_mut(at)) else {
            self.path.push(there.map_or(PathStep::Index(0), |there| step(there, keys)));
            let walked = self.walk(None, theirs, schema);
            self.path.pop();
            return match walked {
                Walked::Set(node) | Walked::Edited(node) => Some(Item { node, from: None, edited: false }),
                Walked::Same | Walked::Gone => None,
            };
        };
        match self.item(&item.node.clone(), theirs, keys, schema) {
            Walked::Same => Some(item.clone()),
            Walked::Gone => {
                if matches!(theirs, Source::Same) {
                    strip(&mut item.node);
                    item.edited = true;
                }
                None
            }
            Walked::Edited(node) => {
                *item = Item { node, from: item.from, edited: true };
                Some(item.clone())
            }
            Walked::Set(node) => {
                // The base's item is laid over the patch's again when the rest of the base is appended.
                if self.new_items == NewItems::First && node.as_mapping().is_some() {
                    self.no_effect(there.unwrap_or(&node), "an item of a list that merges");
                }
                Some(Item { node, from: None, edited: false })
            }
        }
    }

    /// The values of all items, each once: the patch's first if new items go first.
    fn all_values(&self, base: &[Item], said: &[Node], keys: &[&str]) -> Vec<Values> {
        let base = base.iter().map(|item| &item.node);
        let nodes: Vec<&Node> = match self.new_items {
            NewItems::First => said.iter().chain(base).collect(),
            NewItems::Last => base.chain(said).collect(),
        };
        let mut seen = HashSet::new();
        let values = nodes.into_iter().map(|node| values_of(node, keys));
        let mut all: Vec<Values> = values.filter(|values| seen.insert(values.clone())).collect();
        if keys.len() > 1 {
            unify(&mut all);
        }
        all
    }

    fn misfit(&mut self, misfit: &Misfit, keys: &[&str]) {
        let wanted =
            if keys == [""] { "single values".to_owned() } else { format!("mappings with `{}`", keys.join("`, `")) };
        self.findings.push(
            Finding::error(
                "patch/conflict",
                format!("an item of `{}` of `{}` is {}", self.path, self.id, misfit.found),
            )
            .at(misfit.at, format!("{} here", misfit.found))
            .help(format!("the items of this list are {wanted}"))
            .resource(self.id.clone())
            .path(self.path.clone()),
        );
    }
}

/// An item that an earlier patch has put in twice is one to kustomize: what the item at `at` has become, its doubles
/// become. `before` is what it was.
fn follow(items: &mut [Item], at: usize, before: &Node) {
    let new = items[at].clone();
    if !new.edited || new.node.shares_with(before) {
        return;
    }
    for item in items.iter_mut().filter(|item| item.node.shares_with(before)) {
        (item.node, item.edited) = (new.node.clone(), true);
    }
}

/// A list that stands in the patch alone. Kustomize makes it anew, and not in brackets.
fn as_set(walked: Walked, said: &Node) -> Walked {
    let new = if let Walked::Edited(new) = walked { new } else { said.clone() };
    Walked::Set(if new.is_empty() { new } else { new.out_of_brackets() })
}

/// Takes the directive out of an item that has been walked: one with several keys may be found by other values again,
/// and is then merged as if it had none.
fn strip(node: &mut Node) {
    if let Ok(Some((_, rest))) = directive::take(node) {
        *node = rest;
    }
}

/// What the patch sets is written in the style of what it was set to, even where the patch's item is used once more.
fn wear_styles(said: &mut Node, merged: &Node) {
    if said.is_scalar() {
        if merged.text() == said.text() && merged.style() != said.style() {
            *said = said.respelled(merged.style(), merged.kind());
        }
    } else if let Some(mapping) = said.as_mapping_mut() {
        for (key, value) in mapping.iter_mut() {
            if let Some(merged) = merged.get(key.name) {
                wear_styles(value, merged);
            }
        }
    }
}

fn step(node: &Node, keys: &[&str]) -> PathStep {
    let pairs = keys.iter().filter_map(|key| Some((Symbol::new(key), node.get(key)?.text()?.into())));
    PathStep::Match(pairs.collect())
}

/// `base` with the merged items written into it and signed.
fn written(base: &Node, items: Vec<Item>, keys: &[&str], deletions: &[(usize, Signature)], by: Signature) -> Node {
    let mut new = base.to_write_into();
    let in_brackets = new.is_bracketed();
    let Some(list) = new.as_sequence_mut() else { return new };
    let count = list.items().len();
    let mut place: Vec<Option<usize>> = vec![None; count];
    let mut order = Vec::with_capacity(items.len());
    let mut added = Vec::new();
    for (at, item) in items.into_iter().enumerate() {
        match item.from.filter(|&from| place[from].is_none()) {
            Some(from) => {
                place[from] = Some(at);
                if item.edited {
                    list.items_mut()[from] = item.node;
                }
                order.push(from);
            }
            None => {
                order.push(count + added.len());
                added.push(item.node);
            }
        }
    }
    let removed: Vec<usize> = (0..count).filter(|&from| place[from].is_none()).collect();
    let asked: HashMap<usize, Signature> = deletions.iter().rev().copied().collect();
    for &from in removed.iter().rev() {
        let name = values_of(&list.items()[from], keys).join(",");
        let sign = asked.get(&from).copied().unwrap_or(by);
        list.remove(from, &name, &sign);
    }
    for node in added {
        let sign = Step::patch().sign(node.location());
        let node = if in_brackets { node.into_brackets() } else { node };
        list.push(node, &sign);
    }
    // Indices after the removals.
    let order: Vec<usize> = order.iter().map(|at| at - removed.partition_point(|gone| gone < at)).collect();
    list.reorder(&order);
    new
}
