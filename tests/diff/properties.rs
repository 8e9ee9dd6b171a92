//! What holds for any two builds.

use std::collections::BTreeMap;

use kollate::diff::{Change, Op, Shown};
use kollate::source::{Node, PathStep, ScalarKind, View};

use super::diff;

/// A plain tree to apply changes to. Lists of mappings that pair by `name` are kept by name: their order is no value.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Scalar(String, ScalarKind),
    Map(BTreeMap<String, Tree>),
    List(Vec<Tree>),
}

fn of_node(node: &Node) -> Tree {
    match node.view() {
        View::Scalar(text, kind) => Tree::Scalar(text.to_owned(), kind),
        View::Sequence(items) => Tree::List(items.iter().map(of_node).collect()),
        View::Mapping(map) => Tree::Map(map.iter().map(|e| (e.key.name.to_string(), of_node(&e.value))).collect()),
    }
}

fn of_shown(shown: &Shown) -> Tree {
    match shown {
        Shown::Scalar { text, kind } => Tree::Scalar(text.clone(), *kind),
        Shown::Map(map) => Tree::Map(map.iter().map(|(key, value)| (key.to_string(), of_shown(value))).collect()),
        Shown::List(items) => Tree::List(items.iter().map(of_shown).collect()),
        masked => panic!("no secrets here: {masked:?}"),
    }
}

fn name_of(item: &Tree) -> Option<&Tree> {
    match item {
        Tree::Map(map) => map.get("name"),
        _ => None,
    }
}

fn place(items: &[Tree], step: &PathStep) -> Option<usize> {
    let PathStep::Match(pairs) = step else {
        return None;
    };
    items.iter().position(|item| matches!(name_of(item), Some(Tree::Scalar(text, _)) if *text == *pairs[0].1))
}

fn apply(tree: &mut Tree, steps: &[PathStep], change: &Change) {
    let after = change.after.as_ref().map(of_shown);
    if change.op == Op::Moved {
        let Some(target) = steps.iter().try_fold(&mut *tree, |tree, step| child(tree, step)) else {
            panic!("{change:?}")
        };
        let (Tree::List(items), Some(Tree::List(order))) = (target, after) else { panic!("{change:?}") };
        if order.iter().all(|item| matches!(item, Tree::Scalar(..))) && items.iter().all(|item| name_of(item).is_some())
        {
            items.sort_by_key(|item| order.iter().position(|name| name_of(item) == Some(name)));
        } else {
            *items = order;
        }
        return;
    }
    let (last, up) = steps.split_last().unwrap();
    let holder = up.iter().try_fold(tree, |tree, step| child(tree, step)).unwrap();
    match (holder, last, after) {
        (Tree::Map(map), PathStep::Key(key), Some(value)) => drop(map.insert(key.to_string(), value)),
        (Tree::Map(map), PathStep::Key(key), None) => drop(map.remove(&**key)),
        (Tree::List(items), PathStep::Index(at), Some(value)) if change.op == Op::Added => items.insert(*at, value),
        (Tree::List(items), PathStep::Index(at), Some(value)) => items[*at] = value,
        (Tree::List(items), PathStep::Index(at), None) => drop(items.remove(*at)),
        (Tree::List(items), step, None) => drop(items.remove(place(items, step).unwrap())),
        (Tree::List(items), step, Some(value)) => match place(items, step) {
            Some(at) => items[at] = value,
            None => items.push(value),
        },
        (holder, ..) => panic!("{change:?} at {holder:?}"),
    }
}

fn child<'t>(tree: &'t mut Tree, step: &PathStep) -> Option<&'t mut Tree> {
    match (tree, step) {
        (Tree::Map(map), PathStep::Key(key)) => map.get_mut(&**key),
        (Tree::List(items), PathStep::Index(at)) => items.get_mut(*at),
        (Tree::List(items), step) => place(items, step).map(|at| &mut items[at]),
        _ => None,
    }
}

/// Named lists by name, so that only values count.
fn sorted(tree: &mut Tree) {
    match tree {
        Tree::Scalar(..) => {}
        Tree::Map(map) => map.values_mut().for_each(sorted),
        Tree::List(items) => {
            items.iter_mut().for_each(sorted);
            if items.iter().all(|item| name_of(item).is_some()) {
                items.sort_by_key(|item| format!("{:?}", name_of(item)));
            }
        }
    }
}

