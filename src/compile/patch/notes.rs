//! What kustomize keeps in the annotations of a resource while it builds, and how patches treat it.

use compact_str::CompactString;

use super::strategic::directive;
use crate::compile::{Step, metadata};
use crate::finding::Finding;
use crate::resource::{Behavior, Gvk, Lineage, Resource, ResourceId};
use crate::source::{Entry, Location, Node, View, Word};

/// Annotation that notes the earlier names of a resource, oldest first, parted by commas; the next two likewise.
pub const PREVIOUS_NAMES: &str = "internal.config.kubernetes.io/previousNames";
/// Its earlier namespaces.
pub const PREVIOUS_NAMESPACES: &str = "internal.config.kubernetes.io/previousNamespaces";
/// Its earlier kinds.
pub const PREVIOUS_KINDS: &str = "internal.config.kubernetes.io/previousKinds";
/// What was put before its name, innermost first.
pub const PREFIXES: &str = "internal.config.kubernetes.io/prefixes";
/// What was put behind it, innermost first.
pub const SUFFIXES: &str = "internal.config.kubernetes.io/suffixes";

/// What kustomize has among the annotations of a resource at one time, and takes off at the end of a build.
pub struct Notes {
    /// Whether there are some.
    any: bool,
    entries: Vec<(&'static str, String)>,
}

impl Notes {
    /// Those of a resource. What they say is of interest only if they are `read`.
    pub fn of(resource: &Resource, read: bool) -> Notes {
        let any = resource.has_notes();
        let entries = if any && read { said(resource) } else { Vec::new() };
        Notes { any, entries }
    }

    /// Whether kustomize has none.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// Puts them where kustomize has them. Where nobody reads them the mapping is enough.
    pub fn put_in(&self, root: &mut Node, at: Location) {
        let sign = Step::patch().sign(at);
        let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut).filter(|_| self.any) else {
            return;
        };
        if metadata.get("annotations").is_none_or(Node::is_null) {
            metadata.set_key("annotations", Node::new_mapping(Vec::new(), &sign), &sign);
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut) {
            for (key, text) in &self.entries {
                if annotations.get(key).is_none() {
                    annotations.set_key(key, Node::new_string(text.as_str(), &sign), &sign);
                }
            }
        }
    }

    /// Takes them out again, and leaves what they were copied to.
    pub fn take_out(&self, root: &mut Node, at: Location) {
        let annotations = root.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
        if let Some(annotations) = annotations.filter(|_| !self.entries.is_empty()).and_then(Node::as_mapping_mut) {
            for (key, _) in &self.entries {
                annotations.remove(key, &Step::patch().sign(at));
            }
        }
    }
}

/// What it notes, each under the name of its annotation.
pub fn said(resource: &Resource) -> Vec<(&'static str, String)> {
    let previous = |part: fn(&ResourceId) -> &str| joined(resource.previous.iter().map(part));
    let behavior = resource.generated.map(|generated| match generated.behavior {
        Behavior::Create => "unspecified",
        Behavior::Replace => "replace",
        Behavior::Merge => "merge",
    });
    let needs_hash = resource.generated.filter(|generated| generated.needs_hash).map(|_| "enabled");
    let all = [
        (PREVIOUS_NAMES, previous(|id| &id.name)),
        (PREVIOUS_NAMESPACES, previous(ResourceId::effective_namespace)),
        (PREVIOUS_KINDS, previous(|id| &id.gvk.kind)),
        (PREFIXES, joined(resource.prefixes.iter().map(CompactString::as_str))),
        (SUFFIXES, joined(resource.suffixes.iter().map(CompactString::as_str))),
        ("internal.config.kubernetes.io/generatorBehavior", joined(behavior.into_iter())),
        ("internal.config.kubernetes.io/needsHashSuffix", joined(needs_hash.into_iter())),
    ];
    let lineage = resource.lineage.as_deref().and_then(|lineage| metadata::told(lineage).ok()).unwrap_or_default();
    all.into_iter().filter(|(_, text)| !text.is_empty()).chain(lineage).collect()
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(",")
}

/// The annotations by which kustomize keeps its notes, should the user have written some.
pub fn internal_annotations(root: &Node) -> Vec<Entry> {
    let annotations = root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping);
    let all = annotations.into_iter().flat_map(|mapping| mapping.iter());
    all.filter(|entry| entry.key.name.starts_with("internal.config.kubernetes.io/")).cloned().collect()
}

/// Annotations that are null to kustomize and yet hold something end with a patch.
pub fn lose_fleeting_annotations(resource: &mut Resource, at: Location) {
    if std::mem::take(&mut resource.fleeting_annotations)
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
    {
        metadata.remove("annotations", &Step::patch().sign(at));
    }
}

