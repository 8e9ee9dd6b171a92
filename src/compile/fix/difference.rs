//! The first difference of two builds, in words: what would change, and where it was set.

use crate::compile::Build;
use crate::finding::{Finding, Severity};
use crate::resource::{Resource, ResourceId};
use crate::source::{FieldPath, Node, PathStep, View, yaml};

/// The first difference of two builds.
#[derive(Clone)]
pub(super) enum Difference {
    /// The second one fails.
    Fails(String),
    /// A resource is in one of them only, or at another place.
    Resources(String),
    /// A field differs.
    Field(Box<Field>),
}

#[derive(Clone)]
pub(super) struct Field {
    resource: ResourceId,
    path: FieldPath,
    before: Option<Node>,
    after: Option<Node>,
}

impl Difference {
    /// `None` if both print the same bytes.
    pub(super) fn between(before: &Build, after: &Build) -> Option<Difference> {
        if let Some(error) = after.findings.iter().find(|finding| finding.severity == Severity::Error) {
            return Some(Difference::Fails(error.message.clone()));
        }
        let (old, new) = (&before.resources, &after.resources);
        for (a, b) in old.iter().zip(new.iter()) {
            if a.id() != b.id() {
                let gone = new.with_current_id(&a.id()).is_none();
                let words =
                    if gone { format!("{} would be gone", a.id()) } else { format!("{} would come first", b.id()) };
                return Some(Difference::Resources(words));
            }
            if printed(a) != printed(b) {
                let (path, before, after) = first(&a.root, &b.root, FieldPath::root());
                return Some(Difference::Field(Box::new(Field { resource: a.id(), path, before, after })));
            }
        }
        let at = old.len().min(new.len());
        let gone = old.get(at).map(|resource| format!("{} would be gone", resource.id()));
        gone.or_else(|| new.get(at).map(|resource| format!("{} would be new", resource.id())))
            .map(Difference::Resources)
    }

    /// Says of `finding` what would change.
    pub(super) fn describe(&self, finding: Finding) -> Finding {
        match self {
            Difference::Fails(words) => finding.note(format!("it would fail: {words}")),
            Difference::Resources(words) => finding.note(words.clone()),
            Difference::Field(field) => field.describe(finding),
        }
    }
}

impl Field {
    fn describe(&self, finding: Finding) -> Finding {
        let secret = *self.resource.gvk.kind == *"Secret";
        let words = match (&self.before, &self.after) {
            _ if secret => "would change".to_owned(),
            (Some(before), Some(after)) => format!("{} would become {}", short(before), short(after)),
            (Some(before), None) => format!("{} would be gone", short(before)),
            (None, Some(after)) => format!("{} would be new", short(after)),
            (None, None) => "would be printed in another way".to_owned(),
        };
        let finding = finding.note(format!("{}: `{}`: {words}", self.resource, self.path));
        let finding = finding.resource(self.resource.clone()).path(self.path.clone());
        match &self.before {
            Some(before) if !secret => finding.related(before.location(), "this value"),
            _ => finding,
        }
    }
}

fn short(node: &Node) -> String {
    match node.view() {
        View::Scalar(text, _) if text.contains('\n') => "a text of several lines".to_owned(),
        View::Scalar(text, _) => format!("`{text}`"),
        View::Sequence(items) => format!("a list of {}", items.len()),
        View::Mapping(mapping) => format!("a mapping of {}", mapping.len()),
    }
}

/// What a resource prints. One that cannot be printed is an error of the build.
fn printed(resource: &Resource) -> String {
    let mut text = String::new();
    match yaml::print(&resource.root, &mut text) {
        Ok(()) => text,
        Err(error) => error.message,
    }
}

type First = (FieldPath, Option<Node>, Option<Node>);

/// The first node in which two nodes differ.
fn first(a: &Node, b: &Node, path: FieldPath) -> First {
    match (a.view(), b.view()) {
        (View::Mapping(old), View::Mapping(new)) => {
            for entry in old.iter() {
                let path = path.child(PathStep::Key(entry.key.name));
                match new.get(entry.key.name) {
                    None => return (path, Some(entry.value.clone()), None),
                    Some(other) if !entry.value.same_value(other) => return first(&entry.value, other, path),
                    Some(_) => {}
                }
            }
            match new.iter().find(|entry| old.get(entry.key.name).is_none()) {
                Some(entry) => (path.child(PathStep::Key(entry.key.name)), None, Some(entry.value.clone())),
                None => (path, None, None),
            }
        }
        (View::Sequence(old), View::Sequence(new)) => {
            for (index, item) in old.iter().enumerate() {
                let path = path.index(index);
                match new.get(index) {
                    None => return (path, Some(item.clone()), None),
                    Some(other) if !item.same_value(other) => return first(item, other, path),
                    Some(_) => {}
                }
            }
            (path.index(old.len()), None, new.get(old.len()).cloned())
        }
        _ => (path, Some(a.clone()), Some(b.clone())),
    }
}
