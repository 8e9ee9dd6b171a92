//! Where a value came from: the events of a field's life, found by walking the tree with its origins.

use crate::resource::Resource;
use crate::source::{Cause, FieldPath, Location, Mapping, Node, PathStep, Removal, Sequence, SourceMap, Symbol};

/// One thing that happened to a field.
#[derive(Clone, Debug)]
pub struct FieldEvent {
    /// Where the user wrote it.
    pub at: Location,
    /// What kind of act it was.
    pub by: Cause,
    /// The value after it; `None` if it was deleted.
    pub value: Option<Node>,
    /// The node the value was copied from.
    pub from: Option<Node>,
}

/// Everything that happened to the field `path` of a resource, oldest first; empty if it never existed.
pub fn history(resource: &Resource, path: &FieldPath) -> Vec<FieldEvent> {
    let mut events = follow(&resource.root, path.steps(), None);
    events.dedup_by(|b, a| a.at == b.at && a.by == b.by && same(&a.value, &b.value));
    events
}

fn same(a: &Option<Node>, b: &Option<Node>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.same_value(b),
        (None, None) => true,
        _ => false,
    }
}

/// The events of the field `steps` below `node`. `brought` is the cause that brought the subtree of `node` here from
/// another file than that of its parent.
fn follow(node: &Node, steps: &[PathStep], brought: Option<Cause>) -> Vec<FieldEvent> {
    let brought = match node.origin() {
        Some(origin) => Some(origin.by),
        None => brought,
    };
    let Some((step, rest)) = steps.split_first() else { return own(node, brought) };
    // A subtree that was replaced as a whole had this field, too.
    let mut events = match node.origin().and_then(|origin| origin.was.as_ref()) {
        Some(was) => follow(was, steps, None),
        None => Vec::new(),
    };
    for removal in removals(node, step) {
        if let Some(was) = &removal.origin.was {
            events.extend(follow(was, rest, brought));
        }
        events.push(FieldEvent { at: removal.origin.at, by: removal.origin.by, value: None, from: None });
    }
    if let Some(child) = step.of(node) {
        // Only what stands in the file that the subtree came from was brought with it.
        let near = child.location().file == node.location().file;
        events.extend(follow(child, rest, brought.filter(|_| near)));
    }
    events
}

fn own(node: &Node, brought: Option<Cause>) -> Vec<FieldEvent> {
    let history = node.history();
    let last = history.len().saturating_sub(1);
    history
        .into_iter()
        .enumerate()
        .map(|(i, event)| {
            let by = match (event.by, brought) {
                (Cause::Read, Some(by)) if i == 0 && last == 0 => by,
                (by, _) => by,
            };
            FieldEvent { at: event.at, by, value: Some(event.node.clone()), from: event.from.cloned() }
        })
        .collect()
}

/// The records of what was deleted under `step`.
fn removals<'a>(node: &'a Node, step: &PathStep) -> Vec<&'a Removal> {
    let (records, name) = match step {
        PathStep::Key(key) => (node.as_mapping().map(Mapping::removed), key.to_string()),
        PathStep::Index(index) => (node.sequence().map(Sequence::removed), index.to_string()),
        PathStep::Match(pairs) => {
            let words: Vec<_> = pairs.iter().map(|(_, value)| value.to_string()).collect();
            (node.sequence().map(Sequence::removed), words.join(","))
        }
    };
    records.unwrap_or_default().iter().filter(|removal| *removal.key == *name).collect()
}

/// One place in the user's files that had a hand in a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Where the user wrote it.
    pub at: Location,
    /// What kind of act it was.
    pub by: Cause,
    /// The fields it set, as paths.
    pub fields: Vec<FieldPath>,
}

/// Every place that had a hand in a resource after it was read, with the fields it set: by layer, bases first, then
/// in the order of the lines. `layers` are the kustomization files of the build, bases first.
pub fn life(resource: &Resource, layers: &[Location], map: &SourceMap) -> Vec<Touch> {
    let mut touches = Vec::new();
    visit(&resource.root, &mut FieldPath::root(), &mut touches);
    let folders: Vec<String> = layers.iter().map(|&layer| folder(&map.place(layer).file)).collect();
    touches.sort_by_cached_key(|touch| {
        let place = map.place(touch.at);
        let within = |folder: &&String| folder.is_empty() || place.file.starts_with(folder.as_str());
        // The innermost folder around a file is that of the layer it belongs to.
        let own = folders.iter().filter(within).max_by_key(|folder| folder.len());
        (own.and_then(|own| folders.iter().position(|folder| folder == own)), place)
    });
    touches
}

/// The folder of a file, with a slash at its end; empty for the present one.
fn folder(file: &str) -> String {
    file.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

fn visit(node: &Node, path: &mut FieldPath, touches: &mut Vec<Touch>) {
    let mut past = Some(node);
    while let Some(origin) = past.and_then(Node::origin) {
        note(touches, origin.at, origin.by, path);
        past = origin.was.as_ref();
    }
    if let Some(mapping) = node.as_mapping() {
        for removal in mapping.removed() {
            note(touches, removal.origin.at, removal.origin.by, &path.child(PathStep::Key(removal.key)));
        }
        for entry in mapping.iter() {
            path.push(PathStep::Key(entry.key.name));
            visit(&entry.value, path, touches);
            path.pop();
        }
    }
    for (index, item) in node.as_sequence().unwrap_or_default().iter().enumerate() {
        path.push(match item.get("name").and_then(Node::text) {
            Some(name) => PathStep::Match(vec![(Symbol::new("name"), name.into())]),
            None => PathStep::Index(index),
        });
        visit(item, path, touches);
        path.pop();
    }
}

fn note(touches: &mut Vec<Touch>, at: Location, by: Cause, path: &FieldPath) {
    match touches.iter_mut().find(|touch| touch.at == at && touch.by == by) {
        Some(touch) if touch.fields.contains(path) => {}
        Some(touch) => touch.fields.push(path.clone()),
        None => touches.push(Touch { at, by, fields: vec![path.clone()] }),
    }
}
