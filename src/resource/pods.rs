//! The pods of any workload: where its pod template stands, and the containers in it.

use super::Resource;
use crate::source::{FieldPath, Node, PathStep, Symbol};

/// A pod template, or a pod itself.
#[derive(Clone, Debug)]
pub struct Pod<'a> {
    /// The resource that makes the pod.
    pub resource: &'a Resource,
    /// Where the template (the mapping with `metadata` and `spec`) stands in the resource.
    pub path: FieldPath,
    /// The template: a mapping with `metadata` and `spec`.
    pub template: &'a Node,
}

/// Which list a container stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContainerList {
    /// `initContainers`
    Init,
    /// `containers`
    Main,
    /// `ephemeralContainers`
    Ephemeral,
}

impl ContainerList {
    /// All lists, in the order in which containers start.
    pub const ALL: [ContainerList; 3] = [ContainerList::Init, ContainerList::Main, ContainerList::Ephemeral];

    /// The field of the pod's spec.
    pub fn field(self) -> &'static str {
        match self {
            ContainerList::Init => "initContainers",
            ContainerList::Main => "containers",
            ContainerList::Ephemeral => "ephemeralContainers",
        }
    }
}

/// One container of a pod.
#[derive(Clone, Debug)]
pub struct Container<'a> {
    /// The pod it is part of.
    pub pod: &'a Pod<'a>,
    /// Which list it stands in.
    pub list: ContainerList,
    /// Where it stands in the resource.
    pub path: FieldPath,
    /// The container.
    pub node: &'a Node,
}

/// Group, kind, and where the pod template stands. Kinds of other groups that hold a pod template in the same way
/// (Argo Rollouts, Knative) are known too, since what they make are pods.
const TEMPLATES: &[(&str, &str, &[&str])] = &[
    ("", "Pod", &[]),
    ("", "ReplicationController", &["spec", "template"]),
    ("", "PodTemplate", &["template"]),
    ("apps", "Deployment", &["spec", "template"]),
    ("apps", "StatefulSet", &["spec", "template"]),
    ("apps", "DaemonSet", &["spec", "template"]),
    ("apps", "ReplicaSet", &["spec", "template"]),
    ("batch", "Job", &["spec", "template"]),
    ("batch", "CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("argoproj.io", "Rollout", &["spec", "template"]),
    ("serving.knative.dev", "Service", &["spec", "template"]),
];

impl<'a> Pod<'a> {
    /// The pod that a resource makes or is, if any.
    pub fn of(resource: &'a Resource) -> Option<Pod<'a>> {
        let gvk = resource.gvk();
        let (_, _, keys) = TEMPLATES.iter().find(|(group, kind, _)| gvk.is(group, kind))?;
        let template = resource.root.dig(keys)?;
        template.get("spec")?;
        let mut path = FieldPath::root();
        keys.iter().for_each(|key| path.push(PathStep::Key(Symbol::new(key))));
        Some(Pod { resource, path, template })
    }

    /// The pod's spec.
    pub fn spec(&self) -> Option<&'a Node> {
        self.template.get("spec")
    }

    /// The pod's labels.
    pub fn labels(&self) -> Option<&'a Node> {
        self.template.dig(&["metadata", "labels"])
    }

    /// The path of a field of the pod's spec.
    pub fn at(&self, field: &str) -> FieldPath {
        self.path.key("spec").key(field)
    }

    /// The containers, init containers first.
    pub fn containers(&'a self) -> impl Iterator<Item = Container<'a>> {
        ContainerList::ALL.into_iter().flat_map(move |list| {
            let items =
                self.spec().and_then(|spec| spec.get(list.field())).and_then(Node::as_sequence).unwrap_or_default();
            items.iter().enumerate().map(move |(index, node)| Container {
                pod: self,
                list,
                path: self.at(list.field()).child(item_step(node, index)),
                node,
            })
        })
    }
}

impl Container<'_> {
    /// The path of one of its fields.
    pub fn at(&self, field: &str) -> FieldPath {
        self.path.key(field)
    }

    /// Its name; empty if it has none.
    pub fn name(&self) -> &str {
        self.node.get("name").and_then(Node::text).unwrap_or_default()
    }
}

/// A list item by its name if it has one, else by its index.
fn item_step(node: &Node, index: usize) -> PathStep {
    match node.get("name").and_then(Node::text) {
        Some(name) => PathStep::Match(vec![(Symbol::new("name"), name.into())]),
        None => PathStep::Index(index),
    }
}
