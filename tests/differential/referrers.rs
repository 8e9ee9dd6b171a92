//! Objects that refer to others, made from the very field specs by which references, vars, labels and images are found.

use std::sync::LazyLock;

use kollate::resource::{FieldSpec, FieldSpecs, Gvk};
use serde_json::{Map, Value, json};

use super::identity::Thing;
use super::objects::{IMAGES, NAMES, Object};
use super::random::Random;

/// The kinds of which field specs speak, and some that they refer to.
const KINDS: &[(&str, &str)] = &[
    ("v1", "Pod"),
    ("v1", "PodTemplate"),
    ("v1", "ReplicationController"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "ReplicaSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "StatefulSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("batch/v1beta1", "CronJob"),
    ("v1", "Node"),
    ("v1", "Service"),
    ("serving.knative.dev/v1", "Service"),
    ("v1", "ServiceAccount"),
    ("v1", "PersistentVolume"),
    ("v1", "PersistentVolumeClaim"),
    ("networking.k8s.io/v1", "Ingress"),
    ("extensions/v1beta1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "Namespace"),
    ("example.com/v1", "Gadget"),
    ("other.example.com/v1", "Deployment"),
];

/// Names that YAML, identities or file systems may take amiss.
const ODD_NAMES: &[&str] =
    &["Web.App", "x_y", "9", "0x1F", "true", "null", "1e3", "a.b.c", "\u{fc}n\u{ef}", "~", "a:b", "a|b", "a b", "-x"];

/// Names that generators use, too.
pub(super) const SHARED_NAMES: &[&str] = &["settings", "creds", "conf", "web", "env.1"];

/// Keys that hold lists.
const LISTS: &[&str] = &[
    "containers",
    "initContainers",
    "env",
    "envFrom",
    "volumes",
    "sources",
    "imagePullSecrets",
    "rules",
    "paths",
    "tls",
    "hosts",
    "subjects",
    "webhooks",
    "resourceNames",
    "volumeClaimTemplates",
    "ingress",
    "egress",
    "from",
    "to",
    "ports",
    "args",
    "command",
    "volumeMounts",
    "topologySpreadConstraints",
    "preferredDuringSchedulingIgnoredDuringExecution",
    "requiredDuringSchedulingIgnoredDuringExecution",
];

/// What a field spec's field means.
#[derive(Clone, Copy)]
enum Meaning {
    Name(Gvk),
    Labels,
    Annotations,
    Var,
    Image,
    Replicas,
    Namespace,
}

fn fields() -> &'static [(Meaning, FieldSpec)] {
    static FIELDS: LazyLock<Vec<(Meaning, FieldSpec)>> = LazyLock::new(|| {
        let specs = FieldSpecs::standard(kollate::resource::Compat::default());
        let mut all = Vec::new();
        for reference in &specs.name_reference {
            all.extend(reference.fields.iter().map(|spec| (Meaning::Name(reference.target), spec.clone())));
        }
        let tables = [
            (Meaning::Labels, &specs.common_labels),
            (Meaning::Annotations, &specs.common_annotations),
            (Meaning::Var, &specs.var_reference),
            (Meaning::Image, &specs.images),
            (Meaning::Replicas, &specs.replicas),
            (Meaning::Namespace, &specs.namespace),
        ];
        for (meaning, specs) in tables {
            all.extend(specs.iter().map(|spec| (meaning, spec.clone())));
        }
        all.retain(|(_, spec)| !spec.is_path(&["metadata", "name"]));
        all
    });
    &FIELDS
}

/// A new object that does not bear the name of one of its kind, and its text.
pub(super) fn referrer(random: &mut Random, known: &[Thing], tag: &str) -> Option<(Object, String)> {
    let (api, kind) = random.pick(KINDS);
    let name = match random.below(20) {
        0 => random.pick(ODD_NAMES).to_owned(),
        1..5 => random.pick(SHARED_NAMES).to_owned(),
        _ => format!("{}{tag}", random.pick(NAMES)),
    };
    let namespace = random.pick(&["", "", "", "prod", "default", "stage", "Ns.X"]);
    let (group, version) = api.split_once('/').unwrap_or(("", api));
    let gvk = Gvk { group: group.into(), version: version.into(), kind: kind.into() };
    let mut root = json!({"apiVersion": api, "kind": kind, "metadata": {"name": name}});
    if !namespace.is_empty() {
        root["metadata"]["namespace"] = json!(namespace);
    }
    let fit: Vec<&(Meaning, FieldSpec)> = fields().iter().filter(|(_, spec)| spec.selects(&gvk)).collect();
    for _ in 0..(1 + random.below(6)).min(fit.len()) {
        let &(meaning, ref spec) = fit[random.below(fit.len())];
        let path: Vec<&str> = spec.path.iter().map(|part| part.key.as_str()).collect();
        let value = value(meaning, &path, known, random);
        put(&mut root, &path, value, random);
    }
    if random.chance(6) {
        let mark = random.pick(&["true", "false", ""]);
        root["metadata"]["annotations"] = json!({"config.kubernetes.io/local-config": mark});
    }
    name_items(&mut root);
    let text = match random.below(5) {
        0 => serde_json::to_string_pretty(&root).ok()? + "\n",
        1 => root.to_string() + "\n",
        _ => serde_yaml::to_string(&root).ok()?,
    };
    Some((Object { api, kind, name, namespace }, text))
}

/// What stands in the field at `path`.
fn value(meaning: Meaning, path: &[&str], known: &[Thing], random: &mut Random) -> Value {
    match meaning {
        Meaning::Name(target) => reference(target, path, known, random),
        Meaning::Labels => json!({"app": random.pick(NAMES)}),
        Meaning::Annotations => json!({"note": with_var(random)}),
        Meaning::Var if ["labels", "annotations"].contains(path.last().unwrap_or(&"")) => {
            json!({"v": with_var(random)})
        }
        Meaning::Var => json!(with_var(random)),
        Meaning::Image => json!(random.pick(IMAGES).trim_matches('"')),
        Meaning::Replicas => json!(random.below(4)),
        Meaning::Namespace => json!(random.pick(&["prod", "default", "stage"])),
    }
}

fn with_var(random: &mut Random) -> &'static str {
    random.pick(&["$(NAME)", "a-$(NAME)-b", "$(NAME)$(PORT)", "$(PORT)", "$$(NAME)", "$(OTHER)", "plain", "$(NAME"])
}

