//! What a rule may ask of the build it judges.

use crate::finding::Finding;
use crate::resource::{Pod, Resource, ResourceSet};
use crate::source::{FieldPath, Node, PathStep};

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

/// Marks the field `path` of `resource`: the line that last set it and what that overwrote. A field that is missing
/// is marked at its nearest parent.
pub fn mark(finding: Finding, resource: &Resource, path: &FieldPath, text: &str) -> Finding {
    let (node, depth) = resource.root.nearest(path);
    let finding = finding.resource(resource.id()).path(path.clone());
    if depth == path.steps().len() && node.is_scalar() {
        return finding.at_node(node, text);
    }
    finding.at(place_of(resource, path, depth), text)
}

/// A mapping or list is marked at its key, which is one line, rather than over all its lines.
fn place_of(resource: &Resource, path: &FieldPath, depth: usize) -> crate::source::Location {
    let mut place = resource
        .root
        .as_mapping()
        .and_then(|root| root.entry("kind"))
        .map_or(resource.declared, |entry| entry.key.location);
    let mut node = &resource.root;
    for step in &path.steps()[..depth] {
        let Some(next) = step.of(node) else { break };
        place = match step {
            PathStep::Key(key) => {
                node.as_mapping().and_then(|mapping| mapping.entry(key)).map_or(place, |entry| entry.key.location)
            }
            _ => first_key(next).unwrap_or(next.location()),
        };
        node = next;
    }
    place
}

fn first_key(node: &Node) -> Option<crate::source::Location> {
    Some(node.as_mapping()?.iter().next()?.key.location)
}
