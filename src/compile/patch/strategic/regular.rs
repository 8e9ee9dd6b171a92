//! Long lists whose items all have all keys, and other values of them. What `merge_items` finds by going through the
//! list for each item is found by an index here; the result is the same.

use std::collections::{HashMap, HashSet};

use super::items::{Item, Values, is_nothing, values_of};
use super::{Form, Merger, NewItems, Source};
use crate::compile::patch::merge_schema::SchemaCursor;
use crate::source::{Node, Signature};

/// Shorter lists are gone through.
pub(super) const LONG: usize = 64;

/// What became of the items of one value.
struct Met {
    here: Option<usize>,
    merged: Option<Item>,
}

/// The place of each item by its values, if all have all of them and no two the same.
fn index<'n>(nodes: impl Iterator<Item = &'n Node>, keys: &[&str]) -> Option<HashMap<Values, usize>> {
    let form = if keys == [""] { Form::Scalar } else { Form::Mapping };
    let mut index = HashMap::new();
    for (at, node) in nodes.enumerate() {
        let values = values_of(node, keys);
        let fits = Form::of(node) == Some(form) && values.iter().all(|value| !value.is_empty());
        if !fits || index.insert(values, at).is_some() {
            return None;
        }
    }
    Some(index)
}

/// The values of all items, each once: the patch's first if new items go first.
fn order(base: &[Item], said: &[Node], new_items: NewItems, keys: &[&str]) -> Vec<Values> {
    let of_base = base.iter().map(|item| values_of(&item.node, keys));
    let of_patch = said.iter().map(|node| values_of(node, keys));
    let all: Vec<Values> = match new_items {
        NewItems::First => of_patch.chain(of_base).collect(),
        NewItems::Last => of_base.chain(of_patch).collect(),
    };
    let mut seen = HashSet::new();
    all.into_iter().filter(|values| seen.insert(values.clone())).collect()
}

impl Merger<'_> {
    /// The merged list; `None` if it has to be found item by item, and then nothing has happened.
    pub(super) fn merge_regular(
        &mut self,
        base: &mut [Item],
        said: &[Node],
        source: Source<'_>,
        keys: &[&str],
        schema: Option<SchemaCursor<'_>>,
        deletions: &mut Vec<(usize, Signature)>,
    ) -> Option<Vec<Item>> {
        let here = index(base.iter().map(|item| &item.node), keys)?;
        let there = index(said.iter(), keys)?;
        let mut all = Vec::new();
        for values in order(base, said, self.new_items, keys) {
            let (here, there) = (here.get(&values).copied(), there.get(&values).copied());
            let theirs = there.map(|at| &said[at]);
            let merged = self.merge_one(base, here, theirs, source, keys, schema);
            let merged = merged.filter(|item| !is_nothing(&item.node));
            if let (None, Some(from), Some(theirs)) = (&merged, here.and_then(|at| base[at].from), theirs) {
                deletions.push((from, self.sign(Source::Patch(theirs))));
            }
            all.push(Met { here, merged });
        }
        Some(self.lined_up(base, all, keys.len() > 1))
    }

    /// The items in their order. With several keys an item that is found again moves to the end.
    fn lined_up(&self, base: &[Item], all: Vec<Met>, moves: bool) -> Vec<Item> {
        let stays = |met: &Met| met.merged.is_some();
        match self.new_items {
            NewItems::Last => all.into_iter().filter_map(|met| met.merged).collect(),
            NewItems::First => {
                let (first, mut rest): (Vec<Met>, Vec<Met>) =
                    all.into_iter().filter(stays).partition(|met| !moves || met.here.is_none());
                rest.sort_by_key(|met| met.here);
                // What the base has of an item is laid over it once more.
                let item = |met: Met| met.here.map(|at| base[at].clone()).or(met.merged);
                first.into_iter().chain(rest).filter_map(item).collect()
            }
        }
    }
}
