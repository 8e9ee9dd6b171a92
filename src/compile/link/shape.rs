//! Fields that name resources and are of another shape than a name. Kustomize refuses them whether or not anything was
//! renamed, and so all its tables are followed here at once.

use std::collections::HashMap;
use std::rc::Rc;

use rustc_hash::FxBuildHasher;

use super::walk::shape_finding;
use crate::compile::LayerSpecs;
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, Resource, ResourceSet};
use crate::source::{FieldPath, Node, PathStep, Symbol, View, Word};

/// All references of a kind as one tree of keys: each node of an object is looked at once.
#[derive(Debug, Default)]
struct Branch {
    children: Vec<(Symbol, Branch)>,
    /// Whether a path ends here.
    ends: bool,
}

impl Branch {
    fn add(&mut self, keys: impl Iterator<Item = Symbol>) {
        let mut branch = self;
        for key in keys {
            let at = branch.children.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                branch.children.push((key, Branch::default()));
                branch.children.len() - 1
            });
            branch = &mut branch.children[at].1;
        }
        branch.ends = true;
    }
}

/// The trees of the kinds that were met.
struct Trees<'a> {
    specs: &'a LayerSpecs,
    known: HashMap<Gvk, Rc<Branch>, FxBuildHasher>,
}

impl Trees<'_> {
    fn of(&mut self, kind: Gvk) -> Rc<Branch> {
        let grow = || {
            let mut tree = Branch::default();
            let tables = if self.specs.may_refer(&kind) { self.specs.name_reference() } else { &[] };
            for spec in tables.iter().flat_map(|table| &table.fields).filter(|spec| spec.selects(&kind)) {
                tree.add(spec.path.iter().map(|part| part.key_alone()));
            }
            Rc::new(tree)
        };
        self.known.entry(kind).or_insert_with(grow).clone()
    }
}

/// Reports the fields that the name references of `specs` lead to and that hold no name, and what stands in the way to
/// them.
pub(super) fn check(set: &mut ResourceSet, specs: &LayerSpecs, findings: &mut Findings) {
    let trees = || (Trees { specs, known: HashMap::default() }, FieldPath::root());
    let found = set.change_each(trees, |(trees, path), resource| {
        let mut found = Findings::new();
        let tree = trees.of(resource.previous.first().map_or_else(|| resource.gvk(), |id| id.gvk));
        // Kustomize takes its notes out of the annotations, and does not expect a list there, or one without a name.
        let annotations = resource.root.dig(&[Word::Metadata, Word::Annotations]);
        let is_list = |node: &&Node| node.as_sequence().is_some_and(|items| !items.is_empty());
        let is_nameless = |node: &&Node| node.get("").is_some();
        if let Some(odd) = annotations.filter(|node| is_list(node) || is_nameless(node)) {
            let path = FieldPath::root().key("metadata").key("annotations");
            found.push(shape_finding(resource, odd, &path, "a mapping of names to texts"));
        }
        if !tree.children.is_empty() {
            if resource.kind() == "RoleBinding" {
                subjects(resource, &mut found);
            }
            version(resource, &mut found);
            Look { resource, findings: &mut found }.walk(&resource.root, &tree, path);
        }
        (!found.is_empty()).then_some(found)
    });
    found.into_iter().for_each(|found| findings.extend(found));
}

struct Look<'a> {
    resource: &'a Resource,
    findings: &'a mut Findings,
}

impl Look<'_> {
    fn walk(&mut self, node: &Node, branch: &Branch, path: &mut FieldPath) {
        if branch.ends {
            self.value(node, path);
        }
        if !branch.children.is_empty() {
            self.descend(node, &branch.children, path);
        }
    }

    fn descend(&mut self, node: &Node, children: &[(Symbol, Branch)], path: &mut FieldPath) {
        match node.view() {
            View::Mapping(_) if children.iter().any(|(key, _)| key.is_empty()) => {
                self.report(node, path, "what a path with an empty part leads to");
            }
            View::Mapping(mapping) => {
                for (key, branch) in children {
                    // Keys are interned, so this compares pointers.
                    if let Some(entry) = mapping.iter().find(|entry| entry.key.name == *key) {
                        path.push(PathStep::Key(*key));
                        self.walk(&entry.value, branch, path);
                        path.pop();
                    }
                }
            }
            View::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(PathStep::Index(index));
                    self.descend(item, children, path);
                    path.pop();
                }
            }
            View::Scalar(..) if node.is_null() => {}
            View::Scalar(..) => self.report(node, path, "a mapping or a list"),
        }
    }

    /// What stands where a path ends: a name, a mapping with a name, or a list of these.
    fn value(&mut self, node: &Node, path: &FieldPath) {
        let nameless = |node: &Node| node.as_mapping().is_some() && node.get("name").is_none();
        let Some(items) = node.as_sequence() else {
            if nameless(node) {
                self.report(node, path, "a mapping with a `name`");
            }
            return;
        };
        for (index, item) in items.iter().enumerate() {
            if item.as_sequence().is_some() {
                self.report(item, &path.index(index), "a name, or a mapping with a name");
            } else if nameless(item) {
                self.report(item, &path.index(index), "a mapping with a `name`");
            }
        }
    }

    fn report(&mut self, node: &Node, path: &FieldPath, expected: &str) {
        self.findings.push(shape_finding(self.resource, node, path, expected));
    }
}

/// Kustomize compares the `apiVersion` of what holds references with the group and version that it read there: one that
/// begins with a slash or is null is another.
fn version(resource: &Resource, findings: &mut Findings) {
    let Some(written) = resource.root.get("apiVersion") else { return };
    let what = match written.text().unwrap_or_default() {
        text if text.starts_with('/') => "begins with a slash",
        text if written.is_null() && !text.is_empty() => "is null",
        _ => return,
    };
    let id = resource.id();
    findings.push(
        Finding::error("link/unexpected-shape", format!("the `apiVersion` of `{id}` {what}"))
            .at_node(written, "no version of a group")
            .help("write `group/version`, or only a version for the core group")
            .resource(id),
    );
}

/// Kustomize looks into each subject of a `RoleBinding`, and refuses one whose namespace is there and empty.
fn subjects(resource: &Resource, findings: &mut Findings) {
    let subjects = resource.root.get("subjects").and_then(Node::as_sequence).unwrap_or_default();
    for (index, subject) in subjects.iter().enumerate() {
        let path = FieldPath::root().key("subjects").index(index);
        if subject.is_scalar() {
            findings.push(shape_finding(resource, subject, &path, "a mapping with a `name`"));
            continue;
        }
        if let Some(kind) = subject.get("kind").filter(|kind| kind.as_str().is_none())
            && subject.get("namespace").is_some()
        {
            findings.push(shape_finding(resource, kind, &path.key("kind"), "a text"));
        }
        let is_account = subject.get("kind").and_then(Node::text) == Some("ServiceAccount");
        if let Some(blank) = subject.get("namespace").filter(|node| is_account && node.as_str().is_none()) {
            let id = resource.id();
            let finding = Finding::error("link/blank-namespace", format!("a subject of `{id}` has a blank namespace"))
                .at_node(blank, "not a string")
                .help("name the ServiceAccount's namespace, or remove the field")
                .resource(id)
                .path(path.key("namespace"));
            findings.push(finding);
        }
    }
}
