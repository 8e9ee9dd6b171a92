//! Name references: where a resource was renamed, the fields that name it follow.

use std::collections::HashMap;
use std::rc::Rc;

use compact_str::CompactString;
use rustc_hash::FxBuildHasher;

use super::order::{gvk_text, legacy_rank};
use super::referral::{Meaning, Referrer, Verdict};
use super::shape;
use super::walk::{at_mut, visit};
use crate::compile::quoted::in_quotes;
use crate::compile::transform::untagged_kind;
use crate::compile::{LayerSpecs, Step, shared_label};
use crate::finding::{Finding, Findings};
use crate::resource::{FieldSpec, Gvk, NameReference, PathPart, Resource, ResourceSet};
use crate::source::{FieldPath, Node, PathStep, ScalarKind, Style, Symbol, View, Word, each_in_parallel};

/// A field in which resources of one kind may name resources of `target`.
pub(super) struct Field {
    pub(super) target: Gvk,
    keys: Vec<Symbol>,
    pub(super) is_role_ref: bool,
}

/// The tables whose targets were renamed, in kustomize's order: a name that follows one target may be taken for that of
/// a later one.
fn in_turn<'a>(specs: &'a LayerSpecs, renamed: &Renamed) -> Vec<&'a NameReference> {
    let tables = specs.name_reference().iter();
    let mut tables: Vec<_> = tables.filter(|table| renamed.has(&table.target)).collect();
    tables.sort_by_cached_key(|table| (legacy_rank(&table.target.kind), gvk_text(&table.target)));
    tables
}

/// The fields of each kind, worked out when the kind is first met.
struct Plans<'a> {
    tables: &'a [&'a NameReference],
    known: HashMap<Gvk, Rc<[Field]>, FxBuildHasher>,
}

impl Plans<'_> {
    fn of(&mut self, kind: Gvk) -> Rc<[Field]> {
        let plan = |tables: &[&NameReference]| {
            let specs = tables.iter().flat_map(|table| table.fields.iter().map(|spec| (table.target, spec)));
            let mine = specs.filter(|(_, spec)| spec.selects(&kind));
            let fields = mine.map(|(target, spec)| Field {
                target,
                keys: spec.path.iter().map(|part| part.key_alone()).collect(),
                is_role_ref: spec.path.ends_with(&[PathPart::new("roleRef"), PathPart::new("name")]),
            });
            fields.collect()
        };
        self.known.entry(kind).or_insert_with(|| plan(self.tables)).clone()
    }
}

/// The resources that were renamed, by each name they had. Only these can be meant by a name that must change.
pub(super) struct Renamed {
    by_name: HashMap<CompactString, Vec<usize>, FxBuildHasher>,
    kinds: Vec<Gvk>,
    /// Where the resources of the build, renamed or not, were first and are now.
    pub(super) moves: Vec<Move>,
}

/// The original namespace of some resource and its present id's.
#[derive(PartialEq, Eq)]
pub(super) struct Move {
    pub(super) from: CompactString,
    /// As written, and as compared.
    pub(super) to: (CompactString, CompactString),
}

impl Renamed {
    fn new(set: &ResourceSet) -> Self {
        let mut renamed = Renamed { by_name: HashMap::default(), kinds: Vec::new(), moves: Vec::new() };
        for (index, resource) in set.iter().enumerate() {
            let now = resource.id();
            let first = resource.previous.first().unwrap_or(&now);
            let to = (now.namespace.clone(), now.effective_namespace().into());
            let step = Move { from: first.effective_namespace().into(), to };
            if !renamed.moves.contains(&step) {
                renamed.moves.push(step);
            }
            for id in &resource.previous {
                let named = renamed.by_name.entry(id.name.clone()).or_default();
                if named.last() != Some(&index) {
                    named.push(index);
                }
                if !renamed.kinds.contains(&id.gvk) {
                    renamed.kinds.push(id.gvk);
                }
            }
        }
        renamed
    }

    pub(super) fn has(&self, target: &Gvk) -> bool {
        self.kinds.iter().any(|kind| target_selects(target, kind))
    }