/// Kustomize puts its notes back after a JSON patch.
pub fn put_back(internal: Vec<Entry>, resource: &mut Resource, at: Location) {
    let sign = Step::patch().sign(at);
    let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    for Entry { key, value } in internal {
        if metadata.get("annotations").and_then(Node::as_mapping).is_none() {
            metadata.set_key("annotations", Node::new_mapping(Vec::new(), &sign), &sign);
        }
        let annotations = metadata.get_mut("annotations").and_then(Node::as_mapping_mut);
        if let Some(annotations) =
            annotations.filter(|mapping| mapping.get(key.name).and_then(Node::text) != value.text())
        {
            annotations.set(key, value, &sign);
        }
    }
}

/// The annotations if one of them has no name.
pub fn nameless_annotation(root: &Node) -> Option<&Node> {
    root.dig(&["metadata", "annotations"]).filter(|annotations| annotations.get("").is_some())
}

/// Kustomize writes all annotations anew after a JSON patch, so that none are left if there are none; nor if one has no
/// name, at which it gives up.
pub fn drop_empty_annotations(resource: &mut Resource, at: Location) {
    let is_empty = |node: &Node| match node.view() {
        View::Scalar(..) => true,
        View::Sequence(items) => items.is_empty(),
        View::Mapping(mapping) => mapping.is_empty() || mapping.get("").is_some(),
    };
    if resource.root.dig(&["metadata", "annotations"]).is_some_and(is_empty)
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
    {
        metadata.remove("annotations", &Step::patch().sign(at));
    }
}

/// Whether a patch replaces all annotations, and with them what kustomize has noted there.
pub fn takes_notes_away(patch: &Node) -> bool {
    let replaces = |node: &Node| {
        let directive = node.get(directive::KEY).and_then(Node::text);
        node.is_null() || matches!(directive, Some("delete" | "replace"))
    };
    // A replace at the root does nothing.
    let idle = patch.get(directive::KEY).and_then(Node::text) == Some("replace");
    let Some(metadata) = patch.get("metadata").filter(|_| !idle) else { return false };
    replaces(metadata) || metadata.get("annotations").is_some_and(replaces)
}

/// Takes what the user wrote in annotations of kustomize's for notes on earlier names, as kustomize does. Gives a finding
/// if they contradict each other.
pub fn read_notes(resource: &mut Resource) -> Option<Finding> {
    let annotations = resource.root.dig(&[Word::Metadata, Word::Annotations])?.as_mapping()?;
    annotations.iter().find(|entry| entry.key.name.starts_with("internal."))?;
    let list = |name: &str| -> Option<Vec<CompactString>> {
        Some(annotations.get(name)?.text().unwrap_or_default().split(',').map(CompactString::from).collect())
    };
    let prefixes = list(PREFIXES).unwrap_or_default();
    let suffixes = list(SUFFIXES).unwrap_or_default();
    let mut previous = Vec::new();
    if let Some(names) = list(PREVIOUS_NAMES) {
        let beside = |name: &str| list(name).unwrap_or_else(|| vec![CompactString::default()]);
        let (namespaces, kinds) = (beside(PREVIOUS_NAMESPACES), beside(PREVIOUS_KINDS));
        if names.len() != namespaces.len() || names.len() != kinds.len() {
            return Some(torn_notes(resource, annotations.get(PREVIOUS_NAMES)?));
        }
        let api_version = resource.gvk().api_version();
        previous.extend(names.into_iter().zip(namespaces).zip(kinds).map(|((name, namespace), kind)| ResourceId {
            gvk: Gvk::new(&api_version, &kind),
            namespace,
            name,
        }));
    }
    (resource.previous, resource.prefixes, resource.suffixes) = (previous, prefixes, suffixes);
    None
}

fn torn_notes(resource: &Resource, names: &Node) -> Finding {
    let message = "the annotations that note this object's earlier names, namespaces and kinds are not of one length";
    Finding::error("resource/notes", message)
        .at_node(names, "as many parts as `previousNamespaces` and `previousKinds` must have")
        .help("take these annotations out: kustomize makes them while it builds, and no output should hold them")
        .resource(resource.id())
}

/// Takes over what kustomize has noted in the annotations of another resource, where all of them come from there.
pub fn take_over_notes(resource: &mut Resource, from: &Resource) {
    resource.previous.clone_from(&from.previous);
    resource.prefixes.clone_from(&from.prefixes);
    resource.suffixes.clone_from(&from.suffixes);
    resource.generated = from.generated;
    resource.lineage.clone_from(&from.lineage);
}

/// Forgets what kustomize has noted in the annotations.
pub fn forget_notes(resource: &mut Resource) {
    resource.previous.clear();
    resource.prefixes.clear();
    resource.suffixes.clear();
    resource.generated = None;
    if let Some(lineage) = &mut resource.lineage {
        **lineage = Lineage::default();
    }
}
