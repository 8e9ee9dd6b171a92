//! Which of several renamed resources a reference means.

use compact_str::CompactString;

use super::references::{Field, Move, target_selects};
use crate::resource::{Gvk, Resource, ResourceId, scope};
use crate::source::{Node, Symbol};

/// What a reference says of the resource it means.
#[derive(Clone, Copy)]
pub(super) enum Meaning<'a> {
    /// Its name.
    Name,
    /// Its name and, if given, its namespace: the original one, if the build ever had a resource there, else the
    /// present one.
    NameAndNamespace(Option<&'a str>),
}

/// What a look-up comes to.
pub(super) enum Verdict<'a> {
    None,
    One(&'a Resource),
    Several(Vec<&'a Resource>),
}

/// A resource that refers to others, as it stood before its references changed.
pub(super) struct Referrer<'a> {
    id: ResourceId,
    is_cluster_scoped: bool,
    prefixes: &'a [CompactString],
    suffixes: &'a [CompactString],
    /// Namespaces that the subjects of a RoleBinding name.
    bound: Vec<String>,
    /// Group and kind of `roleRef`.
    role: Option<Gvk>,
}

impl<'a> Referrer<'a> {
    pub(super) fn new(resource: &'a Resource) -> Self {
        let id = resource.id();
        Referrer {
            is_cluster_scoped: scope::is_certainly_cluster_scoped(&id.gvk),
            prefixes: &resource.prefixes,
            suffixes: &resource.suffixes,
            bound: if id.gvk.kind == *"RoleBinding" { subject_namespaces(&resource.root) } else { Vec::new() },
            role: role(&resource.root),
            id,
        }
    }

    /// The one that is meant of `candidates`, all of which once had the name. Kustomize's rules in kustomize's order
    /// (`selectReferral`): kind, role, namespace; if that leaves several, prefix and suffix.
    pub(super) fn select<'c>(
        &self,
        mut candidates: Vec<&'c Resource>,
        moves: &[Move],
        field: &Field,
        meaning: Meaning<'_>,
    ) -> Verdict<'c> {
        candidates.retain(|candidate| had_kind(candidate, &field.target) && self.can_see(candidate));
        if let Meaning::NameAndNamespace(Some(namespace)) = meaning {
            let was_one =
                moves.iter().any(|step| step.from == namespace && self.can_see_namespace(&step.to.0, &step.to.1));
            candidates.retain(|candidate| {
                let id = if was_one { candidate.original_id() } else { candidate.id() };
                id.effective_namespace() == namespace && namespace != scope::CLUSTER
            });
        }
        if let Some(role) = self.role.as_ref().filter(|_| field.is_role_ref) {
            candidates.retain(|candidate| had_kind(candidate, role));
        }
        candidates.retain(|candidate| self.may_name(candidate));
        if let [only] = candidates[..] {
            return Verdict::One(only);
        }
        candidates.retain(|candidate| self.is_akin(candidate, true));
        if candidates.len() > 1 {
            candidates.retain(|candidate| self.is_akin(candidate, false));
        }
        match candidates[..] {
            [] => Verdict::None,
            [first, ref others @ ..] if others.iter().all(|other| names_equal(first, other, meaning)) => {
                Verdict::One(first)
            }
            _ => Verdict::Several(candidates),
        }
    }

    /// Whether the two may refer to one another at all: in one namespace, or one of them in none, or a namespace
    /// that a RoleBinding's subjects name.
    fn can_see(&self, candidate: &Resource) -> bool {
        self.can_see_namespace(candidate.namespace(), candidate.effective_namespace())
    }

    fn can_see_namespace(&self, written: &str, effective: &str) -> bool {
        self.is_cluster_scoped
            || effective == scope::CLUSTER
            || effective == self.id.effective_namespace()
            || self.bound.iter().any(|namespace| namespace == written)
    }

    /// Of another namespace only a ServiceAccount may be named.
    fn may_name(&self, candidate: &Resource) -> bool {
        let gvk = candidate.gvk();
        self.is_cluster_scoped
            || scope::is_certainly_cluster_scoped(&gvk)
            || gvk.kind == "ServiceAccount"
            || scope::effective(&gvk, candidate.namespace()) == self.id.effective_namespace()
    }

    /// Whether both were given the same prefixes and suffixes, the shorter list being the end of the longer one.
    /// `lenient` takes no prefix at all for any.
    fn is_akin(&self, candidate: &Resource, lenient: bool) -> bool {
        let akin = |mine: &[CompactString], its: &[CompactString]| {
            lenient && (mine.is_empty() || its.is_empty()) || end_alike(mine, its)
        };
        akin(self.prefixes, &candidate.prefixes) && akin(self.suffixes, &candidate.suffixes)
    }
}

/// Whether the shorter list is the end of the longer one. An empty list is the end of an empty one only.
pub(super) fn end_alike(a: &[CompactString], b: &[CompactString]) -> bool {
    a.is_empty() == b.is_empty() && (a.ends_with(b) || b.ends_with(a))
}

fn had_kind(candidate: &Resource, kind: &Gvk) -> bool {
    candidate.previous.iter().any(|id| target_selects(kind, &id.gvk))
}

fn names_equal(a: &Resource, b: &Resource, meaning: Meaning<'_>) -> bool {
    a.name() == b.name() && (matches!(meaning, Meaning::Name) || a.namespace() == b.namespace())
}

fn subject_namespaces(root: &Node) -> Vec<String> {
    let subjects = root.get("subjects").and_then(Node::as_sequence).unwrap_or_default();
    let accounts = subjects.iter().filter(|subject| subject.get("kind").and_then(Node::text) == Some("ServiceAccount"));
    accounts.filter_map(|subject| subject.get("namespace")?.text().map(str::to_owned)).collect()
}

/// Group and kind of `roleRef` if it gives both.
fn role(root: &Node) -> Option<Gvk> {
    let given = |key| root.dig(&["roleRef", key]).and_then(Node::text);
    Some(Gvk { group: Symbol::new(given("apiGroup")?), version: Symbol::default(), kind: Symbol::new(given("kind")?) })
}
