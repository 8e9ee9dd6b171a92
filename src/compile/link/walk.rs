//! Follows field specs through a resource.
//!
//! The paths of references and vars name no lists: a list on the way is walked item by item.

use crate::finding::Finding;
use crate::resource::Resource;
use crate::source::{FieldPath, Node, PathStep, Symbol, View};

/// A scalar stands where a path goes on, or the path has an empty part.
pub(super) struct Blocked<'a> {
    pub(super) node: &'a Node,
    pub(super) path: FieldPath,
}

/// Calls `found` with each node at `keys`, and where it is. Missing and null parents end a branch silently. `path` is
/// empty, and is again afterwards: one that has been used before has room already.
pub(super) fn visit<'a>(
    node: &'a Node,
    keys: &[Symbol],
    path: &mut FieldPath,
    found: &mut dyn FnMut(&'a Node, &FieldPath),
) -> Result<(), Blocked<'a>> {
    let Some((&key, rest)) = keys.split_first() else {
        found(node, path);
        return Ok(());
    };
    match node.view() {
        View::Mapping(_) if key.is_empty() => Err(Blocked { node, path: path.clone() }),
        View::Mapping(mapping) => {
            // Keys are interned, so this compares pointers.
            let Some(entry) = mapping.iter().find(|entry| entry.key.name == key) else {
                return Ok(());
            };
            path.push(PathStep::Key(key));
            let result = visit(&entry.value, rest, path, found);
            path.pop();
            result
        }
        View::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathStep::Index(index));
                let result = visit(item, keys, path, found);
                path.pop();
                result?;
            }
            Ok(())
        }
        View::Scalar(..) if node.is_null() => Ok(()),
        View::Scalar(..) => Err(Blocked { node, path: path.clone() }),
    }
}

/// The node at `path`, to be changed. Copies what is shared on the way, and nothing if there is no such node.
pub(super) fn at_mut<'a>(root: &'a mut Node, path: &FieldPath) -> Option<&'a mut Node> {
    root.at(path)?;
    path.steps().iter().try_fold(root, |node, step| match step {
        PathStep::Key(key) => node.get_mut(key),
        PathStep::Index(index) => match node.as_sequence() {
            Some(_) => node.as_sequence_mut()?.items_mut().get_mut(*index),
            None => node.get_mut(&index.to_string()),
        },
        PathStep::Match(_) => None,
    })
}

/// kustomize gives up where a scalar stands in a path's way, or a value has another shape than the field's meaning.
pub(super) fn shape_finding(resource: &Resource, node: &Node, path: &FieldPath, expected: &str) -> Finding {
    let id = resource.id();
    Finding::error("link/unexpected-shape", format!("`{path}` of `{id}` is not {expected}"))
        .at_node(node, format!("{expected} is expected here"))
        .help("write the field as its kind defines it, or correct the `configurations` that name this path")
        .resource(id)
        .path(path.clone())
}