/// The name of an object of the kind `target`, if there is one, and in some fields more of it.
fn reference(target: Gvk, path: &[&str], known: &[Thing], random: &mut Random) -> Value {
    let is_meant = |thing: &&Thing| target.kind == thing.kind;
    let fit: Vec<Object> = known.iter().filter(is_meant).map(Thing::now).collect();
    let object = if fit.is_empty() || random.chance(25) {
        let name = if random.chance(50) { random.pick(SHARED_NAMES) } else { random.pick(NAMES) };
        Object { api: "v1", kind: "", name: name.to_owned(), namespace: random.pick(&["", "prod", "default"]) }
    } else {
        fit[random.below(fit.len())].clone()
    };
    let Object { api, name, namespace, .. } = object;
    let mut mapping = match path {
        ["subjects"] => json!({"kind": random.pick(&["ServiceAccount", "ServiceAccount", "User"]), "name": name}),
        [.., "clientConfig", "service"] => json!({"name": name}),
        ["roleRef", "name"] => {
            let kind = if random.chance(90) { target.kind.to_string() } else { "Role".to_owned() };
            return json!({"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name});
        }
        [.., "scaleTargetRef", "name"] => {
            return json!({"apiVersion": api, "kind": target.kind.as_str(), "name": name});
        }
        _ => return json!(name),
    };
    if !namespace.is_empty() || random.chance(30) {
        mapping["namespace"] = json!(if namespace.is_empty() { "default" } else { namespace });
    }
    mapping
}

/// Puts `value` at `path`, through lists on the way, into an item that is there or a new one.
fn put(node: &mut Value, path: &[&str], value: Value, random: &mut Random) {
    let Some((&key, rest)) = path.split_first() else {
        *node = value;
        return;
    };
    // The value of these is the mapping around the name.
    let rest = if ["roleRef", "scaleTargetRef"].contains(&key) { &[] } else { rest };
    let Value::Object(mapping) = node else { return };
    if !LISTS.contains(&key) {
        let next = mapping.entry(key).or_insert_with(|| Value::Object(Map::new()));
        return put(next, rest, value, random);
    }
    let Value::Array(items) = mapping.entry(key).or_insert_with(|| Value::Array(Vec::new())) else { return };
    if rest.is_empty() {
        items.push(value);
        return;
    }
    if items.is_empty() || random.chance(40) {
        items.push(Value::Object(Map::new()));
    }
    let at = random.below(items.len());
    put(&mut items[at], rest, value, random);
}

/// Gives the items of lists that have names such.
fn name_items(node: &mut Value) {
    match node {
        Value::Object(mapping) => {
            for (key, value) in mapping.iter_mut() {
                name_items(value);
                let named = ["containers", "initContainers", "env", "volumes", "webhooks"].contains(&key.as_str());
                let Value::Array(items) = value else { continue };
                for (number, item) in items.iter_mut().enumerate().filter(|_| named) {
                    if let Value::Object(item) = item {
                        item.entry("name").or_insert_with(|| json!(format!("{}{number}", &key[..1])));
                    }
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(name_items),
        _ => {}
    }
}
