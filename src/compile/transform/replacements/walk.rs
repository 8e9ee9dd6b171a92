//! The way from a target's path to the nodes to write (kustomize's `PathMatcher`).

use super::path::Step;
use super::structured;
use crate::compile::transform::write::new_untagged;
use crate::resource::WrongKind;
use crate::source::{FieldPath, Location, Node, PathStep, ScalarKind, Signature, Style};

/// Why a path ends early.
pub(super) enum Problem {
    /// Something on the way is not what the path says it is.
    WrongKind(WrongKind),
    /// A list is shorter.
    TooShort { at: Location, path: FieldPath, index: usize, len: usize },
    /// The value does not fit the field.
    Unfit { at: Location, message: String, help: &'static str },
}

impl Problem {
    /// The same problem at another place.
    pub(super) fn moved(self, at: Location) -> Self {
        match self {
            Problem::WrongKind(wrong) => Problem::WrongKind(WrongKind { at, ..wrong }),
            Problem::TooShort { path, index, len, .. } => Problem::TooShort { at, path, index, len },
            Problem::Unfit { message, help, .. } => Problem::Unfit { at, message, help },
        }
    }
}

/// What is done with a node at the end of the path.
pub(super) type Put<'p> = dyn FnMut(&mut Node) -> Result<(), Problem> + 'p;

/// One walk through one resource.
pub(super) struct Walk<'a, 'p> {
    /// What to put where the path's last field is missing; `None` makes nothing.
    pub fresh: Option<&'a Node>,
    pub sign: &'a Signature,
    pub put: &'a mut Put<'p>,
    pub path: FieldPath,
    /// The one text that is written into, if it holds fields; kustomize does not find the way into others.
    pub open: Option<&'a FieldPath>,
    /// A null or a text on the way, in which kustomize goes on with the rest of the path and then loses it; and what is
    /// to be said there.
    pub lost: Option<(Location, &'static str)>,
    /// Whether the way has led into brackets.
    pub bracketed: bool,
}

impl Walk<'_, '_> {
    /// Walks and writes; gives how many nodes were written.
    pub(super) fn walk(&mut self, node: &mut Node, steps: &[Step]) -> Result<usize, Problem> {
        let Some((step, rest)) = steps.split_first() else {
            (self.put)(node)?;
            if self.bracketed {
                *node = node.clone().into_brackets();
            }
            return Ok(1);
        };
        self.bracketed |= node.is_bracketed();
        if node.is_null() {
            return self.in_null(node, steps);
        }
        if node.kind() == ScalarKind::String
            && node.is_scalar()
            && let Some(done) = structured::walk_in_text(self, node, steps)
        {
            return done;
        }
        match step {
            Step::Key(key) => self.key(node, key, rest),
            Step::Index(index) => self.index(node, *index, rest),
            Step::Every | Step::Last => self.every(node, rest),
            Step::Item { .. } => self.item(node, step, rest),
        }
    }

    /// Kustomize goes on in something that it makes for the null, and never puts there.
    fn in_null(&mut self, node: &Node, steps: &[Step]) -> Result<usize, Problem> {
        let (Some((step, rest)), Some(_)) = (steps.split_first(), self.fresh) else {
            return match steps.first() {
                Some(Step::Index(index)) => Err(self.too_short(node, *index, 0)),
                _ => Ok(0),
            };
        };
        let mut swallowed = match step {
            Step::Every | Step::Last => return Ok(0),
            Step::Key(_) => Node::new_mapping(Vec::new(), self.sign),
            Step::Index(_) | Step::Item { .. } => Node::new_sequence(Vec::new(), self.sign),
        };
        match step {
            Step::Key(key) => self.key(&mut swallowed, key, rest),
            Step::Index(index) => self.index(&mut swallowed, *index, rest),
            _ => self.item(&mut swallowed, step, rest),
        }
        .map_err(|problem| problem.moved(node.location()))?;
        self.lost = Some((node.location(), "this null swallows the value"));
        Ok(1)
    }

    fn too_short(&self, node: &Node, index: usize, len: usize) -> Problem {
        Problem::TooShort { at: node.location(), path: self.path.clone(), index, len }
    }

    fn wrong(&self, node: &Node, expected: &'static str) -> Problem {
        Problem::WrongKind(WrongKind { path: self.path.clone(), ..WrongKind::new(node, expected) })
    }

    fn deeper(&mut self, step: PathStep, node: &mut Node, rest: &[Step]) -> Result<usize, Problem> {
        let bracketed = self.bracketed;
        self.path.push(step);
        let count = self.walk(node, rest)?;
        self.path.pop();
        self.bracketed = bracketed;
        Ok(count)
    }

