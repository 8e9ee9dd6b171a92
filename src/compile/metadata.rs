//! `buildMetadata`: what the root asks to be written on the resources about the build itself.

use super::Step;
use super::layer::Layer;
use crate::resource::ResourceSet;
use crate::source::{Key, Location, Node};

/// Writes what the root's `buildMetadata` asks for, and the label if the caller asks for it.
pub fn annotate(layer: &Layer, managed_by_label: bool, set: &mut ResourceSet) {
    let entry = layer.kustomization.list("buildMetadata").iter().find(|node| node.text() == Some("managedByLabel"));
    let at = match entry {
        Some(entry) => entry.location(),
        None if managed_by_label => layer.location,
        None => return,
    };
    set.iter_mut().for_each(|resource| add_label(&mut resource.root, at));
}

fn add_label(root: &mut Node, at: Location) {
    let sign = Step::transform("buildMetadata").sign(at);
    let label = Node::new_string("kustomize-(devel)", &sign);
    let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    match metadata.get_mut("labels").and_then(Node::as_mapping_mut) {
        Some(labels) => labels.set_key("app.kubernetes.io/managed-by", label, &sign),
        None => {
            let entry = crate::source::Entry { key: Key::new("app.kubernetes.io/managed-by", sign.at), value: label };
            metadata.set_key("labels", Node::new_mapping(vec![entry], &sign), &sign);
        }
    }
}
