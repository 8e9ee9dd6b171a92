//! What a rule may ask of the build it judges, and how a field of a resource is marked in a finding.

use crate::finding::Finding;
use crate::resource::{Pod, Resource, ResourceSet};
use crate::source::{FieldPath, Location, Node, PathStep, Symbol};

/// One build under judgement, with indexes that rules share.
pub struct Context<'a> {
    /// The resources of the build.
    pub resources: &'a ResourceSet,
    /// Every pod that the build makes.
    pub pods: Vec<Pod<'a>>,
}

impl<'a> Context<'a> {
    /// The context of a build.
    pub fn new(resources: &'a ResourceSet) -> Self {
        Context { resources, pods: resources.iter().filter_map(Pod::of).collect() }
    }

    /// The resources of a kind.
    pub fn of_kind(&self, group: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |resource| resource.gvk().is(group, kind))
    }
}

/// Marks the field `path` of `resource`: the line that last set it, and what that overwrote. A field that is missing
/// is marked at its nearest parent. Values of a Secret are never quoted, and their text is blanked wherever a line of
/// the file is shown.
pub fn mark(finding: Finding, resource: &Resource, path: &FieldPath, text: &str) -> Finding {
    let (node, depth) = resource.root.nearest(path);
    let finding = finding.resource(resource.id()).path(path.clone());
    if depth < path.steps().len() || !node.is_scalar() {
        return finding.at(place_of(resource, path, depth), text);
    }
    if !is_secret(resource, path) {
        return finding.at_node(node, text);
    }
    let events = node.history();
    events.iter().fold(finding.at(node.location(), text), |finding, event| finding.secret(event.node.location()))
}

/// Marks the key of the field `path`.
pub fn mark_key(finding: Finding, resource: &Resource, path: &FieldPath, text: &str) -> Finding {
    let (node, depth) = resource.root.nearest(path);
    let finding = finding.resource(resource.id()).path(path.clone()).at(place_of(resource, path, depth), text);
    if is_secret(resource, path) { finding.secret(node.location()) } else { finding }
}

/// Whether the field holds a value of a Secret.
pub fn is_secret(resource: &Resource, path: &FieldPath) -> bool {
    let in_data = matches!(path.steps().first(), Some(PathStep::Key(key)) if *key == "data" || *key == "stringData");
    in_data && resource.gvk().is("", "Secret")
}

/// A field is marked at its key, which is one line, rather than over all the lines of its value.
fn place_of(resource: &Resource, path: &FieldPath, depth: usize) -> Location {
    let root = resource.root.as_mapping();
    let mut place = root.and_then(|root| root.entry("kind")).map_or(resource.declared, |entry| entry.key.location);
    let mut node = &resource.root;
    for step in &path.steps()[..depth] {
        let Some(next) = step.of(node) else { break };
        place = match step {
            PathStep::Key(key) => match node.as_mapping().and_then(|mapping| mapping.entry(key)) {
                Some(entry) => entry.key.location,
                None => first_line(next),
            },
            _ => first_line(next),
        };
        node = next;
    }
    place
}

/// The first key of a mapping, the first item of a list, or the scalar itself.
pub fn first_line(node: &Node) -> Location {
    let first_key = node.as_mapping().and_then(|mapping| mapping.iter().next()).map(|entry| entry.key.location);
    let first_item = node.as_sequence().and_then(<[Node]>::first).map(first_line);
    first_key.or(first_item).unwrap_or(node.location())
}

/// The path with list items by name where they have one: `containers[name=web]` for `containers[0]`.
pub fn named(root: &Node, path: &FieldPath) -> FieldPath {
    let mut named = FieldPath::root();
    let mut node = Some(root);
    for step in path.steps() {
        let next = node.and_then(|node| step.of(node));
        let name = next.and_then(|item| item.get("name")).and_then(Node::text);
        named.push(match (step, name) {
            (PathStep::Index(_), Some(name)) if is_only(node, name) => {
                PathStep::Match(vec![(Symbol::new("name"), name.into())])
            }
            _ => step.clone(),
        });
        node = next;
    }
    named
}

/// Whether one item alone bears the name.
/// Items of longer lists go by their index: a list of many mistakes is not searched for each of them.
const MOST_NAMED: usize = 1_000;

fn is_only(list: Option<&Node>, name: &str) -> bool {
    let items = list.and_then(Node::as_sequence).unwrap_or_default();
    items.len() <= MOST_NAMED
        && items.iter().filter(|item| item.get("name").and_then(Node::text) == Some(name)).count() == 1
}
