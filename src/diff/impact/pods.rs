//! The pods of any workload: where their specification stands.

use crate::resource::Resource;
use crate::source::{FieldPath, Node, PathStep, Symbol};

/// The specification of a workload's pods.
pub(super) struct Pods<'a> {
    /// Where it stands in the resource.
    pub path: FieldPath,
    /// The specification.
    pub spec: &'a Node,
    /// The pods' labels.
    pub labels: Option<&'a Node>,
}

/// Group, kind, and the keys that lead to the pod specification.
const WORKLOADS: &[(&str, &str, &[&str])] = &[
    ("", "Pod", &["spec"]),
    ("", "PodTemplate", &["template", "spec"]),
    ("", "ReplicationController", &["spec", "template", "spec"]),
    ("apps", "Deployment", &["spec", "template", "spec"]),
    ("apps", "StatefulSet", &["spec", "template", "spec"]),
    ("apps", "DaemonSet", &["spec", "template", "spec"]),
    ("apps", "ReplicaSet", &["spec", "template", "spec"]),
    ("batch", "Job", &["spec", "template", "spec"]),
    ("batch", "CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
];

/// The pods of `resource`; `None` if it is no workload.
pub(super) fn pods(resource: &Resource) -> Option<Pods<'_>> {
    let gvk = resource.gvk();
    let (.., keys) = WORKLOADS.iter().find(|(group, kind, _)| gvk.is(group, kind))?;
    let spec = resource.root.dig(keys)?;
    let path = keys.iter().fold(FieldPath::root(), |path, key| path.key(key));
    let (_, template) = keys.split_last()?;
    let labels = resource.root.dig(template).and_then(|template| template.dig(&["metadata", "labels"]));
    Some(Pods { path, spec, labels })
}

impl<'a> Pods<'a> {
    /// Whether a label selector may select the pods; its expressions are taken to.
    pub fn may_match(&self, selector: Option<&Node>) -> bool {
        let wanted = selector.and_then(|selector| selector.get("matchLabels")).and_then(Node::as_mapping);
        wanted.into_iter().flat_map(|labels| labels.iter()).all(|wanted| {
            let found = self.labels.and_then(|labels| labels.get(wanted.key.name));
            found.and_then(Node::text) == wanted.value.text()
        })
    }

    /// The items of a list of the specification.
    pub fn list(&self, field: &str) -> impl Iterator<Item = &'a Node> + use<'a> {
        self.spec.get(field).and_then(Node::as_sequence).unwrap_or_default().iter()
    }

    /// All containers, with the list they stand in and their name.
    pub fn containers(&self) -> Vec<(&'static str, &'a str, &'a Node)> {
        let mut all = Vec::new();
        for field in ["containers", "initContainers", "ephemeralContainers"] {
            for container in self.list(field) {
                let name = container.get("name").and_then(Node::text).unwrap_or_default();
                all.push((field, name, container));
            }
        }
        all
    }

    /// The path of the container of this name.
    pub fn container(&self, list: &str, name: &str) -> FieldPath {
        self.path.key(list).child(PathStep::Match(vec![(Symbol::new("name"), name.into())]))
    }
}

/// The path of an item of a list that pairs by `key`: as a difference names it.
pub(super) fn item(list: &FieldPath, key: &str, item: &Node, at: usize) -> FieldPath {
    match item.get(key).and_then(Node::text) {
        Some(value) => list.child(PathStep::Match(vec![(Symbol::new(key), value.into())])),
        None => list.index(at),
    }
}
