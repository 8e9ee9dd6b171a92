//! The changed parts of a resource as one tree for each side: enough of it around a change to see where it stands.

use crate::diff::{ChangeKind, Op, ResourceChange, Shown};
use crate::resource::ResourceId;
use crate::source::{FieldPath, PathStep, ScalarKind, Symbol};

/// What an entry changes, as it stood before and as it stands after: the identity and the changed fields. `None` for a side
/// on which the resource does not exist.
pub fn sides(entry: &ResourceChange) -> (Option<Shown>, Option<Shown>) {
    let (before_id, after_id) = match &entry.kind {
        ChangeKind::Renamed { from, to } => (from, to),
        _ => (&entry.resource, &entry.resource),
    };
    let (mut before, mut after) = (identity(before_id), identity(after_id));
    for change in &entry.changes {
        if change.path.is_root() && change.op != Op::Modified {
            return (change.before.clone(), change.after.clone());
        }
        for (side, value) in [(&mut before, &change.before), (&mut after, &change.after)] {
            if let Some(value) = value {
                put(side, change.path.steps(), value);
            }
        }
    }
    (
        Some(before).filter(|_| entry.kind != ChangeKind::Added),
        Some(after).filter(|_| entry.kind != ChangeKind::Removed),
    )
}

/// The paths of an entry's changes that YAML cannot show apart: both sides of a masked value look alike.
pub fn masked_changes(entry: &ResourceChange) -> impl Iterator<Item = &FieldPath> {
    entry.changes.iter().filter(|change| change.only_masked_differs()).map(|change| &change.path)
}

fn text(text: &str) -> Shown {
    Shown::Scalar { text: text.to_owned(), kind: ScalarKind::String }
}

fn identity(id: &ResourceId) -> Shown {
    let mut meta = vec![(Symbol::new("name"), text(&id.name))];
    if !id.namespace.is_empty() {
        meta.push((Symbol::new("namespace"), text(&id.namespace)));
    }
    Shown::Map(vec![
        (Symbol::new("apiVersion"), text(&id.gvk.api_version())),
        (Symbol::new("kind"), text(&id.gvk.kind)),
        (Symbol::new("metadata"), Shown::Map(meta)),
    ])
}

fn put(side: &mut Shown, steps: &[PathStep], value: &Shown) {
    let Some((step, rest)) = steps.split_first() else {
        *side = value.clone();
        return;
    };
    match step {
        PathStep::Key(key) => put(child(side, *key), rest, value),
        PathStep::Index(_) => push(side, rest, value),
        // An item of a set of scalars is named by itself.
        PathStep::Match(pairs) if pairs.iter().any(|(key, _)| key.is_empty()) => push(side, rest, value),
        PathStep::Match(pairs) => {
            let names: Vec<_> = pairs.iter().map(|(key, value)| (*key, text(value))).collect();
            let same = |item: &Shown| matches!(item, Shown::Map(entries) if entries.starts_with(&names));
            let items = items(side);
            let at = items.iter().position(same).unwrap_or_else(|| {
                items.push(Shown::Map(names));
                items.len() - 1
            });
            put(&mut items[at], rest, value);
        }
    }
}

fn push(side: &mut Shown, rest: &[PathStep], value: &Shown) {
    let mut item = Shown::Map(Vec::new());
    put(&mut item, rest, value);
    items(side).push(item);
}

/// The value of `key`, made if it is missing.
fn child(side: &mut Shown, key: Symbol) -> &mut Shown {
    if !matches!(side, Shown::Map(_)) {
        *side = Shown::Map(Vec::new());
    }
    let Shown::Map(entries) = side else { unreachable!("made a mapping above") };
    let at = entries.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        entries.push((key, Shown::Map(Vec::new())));
        entries.len() - 1
    });
    &mut entries[at].1
}

fn items(side: &mut Shown) -> &mut Vec<Shown> {
    if !matches!(side, Shown::List(_)) {
        *side = Shown::List(Vec::new());
    }
    match side {
        Shown::List(items) => items,
        _ => unreachable!("made a list above"),
    }
}
