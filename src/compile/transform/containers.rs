//! Lists of containers in any object at any depth, as kustomize's `images` looks for them.

use crate::resource::WrongKind;
use crate::source::{FieldPath, Node, PathStep, View};

/// Whether lists under this key hold containers.
fn is_list(key: &str) -> bool {
    matches!(key, "containers" | "initContainers")
}

/// Sees the images of all containers. `odd` is set if a list holds what is no container.
pub(super) fn each_image<'n>(node: &'n Node, odd: &mut bool, see: &mut dyn FnMut(&'n str)) {
    match node.view() {
        View::Mapping(mapping) => {
            for entry in mapping.iter() {
                each_image(&entry.value, odd, see);
                if !is_list(&entry.key.name) {
                    continue;
                }
                for item in entry.value.as_sequence().into_iter().flatten() {
                    let image = item.get("image");
                    image.and_then(Node::text).into_iter().for_each(&mut *see);
                    *odd |= image.is_some_and(|image| !image.is_scalar());
                    *odd |= item.as_mapping().is_none() && !item.is_null();
                }
            }
        }
        View::Sequence(items) => items.iter().for_each(|item| each_image(item, odd, see)),
        View::Scalar(..) => {}
    }
}

/// Says where a list holds what is no container: an item that is no mapping, an image that is no scalar.
pub(super) fn check(root: &Node) -> Result<(), WrongKind> {
    check_at(root, &mut FieldPath::root())
}

fn check_at(node: &Node, path: &mut FieldPath) -> Result<(), WrongKind> {
    match node.view() {
        View::Mapping(mapping) => {
            for entry in mapping.iter() {
                path.push(PathStep::Key(entry.key.name));
                check_at(&entry.value, path)?;
                if is_list(&entry.key.name) {
                    check_list(&entry.value, path)?;
                }
                path.pop();
            }
        }
        View::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathStep::Index(index));
                check_at(item, path)?;
                path.pop();
            }
        }
        View::Scalar(..) => {}
    }
    Ok(())
}

fn check_list(list: &Node, path: &FieldPath) -> Result<(), WrongKind> {
    for (index, item) in list.as_sequence().into_iter().flatten().enumerate() {
        let item_path = path.index(index);
        if item.as_mapping().is_none() && !item.is_null() {
            return Err(WrongKind { path: item_path, ..WrongKind::new(item, "a mapping") });
        }
        if let Some(image) = item.get("image").filter(|image| !image.is_scalar()) {
            return Err(WrongKind { path: item_path.key("image"), ..WrongKind::new(image, "a scalar") });
        }
    }
    Ok(())
}

/// Visits the images of all containers to change them.
pub(super) fn visit_mut(
    node: &mut Node,
    visit: &mut dyn FnMut(&mut Node) -> Result<(), WrongKind>,
) -> Result<(), WrongKind> {
    // Asked first, since borrowing to change copies what is shared.
    if !has_list(node) {
        return Ok(());
    }
    if let Some(sequence) = node.as_sequence_mut() {
        return sequence.items_mut().iter_mut().try_for_each(|item| visit_mut(item, visit));
    }
    let Some(mapping) = node.as_mapping_mut() else {
        return Ok(());
    };
    for (key, value) in mapping.iter_mut() {
        visit_mut(value, visit)?;
        if is_list(&key.name) && value.as_sequence().is_some_and(|items| !items.is_empty()) {
            let items = value.as_sequence_mut().into_iter().flat_map(|list| list.items_mut());
            for image in items.filter_map(|item| item.get_mut("image")) {
                visit(image)?;
            }
        }
    }
    Ok(())
}

fn has_list(node: &Node) -> bool {
    match node.view() {
        View::Mapping(mapping) => mapping.iter().any(|entry| is_list(&entry.key.name) || has_list(&entry.value)),
        View::Sequence(items) => items.iter().any(has_list),
        View::Scalar(..) => false,
    }
}
