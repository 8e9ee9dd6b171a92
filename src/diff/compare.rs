//! One environment of both sides: its resources paired, compared, judged and masked.

use crate::resource::{Resource, ResourceId, ResourceSet};
use crate::source::{FieldPath, Location, Node, PathStep, Symbol, View};

use super::EnvironmentBuild;
use super::change::{Change, ChangeKind, Op};
use super::impact::{self, Impact, Scene};
use super::names::{Names, stem};
use super::pair::{Pair, pair};
use super::secret::Mask;
use super::shown::Shown;
use super::tree::{Beside, Difference, compare};

/// What differs in one resource of one environment.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    /// What the resource is called in every environment.
    pub identity: Identity,
    /// What it is called in this one.
    pub resource: ResourceId,
    /// What happened to it.
    pub kind: ChangeKind,
    /// What changed inside it.
    pub changes: Vec<Change>,
}

/// What a resource is called in every environment: without the environment's name, hashes and prefixes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity {
    pub kind: Symbol,
    pub group: Symbol,
    pub name: String,
    pub namespace: String,
}

/// Compares an environment's resources. `across`: the sides are two environments.
pub(super) fn environment(before: &EnvironmentBuild, after: &EnvironmentBuild, across: bool) -> Vec<Compared> {
    let none = ResourceSet::new();
    let (old, new) = (before.resources.unwrap_or(&none), after.resources.unwrap_or(&none));
    let pairs = pair(old, new, across);
    let both = pairs.iter().filter_map(|pair| match pair {
        Pair::Both { before, after, .. } => Some((*before, *after)),
        Pair::Removed(_) | Pair::Added(_) => None,
    });
    let names = Names::new(both, old.iter().chain(new.iter()), across);
    let old_secrets = old.iter().map(|resource| (resource, before.map));
    let mask = Mask::new(&names, old_secrets.chain(new.iter().map(|resource| (resource, after.map))));
    let side = Sides { after, all_after: new, names: &names, mask: &mask, across };
    let mut compared: Vec<Compared> = pairs.into_iter().filter_map(|pair| side.resource(pair)).collect();
    part_equal_identities(&mut compared);
    compared
}

/// Two resources of one environment that would be called the same keep their own names.
fn part_equal_identities(compared: &mut [Compared]) {
    let mut count = std::collections::HashMap::new();
    compared.iter().for_each(|one| *count.entry(one.identity.clone()).or_insert(0) += 1);
    for one in compared.iter_mut().filter(|one| count[&one.identity] > 1) {
        one.identity.name = one.resource.name.to_string();
        one.identity.namespace = one.resource.namespace.to_string();
    }
}

/// What the comparison of a pair needs to know of the environment.
struct Sides<'a> {
    after: &'a EnvironmentBuild<'a>,
    all_after: &'a ResourceSet,
    names: &'a Names,
    mask: &'a Mask<'a>,
    across: bool,
}

