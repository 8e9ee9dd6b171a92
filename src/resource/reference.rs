//! How a user names a resource on the command line: `deployment/orders`, `svc/web`, `Ingress.networking.k8s.io/web`,
//! `deployment/shop/orders`, or just `orders`.

use super::{Resource, ResourceSet};

/// Short names of `kubectl`.
const SHORT: &[(&str, &str)] = &[
    ("cm", "configmap"),
    ("crd", "customresourcedefinition"),
    ("cj", "cronjob"),
    ("deploy", "deployment"),
    ("ds", "daemonset"),
    ("hpa", "horizontalpodautoscaler"),
    ("ing", "ingress"),
    ("netpol", "networkpolicy"),
    ("ns", "namespace"),
    ("pdb", "poddisruptionbudget"),
    ("po", "pod"),
    ("pv", "persistentvolume"),
    ("pvc", "persistentvolumeclaim"),
    ("rs", "replicaset"),
    ("sa", "serviceaccount"),
    ("sc", "storageclass"),
    ("sts", "statefulset"),
    ("svc", "service"),
];

/// A resource as a user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    kind: Option<String>,
    group: Option<String>,
    namespace: Option<String>,
    name: String,
}

impl Reference {
    /// Reads `[KIND[.GROUP]/][NAMESPACE/]NAME`; kinds in any letter case, plural or short.
    pub fn parse(text: &str) -> Self {
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, namespace, name] => (Some(*kind), Some((*namespace).to_owned()), *name),
            [kind, name] => (Some(*kind), None, *name),
            _ => (None, None, text),
        };
        let (kind, group) = match kind.and_then(|kind| kind.split_once('.')) {
            Some((kind, group)) => (Some(kind), Some(group.to_owned())),
            None => (kind, None),
        };
        Reference { kind: kind.map(full_kind), group, namespace, name: name.to_owned() }
    }

    /// Whether the resource is meant. A generated name is also found without its hash suffix, and by a name it had.
    pub fn means(&self, resource: &Resource) -> bool {
        let gvk = resource.gvk();
        let kind = gvk.kind.to_ascii_lowercase();
        let named = resource.name() == self.name || resource.previous.iter().any(|id| id.name == self.name);
        named
            && self.kind.as_ref().is_none_or(|wanted| *wanted == kind || plural(&kind) == *wanted)
            && self.group.as_ref().is_none_or(|group| *gvk.group == **group)
            && self.namespace.as_ref().is_none_or(|namespace| resource.namespace() == namespace)
    }

    /// The resources that are meant; those that bear the name now before those that bore it.
    pub fn find<'a>(&self, set: &'a ResourceSet) -> Vec<&'a Resource> {
        let all: Vec<_> = set.iter().filter(|resource| self.means(resource)).collect();
        let now: Vec<_> = all.iter().copied().filter(|resource| resource.name() == self.name).collect();
        if now.is_empty() { all } else { now }
    }
}

fn full_kind(written: &str) -> String {
    let lower = written.to_ascii_lowercase();
    SHORT.iter().find(|(short, _)| *short == lower).map_or(lower, |(_, full)| (*full).to_owned())
}

fn plural(kind: &str) -> String {
    if kind.ends_with('s') {
        format!("{kind}es")
    } else if let Some(stem) = kind.strip_suffix('y') {
        format!("{stem}ies")
    } else {
        format!("{kind}s")
    }
}
