//! What is odd in a strategic-merge patch that kustomize takes without a word: directives that it does not know and
//! copies, list items without the key they merge by, lists that are replaced as a whole, and patches that change nothing.

use super::merge_schema::{MergeSchema, SchemaCursor};
use crate::finding::{Finding, Findings, Severity};
use crate::resource::{Gvk, Resource};
use crate::source::{Entry, FieldPath, Location, Node, PathStep};

/// Directives of `kubectl apply` that kustomize copies into the resource, with what to do instead.
const UNKNOWN: [(&str, &str); 3] = [
    ("$setElementOrder/", "remove it; kustomize puts the items that a patch names first, in the patch's order"),
    ("$retainKeys", "remove it, and set each key that is to go to `null`"),
    ("$deleteFromPrimitiveList/", "remove it, and take the items out by a JSON patch"),
];

/// Warns of what is odd in `patch`, which is about to be laid over `base`.
pub fn give(patch: &Node, base: &Resource, schema: &MergeSchema, findings: &mut Findings) {
    let named = Gvk { kind: Gvk::of(patch).kind, ..base.gvk() };
    let root = schema.of(&base.gvk()).or_else(|| schema.of(&named));
    let mut advice = Advice { base, is_known: root.is_some(), path: FieldPath::root(), findings };
    advice.look(patch, Some(&base.root), root);
}

struct Advice<'a> {
    base: &'a Resource,
    /// Whether the kind has a schema; a field that it lacks is told of by `check`.
    is_known: bool,
    path: FieldPath,
    findings: &'a mut Findings,
}

impl Advice<'_> {
    fn look(&mut self, said: &Node, base: Option<&Node>, schema: Option<SchemaCursor<'_>>) {
        for entry in said.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            if entry.key.name.starts_with('$') && !self.is_known {
                self.directive(entry);
            }
            if entry.value.is_scalar() {
                continue;
            }
            self.path.push(PathStep::Key(entry.key.name));
            let base = base.and_then(|base| base.get(entry.key.name));
            self.look(&entry.value, base, schema.and_then(|schema| schema.field(&entry.key.name)));
            self.path.pop();
        }
        let Some(items) = said.as_sequence() else { return };
        let keys = schema.and_then(SchemaCursor::merge_keys);
        match (&keys, base.and_then(Node::as_sequence)) {
            (Some(keys), _) => self.keyless(items, keys),
            (None, Some(old)) => self.replaced(items, old, said.location()),
            (None, None) => {}
        }
        let items_schema = schema.and_then(SchemaCursor::items);
        items.iter().filter(|item| !item.is_scalar()).for_each(|item| self.look(item, None, items_schema));
    }

    fn finding(&self, rule: &'static str, severity: Severity, message: String) -> Finding {
        Finding::new(rule, severity, message).resource(self.base.id()).path(self.path.clone())
    }

    fn directive(&mut self, entry: &Entry) {
        let name = entry.key.name;
        let Some((_, help)) = UNKNOWN.iter().find(|(known, _)| name.starts_with(known)) else { return };
        let message = format!("`{name}` is no directive of kustomize");
        let finding = self.finding("patch/literal-directive", Severity::Warning, message);
        self.findings.push(finding.at(entry.key.location, "copied into the resource as it stands").help(*help));
    }

    /// Items that lack the key by which they merge. Of several keys the first is the one that tells items apart.
    fn keyless(&mut self, items: &[Node], keys: &[&str]) {
        let Some(key) = keys.first() else { return };
        let has_none = |item: &Node| keys.iter().all(|key| item.get(*key).is_none());
        let misses = |item: &&Node| {
            item.as_mapping()
                .is_some_and(|item| item.get(*key).is_none() && item.get(super::strategic::directive::KEY).is_none())
        };
        for item in items.iter().filter(misses) {
            let label = match (has_none(item), items.iter().all(has_none)) {
                (true, true) => "kustomize drops it, and every item of the base as well",
                (true, false) => "kustomize drops it",
                (false, _) => "meets no item of the base, or several",
            };
            let message = format!("an item of `{}` has no `{key}`", self.path);
            let finding = self.finding("patch/no-merge-key", Severity::Warning, message);
            let finding = finding.at(first_line(item), label);
            self.findings.push(finding.help(format!("write `{key}:` and the value that the item has in the base")));
        }
    }

    /// Items go by their name to a person, whatever kustomize knows of the list.
    fn replaced(&mut self, new: &[Node], old: &[Node], at: Location) {
        fn name(item: &Node) -> Option<&str> {
            item.get("name").and_then(Node::text)
        }
        let is_kept = |item: &Node| new.iter().any(|new| name(new) == name(item));
        let lost: Vec<&Node> = old.iter().filter(|item| name(item).is_some() && !is_kept(item)).collect();
        let by_name = !new.is_empty() && new.iter().chain(old).all(|item| name(item).is_some());
        let Some(first) = lost.first().filter(|_| by_name) else { return };
        let names: Vec<String> = lost.iter().filter_map(|item| name(item)).map(|name| format!("`{name}`")).collect();
        let message = format!("`{}` is replaced as a whole, and loses {}", self.path, names.join(", "));
        let finding = self.finding("patch/list-replaced", Severity::Info, message);
        self.findings.push(
            finding
                .at(at, "takes the place of the whole list")
                .related(first_line(first), "this item is gone")
                .help("kustomize has no merge keys for this list: repeat all items, or add to it by a JSON patch"),
        );
    }
}

fn first_line(item: &Node) -> Location {
    item.as_mapping().and_then(|item| item.iter().next()).map_or(item.location(), |entry| entry.key.location)
}

/// Says that the strategic-merge patch `patch` changed nothing in `resource`, which was `before`, and all others that
/// it is for.
pub fn no_change_of(patch: &Node, at: Location, resource: &Resource, before: &Node) -> Finding {
    let finding = no_change(at, resource);
    // The lines of a Secret are not for showing.
    match leaf(patch, before).filter(|_| !resource.gvk().is("", "Secret")) {
        Some((path, old)) => finding.related(old.location(), format!("`{path}` is so already")),
        None => finding,
    }
}

/// Says that a patch changed nothing in `resource` and all others that it is for. Often it is meant to hold a value
/// fast, so that this is no warning.
pub fn no_change(at: Location, resource: &Resource) -> Finding {
    Finding::new("patch/no-change", Severity::Info, format!("this patch changes nothing in `{}`", resource.id()))
        .at(at, "what it says is there already")
        .help("remove it, or correct what it is meant to change")
        .resource(resource.id())
}

/// The first value of the patch that is not part of an identity, and what stands there.
fn leaf<'n>(patch: &Node, base: &'n Node) -> Option<(FieldPath, &'n Node)> {
    fn down<'n>(said: &Node, base: &'n Node, path: &mut FieldPath) -> Option<&'n Node> {
        let Some(mapping) = said.as_mapping() else { return Some(base) };
        let is_identity = |name: &str| matches!(name, "apiVersion" | "kind" | "name" | "namespace");
        mapping.iter().filter(|entry| !is_identity(&entry.key.name)).find_map(|entry| {
            path.push(PathStep::Key(entry.key.name));
            let found = base.get(entry.key.name).and_then(|base| down(&entry.value, base, path));
            if found.is_none() {
                path.pop();
            }
            found
        })
    }
    let mut path = FieldPath::root();
    let found = down(patch, base, &mut path)?;
    Some((path, found))
}