/// A small generator: the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn value(&mut self, depth: u32) -> String {
        match self.roll(if depth == 0 { 3 } else { 7 }) {
            0 => self.roll(4).to_string(),
            1 => format!("v{}", self.roll(4)),
            2 => ["true", "null", "'1'"][self.roll(3) as usize].to_owned(),
            3 => format!("[{}]", (0..self.roll(5)).map(|_| self.value(0)).collect::<Vec<_>>().join(", ")),
            4 => format!("[{}]", self.named(depth).join(", ")),
            5 => format!("[{}]", (0..self.roll(3)).map(|_| self.value(depth - 1)).collect::<Vec<_>>().join(", ")),
            _ => format!("{{{}}}", self.entries(depth)),
        }
    }

    fn entries(&mut self, depth: u32) -> String {
        let mut entries = Vec::new();
        for key in ["a", "b", "c", "env"] {
            if self.roll(3) > 0 {
                entries.push(format!("{key}: {}", self.value(depth - 1)));
            }
        }
        entries.join(", ")
    }

    fn named(&mut self, depth: u32) -> Vec<String> {
        let mut items = Vec::new();
        for name in ["x", "y", "z"] {
            if self.roll(3) > 0 {
                items.push(format!("{{name: {name}, v: {}}}", self.value(depth - 1)));
            }
        }
        if self.roll(2) == 0 {
            items.reverse();
        }
        items
    }

    fn document(&mut self) -> String {
        format!("apiVersion: v1\nkind: Widget\nmetadata: {{name: w}}\nspec: {{{}}}\n", self.entries(4))
    }
}

fn tree(text: &str) -> Tree {
    of_node(super::World::new().read("t.yaml", text).get(0).map(|resource| &resource.root).unwrap())
}

/// The order in which changes apply: removals from the end, additions from the start, then the rest, all from the
/// outside in, so that indexes mean what they say.
fn in_order(changes: &[Change]) -> Vec<&Change> {
    let mut ordered: Vec<&Change> = changes.iter().collect();
    let rank = |change: &Change| (change.path.steps().len(), change.op == Op::Modified);
    let by_index = |a: &&Change, b: &&Change| match (a.op, b.op) {
        (Op::Removed, Op::Removed) => b.path.cmp(&a.path),
        (Op::Removed, _) => std::cmp::Ordering::Less,
        (_, Op::Removed) => std::cmp::Ordering::Greater,
        _ => a.path.cmp(&b.path),
    };
    ordered.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| by_index(a, b)));
    ordered
}

#[test]
fn the_changes_lead_from_before_to_after() {
    let mut dice = Dice(7);
    for _ in 0..2000 {
        let (before, after) = (dice.document(), dice.document());
        let mut found = tree(&before);
        let set = diff(&before, &after);
        let changes = set.entries.first().map_or(&[][..], |entry| &entry.changes);
        in_order(changes).into_iter().for_each(|change| apply(&mut found, change.path.steps(), change));
        let mut expected = tree(&after);
        sorted(&mut found);
        sorted(&mut expected);
        assert_eq!(found, expected, "\n{before}\n{after}\n{changes:#?}");
        assert_eq!(set.is_empty(), diff(&after, &before).is_empty());
    }
}

#[test]
fn a_build_does_not_differ_from_itself() {
    let mut dice = Dice(11);
    for _ in 0..500 {
        let document = dice.document();
        assert!(diff(&document, &document).is_empty(), "{document}");
    }
}

#[test]
fn the_order_of_lists_with_keys_and_of_mappings_does_not_count() {
    let object = |volumes: &str, ports: &str, spec: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d}}\nspec:\n  template:\n    spec:\n      volumes: [{volumes}]\n\
             \x20     containers: [{{name: c, ports: [{ports}]}}]\n  {spec}\n"
        )
    };
    let one = object(
        "{name: a, emptyDir: {}}, {name: b, emptyDir: {}}",
        "{containerPort: 53, protocol: UDP}, {containerPort: 53}, {containerPort: 80}",
        "x: {a: 1, b: 2}",
    );
    let two = object(
        "{name: b, emptyDir: {}}, {name: a, emptyDir: {}}",
        "{containerPort: 80}, {containerPort: 53}, {containerPort: 53, protocol: UDP}",
        "x: {b: 2, a: 1}",
    );
    assert!(diff(&one, &two).is_empty(), "{:?}", diff(&one, &two));
    // Nor does it show in what else changed.
    let other = object("{name: a, hostPath: {path: /x}}", "{containerPort: 81}", "x: {a: 2}");
    let values = |set: kollate::diff::ChangeSet| -> Vec<_> {
        let changes = set.entries.into_iter().flat_map(|entry| entry.changes);
        changes.map(|change| (change.path, change.op, change.before, change.after, change.impacts)).collect()
    };
    assert_eq!(values(diff(&one, &other)), values(diff(&two, &other)));
}
