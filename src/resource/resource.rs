//! One Kubernetes object, and what a build remembers of it.

use std::sync::Arc;

use compact_str::CompactString;

use super::scope;
use super::{Gvk, Lineage, ResourceId};
use crate::source::{Location, Mapping, Node, Symbol, Word};

/// One Kubernetes object: its tree, and the bookkeeping that kustomize keeps in annotations.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The object; its root is a mapping.
    pub root: Node,
    /// `apiVersion` as it was at first, and group, version and kind. They hardly ever change, and to see that they have
    /// not is quicker than to take the fields apart and intern them.
    first_gvk: (Symbol, Gvk),
    /// Where it was read or generated: the document, or the generator's entry.
    pub declared: Location,
    /// Ids it had before, oldest first. The first is the original id.
    pub previous: Vec<ResourceId>,
    /// Name prefixes it was given, innermost first.
    pub prefixes: Vec<CompactString>,
    /// Name suffixes it was given, innermost first.
    pub suffixes: Vec<CompactString>,
    /// Set if a generator made it.
    pub generated: Option<Generated>,
    /// Set if it comes out of a Helm chart that was told the namespace.
    pub charted: bool,
    /// Where its labels stand to kustomize.
    pub labelled: Labelled,
    /// How many annotations it had when its id was first remembered.
    pub annotations_before_notes: u16,
    /// Whether its labels are as kustomize makes them, though a patch has brought them.
    pub labels_as_made: bool,
    /// Whether a patch was kept from changing its kind, which kustomize then sets again.
    pub kind_set: bool,
    /// Whether its annotations get lost in a patch: to kustomize they are null, and yet hold something.
    pub fleeting_annotations: bool,
    /// Whether a key may stand twice in one of its mappings.
    pub doubled: bool,
    /// Whether a comment stands at the end of its document.
    pub commented: bool,
    /// Whether comments behind keys may be left without room: something is emptied there, or put in brackets.
    pub cramped: bool,
    /// Whether a replacement may have given a field a text that does not mean what the field is.
    pub unfit: bool,
    /// Names of the `vars` that take their value from it.
    pub vars: Vec<Symbol>,
    /// Who made and changed it, while the build tracks it.
    pub lineage: Option<Box<Lineage>>,
}

/// Where the labels of a resource stand in its `metadata`, as kustomize has it with its notes among the annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labelled {
    /// Where the tree has them.
    #[default]
    InPlace,
    /// Behind the notes, which were there when the labels were made.
    BehindNotes,
    /// Before something else: all of `metadata`, or its annotations, were made anew.
    Between,
}

/// What a generator asked for with a resource it made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// The name gets a suffix that is a hash of the content.
    pub needs_hash: bool,
    /// What to do if the resource exists already.
    pub behavior: Behavior,
}

/// A generator's `behavior`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behavior {
    /// It must not exist.
    #[default]
    Create,
    /// Replaces the existing one.
    Replace,
    /// Lays its data over that of the existing one.
    Merge,
}

fn text_of(root: &Node, field: Word) -> &str {
    root.get(field).and_then(Node::text).unwrap_or_default()
}

impl Resource {
    /// A resource whose root is `root`.
    pub fn new(root: Node) -> Self {
        let declared = root.location();
        let first_gvk = (Symbol::new(text_of(&root, Word::ApiVersion)), Gvk::of(&root));
        Resource {
            root,
            first_gvk,
            declared,
            previous: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            generated: None,
            charted: false,
            labelled: Labelled::default(),
            labels_as_made: false,
            kind_set: false,
            fleeting_annotations: false,
            annotations_before_notes: 0,
            doubled: false,
            commented: false,
            cramped: false,
            unfit: false,
            vars: Vec::new(),
            lineage: None,
        }
    }

    /// The id as it stands.
    pub fn id(&self) -> ResourceId {
        ResourceId { gvk: self.gvk(), namespace: self.namespace().into(), name: self.name().into() }
    }

    /// The id it had first.
    pub fn original_id(&self) -> ResourceId {
        self.previous.first().cloned().unwrap_or_else(|| self.id())
    }

    /// Group, version, kind as they stand.
    pub fn gvk(&self) -> Gvk {
        let (api_version, gvk) = self.first_gvk;
        let stands = api_version == *text_of(&self.root, Word::ApiVersion) && gvk.kind == *self.kind();
        if stands { gvk } else { Gvk::of(&self.root) }
    }

