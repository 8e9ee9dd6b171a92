//! How the items of a list pair. The one place that knows; a schema's merge keys belong here.

use crate::source::{Node, View};

/// How the items of a list pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pairing {
    /// By the values of these fields.
    Keys {
        /// The fields; `metadata.name` means a field of a field.
        keys: &'static [&'static str],
        /// Whether the order of the items means something.
        ordered: bool,
    },
    /// The items are scalars whose order means nothing.
    Set,
    /// By position, aligned where equal.
    Position,
}

/// A list field of Kubernetes' own kinds: its name, its merge keys, whether the order matters. Where a name has
/// several rows, the first whose first key all items have counts. Merge keys that are no identity in the API
/// (`ports`: only `containerPort`) are completed.
const KEYED: &[(&str, &[&str], bool)] = &[
    // Order: the first container is the default of `kubectl exec`, init containers run one after another, and an
    // environment variable may use those before it.
    ("containers", &["name"], true),
    ("initContainers", &["name"], true),
    ("ephemeralContainers", &["name"], false),
    ("env", &["name"], true),
    ("volumes", &["name"], false),
    ("volumeMounts", &["mountPath"], false),
    ("volumeDevices", &["devicePath"], false),
    ("volumeClaimTemplates", &["metadata.name"], false),
    ("ports", &["containerPort", "protocol"], false),
    ("ports", &["port", "protocol"], false),
    ("imagePullSecrets", &["name"], false),
    ("hostAliases", &["ip"], false),
    ("topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"], false),
    ("resourceClaims", &["name"], false),
    ("readinessGates", &["conditionType"], false),
    ("schedulingGates", &["name"], false),
    ("sysctls", &["name"], false),
    ("items", &["key", "path"], false),
    ("taints", &["key", "effect"], false),
    ("ownerReferences", &["uid"], false),
    ("conditions", &["type"], false),
    ("secrets", &["name"], false),
    ("subjects", &["name", "kind", "namespace"], false),
    ("webhooks", &["name"], true),
    ("matchConditions", &["name"], false),
    ("listeners", &["name"], false),
    ("parentRefs", &["name", "namespace", "sectionName", "port"], false),
    ("versions", &["name"], false),
    ("additionalPrinterColumns", &["name"], true),
];

/// Values that an absent key stands for.
const DEFAULTS: &[(&str, &str)] = &[("protocol", "TCP")];

/// Lists of scalars whose order means nothing.
const SETS: &[&str] = &[
    "accessModes",
    "add",
    "apiGroups",
    "apiVersions",
    "categories",
    "drop",
    "externalIPs",
    "finalizers",
    "hostnames",
    "hosts",
    "ipFamilies",
    "loadBalancerSourceRanges",
    "nonResourceURLs",
    "operations",
    "policyTypes",
    "resourceNames",
    "resources",
    "scopes",
    "shortNames",
    "supplementalGroups",
    "values",
    "verbs",
];

/// Fields that identify the items of a list nobody told of, in this order.
const GUESSED: &[&[&str]] = &[&["name"], &["key"], &["id"]];

/// How the items of the list `field` pair.
pub(super) fn pairing(field: &str, before: &[Node], after: &[Node]) -> Pairing {
    let both = || before.iter().chain(after);
    if both().all(Node::is_scalar) {
        return if SETS.contains(&field) && distinct_scalars(before) && distinct_scalars(after) {
            Pairing::Set
        } else {
            Pairing::Position
        };
    }
    let fits = |keys: &[&'static str]| {
        both().all(|item| dig(item, keys[0]).is_some_and(|key| key.is_scalar() && !key.is_null()))
            && distinct(before, keys)
            && distinct(after, keys)
    };
    for &(name, keys, ordered) in KEYED {
        if name == field && fits(keys) {
            return Pairing::Keys { keys, ordered };
        }
    }
    match GUESSED.iter().find(|keys| fits(keys)) {
        Some(keys) => Pairing::Keys { keys, ordered: true },
        None => Pairing::Position,
    }
}

/// The values of an item's keys; those that it lacks and that have no default are left out.
pub(super) fn key_of<'a>(item: &'a Node, keys: &[&'static str]) -> Vec<(&'static str, &'a str)> {
    let value = |&key: &&'static str| {
        let default = DEFAULTS.iter().find(|(name, _)| *name == key).map(|&(_, value)| value);
        dig(item, key).and_then(Node::text).or(default).map(|value| (key, value))
    };
    keys.iter().filter_map(value).collect()
}

fn dig<'a>(item: &'a Node, key: &str) -> Option<&'a Node> {
    key.split('.').try_fold(item, |node, key| match node.view() {
        View::Mapping(mapping) => mapping.get(key),
        _ => None,
    })
}

fn distinct(items: &[Node], keys: &[&'static str]) -> bool {
    let mut seen = std::collections::HashSet::with_capacity(items.len());
    items.iter().all(|item| seen.insert(key_of(item, keys)))
}

fn distinct_scalars(items: &[Node]) -> bool {
    let mut seen = std::collections::HashSet::with_capacity(items.len());
    items.iter().all(|item| seen.insert(item.text()))
}
