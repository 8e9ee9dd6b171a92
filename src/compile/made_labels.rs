//! Labels that nobody could tell from those that kustomize makes anew. A validator that labels resources passes over
//! these only: kustomize takes its label off by making all labels anew, and then compares the nodes, places and all.

use super::Step;
use super::quoted::in_quotes;
use crate::resource::{Labelled, Resource};
use crate::source::{Cause, Entry, Node, Style};

/// What a validator may put on a resource.
const VALIDATED_BY: &str = "validated-by";

/// Whether a validator left the resource as it was, but for its label.
pub fn is_same(before: &Resource, after: &Resource) -> bool {
    if before.previous.len() != after.previous.len() {
        return false;
    }
    if after.label(VALIDATED_BY).is_none() {
        return before.root.same_value(&after.root);
    }
    // Kustomize takes its label off by making the labels anew at the end of `metadata`, and then compares the nodes,
    // places and all.
    if before.labels().is_some() && !(is_as_made(before) && ends_in_labels(before)) {
        return false;
    }
    let mut root = after.root.clone();
    let sign = Step::transform("validators").sign(after.declared);
    if let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut)
        && let Some(labels) = metadata.get_mut("labels").and_then(Node::as_mapping_mut)
    {
        labels.remove(VALIDATED_BY, &sign);
        if labels.is_empty() {
            metadata.remove("labels", &sign);
        }
    }
    before.root.same_value(&root)
}

fn is_as_made(resource: &Resource) -> bool {
    resource.labels_as_made || resource.labels().is_some_and(is_as_made_anew)
}

fn is_made(node: &Node) -> bool {
    node.origin().is_some_and(|origin| matches!(origin.by, Cause::Transformed(_)))
}

/// Whether the labels are the last in `metadata`, as kustomize has it.
fn ends_in_labels(resource: &Resource) -> bool {
    let Some(metadata) = resource.root.get("metadata").and_then(Node::as_mapping) else { return false };
    let noted = resource.has_notes();
    let behind = resource.labelled == Labelled::BehindNotes;
    let stands_before = |entry: &&Entry| behind && entry.key.name == "annotations";
    let last = metadata.iter().rfind(|entry| !stands_before(entry));
    let followed = noted && !behind && metadata.get("annotations").is_none();
    resource.labelled != Labelled::Between && !followed && last.is_some_and(|last| last.key.name == "labels")
}

/// Whether nobody could tell labels from new ones: no part was read, and the keys are in order.
fn is_as_made_anew(labels: &Node) -> bool {
    let Some(mapping) = labels.as_mapping().filter(|mapping| !mapping.is_empty()) else { return false };
    let names: Vec<&str> = mapping.iter().map(|entry| entry.key.name.as_str()).collect();
    let as_made = |node: &Node| is_made(node) && !node.is_untagged() && node.style() == made_style(node);
    is_made(labels) && mapping.iter().all(|entry| as_made(&entry.value)) && names.is_sorted()
}

/// The style in which kustomize makes a label of this text.
fn made_style(node: &Node) -> Style {
    let plain = node.restyled(Style::Plain);
    in_quotes(&plain).unwrap_or(plain).style()
}

/// A resource before a patch is laid over it.
pub struct Unpatched {
    labels: Option<Node>,
    as_made: bool,
    noted: bool,
}

impl Unpatched {
    /// The labels of the resource as they stand.
    pub fn of(resource: &Resource) -> Self {
        Unpatched { labels: resource.labels().cloned(), as_made: is_as_made(resource), noted: resource.has_notes() }
    }

    /// Says of the labels of the resource how they stand once a strategic-merge patch with labels is laid over it. A
    /// patch that is `copied` for its target has labels that kustomize has made of texts, in order; what a patch adds
    /// stands behind the rest, its fields in the order of their names.
    pub fn follow(self, resource: &mut Resource, copied: bool) {
        let Some(labels) = resource.labels() else { return };
        match &self.labels {
            None => {
                let noted = self.noted || resource.root.dig(&["metadata", "annotations"]).is_some();
                resource.labels_as_made = copied;
                resource.labelled = if noted { Labelled::BehindNotes } else { Labelled::InPlace };
            }
            Some(before) => resource.labels_as_made = copied && self.as_made && joined_as_made(before, labels),
        }
    }
}

/// A resource before a transformer labels it.
pub struct Unlabelled {
    has_labels: bool,
    /// Its labels if a patch or generator has brought them as kustomize makes them.
    as_made: Option<Node>,
}

impl Unlabelled {
    /// The labels of the resource as they stand.
    pub fn of(resource: &Resource) -> Self {
        let labels = resource.labels();
        Unlabelled { has_labels: labels.is_some(), as_made: labels.filter(|_| resource.labels_as_made).cloned() }
    }

    /// Says of the labels of the resource how they stand now.
    pub fn follow(self, resource: &mut Resource) {
        let Some(labels) = resource.labels() else { return };
        if let Some(before) = self.as_made {
            resource.labels_as_made = joined_as_made(&before, labels);
        } else if !self.has_labels {
            resource.labelled = if resource.has_notes() { Labelled::BehindNotes } else { Labelled::InPlace };
        }
    }
}

/// Whether labels that were as made are so still, with others laid over them: a text keeps the style of the one before.
fn joined_as_made(before: &Node, now: &Node) -> bool {
    let (Some(before), Some(now)) = (before.as_mapping(), now.as_mapping()) else { return false };
    let last = before.iter().map(|entry| entry.key.name.as_str()).max();
    now.iter().all(|entry| match before.get(&*entry.key.name) {
        Some(old) => old.text() == entry.value.text() || made_style(old) == made_style(&entry.value),
        None => Some(entry.key.name.as_str()) > last,
    })
}
