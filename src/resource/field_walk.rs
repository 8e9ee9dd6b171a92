//! The way from a field spec to the nodes it selects in a resource.
//!
//! Lists on the way are walked item by item. A missing or null field is left alone or made, as the spec and the
//! caller say (kustomize's `fieldspec` filter).

use std::collections::HashMap;
use std::rc::Rc;

use rustc_hash::FxBuildHasher;

use super::{FieldSpec, Gvk, PathPart};
use crate::source::{FieldPath, Location, Node, PathStep, Signature, View};

/// What a walk makes of a missing or null field whose spec says `create`.
#[derive(Clone, Debug)]
pub enum Missing {
    /// Nothing.
    Leave,
    /// An empty mapping, which is then visited.
    Mapping,
    /// This value. It is not visited, being what the visitor would make.
    Value(Node),
}

/// A node is not of the kind that a field spec or a transformer asks for there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongKind {
    /// Where the node was written.
    pub at: Location,
    /// Where it stands in the resource.
    pub path: FieldPath,
    /// What it is.
    pub found: &'static str,
    /// What it should be.
    pub expected: &'static str,
}

impl WrongKind {
    /// What a path with an empty part leads to, which nothing is.
    pub const NO_FIELD: &str = "a field without a name";
    /// What a label without a name is put into, which takes none.
    pub const NO_NAME: &str = "a label with a name";

    /// The same as seen from one level higher.
    fn under(mut self, step: PathStep) -> Self {
        self.path.push_front(step);
        self
    }

    /// Says that `node` is not what was `expected`. The walk adds the path.
    pub fn new(node: &Node, expected: &'static str) -> Self {
        let found = match node.view() {
            View::Scalar(..) => "a single value",
            View::Sequence(_) => "a list",
            View::Mapping(_) => "a mapping",
        };
        WrongKind { at: node.location(), path: FieldPath::root(), found, expected }
    }
}

/// A visitor of the fields that a spec selects.
type Visit<'v> = dyn FnMut(&mut Node) -> Result<(), WrongKind> + 'v;

impl FieldSpec {
    /// Visits the fields that are there, null ones included. Scalars that stand in the way are passed over; says
    /// whether there are any.
    pub fn visit<'n>(&self, root: &'n Node, visit: &mut dyn FnMut(&'n Node)) -> bool {
        look(root, &self.path, visit)
    }

    /// Whether no mapping has a field where the path leads: it is empty, or the position of an item.
    pub fn leads_nowhere(&self) -> bool {
        self.path.iter().any(|part| part.key.is_empty() || leads_into_list(&part.key))
    }

    /// Whether [`visit_mut`](Self::visit_mut) would make a list of a null field on the way.
    pub fn meets_null_list(&self, root: &Node) -> bool {
        (0..self.path.len()).filter(|&at| self.path[at].list).any(|at| {
            let mut found = false;
            look(root, &self.path[..=at], &mut |node| found |= node.is_null());
            found
        })
    }

    /// Visits the fields to change them. A missing or null field is made as `missing` says if the spec says
    /// `create`; a null field that the path calls a list becomes an empty list. Signed by `sign`.
    pub fn visit_mut(
        &self,
        root: &mut Node,
        missing: &Missing,
        sign: &Signature,
        visit: &mut Visit<'_>,
    ) -> Result<(), WrongKind> {
        let mut walk = Walk { create: self.create, missing, sign, visit };
        walk.down(root, &self.path)
    }
}

/// Whether a scalar stands in the way.
fn look<'n>(node: &'n Node, parts: &[PathPart], visit: &mut dyn FnMut(&'n Node)) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        visit(node);
        return false;
    };
    match node.view() {
        View::Sequence(items) => items.iter().filter(|item| look(item, parts, visit)).count() > 0,
        View::Mapping(mapping) => mapping.get(part.key).is_some_and(|next| look(next, rest, visit)),
        View::Scalar(..) => !node.is_null(),
    }
}

/// Whether kustomize takes a part of a path for the position of an item.
fn leads_into_list(part: &str) -> bool {
    matches!(part.as_bytes().first(), Some(b'0'..=b'9' | b'-' | b'*'))
        && (part.parse::<i64>().is_ok() || matches!(part, "-" | "*"))
}

struct Walk<'a, 'v> {
    create: bool,
    missing: &'a Missing,
    sign: &'a Signature,
    visit: &'a mut Visit<'v>,
}

impl Walk<'_, '_> {
    fn down(&mut self, node: &mut Node, parts: &[PathPart]) -> Result<(), WrongKind> {
        let Some((part, rest)) = parts.split_first() else {
            return (self.visit)(node);
        };
        match node.view() {
            View::Sequence(items) => self.each(node, items.len(), parts),
            View::Mapping(_) => self.field(node, *part, rest),
            View::Scalar(..) if node.is_null() => Ok(()),
            View::Scalar(..) => Err(WrongKind::new(node, "a mapping or a list")),
        }
    }

    fn each(&mut self, node: &mut Node, count: usize, parts: &[PathPart]) -> Result<(), WrongKind> {
        let Some(sequence) = node.as_sequence_mut().filter(|_| count > 0) else {
            return Ok(());
        };
        for (index, item) in sequence.items_mut().iter_mut().enumerate() {
            self.down(item, parts).map_err(|wrong| wrong.under(PathStep::Index(index)))?;
        }
        Ok(())
    }

    fn field(&mut self, node: &mut Node, part: PathPart, rest: &[PathPart]) -> Result<(), WrongKind> {
        let PathPart { key, list } = part;
        if key.is_empty() {
            return Err(WrongKind::new(node, WrongKind::NO_FIELD));
        }
        if leads_into_list(&key) {
            return Err(WrongKind::new(node, "a list, as the path of the field spec has it"));
        }
        let known = node.get(key);
        let missing = known.map_or(!list, Node::is_null);
        if missing && let Some(new) = self.make(list, rest.is_empty()) {
            if let Some(mapping) = node.as_mapping_mut() {
                mapping.set_key(&key, new, self.sign);
            }
            if rest.is_empty() && matches!(self.missing, Missing::Value(_)) && !list {
                return Ok(());
            }
        } else if known.is_none() {
            return Ok(());
        }
        let Some(next) = node.get_mut(key) else {
            return Ok(());
        };
        self.down(next, rest).map_err(|wrong| wrong.under(PathStep::Key(key)))
    }

    /// What to put where a field is missing or null; `None` leaves it so.
    fn make(&self, list: bool, last: bool) -> Option<Node> {
        match self.missing {
            _ if list => Some(Node::new_sequence(Vec::new(), self.sign)),
            Missing::Leave => None,
            _ if !self.create => None,
            Missing::Value(value) if last => Some(value.clone()),
            _ => Some(Node::new_mapping(Vec::new(), self.sign)),
        }
    }
}

/// Field specs by the kinds they select, worked out once a kind.
pub struct SpecIndex<'a> {
    specs: &'a [FieldSpec],
    known: HashMap<Gvk, Rc<[&'a FieldSpec]>, FxBuildHasher>,
}

impl<'a> SpecIndex<'a> {
    /// An index of `specs`.
    pub fn new(specs: &'a [FieldSpec]) -> Self {
        SpecIndex { specs, known: HashMap::default() }
    }

    /// The specs that select `gvk`, in their order.
    pub fn of(&mut self, gvk: Gvk) -> Rc<[&'a FieldSpec]> {
        let specs = self.specs;
        self.known.entry(gvk).or_insert_with(|| specs.iter().filter(|spec| spec.selects(&gvk)).collect()).clone()
    }
}
