//! Equal changes in several environments become one entry; those that differ stand apart.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::change::{Change, ChangeKind, Op, ResourceChange};
use super::compare::{Compared, Identity};
use super::impact::Impact;
use super::shown::Shown;
use crate::resource::ResourceId;
use crate::source::FieldPath;

/// One change, with what it must share with others to be the same.
#[derive(PartialEq, Eq, Hash)]
struct Sameness<'a> {
    kind: &'static str,
    path: &'a FieldPath,
    op: Op,
    before: Option<Shown>,
    after: Option<Shown>,
    follows: bool,
    impacts: &'a [Impact],
}

/// A change, the resource it was first found in, and all environments that have it.
struct Shared<'a> {
    of: &'a Compared,
    change: &'a Change,
    environments: Vec<usize>,
}

/// Groups what was found in the environments, named by their place in the list of environments.
pub(super) fn group(found: &[(usize, Vec<Compared>)], names: &[&str]) -> Vec<ResourceChange> {
    let mut resources: BTreeMap<&Identity, Vec<(usize, &Compared)>> = BTreeMap::new();
    for (environment, compared) in found {
        for one in compared {
            resources.entry(&one.identity).or_default().push((*environment, one));
        }
    }
    let mut entries: Vec<ResourceChange> =
        resources.into_iter().flat_map(|(identity, all)| of_resource(identity, &all, names)).collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    entries
}

fn of_resource(identity: &Identity, all: &[(usize, &Compared)], names: &[&str]) -> Vec<ResourceChange> {
    let mut places: HashMap<Sameness, usize> = HashMap::new();
    let mut shared: Vec<Shared> = Vec::new();
    for (environment, of) in all {
        for change in &of.changes {
            let at = *places.entry(sameness(of, change)).or_insert(shared.len());
            match shared.get_mut(at) {
                Some(known) => known.environments.push(*environment),
                None => shared.push(Shared { of, change, environments: vec![*environment] }),
            }
        }
    }
    let mut entries: BTreeMap<(&str, Vec<usize>), Vec<Shared>> = BTreeMap::new();
    for one in shared {
        entries.entry((one.of.kind.as_str(), one.environments.clone())).or_default().push(one);
    }
    entries.into_iter().map(|((_, at), changes)| entry(identity, all, &at, changes, names)).collect()
}

fn sameness<'a>(of: &Compared, change: &'a Change) -> Sameness<'a> {
    // A new resource is the same in two environments though its name and namespace are the environment's.
    let anonymous = |shown: &Option<Shown>| match shown {
        Some(shown) if change.path.is_root() => Some(without_name(shown)),
        shown => shown.clone(),
    };
    Sameness {
        kind: of.kind.as_str(),
        path: &change.path,
        op: change.op,
        before: anonymous(&change.before),
        after: anonymous(&change.after),
        follows: change.follows,
        impacts: &change.impacts,
    }
}

fn without_name(shown: &Shown) -> Shown {
    let mut copy = shown.clone();
    if let Shown::Map(entries) = &mut copy {
        for (_, value) in entries.iter_mut().filter(|(key, _)| *key == *"metadata") {
            if let Shown::Map(meta) = value {
                meta.retain(|(key, _)| *key != *"name" && *key != *"namespace");
            }
        }
    }
    copy
}

fn entry(
    identity: &Identity,
    all: &[(usize, &Compared)],
    at: &[usize],
    changes: Vec<Shared>,
    names: &[&str],
) -> ResourceChange {
    let ids: Vec<&ResourceId> =
        all.iter().filter(|(environment, _)| at.contains(environment)).map(|(_, of)| &of.resource).collect();
    let kind = changes.first().map_or(ChangeKind::Modified, |first| first.of.kind.clone());
    let changes: Vec<Change> = changes.into_iter().map(|shared| shared.change.clone()).collect();
    let mut impacts: Vec<Impact> = changes.iter().flat_map(|change| change.impacts.iter().cloned()).collect();
    impacts.sort();
    impacts.dedup();
    let environments = at.iter().filter_map(|&at| names.get(at)).map(|&name| name.to_owned()).collect();
    ResourceChange { environments, resource: common_id(identity, &ids), kind, changes, impacts }
}

fn common_id(identity: &Identity, ids: &[&ResourceId]) -> ResourceId {
    let mut id = ids.first().map(|&id| id.clone()).unwrap_or_default();
    if ids.iter().any(|other| other.name != id.name) {
        let hashed = id.name.ends_with("-*") && !identity.name.ends_with("-*");
        id.name = if hashed { format!("{}-*", identity.name).into() } else { identity.name.as_str().into() };
    }
    if ids.iter().any(|other| other.namespace != id.namespace) {
        id.namespace = identity.namespace.as_str().into();
    }
    id
}

/// Kinds in the order in which a reviewer meets them; the others follow.
const KINDS: &[&str] = &[
    "Namespace",
    "CustomResourceDefinition",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "Pod",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "ConfigMap",
    "Secret",
    "Service",
    "Ingress",
    "NetworkPolicy",
];

/// Worst impact first, then by kind and name; what only follows names comes last.
fn order(entry: &ResourceChange) -> impl Ord + '_ {
    let worst = entry.impacts.first().map(|impact| (Reverse(impact.severity), impact.class));
    let id = &entry.resource;
    let kind = KINDS.iter().position(|kind| *id.gvk.kind == **kind).unwrap_or(KINDS.len());
    let many = Reverse(entry.environments.len());
    let follows = entry.changes.iter().all(|change| change.follows);
    ((worst.is_none(), worst), follows, (kind, id.gvk.kind, &id.name, &id.namespace), many)
}
