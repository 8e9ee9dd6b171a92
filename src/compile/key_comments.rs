//! Mappings and lists that patches have emptied or put in brackets, and whose key has a comment behind it. Kustomize
//! writes the comment between the key and the bracket, and cannot read that again.

use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::{Entry, FieldPath, Location, Mapping, Node, PathStep, Removal, SourceMap, View};

/// Reports such a mapping of the resource.
pub fn check(resource: &Resource, map: &SourceMap, findings: &mut Findings) {
    if resource.cramped {
        Look { resource, map, path: FieldPath::root(), findings }.walk(&resource.root, false);
    }
}

struct Look<'a> {
    resource: &'a Resource,
    map: &'a SourceMap,
    path: FieldPath,
    findings: &'a mut Findings,
}

impl Look<'_> {
    /// `written` says whether something around the node was put there after it was read.
    fn walk(&mut self, node: &Node, written: bool) {
        let written = written || node.origin().is_some();
        match node.view() {
            View::Mapping(mapping) => {
                let put_in_brackets = written && node.is_bracketed() && !self.has_bracket(node);
                for entry in mapping.iter() {
                    self.path.push(PathStep::Key(entry.key.name));
                    // Of a field that a patch has added the next patch loses the comment.
                    if covers(node.location(), entry.key.location) || !is_emptied_later(&entry.value) {
                        self.entry(entry, written, put_in_brackets);
                    } else {
                        self.walk(&entry.value, written);
                    }
                    self.path.pop();
                }
            }
            View::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.path.push(PathStep::Index(at));
                    self.walk(item, written);
                    self.path.pop();
                }
            }
            View::Scalar(..) => {}
        }
    }

    fn entry(&mut self, entry: &Entry, written: bool, put_in_brackets: bool) {
        let trouble = match emptied_at(entry) {
            Some(at) => Some(("left empty", "this takes out what it held", at)),
            None if put_in_brackets && !entry.value.is_scalar() => {
                Some(("put into something in brackets", "this is put there", entry.value.location()))
            }
            None => None,
        };
        let Some((what, why, at)) = trouble.filter(|_| self.has_comment(entry)) else {
            return self.walk(&entry.value, written);
        };
        let message = format!("`{}` of `{}` is {what}, and its key has a comment", self.path, self.resource.id());
        let bracket = if entry.value.as_sequence().is_some() { "[" } else { "{" };
        self.findings.push(
            Finding::error("build/unprintable", message)
                .at(
                    entry.key.location,
                    format!("kustomize cannot read the comment before `{bracket}`, and refuses this"),
                )
                .related(at, why)
                .help("move the comment to a line of its own")
                .resource(self.resource.id())
                .path(self.path.clone()),
        );
    }

    /// Whether the node was written with its bracket.
    fn has_bracket(&self, node: &Node) -> bool {
        let at = node.location();
        self.map.get(at.file).text.get(at.span.range()).is_some_and(|text| text.starts_with(['{', '[']))
    }

    /// Whether a comment stands behind the key, with nothing but the colon between them.
    fn has_comment(&self, entry: &Entry) -> bool {
        let at = entry.key.location;
        let source = self.map.get(at.file);
        let behind = source.text.get(at.span.end as usize..).unwrap_or_default().trim_start();
        match behind.strip_prefix(':') {
            Some(behind) => behind.starts_with([' ', '\t']) && behind.trim_start_matches([' ', '\t']).starts_with('#'),
            None => behind.starts_with('#'),
        }
    }
}

fn covers(outer: Location, inner: Location) -> bool {
    outer.file == inner.file && outer.span.range().contains(&(inner.span.start as usize))
}

fn removal(node: &Node) -> Option<&Removal> {
    let removed = node.as_mapping().map(Mapping::removed).or_else(|| Some(node.sequence()?.removed()));
    removed.and_then(<[_]>::last)
}

/// Whether something else than what stands in the value itself has taken out what it held.
fn is_emptied_later(value: &Node) -> bool {
    removal(value).is_some_and(|removal| !covers(value.location(), removal.origin.at))
}

/// Where the value lost what it held, if it is empty, and what was there stood in lines of its own or said nothing.
fn emptied_at(entry: &Entry) -> Option<Location> {
    let node = &entry.value;
    let in_lines = |node: &Node| !node.is_scalar() && !node.is_bracketed();
    let was_there = |was: &Node| in_lines(was) && !was.is_empty() || was.is_null() && was.text() == Some("");
    if node.is_scalar() || !node.is_empty() {
        return None;
    }
    let removal = removal(node).filter(|_| in_lines(node));
    let set = node.origin().filter(|origin| origin.was.as_ref().is_some_and(was_there));
    // As it was written, with its key.
    let without_effect = || (in_lines(node) && node.origin().is_none()).then(|| node.location());
    removal.map(|removal| removal.origin.at).or_else(|| set.map(|origin| origin.at)).or_else(without_effect)
}
