//! `generatorOptions` of the kustomization and `options` of one generator, as one.

use super::{Identity, entry, field, says_yes, string_of};
use crate::compile::Step;
use crate::source::yaml::scalar::resolve_key;
use crate::source::{Entry, Key, Location, Node, Signature};

const LABELS_AND_ANNOTATIONS: [&str; 2] = ["labels", "annotations"];

/// The options in force for one generator. A label or annotation of its own goes before the kustomization's; of the
/// booleans a yes in either place wins, since kustomize cannot tell a `false` from nothing
/// (`MergeGlobalOptionsIntoLocal`).
pub(super) struct Options<'a> {
    /// Its own first.
    sources: Vec<&'a Node>,
}

impl<'a> Options<'a> {
    pub(super) fn read(spec: &'a Node, global: Option<&'a Node>) -> Self {
        Options { sources: field(spec, "options").into_iter().chain(global).collect() }
    }

    /// The node that says yes to a boolean.
    fn flag(&self, name: &str) -> Option<&'a Node> {
        self.sources.iter().filter_map(|source| field(source, name)).find(|node| says_yes(node))
    }

    pub(super) fn needs_hash(&self) -> bool {
        self.flag("disableNameSuffixHash").is_none()
    }

    /// The `immutable` field if it is asked for.
    pub(super) fn immutable(&self, step: Step) -> Option<Entry> {
        let node = self.flag("immutable")?;
        let sign = step.sign(node.location());
        Some(entry("immutable", Node::new_scalar("true", crate::source::ScalarKind::Bool, &sign), &sign))
    }

    /// The generated resource's `metadata`. Each value stands where the user wrote it.
    pub(super) fn metadata(&self, identity: &Identity<'_>, step: Step, sign: &Signature) -> Node {
        let own = |node: &Node| string_of(node, &step.sign(node.location()));
        let mut fields = vec![entry("name", own(identity.name), sign)];
        if let Some(namespace) = identity.namespace.filter(|node| node.text().is_some_and(|text| !text.is_empty())) {
            fields.push(entry("namespace", own(namespace), sign));
        }
        for name in LABELS_AND_ANNOTATIONS {
            let entries = self.texts(name, step);
            // Kustomize begins with the empty name, which sorts first, and goes no further.
            if entries.iter().any(|entry| entry.key.name.is_empty()) {
                fields.push(entry(name, Node::new_mapping(Vec::new(), sign), sign));
                break;
            }
            if !entries.is_empty() {
                fields.push(entry(name, Node::new_mapping(entries, sign), sign));
            }
        }
        Node::new_mapping(fields, sign)
    }

    /// The place of a label or annotation without a name.
    pub(super) fn nameless(&self) -> Option<Location> {
        let given = self.sources.iter().flat_map(|source| LABELS_AND_ANNOTATIONS.map(|name| field(source, name)));
        let mut entries = given.flatten().filter_map(Node::as_mapping).flat_map(|mapping| mapping.iter());
        entries.find(|entry| entry.key.name.is_empty()).map(|entry| entry.key.location)
    }

    fn texts(&self, name: &str, step: Step) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for source in &self.sources {
            let given = field(source, name).and_then(Node::as_mapping);
            for found in given.into_iter().flat_map(|mapping| mapping.iter()) {
                if !entries.iter().any(|entry| entry.key.name == found.key.name) {
                    let value = string_of(&found.value, &step.sign(found.value.location()));
                    entries.push(Entry { key: Key { kind: resolve_key(&found.key.name), ..found.key }, value });
                }
            }
        }
        entries
    }
}
