//! How far a build may go beyond what is written. A few lines can ask for layers, copies and texts that double with each
//! line; no manifest comes near these bounds.

use crate::finding::Finding;
use crate::source::yaml::MAX_DEPTH;
use crate::source::{Node, View};

/// How deep layers nest.
pub const MAX_NESTED: usize = 200;

/// How many layers one build has; one that several name counts each time.
pub const MAX_LAYERS: usize = 10_000;

/// How many resources one build has.
pub const MAX_RESOURCES: usize = 1_000_000;

/// How many bytes a resource may grow to by copies of its own values, and all texts together by vars.
pub const MAX_GROWN: u64 = 16 << 20;

/// What may still be copied.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    left: u64,
}

impl Default for Growth {
    fn default() -> Self {
        Growth { left: MAX_GROWN }
    }
}

impl Growth {
    /// Counts a copy of `node`; `false` if it is too large. No more of it is looked at than may be copied.
    pub fn take(&mut self, node: &Node) -> bool {
        weigh(node, MAX_DEPTH, &mut self.left)
    }
}

/// Whether `node` may stand `depth` levels below its root.
pub fn fits(node: &Node, depth: usize) -> bool {
    depth <= MAX_DEPTH && (node.is_scalar() || weigh(node, MAX_DEPTH - depth, &mut u64::MAX.clone()))
}

/// Whether a resource that has grown out of itself is still one that can be walked and printed.
pub fn is_sound(root: &Node) -> bool {
    Growth::default().take(root)
}

fn weigh(node: &Node, levels: usize, left: &mut u64) -> bool {
    /// What a node costs beside its text.
    const NODE: u64 = 16;
    let text = node.text().map_or(0, str::len) as u64;
    let Some(rest) = left.checked_sub(NODE + text) else { return false };
    *left = rest;
    let Some(below) = levels.checked_sub(1) else { return node.is_scalar() };
    match node.view() {
        View::Scalar(..) => true,
        View::Sequence(items) => items.iter().all(|item| weigh(item, below, left)),
        View::Mapping(mapping) => mapping.iter().all(|entry| weigh(&entry.value, below, left)),
    }
}

/// What to say of an entry that is one layer too many.
pub fn too_many_layers(entry: &Node) -> Finding {
    Finding::error("build/too-large", format!("this build has more than {MAX_LAYERS} layers"))
        .at(entry.location(), "with this entry")
        .help("a base that two layers name is built twice, and so is all below it: name it once")
}

/// What to say of an entry that nests too deep.
pub fn too_deep(entry: &Node) -> Finding {
    Finding::error("build/too-large", format!("layers nest more than {MAX_NESTED} deep"))
        .at(entry.location(), "in this entry")
        .help("name what is below it directly")
}

/// What to say of an entry that brings too many resources.
pub fn too_many_resources(entry: &Node) -> Finding {
    Finding::error("build/too-large", format!("this build has more than {MAX_RESOURCES} resources"))
        .at(entry.location(), "with this entry")
        .help("a base that two layers name is built twice, and so is all below it: name it once, or split the build")
}