    /// Those that once had this name, in order.
    pub(super) fn once_named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Whether `kind` is what `target` speaks of; empty parts of `target` mean any.
pub(super) fn target_selects(target: &Gvk, kind: &Gvk) -> bool {
    let fits = |wanted: Symbol, found: Symbol| wanted.is_empty() || wanted == found;
    fits(target.kind, kind.kind) && fits(target.group, kind.group) && fits(target.version, kind.version)
}

/// A change to one scalar of the referrer: the field, and the node it is to equal.
struct Edit {
    path: FieldPath,
    source: Node,
}

/// Makes every name reference that `specs` know follow its renamed resource. Once, at the root of a build.
pub fn fix_references(set: &mut ResourceSet, specs: &LayerSpecs, findings: &mut Findings) {
    shape::check(set, specs, findings);
    let renamed = Renamed::new(set);
    if renamed.kinds.is_empty() {
        return;
    }
    let tables = in_turn(specs, &renamed);
    // Names are taken from the resources as they stand, one after the other. Where references are part of what others
    // are named by, the order shows; else all may be followed at once.
    let at_once = if tables.iter().any(|table| table.fields.iter().any(is_identity)) { 1 } else { set.len().max(1) };
    let mut roots: Vec<Option<Node>> = vec![None; at_once];
    for from in (0..set.len()).step_by(at_once) {
        let plans = || (Plans { tables: &tables, known: HashMap::default() }, FieldPath::root());
        let found = each_in_parallel(&mut roots, plans, |(plans, path), at, root| {
            let resource = set.get(from + at)?;
            let plan = plans.of(resource.previous.first().map_or_else(|| resource.gvk(), |id| id.gvk));
            let (followed, found) = follow(resource, &plan, set, &renamed, path);
            *root = followed;
            (!found.is_empty()).then_some(found)
        });
        found.into_iter().for_each(|found| findings.extend(found));
        for (at, followed) in roots.iter_mut().enumerate() {
            if let (Some(root), Some(resource)) = (followed.take(), set.get_mut(from + at)) {
                resource.root = root;
            }
        }
    }
}

/// Whether a reference in this field is part of its own resource's id.
fn is_identity(field: &FieldSpec) -> bool {
    field.path.first().is_some_and(|part| part.key_alone() == Word::Metadata.symbol())
        && field.path.get(1).is_some_and(|part| matches!(part.key.as_str(), "name" | "namespace"))
}

/// The root of a resource with all references followed; `None` if nothing changes.
fn follow(
    resource: &Resource,
    plan: &[Field],
    set: &ResourceSet,
    renamed: &Renamed,
    path: &mut FieldPath,
) -> (Option<Node>, Findings) {
    let (mut root, mut findings) = (None, Findings::new());
    if plan.is_empty() {
        return (root, findings);
    }
    // What it may refer to is settled before the first of its fields changes, as in kustomize.
    let referrer = Referrer::new(resource);
    for field in plan {
        let search =
            Search { resource, field, referrer: &referrer, set, renamed, findings: &mut findings, edits: Vec::new() };
        let edits = search.edits(root.as_ref().unwrap_or(&resource.root), path);
        if !edits.is_empty() {
            let root = root.get_or_insert_with(|| resource.root.clone());
            edits.into_iter().for_each(|edit| edit.apply(root));
            shared_label::follow_field(root, field.keys.iter().map(|key| key.as_str()));
        }
    }
    (root, findings)
}

impl Edit {
    fn apply(self, root: &mut Node) {
        let sign = Step::link("name reference").sign(self.source.location());
        let text = self.source.text().unwrap_or_default();
        let copy = match self.source.kind() {
            ScalarKind::String => self.source.copied(&sign),
            _ => Node::new_string(text, &sign),
        };
        // In the style of what stands there; without quotes, it means what it looks like. Where nothing stands, it is a
        // text.
        let written = |style: Style| {
            let style = if style == Style::Tagged { Style::Plain } else { style };
            copy.retold(text, style, untagged_kind(text, style)).untagged()
        };
        if let Some(node) = at_mut(root, &self.path) {
            node.set(written(node.style()), &sign);
        } else if let (Some(parent), Some(PathStep::Key(key))) = (self.path.parent(), self.path.steps().last())
            && let Some(mapping) = at_mut(root, &parent).and_then(Node::as_mapping_mut)
        {
            let new = written(Style::Plain);
            mapping.set_key(key, in_quotes(&new).unwrap_or(new), &sign);
        }
    }
}

/// A look through one field of a resource.
struct Search<'a> {
    resource: &'a Resource,
    field: &'a Field,
    referrer: &'a Referrer<'a>,
    set: &'a ResourceSet,
    renamed: &'a Renamed,
    findings: &'a mut Findings,
    edits: Vec<Edit>,
}

