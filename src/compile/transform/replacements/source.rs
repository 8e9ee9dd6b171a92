//! Where the value of a replacement comes from.

use std::borrow::Cow;

use super::bad_path;
use super::mend::mend;
use super::path::{self, Step};
use super::settings::Source;
use crate::compile::patch::{Notes, forget_notes, take_over_notes};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{Resource, ResourceSet};
use crate::source::{FieldPath, Node, PathStep};

/// The value to copy.
pub(super) struct Value {
    /// The node it was read from.
    pub node: Node,
    /// The text to copy; `None` for a list or a mapping.
    pub text: Option<String>,
    /// Where the node stands, unless only a part of its text is copied.
    stands: Option<Place>,
    /// The resource that the node was read from, if kustomize keeps notes of it among what is copied.
    pub noted: Option<Box<Resource>>,
    /// Whether keys may stand twice in it.
    pub doubled: bool,
}

/// A field of a resource of the set.
struct Place {
    index: usize,
    steps: Vec<Step>,
}

impl Value {
    /// The whole of `node`.
    pub(super) fn of(node: Node) -> Self {
        let text = node.text().map(str::to_owned);
        Value { node, text, stands: None, noted: None, doubled: false }
    }

    /// Whether the value is part of the resource at this position.
    pub(super) fn is_in(&self, index: usize) -> bool {
        self.stands.as_ref().is_some_and(|place| place.index == index)
    }

    /// Reads the value again: to kustomize it is the node, so that what is written to it or into it is copied from
    /// then on.
    pub(super) fn refresh(&mut self, resource: &Resource) {
        if let Some(place) = &self.stands
            && let Some(node) = find(&noted_root(resource, &place.steps), &place.steps)
        {
            self.node = node.clone();
            self.text = node.text().map(str::to_owned);
            self.noted = self.noted.take().map(|_| Box::new(resource.clone()));
        }
    }

    /// What kustomize notes of a resource whose annotations, or all of whose metadata, are this value.
    pub(super) fn leave_notes(&self, steps: &[Step], resource: &mut Resource) {
        let same_place = self.stands.as_ref().is_some_and(|place| place.steps.len() == steps.len());
        match &self.noted {
            Some(noted) if same_place => {
                Notes::of(noted, true).take_out(&mut resource.root, resource.declared);
                take_over_notes(resource, noted);
            }
            _ => forget_notes(resource),
        }
    }
}

impl Source<'_> {
    /// Looks the value up. `None` if there is none, which is reported.
    pub(super) fn value(&self, set: &ResourceSet, findings: &mut Findings) -> Option<Value> {
        let (index, resource) = self.resource(set, findings)?;
        let steps = match path::source(self.path.0) {
            Ok(steps) => steps,
            Err(problem) => {
                bad_path(self.path, &problem, findings);
                return None;
            }
        };
        let root = noted_root(resource, &steps);
        let found = find(&root, &steps);
        let Some(node) = found.filter(|node| !node.is_empty()) else {
            findings.push(self.missing(resource, found, &steps));
            return None;
        };
        let mut value = self.refined(node, resource, findings)?;
        value.doubled = resource.doubled;
        if self.options.delimiter.is_empty() {
            if matches!(root, Cow::Owned(_)) {
                value.noted = Some(Box::new(resource.clone()));
                if value.text.is_none() {
                    findings.push(self.takes_notes(resource));
                }
            }
            value.stands = Some(Place { index, steps: settled(&root, &steps) });
        }
        Some(value)
    }

    fn resource<'s>(&self, set: &'s ResourceSet, findings: &mut Findings) -> Option<(usize, &'s Resource)> {
        let at = |index: usize| Some((index, set.get(index).filter(|resource| self.select.fits_id(resource))?));
        let found: Vec<(usize, &Resource)> = if self.select.name.is_empty() {
            (0..set.len()).filter_map(at).collect()
        } else {
            set.named(self.select.name).iter().filter_map(|&index| at(index as usize)).collect()
        };
        if let [one] = found[..] {
            return Some(one);
        }
        let found: Vec<&Resource> = found.into_iter().map(|(_, resource)| resource).collect();
        let finding = if found.is_empty() { self.none(set, findings) } else { self.many(&found) };
        findings.push(finding);
        None
    }

    fn none(&self, set: &ResourceSet, findings: &mut Findings) -> Finding {
        let message = format!("there is no `{}` to take a value from", self.select.words());
        let finding = Finding::error("replacements/source", message).at(self.select.at, "selects nothing");
        let names = set.iter().filter(|resource| self.select.fits_kind(resource)).map(Resource::name);
        let near = findings.may_look_through(set.len()).then(|| nearest(self.select.name, names));
        match near.flatten() {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("the source must be a resource of this kustomization or of one below it"),
        }
    }

    fn many(&self, found: &[&Resource]) -> Finding {
        let message = format!("this source selects {} resources, and a source is one", found.len());
        let finding = Finding::error("replacements/source", message)
            .at(self.select.at, "selects several")
            .help("add `kind`, `group`, `version`, `name` or `namespace`");
        found.iter().take(3).fold(finding, |finding, resource| {
            finding.related(resource.named_at(), format!("`{}` is one", resource.id()))
        })
    }

    fn missing(&self, resource: &Resource, found: Option<&Node>, steps: &[Step]) -> Finding {
        let (path, at) = self.path;
        let finding =
            Finding::error("replacements/source-field", format!("`{}` has no value at `{path}`", resource.id()))
                .at(at, "nothing to copy")
                .related(
                    found.map_or(resource.named_at(), Node::location),
                    if found.is_some() { "empty" } else { "in this resource" },
                )
                .resource(resource.id());
        match mend(&resource.root, steps) {
            Some(help) if found.is_none() => finding.help(help),
            _ => finding.help("name a field that has a value; references to ConfigMaps made later are not seen here"),
        }
    }

    fn takes_notes(&self, resource: &Resource) -> Finding {
        let id = resource.id();
        let message = format!("all annotations of `{id}` are copied, and with them what kustomize notes there");
        Finding::warning("replacements/notes", message)
            .at(self.path.1, "brings names, prefixes and the like that the resource has had, too")
            .related(resource.named_at(), "of this resource")
            .help("name the field that is needed, such as `metadata.name` or one annotation")
            .resource(id)
    }

    /// The part of the value that the options ask for.
    fn refined(&self, node: &Node, resource: &Resource, findings: &mut Findings) -> Option<Value> {
        let delimiter = self.options.delimiter;
        if delimiter.is_empty() {
            return Some(Value::of(node.clone()));
        }
        let Some(text) = node.text() else {
            findings.push(
                Finding::error("replacements/delimiter", format!("`{}` is no text that could be split", self.path.0))
                    .at(self.path.1, "a list or a mapping")
                    .related(node.location(), "this value")
                    .help("remove `delimiter`, or name a field in it")
                    .resource(resource.id()),
            );
            return None;
        };
        let part = usize::try_from(self.options.index).ok().and_then(|index| text.split(delimiter).nth(index));
        if part.is_none() {
            let count = text.split(delimiter).count();
            let message =
                format!("`{text}` has {count} parts at `{delimiter}`, and part {} is asked for", self.options.index);
            findings.push(
                Finding::error("replacements/delimiter", message)
                    .at(self.options.index_at.unwrap_or(self.path.1), "no such part")
                    .related(node.location(), "this value")
                    .help(format!("parts count from 0: write an `index` from 0 to {}", count - 1))
                    .resource(resource.id()),
            );
        }
        part.map(|part| Value {
            node: node.clone(),
            text: Some(part.to_owned()),
            stands: None,
            noted: None,
            doubled: false,
        })
    }
}