impl Sides<'_> {
    fn resource(&self, pair: Pair<'_>) -> Option<Compared> {
        let (before, after, renamed) = match pair {
            Pair::Both { before, after, renamed } => (Some(before), Some(after), renamed),
            Pair::Removed(before) => (Some(before), None, false),
            Pair::Added(after) => (None, Some(after), false),
        };
        let mut differences = differences(before, after, self.names);
        if self.across && before.is_some() && after.is_some() {
            differences.retain(|difference| !is_identity(&difference.path));
        }
        if differences.is_empty() {
            return None;
        }
        let resource = after.or(before)?;
        let scene = Scene {
            before,
            after,
            renamed,
            differences: &differences,
            mask: self.mask,
            across: self.across,
            all_after: self.all_after,
        };
        let mut impacts = impact::of(&scene);
        let changes: Vec<Change> = differences
            .iter()
            .enumerate()
            .map(|(at, difference)| {
                let own = std::mem::take(&mut impacts[at]);
                let mut change = self.change(resource, difference, own);
                // A new name is the change itself; only the names that mention it follow.
                change.follows &= !(renamed && is_identity(&difference.path));
                if difference.path.is_root() {
                    change.cause = Some(self.declared(before, after)).or(change.cause);
                }
                change
            })
            .collect();
        if self.across && changes.iter().all(|change| change.follows) {
            return None;
        }
        let shown = |resource: &Resource| self.names.stemmed_id(resource.id());
        let kind = match (before, after) {
            (Some(before), Some(after)) if renamed => ChangeKind::Renamed { from: shown(before), to: shown(after) },
            (Some(_), Some(_)) => ChangeKind::Modified,
            (Some(_), None) => ChangeKind::Removed,
            _ => ChangeKind::Added,
        };
        let identity = identity(resource, self.after.name);
        Some(Compared { identity, resource: shown(resource), kind, changes })
    }

    fn change(&self, resource: &Resource, difference: &Difference<'_>, impacts: Vec<Impact>) -> Change {
        let Difference { op, before, after, .. } = *difference;
        let gvk = resource.gvk();
        let shown = |node: Option<&Node>| -> Option<Shown> {
            if op == Op::Moved
                && let Some(keys) = node.and_then(|list| self.order(list))
            {
                return Some(keys);
            }
            node.map(|node| self.mask.shown(&gvk, &difference.path, node, difference.beside, op != Op::Moved))
        };
        let removed = difference.removed_by.or_else(|| before.map(set_at));
        Change {
            path: self.mask.path(&difference.path),
            op,
            before: shown(before),
            after: shown(after),
            cause: after.map(set_at).or(removed),
            before_at: before.map(set_at),
            follows: self.follows(difference),
            impacts,
        }
    }

    fn follows(&self, difference: &Difference<'_>) -> bool {
        let text = |node: Option<&'_ Node>| node.and_then(Node::as_str).map(str::to_owned);
        match (text(difference.before), text(difference.after)) {
            (Some(before), Some(after)) => self.names.follows(&difference.path, &before, &after),
            _ => false,
        }
    }

    /// The items of a reordered list by their names; `None` if they have none.
    fn order(&self, list: &Node) -> Option<Shown> {
        let name = |item: &Node| match item.view() {
            View::Mapping(_) => ["name", "key", "id"].iter().find_map(|key| item.get(key)?.text()).map(str::to_owned),
            View::Scalar(..) | View::Sequence(_) => None,
        };
        let shown = |text: String| Shown::Scalar {
            text: self.mask.text(&text).into_owned(),
            kind: crate::source::ScalarKind::String,
        };
        let names: Option<Vec<String>> = list.as_sequence()?.iter().map(name).collect();
        Some(Shown::List(names?.into_iter().map(shown).collect()))
    }

    /// The line to blame for a resource that is new or gone.
    fn declared(&self, before: Option<&Resource>, after: Option<&Resource>) -> Location {
        let (Some(before), None) = (before, after) else {
            return after.map(|after| after.declared).unwrap_or_default();
        };
        let id = before.id();
        let deleted = self.after.deleted.iter().find(|deleted| deleted.has_had(&id) || before.has_had(&deleted.id()));
        deleted.and_then(|deleted| deleted.root.origin()).map_or(before.declared, |origin| origin.at)
    }
}

fn differences<'a>(before: Option<&'a Resource>, after: Option<&'a Resource>, names: &Names) -> Vec<Difference<'a>> {
    let (old, new) = (before.map(|resource| &resource.root), after.map(|resource| &resource.root));
    match (old, new) {
        (Some(old), Some(new)) => compare(old, new, names),
        _ => vec![Difference {
            path: FieldPath::root(),
            op: if old.is_some() { Op::Removed } else { Op::Added },
            before: old,
            after: new,
            removed_by: None,
            beside: Beside::default(),
        }],
    }
}

