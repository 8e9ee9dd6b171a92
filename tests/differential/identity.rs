//! What the objects of a tree are called, at first and after each layer.

use std::fmt::Write;

use kollate::resource::{Gvk, scope};
use kollate::source::Symbol;
use serde_json::Value;

use super::objects::Object;
use super::tree::{Maker, Plan};

/// Name and namespace.
type Id = (String, &'static str);

/// An object that a layer has gathered.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) api: &'static str,
    pub(super) kind: &'static str,
    /// The ids it had, the present one last.
    ids: Vec<Id>,
    /// What the file says, if another reader can read it.
    pub(super) body: Option<Value>,
}

impl Thing {
    pub(super) fn new(object: &Object, text: &str) -> Self {
        let Object { api, kind, ref name, namespace } = *object;
        Thing { api, kind, ids: vec![(name.clone(), namespace)], body: serde_yaml::from_str(text).ok() }
    }

    fn id(&self) -> &Id {
        self.ids.last().expect("an object has a name from the start")
    }

    /// The object by the name it has now.
    pub(super) fn now(&self) -> Object {
        self.called(self.ids.len() - 1)
    }

    fn called(&self, at: usize) -> Object {
        let (name, namespace) = &self.ids[at];
        Object { api: self.api, kind: self.kind, name: name.clone(), namespace }
    }

    fn is_cluster_scoped(&self) -> bool {
        let (group, version) = self.api.split_once('/').unwrap_or(("", self.api));
        let gvk = Gvk { group: Symbol::new(group), version: Symbol::new(version), kind: Symbol::new(self.kind) };
        scope::is_certainly_cluster_scoped(&gvk)
    }

    fn effective_namespace(&self) -> &'static str {
        match self.id().1 {
            _ if self.is_cluster_scoped() => scope::CLUSTER,
            "" => scope::DEFAULT_NAMESPACE,
            namespace => namespace,
        }
    }

    /// Whether both cannot be in one build.
    pub(super) fn clashes(&self, other: &Thing) -> bool {
        let same = (self.api, self.kind, &self.id().0) == (other.api, other.kind, &other.id().0);
        same && self.effective_namespace() == other.effective_namespace()
    }

    fn keeps_its_name(&self) -> bool {
        ["Namespace", "CustomResourceDefinition", "APIService"].contains(&self.kind)
    }

    pub(super) fn rename(&mut self, change: impl Fn(&str) -> String) {
        if !self.keeps_its_name() {
            let (name, namespace) = self.id().clone();
            self.ids.push((change(&name), namespace));
        }
    }

    pub(super) fn move_to(&mut self, namespace: &'static str) {
        if self.kind == "Namespace" {
            self.ids.push((namespace.to_owned(), self.id().1));
        } else if !self.is_cluster_scoped() {
            self.ids.push((self.id().0.clone(), namespace));
        }
    }
}

/// Whether two of the things cannot be in one build.
pub(super) fn any_clash(things: &[Thing]) -> bool {
    things.iter().enumerate().any(|(at, thing)| things[..at].iter().any(|other| other.clashes(thing)))
}

const PREFIXES: &[&str] = &["p-", "dev-", "x.", "p-", "9", "\"1-\"", "'true-'", "Up_"];
const SUFFIXES: &[&str] = &["-s", "-v2", "-\u{e9}", "-s", "'1'", "\".0\""];
const NAMESPACES: &[&str] = &["prod", "default", "other", "stage", "Ns.X", "prod"];

impl Maker {
    /// The objects as somebody may call them: by the present name or one they had.
    pub(super) fn spoken(&mut self, things: &[Thing]) -> Vec<Object> {
        let mut objects = Vec::new();
        for thing in things {
            let last = thing.ids.len() - 1;
            let at = if self.random.chance(60) { last } else { self.random.below(thing.ids.len()) };
            objects.push(thing.called(at));
        }
        objects
    }

    /// `namespace`, `namePrefix` and `nameSuffix`; a distinct layer has at least one that its neighbours do not have.
    pub(super) fn names(&mut self, plan: Plan, things: &mut [Thing], out: &mut String) {
        let must = plan.distinct.map(|number| (number, self.random.below(3)));
        if let Some((number, 0)) = must {
            let namespace = ["left", "right", "middle"][number % 3];
            things.iter_mut().for_each(|thing| thing.move_to(namespace));
            _ = writeln!(out, "namespace: {namespace}");
        } else if self.wish(20) {
            let namespace = self.random.pick(NAMESPACES);
            let mut moved = things.to_vec();
            moved.iter_mut().for_each(|thing| thing.move_to(namespace));
            if !any_clash(&moved) || self.random.chance(10) {
                things.clone_from_slice(&moved);
                _ = writeln!(out, "namespace: {namespace}");
            }
        }
        if let Some((number, 1)) = must {
            self.affix("namePrefix", &format!("{}-", ["a", "b", "c"][number % 3]), things, out);
        } else if self.wish(25) {
            let prefix = self.random.pick(PREFIXES);
            self.affix("namePrefix", prefix, things, out);
        }
        if let Some((number, 2)) = must {
            self.affix("nameSuffix", &format!("-{}", ["a", "b", "c"][number % 3]), things, out);
        } else if self.wish(15) {
            let suffix = self.random.pick(SUFFIXES);
            self.affix("nameSuffix", suffix, things, out);
        }
    }

    fn affix(&mut self, field: &str, written: &str, things: &mut [Thing], out: &mut String) {
        _ = writeln!(out, "{field}: {}", if written == "9" { "\"9\"" } else { written });
        let text = written.trim_matches(['"', '\'']);
        let before = field == "namePrefix";
        for thing in things {
            thing.rename(|name| if before { format!("{text}{name}") } else { format!("{name}{text}") });
        }
    }
}
