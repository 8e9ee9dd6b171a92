//! Strategic merge: a patch that looks like the resource, laid over it.
//!
//! Follows kustomize's `kyaml/yaml/merge2` over `kyaml/yaml/walk`, oddities included, since its output is a contract:
//! the walk visits the whole base, not only what the patch mentions, and so drops empty nulls (`key:`) and merges
//! list items with equal keys everywhere.

pub mod directive;
mod items;
mod known;
mod list;
mod mistakes;
mod regular;

use self::directive::Directive;
use self::known::all_named;
use super::merge_schema::{MergeSchema, SchemaCursor};
use crate::compile::Step;
use crate::compile::quoted::{as_block, in_quotes};
use crate::finding::{Finding, Findings, Severity};
use crate::resource::ResourceId;
use crate::source::{Entry, FieldPath, Key, Location, Mapping, Node, PathStep, ScalarKind, Signature, Style};

/// Where items go that a patch adds to a merging list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewItems {
    /// Before the base's items, together with all others that the patch mentions: what kustomize's patches do.
    #[default]
    First,
    /// After the base's items.
    Last,
}

/// What became of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Merged {
    /// It stands, perhaps changed.
    Kept {
        /// Whether mappings or lists are empty now, or in brackets.
        cramped: bool,
    },
    /// The patch deletes it.
    Deleted,
}

/// How lists merge.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    /// The keys of all kinds.
    pub schema: &'a MergeSchema,
    /// The schema of the resource, if it is not the one that `apiVersion` and `kind` in base or patch lead to.
    pub root: Option<SchemaCursor<'a>>,
    /// Where new items go.
    pub new_items: NewItems,
    /// How lists merge that the schema does not know.
    pub unknown: Unknown,
    /// Whether a key may stand twice in a mapping.
    pub doubled: bool,
}

/// How a list merges of which no schema says anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// It is replaced: what kustomize's patches do.
    #[default]
    Replace,
    /// By `name`, if all items have one.
    ByName,
}

/// Lays `patch` over `base`, the root of the resource `id`. Mistakes are reported, and the fields concerned stay.
pub fn merge(base: &mut Node, patch: &Node, id: &ResourceId, lists: Lists<'_>, findings: &mut Findings) -> Merged {
    let Lists { schema, root, new_items, unknown, doubled } = lists;
    let (root_at, path) = (patch.location(), FieldPath::root());
    let mut merger = Merger { schema, new_items, unknown, doubled, id, root: root_at, path, cramped: false, findings };
    match merger.walk(Some(base), Source::Patch(patch), root) {
        Walked::Gone => return Merged::Deleted,
        Walked::Same => {}
        Walked::Edited(new) => *base = new,
        // merge2 returns the patch's tree here, but the filter around it keeps the resource's own
        // (patchstrategicmerge.Filter): a replace at the root does nothing.
        Walked::Set(_) => merger.no_effect(patch, "the root of a resource"),
    }
    Merged::Kept { cramped: merger.cramped }
}

/// The patch's side of a place.
#[derive(Clone, Copy, Debug)]
enum Source<'p> {
    /// The patch does not mention it.
    Absent,
    /// What the patch says.
    Patch(&'p Node),
    /// The place was added by the patch as a whole, and is walked once more as its own patch: nulls and directives
    /// in it take effect.
    Same,
}

/// What a walk over one place found.
#[derive(Debug)]
enum Walked {
    /// It stays as it is, or stays absent.
    Same,
    /// It is deleted.
    Gone,
    /// It is set to this, as written in the patch.
    Set(Node),
    /// It is changed within; the writes are signed already.
    Edited(Node),
}

struct Merger<'a> {
    schema: &'a MergeSchema,
    new_items: NewItems,
    unknown: Unknown,
    doubled: bool,
    id: &'a ResourceId,
    /// The patch, which signs what no line of it asks for by itself.
    root: Location,
    path: FieldPath,
    cramped: bool,
    findings: &'a mut Findings,
}

/// The three shapes of a node. Null has none: it merges with anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Mapping,
    List,
    Scalar,
}

impl Form {
    fn of(node: &Node) -> Option<Form> {
        match () {
            () if node.is_null() => None,
            () if node.is_scalar() => Some(Form::Scalar),
            () if node.as_sequence().is_some() => Some(Form::List),
            () => Some(Form::Mapping),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Form::Mapping => "a mapping",
            Form::List => "a list",
            Form::Scalar => "a single value",
        }
    }
}

