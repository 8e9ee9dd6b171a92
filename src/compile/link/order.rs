//! The order of the output.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

use rustc_hash::FxBuildHasher;

use super::circular;
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, Resource, ResourceSet};
use crate::source::Node;

/// Kinds that come first and last in the legacy order. Part of kustomize's contract, never to change
/// (`SortOrderTransformer`).
const FIRST: &[&str] = &[
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// The place of a kind in the legacy order; those not listed are 0, in the middle.
pub(in crate::compile) fn legacy_rank(kind: &str) -> i64 {
    let at = |list: &[&str]| list.iter().position(|name| *name == kind).map(|at| at as i64);
    at(LAST).map(|at| at + 1).or(at(FIRST).map(|at| at - FIRST.len() as i64)).unwrap_or(0)
}

/// The order of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By kind, so that what others need comes first; then by group, namespace and name.
    #[default]
    Legacy,
    /// As gathered.
    Fifo,
}

/// Which kinds come first and which last; the others stand between.
struct KindOrder {
    first: Vec<String>,
    last: Vec<String>,
}

impl KindOrder {
    fn built_in() -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        KindOrder { first: owned(FIRST), last: owned(LAST) }
    }

    /// Reads `legacySortOptions`. A list that is not given is empty, not kustomize's.
    fn read(options: &Node) -> Self {
        let list = |name| {
            let items = options.get(name).and_then(Node::as_sequence).unwrap_or_default();
            items.iter().filter_map(Node::text).map(str::to_owned).collect()
        };
        KindOrder { first: list("orderFirst"), last: list("orderLast") }
    }

    /// Negative for those that come first, 0 for those between. A kind in both lists is last.
    fn rank(&self, kind: &str) -> i64 {
        let at = |list: &[String]| list.iter().rposition(|name| name == kind).map(|at| at as i64);
        let early = at(&self.first).map(|at| at - self.first.len() as i64);
        at(&self.last).map(|at| at + 1).or(early).unwrap_or(0)
    }
}

/// Brings the resources into output order: the one that the root's `sortOptions` ask for, else `default`.
pub fn order(set: &mut ResourceSet, options: Option<&Node>, default: Order, findings: &mut Findings) {
    let kinds = match (options, default) {
        (None, Order::Fifo) => return,
        (None, Order::Legacy) => KindOrder::built_in(),
        (Some(options), _) => match read(options, findings) {
            Some(kinds) => kinds,
            None => return,
        },
    };
    let mut known: HashMap<Gvk, Rc<KindPlace>, FxBuildHasher> = HashMap::default();
    let place = |gvk: &Gvk| Rc::new(KindPlace::new(gvk, kinds.rank(&gvk.kind)));
    let mut places: Vec<Place<'_>> = set
        .iter()
        .enumerate()
        .map(|(index, resource)| {
            let kind = known.entry(resource.gvk()).or_insert_with_key(place).clone();
            let or = |part, none| if str::is_empty(part) { none } else { part };
            Place { kind, namespace: or(resource.namespace(), "~X"), name: or(resource.name(), "~N"), index }
        })
        .collect();
    match is_no_order(known.values()) {
        true => circular::sort(&mut places, |a, b| a.compare(b) == Ordering::Less),
        false => places.sort_by(Place::compare),
    }
    let order: Vec<usize> = places.iter().map(|place| place.index).collect();
    let mut resources: Vec<Option<Resource>> = std::mem::take(set.rename_mut()).into_iter().map(Some).collect();
    *set.rename_mut() = order.into_iter().filter_map(|index| resources[index].take()).collect();
}

/// What the place of a kind in the output depends on.
struct KindPlace {
    rank: i64,
    /// Whether the kind is called Namespace, and whether it is the core one.
    namespace: Option<Core>,
    text: String,
}

/// Whether a kind is in the core group.
type Core = bool;

impl KindPlace {
    fn new(gvk: &Gvk, rank: i64) -> Self {
        let namespace = (gvk.kind == *"Namespace").then(|| gvk.group.is_empty());
        KindPlace { rank, namespace, text: gvk_text(gvk) }
    }

    /// Kinds of one rank go by their text. But the core Namespace goes before a kind of that name in another group, and
    /// versions of it go backwards (`gvkLessThan`).
    fn compare(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then_with(|| match (self.namespace, other.namespace) {
            (Some(core), Some(other_core)) if core || other_core => other.text.cmp(&self.text),
            _ => self.text.cmp(&other.text),
        })
    }
}

/// Whether kinds can follow each other in a circle: where several Namespaces share their rank with other kinds.
fn is_no_order<'a>(kinds: impl Iterator<Item = &'a Rc<KindPlace>>) -> bool {
    let among_others = kinds.filter(|kind| kind.rank == 0).filter_map(|kind| kind.namespace);
    let (mut core, mut all) = (0, 0);
    among_others.for_each(|is_core| (core, all) = (core + usize::from(is_core), all + 1));
    core > 0 && all > 1
}

/// The place of a resource in the output.
struct Place<'a> {
    /// One for all resources of a kind.
    kind: Rc<KindPlace>,
    namespace: &'a str,
    name: &'a str,
    /// Where it stands now.
    index: usize,
}

impl Place<'_> {
    /// By kind, then as the texts `namespace|name` compare.
    fn compare(&self, other: &Self) -> Ordering {
        let by_kind =
            if Rc::ptr_eq(&self.kind, &other.kind) { Ordering::Equal } else { self.kind.compare(&other.kind) };
        by_kind.then_with(|| match self.namespace == other.namespace {
            true => self.name.cmp(other.name),
            false => self.text().cmp(other.text()),
        })
    }

    fn text(&self) -> impl Iterator<Item = u8> {
        self.namespace.bytes().chain(std::iter::once(b'|')).chain(self.name.bytes())
    }
}

/// Reads `sortOptions`; `None` if the resources are to stay as they are.
fn read(options: &Node, findings: &mut Findings) -> Option<KindOrder> {
    let order = options.get("order");
    let lists = options.get("legacySortOptions");
    let place = order.unwrap_or(options).location();
    match (order.and_then(Node::text).unwrap_or_default(), lists) {
        ("legacy", None) => return Some(KindOrder::built_in()),
        ("legacy", Some(lists)) => return Some(KindOrder::read(lists)),
        ("fifo", None) => {}
        ("fifo", Some(lists)) => {
            let finding = Finding::error("link/sort-options", "`legacySortOptions` needs `order: legacy`")
                .at(lists.location(), "has no meaning under `order: fifo`")
                .related(place, "the order chosen")
                .help("write `order: legacy` or remove `legacySortOptions`");
            findings.push(finding);
        }
        (word, _) => {
            let finding = Finding::error("link/sort-options", format!("`{word}` is not an order"))
                .at(place, "neither `fifo` nor `legacy`")
                .help("write `order: fifo` to keep the order of the files, `order: legacy` to sort by kind");
            findings.push(finding);
        }
    }
    None
}

/// What is compared as text: an empty part is written with a tilde, and so comes after any other.
pub(in crate::compile) fn gvk_text(gvk: &Gvk) -> String {
    let or = |part: &str, none: &str| if part.is_empty() { none.to_owned() } else { part.to_owned() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}
