//! Where a value came from: the events of a field's life, found by walking the tree with its origins.

use crate::resource::Resource;
use crate::source::{
    Cause, FieldPath, Location, Mapping, Node, Origin, PathStep, Removal, Sequence, SourceMap, Symbol,
};

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
        if let Some(event) = copied_along(node, child, rest) {
            events.push(event);
            return events;
        }
        // Only what stands in the file that the subtree came from was brought with it.
        let near = child.location().file == node.location().file;
        events.extend(follow(child, rest, brought.filter(|_| near)));
    }
    events
}

/// The event that brought a field here as part of `node`, which was copied from elsewhere as a whole. What was written
/// to the field itself has a history of its own.
fn copied_along(node: &Node, child: &Node, rest: &[PathStep]) -> Option<FieldEvent> {
    let origin = node.origin()?;
    let from = origin.from.as_ref()?;
    if origin.was.as_ref().is_some_and(|was| was.shares_with(from)) {
        return None;
    }
    let value = rest.iter().try_fold(child, |node, step| step.of(node).filter(|_| node.origin().is_none()))?;
    value.origin().is_none().then(|| FieldEvent {
        at: origin.at,
        by: origin.by,
        value: Some(value.clone()),
        from: Some(value.clone()),
    })
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
    // A JSON patch removes items by index, whatever they are called.
    let is_meant = |removal: &&Removal| match (step, &removal.origin.was) {
        (PathStep::Match(pairs), Some(was)) if *removal.key != *name => {
            was.as_mapping().is_some()
                && pairs.iter().all(|(key, value)| was.get(*key).and_then(Node::text) == Some(value))
        }
        _ => *removal.key == *name,
    };
    records.unwrap_or_default().iter().filter(is_meant).collect()
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
    /// The fields it removed.
    pub removed: Vec<FieldPath>,
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
        if !is_merge_key(path, origin) {
            note(touches, origin, path, |touch| &mut touch.fields);
        }
        past = origin.was.as_ref();
    }
    if let Some(mapping) = node.as_mapping() {
        for removal in mapping.removed() {
            note(touches, &removal.origin, &path.child(PathStep::Key(removal.key)), |touch| &mut touch.removed);
        }
        for entry in mapping.iter() {
            path.push(PathStep::Key(entry.key.name));
            visit(&entry.value, path, touches);
            path.pop();
        }
    }
    for removal in node.sequence().map(Sequence::removed).unwrap_or_default() {
        let index = removal.key.parse().unwrap_or_default();
        let step = removal.origin.was.as_ref().map_or(PathStep::Index(index), |was| item_step(was, index));
        note(touches, &removal.origin, &path.child(step), |touch| &mut touch.removed);
    }
    for (index, item) in node.as_sequence().unwrap_or_default().iter().enumerate() {
        path.push(item_step(item, index));
        visit(item, path, touches);
        path.pop();
    }
}

/// An item of a list, by name if it has one.
fn item_step(item: &Node, index: usize) -> PathStep {
    match item.get("name").and_then(Node::text) {
        Some(name) => PathStep::Match(vec![(Symbol::new("name"), name.into())]),
        None => PathStep::Index(index),
    }
}

/// Whether a patch only says which item of a list it means.
fn is_merge_key(path: &FieldPath, origin: &Origin) -> bool {
    origin.by == Cause::Patched
        && matches!(path.steps(), [.., PathStep::Match(pairs), PathStep::Key(key)] if pairs.iter().any(|(name, _)| name == key))
}

fn note(touches: &mut Vec<Touch>, origin: &Origin, path: &FieldPath, list: fn(&mut Touch) -> &mut Vec<FieldPath>) {
    let Origin { at, by, .. } = *origin;
    let known = touches.iter().position(|touch| touch.at == at && touch.by == by);
    let index = known.unwrap_or(touches.len());
    if known.is_none() {
        touches.push(Touch { at, by, fields: Vec::new(), removed: Vec::new() });
    }
    let paths = list(&mut touches[index]);
    if !paths.contains(path) {
        paths.push(path.clone());
    }
}