    /// `kind` as it stands.
    pub fn kind(&self) -> &str {
        text_of(&self.root, Word::Kind)
    }

    /// `metadata.name` as it stands.
    pub fn name(&self) -> &str {
        self.meta(Word::Name)
    }

    /// `metadata.namespace` as it stands; empty if unset.
    pub fn namespace(&self) -> &str {
        self.meta(Word::Namespace)
    }

    /// The namespace as kustomize compares it, see [`ResourceId::effective_namespace`].
    pub fn effective_namespace(&self) -> &str {
        scope::effective(&self.gvk(), self.namespace())
    }

    /// A field of `metadata`; what is null says nothing, however it is written.
    fn meta(&self, field: Word) -> &str {
        let node = self.root.dig(&[Word::Metadata, field]).filter(|node| !node.is_null());
        node.and_then(Node::text).unwrap_or_default()
    }

    /// The place of its name; where it begins if it has none.
    pub fn named_at(&self) -> Location {
        self.root.dig(&[Word::Metadata, Word::Name]).map_or(self.declared, Node::location)
    }

    /// Remembers the present id before it changes.
    pub fn remember_id(&mut self) {
        if self.previous.is_empty() {
            // Most get a namespace and a prefix, and no more.
            self.previous.reserve_exact(2);
            let annotations = self.root.dig(&[Word::Metadata, Word::Annotations]).and_then(Node::as_mapping);
            self.annotations_before_notes = annotations.map_or(0, |all| u16::try_from(all.len()).unwrap_or(u16::MAX));
        }
        self.previous.push(self.id());
    }

    /// Makes each annotation a node of its own: kustomize notes who made or changed a resource by making all
    /// annotations anew, so that none is one node with a label any longer.
    pub fn renew_annotations(&mut self) {
        self.labelled = Labelled::Between;
        let is_shared = |node: &Node| node.origin().is_some_and(|origin| Arc::strong_count(origin) > 1);
        let annotations = self.root.dig(&[Word::Metadata, Word::Annotations]).and_then(Node::as_mapping);
        if annotations.into_iter().flat_map(Mapping::iter).any(|entry| is_shared(&entry.value))
            && let Some(metadata) = self.root.get_mut(Word::Metadata)
            && let Some(mapping) = metadata.get_mut(Word::Annotations).and_then(Node::as_mapping_mut)
        {
            mapping.iter_mut().for_each(|(_, value)| value.separate());
        }
    }

    /// Brings the earlier ids up to date with the `apiVersion`, which kustomize does not remember: an earlier id is a
    /// kind, a namespace and a name. The namespace is the effective one.
    pub fn settle_version(&mut self) {
        let Gvk { group, version, .. } = self.gvk();
        for id in &mut self.previous {
            let changes = (id.gvk.group, id.gvk.version) != (group, version);
            if changes && id.effective_namespace() == scope::CLUSTER {
                id.namespace = scope::CLUSTER.into();
            }
            (id.gvk.group, id.gvk.version) = (group, version);
        }
    }

    /// Whether kustomize keeps notes in the annotations: earlier names, prefixes, what a generator asked for, who made
    /// it. To kustomize the annotations are then there, whatever the user wrote.
    pub fn has_notes(&self) -> bool {
        let Resource { previous, prefixes, suffixes, generated, lineage, .. } = self;
        let named = !previous.is_empty() || !prefixes.is_empty() || !suffixes.is_empty();
        let tracked = |lineage: &Lineage| lineage.origin.is_some() || !lineage.transformations.is_empty();
        named || generated.is_some() || lineage.as_deref().is_some_and(tracked)
    }

    /// Whether `id` is the id it has or one it had, namespaces compared as effective.
    pub fn has_had(&self, id: &ResourceId) -> bool {
        self.id().same(id) || self.previous.iter().any(|previous| previous.same(id))
    }

    /// The labels, if there are any.
    pub fn labels(&self) -> Option<&Node> {
        self.root.dig(&[Word::Metadata, Word::Labels])
    }

    /// A label's value. A list or mapping in its place is an empty text to kustomize.
    pub fn label(&self, name: &str) -> Option<&str> {
        Some(self.labels()?.get(name)?.text().unwrap_or_default())
    }

    /// An annotation's value, likewise.
    pub fn annotation(&self, name: &str) -> Option<&str> {
        Some(self.root.dig(&[Word::Metadata, Word::Annotations])?.get(name)?.text().unwrap_or_default())
    }
}