    fn key(&mut self, node: &mut Node, key: &str, rest: &[Step]) -> Result<usize, Problem> {
        if node.as_mapping().is_none() {
            return Err(self.wrong(node, "a mapping"));
        }
        if key.is_empty() {
            return Err(self.wrong(node, "a scalar, since a part of the path is empty"));
        }
        if node.get(key).is_none() {
            let (Some(fresh), Some(mapping)) = (self.fresh, node.as_mapping_mut()) else {
                return Ok(0);
            };
            let made = make(rest, fresh, self.sign);
            let made = if self.bracketed { made.into_brackets() } else { made };
            mapping.set_key(key, made, self.sign);
            if rest.is_empty() {
                return Ok(1);
            }
        }
        match node.get_mut(key) {
            Some(next) => self.deeper(PathStep::Key(key.into()), next, rest),
            None => Ok(0),
        }
    }

    fn index(&mut self, node: &mut Node, index: usize, rest: &[Step]) -> Result<usize, Problem> {
        let Some(len) = node.as_sequence().map(<[Node]>::len) else {
            return Err(self.wrong(node, "a list"));
        };
        if let Some(fresh) = self.fresh.filter(|_| index == len) {
            let item = make(rest, fresh, self.sign);
            node.as_sequence_mut().into_iter().for_each(|list| list.push(item.clone(), self.sign));
            if rest.is_empty() {
                return Ok(1);
            }
        }
        match node.as_sequence_mut().and_then(|list| list.items_mut().get_mut(index)) {
            Some(item) => self.deeper(PathStep::Index(index), item, rest),
            None => Err(self.too_short(node, index, len)),
        }
    }

    fn every(&mut self, node: &mut Node, rest: &[Step]) -> Result<usize, Problem> {
        if node.as_sequence().is_none() {
            return Err(self.wrong(node, "a list"));
        }
        let Some(list) = node.as_sequence_mut() else {
            return Ok(0);
        };
        let mut count = 0;
        for (index, item) in list.items_mut().iter_mut().enumerate() {
            count += self.deeper(PathStep::Index(index), item, rest)?;
        }
        Ok(count)
    }

    fn item(&mut self, node: &mut Node, step: &Step, rest: &[Step]) -> Result<usize, Problem> {
        let Step::Item { field, text, .. } = step else {
            return Ok(0);
        };
        if node.as_sequence().is_none() {
            return Err(self.wrong(node, "a list"));
        }
        let Some(list) = node.as_sequence_mut() else {
            return Ok(0);
        };
        // Items that are compared as a whole end the path, whatever it says after them.
        let rest = if field.is_empty() { &[] } else { rest };
        let mut count = 0;
        for (index, item) in list.items_mut().iter_mut().enumerate().filter(|(_, item)| is_meant(item, step)) {
            count += self.deeper(PathStep::Index(index), item, rest)?;
        }
        if count > 0 || self.fresh.is_none() {
            return Ok(count);
        }
        let key = new_untagged(text.as_str(), self.sign);
        let mut new = key.clone();
        if !field.is_empty() {
            new = Node::new_mapping(Vec::new(), self.sign);
            new.as_mapping_mut().into_iter().for_each(|map| map.set_key(field, key.clone(), self.sign));
        }
        list.push(new, self.sign);
        let last = list.items().len() - 1;
        match list.items_mut().last_mut() {
            Some(item) => self.deeper(PathStep::Index(last), item, rest),
            None => Ok(0),
        }
    }
}

/// What to make for a missing field that `rest` goes on from.
fn make(rest: &[Step], fresh: &Node, sign: &Signature) -> Node {
    match rest.first() {
        None => fresh.clone(),
        Some(Step::Index(_) | Step::Item { .. }) => Node::new_sequence(Vec::new(), sign),
        Some(_) => Node::new_mapping(Vec::new(), sign),
    }
}

/// Whether an item is one that the step means: the pattern is found in its text as YAML writes it, quotes included.
pub(super) fn is_meant(item: &Node, step: &Step) -> bool {
    let Step::Item { field, pattern: Some(pattern), .. } = step else {
        return false;
    };
    let value = if field.is_empty() { Some(item) } else { item.get(field) };
    value.and_then(written).is_some_and(|text| pattern.is_match(&text))
}

fn written(node: &Node) -> Option<String> {
    let text = node.text()?;
    Some(match node.style() {
        Style::SingleQuoted => format!("'{text}'"),
        Style::DoubleQuoted => format!("\"{text}\""),
        _ => text.trim().to_owned(),
    })
}