/// Where the present value of a node was set.
fn set_at(node: &Node) -> Location {
    node.origin().map_or(node.location(), |origin| origin.at)
}

fn is_identity(path: &FieldPath) -> bool {
    matches!(path.steps(), [PathStep::Key(meta), PathStep::Key(key)]
        if *meta == *"metadata" && (*key == *"name" || *key == *"namespace"))
}

fn identity(resource: &Resource, environment: &str) -> Identity {
    let original = resource.original_id();
    let name = if resource.previous.is_empty() { stem(resource).unwrap_or(&original.name) } else { &original.name };
    Identity {
        kind: original.gvk.kind,
        group: original.gvk.group,
        name: without_token(name, environment),
        namespace: without_token(&original.namespace, environment),
    }
}

/// `shop-dev-api` without the environment's name: `shop-*-api`.
fn without_token(name: &str, environment: &str) -> String {
    let token = environment.rsplit('/').next().unwrap_or_default();
    if token.is_empty() {
        return name.to_owned();
    }
    let padded = format!("-{name}-").replace(&format!("-{token}-"), "-*-");
    padded[1..padded.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Mode, Side, between};
    use crate::source::{Cause, FileId, Key, Signature, SourceMap, Span, yaml};

    fn at(offset: u32) -> Location {
        Location::new(FileId::default(), Span::point(offset))
    }

    fn read(map: &SourceMap, text: &str) -> Resource {
        let file = map.add("a.yaml", text).expect("ids are left");
        Resource::new(yaml::parse(text, file).documents.remove(0).root.expect("a document"))
    }

    fn causes(
        map: &SourceMap,
        before: Resource,
        after: Option<Resource>,
        deleted: &[Resource],
    ) -> Vec<Option<Location>> {
        let (old, new): (ResourceSet, ResourceSet) = (std::iter::once(before).collect(), after.into_iter().collect());
        let build = |resources, deleted| EnvironmentBuild { name: "prod", resources: Some(resources), deleted, map };
        let mode = Mode::SameEnvironments { from: Side::default(), to: Side::default() };
        let set = between(&[build(&old, &[])], &[build(&new, deleted)], mode);
        set.entries.into_iter().flat_map(|entry| entry.changes).map(|change| change.cause).collect()
    }

    #[test]
    fn the_last_writer_is_the_cause_and_the_remover_of_what_is_gone() {
        let map = SourceMap::new();
        let text = "apiVersion: v1\nkind: Widget\nmetadata: {name: w}\nspec: {a: 1, b: 2, c: 3, list: [{name: x}, {name: y}]}\n";
        let before = read(&map, text);
        let mut after = before.clone();
        let sign = |offset| Signature::new(at(offset), Cause::Patched);
        let spec = after.root.get_mut("spec").and_then(Node::as_mapping_mut).expect("a mapping");
        spec.set(Key::new("a", at(1)), Node::new_string("new", &sign(10)), &sign(10));
        spec.remove("b", &sign(20));
        let list = spec.get_mut("list").and_then(Node::as_sequence_mut).expect("a list");
        list.remove(0, "x", &sign(30));
        let found = causes(&map, before, Some(after), &[]);
        assert_eq!(found, [Some(at(10)), Some(at(20)), Some(at(30))]);
    }

    #[test]
    fn a_deleted_resource_names_its_deleter_else_where_it_stood() {
        let map = SourceMap::new();
        let before = read(&map, "apiVersion: v1\nkind: Widget\nmetadata: {name: w}\n");
        let mut deleted = before.clone();
        let copy = deleted.root.clone();
        deleted.root.set(copy, &Signature::new(at(40), Cause::Patched));
        let by = deleted.root.origin().map(|origin| origin.at);
        let declared = before.declared;
        assert_eq!(causes(&map, before.clone(), None, std::slice::from_ref(&deleted)), [by]);
        assert_eq!(causes(&map, before, None, &[]), [Some(declared)]);
    }
}