impl Merger<'_> {
    fn walk(&mut self, base: Option<&Node>, source: Source<'_>, schema: Option<SchemaCursor<'_>>) -> Walked {
        let said = match source {
            Source::Absent => None,
            Source::Patch(node) => Some(node),
            Source::Same => base,
        };
        let (base_form, said_form) = (base.and_then(Form::of), said.and_then(Form::of));
        if let (Some(here), Some(there), Some(base), Some(said)) = (base_form, said_form, base, said)
            && here != there
        {
            self.conflict(base, said);
            return Walked::Same;
        }
        let Some(form) = base_form.or(said_form) else {
            // An explicit `null` stays where the patch is silent; a key without any value goes.
            let stays = said.is_none() && base.is_none_or(|base| base.text().is_some_and(|text| !text.is_empty()));
            return if stays || base.is_none() { Walked::Same } else { Walked::Gone };
        };
        let schema = self.schema_here([base, said], schema);
        let present = base.filter(|_| base_form.is_some());
        match form {
            Form::Mapping => self.walk_mapping(present, source, schema),
            Form::List => match schema.and_then(SchemaCursor::merge_keys) {
                Some(keys) => self.walk_list(present, source, &keys, schema),
                None if schema.is_none() && self.unknown == Unknown::ByName && all_named(present, said) => {
                    self.walk_list(present, source, &["name"], None)
                }
                None => plain(source),
            },
            Form::Scalar => match (source, base) {
                (Source::Absent | Source::Same, Some(base)) => in_quotes(base).map_or(Walked::Same, Walked::Edited),
                _ => plain(source),
            },
        }
    }

    fn walk_mapping(&mut self, base: Option<&Node>, source: Source<'_>, schema: Option<SchemaCursor<'_>>) -> Walked {
        let said = match (base, source) {
            (None, Source::Patch(said)) => return self.added(said, schema),
            (None, _) => return Walked::Same,
            (Some(base), Source::Absent) => return self.entries(base, Source::Absent, schema),
            (Some(_), Source::Patch(said)) if said.is_null() => return Walked::Gone,
            (Some(_), Source::Patch(said)) => said,
            (Some(base), Source::Same) => base,
        };
        let Some(base) = base else { return Walked::Same };
        let directive = directive::take(said).unwrap_or_else(|value| {
            self.unknown_directive(value);
            None
        });
        match (directive, source) {
            (Some((Directive::Delete, _)), _) => Walked::Gone,
            (Some((_, rest)), Source::Same) => match self.entries(&rest, Source::Same, schema) {
                Walked::Edited(new) => Walked::Edited(new),
                _ => Walked::Edited(rest),
            },
            (Some((Directive::Replace, rest)), _) => self.as_added(rest, schema),
            (Some((Directive::Merge, rest)), _) => self.entries(base, Source::Patch(&rest), schema),
            (None, source) => self.entries(base, source, schema),
        }
    }

    /// A mapping or merging list that the base does not have. Its own directive is only looked for in a mapping, and
    /// an unknown one is no error there.
    fn added(&mut self, said: &Node, schema: Option<SchemaCursor<'_>>) -> Walked {
        match directive::take(said) {
            Ok(Some((Directive::Delete, _))) => Walked::Gone,
            Ok(Some((_, rest))) => self.as_added(rest, schema),
            Ok(None) | Err(_) => self.as_added(said.clone(), schema),
        }
    }

    fn as_added(&mut self, said: Node, schema: Option<SchemaCursor<'_>>) -> Walked {
        match self.entries(&said, Source::Same, schema) {
            Walked::Edited(new) => Walked::Set(new),
            _ => Walked::Set(said),
        }
    }

    /// Walks the entries of `base` and those that only the patch has.
    fn entries(&mut self, base: &Node, source: Source<'_>, schema: Option<SchemaCursor<'_>>) -> Walked {
        let Some(mapping) = base.as_mapping() else { return Walked::Same };
        let said = match source {
            Source::Patch(node) => node.as_mapping(),
            _ => None,
        };
        let asked = said.map(Mapping::lookup);
        let mut edits: Vec<Edit> = Vec::new();
        // Kustomize passes over keys that are null.
        let is_named = |entry: &&Entry| entry.key.kind != ScalarKind::Null;
        for entry in mapping.firsts(self.doubled).filter(is_named) {
            if entry.key.name.is_empty() {
                self.empty_key(entry.key);
                return Walked::Same;
            }
            let theirs = asked.as_ref().and_then(|said| said.entry(entry.key.name));
            let source = match source {
                Source::Patch(_) => theirs.map_or(Source::Absent, |theirs| Source::Patch(&theirs.value)),
                source => source,
            };
            let schema = self.schema_at(entry.key, [Some(mapping), said], schema);
            let walked = self.step(entry.key, Some(&entry.value), source, schema);
            edits.extend(self.edit(entry.key, walked, source));
        }
        let known = said.map(|_| mapping.lookup());
        let doubled = self.doubled;
        for entry in said.into_iter().flat_map(|said| said.firsts(doubled)) {
            if entry.key.name.is_empty() {
                self.empty_key(entry.key);
                return Walked::Same;
            }
            if known.as_ref().is_some_and(|known| known.entry(entry.key.name).is_none()) {
                let source = Source::Patch(&entry.value);
                let schema = self.schema_at(entry.key, [Some(mapping), said], schema);
                let walked = self.step(entry.key, None, source, schema);
                edits.extend(self.edit(entry.key, walked, source));
            }
        }
        match source {
            _ if edits.is_empty() => Walked::Same,
            Source::Same => {
                let new = rewritten(base, edits);
                self.cramped |= new.is_empty();
                Walked::Edited(new)
            }
            _ => Walked::Edited(self.written(base, edits)),
        }
    }

    fn step(&mut self, key: Key, base: Option<&Node>, source: Source<'_>, schema: Option<SchemaCursor<'_>>) -> Walked {
        self.path.push(PathStep::Key(key.name));
        let walked = self.walk(base, source, schema);
        self.path.pop();
        walked
    }

    fn edit(&self, key: Key, walked: Walked, source: Source<'_>) -> Option<Edit> {
        (!matches!(walked, Walked::Same)).then(|| Edit { key, walked, sign: self.sign(source) })
    }

    /// Signs with the line of the patch that asks for a change.
    fn sign(&self, source: Source<'_>) -> Signature {
        let at = match source {
            Source::Patch(node) => node.get(directive::KEY).unwrap_or(node).location(),
            Source::Absent | Source::Same => self.root,
        };
        Step::patch().sign(at)
    }

    /// `base` with the edits written and signed.
    fn written(&mut self, base: &Node, edits: Vec<Edit>) -> Node {
        let mut new = base.to_write_into();
        let in_brackets = new.is_bracketed();
        let Some(mapping) = new.as_mapping_mut() else { return new };
        for Edit { key, walked, sign } in edits {
            match walked {
                Walked::Same => {}
                Walked::Gone => {
                    mapping.remove(&key.name, &sign);
                }
                Walked::Edited(value) => {
                    if let Some(place) = mapping.get_mut(key.name) {
                        *place = value;
                    }
                }
                Walked::Set(value) => {
                    let value = if in_brackets { value.into_brackets() } else { value };
                    let value = match mapping.get_mut(key.name) {
                        Some(old) if in_brackets => self.in_style_of(old, value, key),
                        Some(old) => as_block(self.in_style_of(old, value, key)),
                        None => in_quotes(&value).unwrap_or(value),
                    };
                    self.cramped |= value.is_bracketed() || value.is_empty();
                    mapping.set(key, value, &Step::patch().sign(sign.at));
                }
            }
        }
        self.cramped |= mapping.is_empty();
        new
    }

    /// A scalar keeps the style of the one it replaces (yaml.FieldSetter), and what is in quotes is a string.
    fn in_style_of(&mut self, old: &Node, new: Node, key: Key) -> Node {
        let (Some(text), true) = (new.text(), old.is_scalar()) else {
            // A list in the place of another is in brackets as that was, and what replaces a null in none.
            let brackets = old.as_sequence().is_some() && old.to_write_into().is_bracketed();
            return match new.as_sequence() {
                _ if new.is_scalar() => new,
                Some(_) if brackets => new.into_brackets(),
                _ => new.out_of_brackets(),
            };
        };
        if old.is_null() {
            return new.restyled(Style::Plain);
        }
        let turned = !matches!(old.style(), Style::Plain | Style::Tagged)
            && matches!(new.kind(), ScalarKind::Bool | ScalarKind::Int | ScalarKind::Float | ScalarKind::Timestamp);
        let kind = if turned { ScalarKind::String } else { new.kind() };
        if turned {
            let path = self.path.child(PathStep::Key(key.name));
            self.findings.push(
                Finding::new("patch/quoted-value", Severity::Info, format!("`{path}` becomes a string"))
                    .at(new.location(), "no string here")
                    .related(old.location(), "a patch keeps the quotes of the value it replaces")
                    .help("write quotes in the patch as well, or remove them from the base")
                    .resource(self.id.clone())
                    .path(path),
            );
        }
        Node::read_scalar(text.into(), kind, old.style(), new.location())
    }
}

/// One change of a mapping.
struct Edit {
    key: Key,
    walked: Walked,
    sign: Signature,
}

/// A scalar, or a list that is replaced as a whole.
fn plain(source: Source<'_>) -> Walked {
    match source {
        Source::Patch(said) if said.is_null() => Walked::Gone,
        Source::Patch(said) => Walked::Set(said.clone()),
        Source::Absent | Source::Same => Walked::Same,
    }
}

/// A mapping of the patch with its nulls and directives worked in. Nothing was overwritten, so nothing is signed.
fn rewritten(node: &Node, mut edits: Vec<Edit>) -> Node {
    let mut entries = Vec::new();
    for entry in node.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
        let edit = edits.iter().position(|edit| edit.key.name == entry.key.name).map(|at| edits.swap_remove(at));
        match edit.map(|edit| edit.walked) {
            None | Some(Walked::Same) => entries.push(entry.clone()),
            Some(Walked::Gone) => {}
            Some(Walked::Set(value) | Walked::Edited(value)) => {
                entries.push(Entry { key: entry.key, value });
            }
        }
    }
    node.holding(entries)
}