/// The root of a resource, with what kustomize has among the annotations at this time if they are looked at.
fn noted_root<'r>(resource: &'r Resource, steps: &[Step]) -> Cow<'r, Node> {
    let is_key = |at: usize, name: &str| matches!(steps.get(at), Some(Step::Key(key)) if key == name);
    let sees_notes = is_key(0, "metadata") && (steps.len() == 1 || is_key(1, "annotations"));
    if !sees_notes || !resource.has_notes() {
        return Cow::Borrowed(&resource.root);
    }
    let mut root = resource.root.clone();
    Notes::of(resource, true).put_in(&mut root, resource.declared);
    Cow::Owned(root)
}

/// The first text on the way of a target's path, which is followed as a source's is: each item that is named is the
/// first that has just that value.
pub(super) fn text_on_the_way(root: &Node, steps: &[Step]) -> Option<FieldPath> {
    let (mut node, mut path) = (root, FieldPath::root());
    for step in steps {
        if node.is_scalar() {
            return (!node.is_null()).then_some(path);
        }
        let next = find(node, std::slice::from_ref(step))?;
        path.push(match (step, node.as_sequence()) {
            (Step::Key(key), _) => PathStep::Key(key.as_str().into()),
            (_, Some(items)) => PathStep::Index(items.iter().position(|item| std::ptr::eq(item, next))?),
            _ => return None,
        });
        node = next;
    }
    None
}

/// The way to a node that was found, with the number of each item: what its fields say may change.
fn settled(root: &Node, steps: &[Step]) -> Vec<Step> {
    let mut node = Some(root);
    let number = |step: &Step| {
        let items = node.and_then(Node::as_sequence);
        node = node.and_then(|node| find(node, std::slice::from_ref(step)));
        let place = items.zip(node).and_then(|(items, found)| items.iter().position(|item| std::ptr::eq(item, found)));
        place.map_or_else(|| step.clone(), Step::Index)
    };
    steps.iter().map(number).collect()
}

/// Follows a source's path.
fn find<'n>(root: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    steps.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.as_sequence()?.get(*index),
        Step::Last => node.as_sequence()?.last(),
        Step::Every => None,
        Step::Item { field, text, .. } => node.as_sequence()?.iter().find(|item| {
            let value = if field.is_empty() { item.text() } else { item.get(field).and_then(Node::text) };
            value.is_some_and(|value| value == text)
        }),
    })
}

/// The field that the parts of a path lead to, as the path of a source does.
pub fn look_up(root: &Node, parts: Vec<String>) -> Option<&Node> {
    find(root, &path::source_of(parts).ok()?)
}
