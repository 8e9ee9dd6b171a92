//! Lists whose items merge by key, or as a set of scalars.
//!
//! A port of the behaviour of kyaml's `walk/associative_sequence.go`, whose order and treatment of items without
//! keys are visible in the output. Its `ElementSetter` also drops nulls and empty mappings wherever it passes.

use std::collections::HashSet;

use super::directive::{self, Directive};
use super::{Form, Merger, NewItems, Source, Walked};
use crate::compile::Step;
use crate::compile::patch::merge_schema::SchemaCursor;
use crate::finding::Finding;
use crate::source::{Location, Node, PathStep, ScalarKind, Signature, Style, Symbol};

/// An item on its way into the merged list.
#[derive(Clone)]
struct Item {
    node: Node,
    /// Its index in the base.
    from: Option<usize>,
    edited: bool,
}

/// An item that cannot have the keys of its list.
struct Misfit {
    at: Location,
    found: &'static str,
}

/// The values of an item's merge keys; empty where it lacks one.
type Values = Vec<String>;

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
            _ if untouched => Walked::Same,
            Source::Same => {
                let nodes = items.into_iter().map(|item| item.node).collect();
                Walked::Edited(Node::read_sequence(nodes, base.location()))
            }
            source => Walked::Edited(written(base, items, keys, &deletions, self.sign(source))),
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
        let said: &[Node] = match source {
            Source::Patch(said) => said.as_sequence().unwrap_or_default(),
            Source::Absent | Source::Same => &[],
        };
        let all = self.all_values(&base, said, keys);
        let mut mentioned: Vec<Item> = Vec::new();
        let mut used = (Vec::new(), Vec::new());
        for values in &all {
            used = valid_keys(&all, values, keys);
            let (keys, values) = (&used.0[..], &used.1[..]);
            let here = find(base.iter().map(|item| &item.node), keys, values);
            let there = find(said.iter(), keys, values).and_then(|at| said.get(at));
            let merged = self.merge_one(&mut base, here, there, source, keys, schema);
            let Some(mut item) = merged.filter(|item| !is_nothing(&item.node)) else {
                if let (Some(from), Some(there)) = (here.and_then(|at| base.get(at)?.from), there) {
                    deletions.push((from, self.sign(Source::Patch(there))));
                }
                set_item(&mut base, keys, values, None)?;
                continue;
            };
            if add_keys(&mut item, keys, values, &base, said)
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
    fn merge_one(
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
            Walked::Gone => None,
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

/// A list that stands in the patch alone.
fn as_set(walked: Walked, said: &Node) -> Walked {
    match walked {
        Walked::Edited(new) => Walked::Set(new),
        _ => Walked::Set(said.clone()),
    }
}

fn step(node: &Node, keys: &[&str]) -> PathStep {
    let pairs = keys.iter().filter_map(|key| Some((Symbol::new(key), node.get(key)?.text()?.into())));
    PathStep::Match(pairs.collect())
}

/// The text that go-yaml keeps as a node's value: empty for collections.
fn raw(node: &Node) -> &str {
    node.text().unwrap_or_default()
}

/// Null or an empty mapping: kustomize counts such items as absent.
fn is_nothing(node: &Node) -> bool {
    node.is_null() || node.as_mapping().is_some_and(|mapping| mapping.is_empty())
}

fn values_of(node: &Node, keys: &[&str]) -> Values {
    let value = |key: &&str| match *key {
        "" => raw(node).to_owned(),
        key => node.get(key).filter(|value| !value.is_null()).map(raw).unwrap_or_default().to_owned(),
    };
    keys.iter().map(value).collect()
}

/// Whether a walk of the list by itself leaves its items as many and in the order they are.
fn is_regular(nodes: &[Node], keys: &[&str]) -> bool {
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
fn unify(all: &mut [Values]) {
    for i in 0..all.len() {
        for j in 0..all.len() {
            if let Some(both) = unified(&all[i], &all[j]) {
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
fn valid_keys<'k>(all: &[Values], values: &[String], keys: &[&'k str]) -> (Vec<&'k str>, Values) {
    let used: Vec<bool> = (0..keys.len()).map(|at| all.iter().any(|values| !values[at].is_empty())).collect();
    if !used.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let kept = |at: &usize| used[*at];
    let indices: Vec<usize> = (0..keys.len()).filter(kept).collect();
    (indices.iter().map(|&at| keys[at]).collect(), indices.iter().map(|&at| values[at].clone()).collect())
}

/// The first item that has exactly these values. Keys without a value are not asked for, unless all are.
fn find<'n>(mut nodes: impl Iterator<Item = &'n Node>, keys: &[&str], values: &[String]) -> Option<usize> {
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
fn set_item(items: &mut Vec<Item>, keys: &[&str], values: &[String], new: Option<Item>) -> Result<(), Misfit> {
    let by_mapping = keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|v| !v.is_empty());
    let mut kept = Vec::with_capacity(items.len() + 1);
    let mut found = false;
    for item in items.iter() {
        if is_nothing(&item.node) {
            continue;
        }
        if by_mapping && item.node.as_mapping().is_none() {
            kept.push(item.clone());
            continue;
        }
        if !has_values(&item.node, keys, values)? {
            // Without any value to look for, kustomize keeps nothing.
            if !values.is_empty() {
                kept.push(item.clone());
            }
            continue;
        }
        found = true;
        kept.extend(new.clone());
    }
    if let (Some(new), false) = (new, found) {
        kept.push(new);
    }
    *items = kept;
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
fn add_keys(item: &mut Item, keys: &[&str], values: &[String], base: &[Item], said: &[Node]) -> bool {
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
fn append(mut items: Vec<Item>, more: Vec<Item>, keys: &[&str]) -> Result<Vec<Item>, Misfit> {
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

/// `base` with the merged items written into it and signed.
fn written(base: &Node, items: Vec<Item>, keys: &[&str], deletions: &[(usize, Signature)], by: Signature) -> Node {
    let mut new = base.clone();
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
    for &from in removed.iter().rev() {
        let name = values_of(&list.items()[from], keys).join(",");
        let sign = deletions.iter().find(|(at, _)| *at == from).map_or(by, |(_, sign)| *sign);
        list.remove(from, &name, &sign);
    }
    for node in added {
        let sign = Step::patch().sign(node.location());
        list.push(node, &sign);
    }
    // Indices after the removals.
    let order: Vec<usize> = order.iter().map(|at| at - removed.iter().filter(|gone| *gone < at).count()).collect();
    list.reorder(&order);
    new
}