impl<'a> Search<'a> {
    /// The edits that make the field follow, in `root` as it stands. `path` is room to work in.
    fn edits(mut self, root: &Node, path: &mut FieldPath) -> Vec<Edit> {
        let keys = &self.field.keys;
        // What is in the way was told of before.
        _ = visit(root, keys, path, &mut |node, path| self.value(node, path));
        self.edits
    }

    fn value(&mut self, node: &Node, path: &FieldPath) {
        let View::Sequence(items) = node.view() else {
            return self.single(node, path);
        };
        for (index, item) in items.iter().enumerate() {
            self.single(item, &path.index(index));
        }
    }

    fn single(&mut self, node: &Node, path: &FieldPath) {
        match node.view() {
            View::Scalar(text, _) if !node.is_null() => self.name(node, text, path),
            View::Mapping(_) => self.name_and_namespace(node, path),
            _ => {}
        }
    }

    fn name(&mut self, node: &Node, text: &str, path: &FieldPath) {
        if let Some(found) = self.referral(node, text, path, Meaning::Name)
            && found.name() != text
            && let Some(source) = found.root.dig(&["metadata", "name"])
        {
            self.edits.push(Edit { path: path.clone(), source: source.clone() });
        }
    }

    /// A mapping that names the resource by `name` and, if it has one, `namespace`; both follow.
    fn name_and_namespace(&mut self, node: &Node, path: &FieldPath) {
        let Some(name) = node.get("name") else { return };
        let text = name.text().unwrap_or_default();
        let namespace = node.get("namespace").map(|node| node.text().unwrap_or_default());
        let Some(found) = self.referral(name, text, path, Meaning::NameAndNamespace(namespace)) else {
            return;
        };
        for (key, value) in [("name", found.name()), ("namespace", found.namespace())] {
            let present = node.get(key).and_then(Node::text);
            if !value.is_empty()
                && present != Some(value)
                && let Some(source) = found.root.dig(&["metadata", key])
            {
                self.edits.push(Edit { path: path.key(key), source: source.clone() });
            }
        }
    }

    /// The renamed resource that the name `text` means.
    fn referral(&mut self, node: &Node, text: &str, path: &FieldPath, meaning: Meaning<'_>) -> Option<&'a Resource> {
        let once = self.renamed.once_named(text);
        if once.is_empty() {
            return None;
        }
        let set = self.set;
        let found = once.iter().filter_map(|&index| set.get(index)).collect();
        match self.referrer.select(found, &self.renamed.moves, self.field, meaning) {
            Verdict::None => None,
            Verdict::One(resource) => Some(resource),
            Verdict::Several(several) => {
                self.findings.push(ambiguous(self.resource, node, text, path, &several));
                None
            }
        }
    }
}

fn ambiguous(resource: &Resource, node: &Node, text: &str, path: &FieldPath, several: &[&Resource]) -> Finding {
    let id = resource.id();
    let message = format!("`{text}` in `{id}` may mean any of {} resources that were renamed", several.len());
    let finding = Finding::error("link/ambiguous-reference", message).at_node(node, "it is not clear which one");
    let finding = several.iter().fold(finding, |finding, other| {
        let place = other.root.dig(&["metadata", "name"]).map_or(other.declared, Node::location);
        finding.related(place, format!("it may be `{}`", other.id()))
    });
    finding
        .help("refer to a resource of the same base, or give the resources different names before they are renamed")
        .resource(id)
        .path(path.clone())
}
