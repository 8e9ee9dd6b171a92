//! `privilege`: it may do more.

use super::facts::{self, Fact, Facts, fact};
use super::pods::{Pods, item, pods};
use super::scene::{Scene, items, text};
use super::{Class, Impacts};
use crate::finding::Severity;
use crate::resource::Resource;
use crate::source::{FieldPath, Node};

/// Says which changes give more rights.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    facts::gained(scene, impacts, Class::Privilege, rights);
    facts::lost(scene, impacts, Class::Privilege, guards);
    // A workload that is new has an account too; only another account is a change of rights.
    let account = |resource: Option<&Resource>| {
        let pods = pods(resource?)?;
        Some(text(pods.spec.get("serviceAccountName")).unwrap_or("default").to_owned())
    };
    if let (Some(old), Some(new), Some(after)) = (account(scene.before), account(scene.after), scene.after)
        && old != new
        && let Some(at) = pods(after).and_then(|pods| scene.setting(&pods.path.key("serviceAccountName")))
        && !scene.across
    {
        let message = format!("the pods act as service account `{new}` instead of `{old}`");
        impacts.add(at, Class::Privilege, Severity::Warning, message);
    }
}

/// What gives rights.
fn rights(resource: &Resource, facts: &mut Facts) {
    let gvk = resource.gvk();
    if *gvk.group == *"rbac.authorization.k8s.io" {
        match gvk.kind.as_str() {
            "Role" | "ClusterRole" => role(&resource.root, facts),
            "RoleBinding" | "ClusterRoleBinding" => binding(&resource.root, facts),
            _ => {}
        }
    }
    if let Some(pods) = pods(resource) {
        pod(&pods, facts);
        for (list, name, container) in pods.containers() {
            let path = pods.container(list, name).key("securityContext");
            context(name, &path, container.get("securityContext"), facts);
        }
    }
}

fn pod(pods: &Pods<'_>, facts: &mut Facts) {
    for (field, what) in [("hostPID", "sees all processes of its node"), ("hostIPC", "shares memory with its node")] {
        if text(pods.spec.get(field)) == Some("true") {
            facts.push(fact(pods.path.key(field), Severity::Error, format!("a pod {what} (`{field}`)")));
        }
    }
    if text(pods.spec.dig(&["securityContext", "runAsUser"])) == Some("0") {
        let path = pods.path.key("securityContext").key("runAsUser");
        facts.push(fact(path, Severity::Warning, "the pods run as root (`runAsUser: 0`)"));
    }
    let volumes = pods.path.key("volumes");
    for (at, volume) in pods.list("volumes").enumerate() {
        if let Some(host) = text(volume.dig(&["hostPath", "path"])) {
            let name = text(volume.get("name")).unwrap_or_default();
            let message = format!("volume `{name}` opens `{host}` of the node (`hostPath`)");
            facts.push(fact(item(&volumes, "name", volume, at), Severity::Error, message));
        }
    }
}

/// Capabilities that amount to the node.
const STRONG: &[&str] =
    &["ALL", "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH", "BPF", "SYS_RAWIO", "SYS_BOOT"];

fn context(name: &str, path: &FieldPath, context: Option<&Node>, facts: &mut Facts) {
    let Some(context) = context else {
        return;
    };
    let is = |field: &str, value: &str| text(context.get(field)) == Some(value);
    let mut note = |field: &str, severity, message: String| facts.push(fact(path.key(field), severity, message));
    if is("privileged", "true") {
        note("privileged", Severity::Error, format!("container `{name}` is root on its node (`privileged`)"));
    }
    if is("allowPrivilegeEscalation", "true") {
        let message =
            format!("container `{name}` may gain more rights than it starts with (`allowPrivilegeEscalation`)");
        note("allowPrivilegeEscalation", Severity::Warning, message);
    }
    if is("runAsUser", "0") {
        note("runAsUser", Severity::Warning, format!("container `{name}` runs as root (`runAsUser: 0`)"));
    }
    for capability in items(context.dig(&["capabilities", "add"])).filter_map(Node::text) {
        let strong = STRONG.contains(&capability.trim_start_matches("CAP_"));
        let severity = if strong { Severity::Error } else { Severity::Warning };
        let message = format!("container `{name}` has the capability `{capability}`");
        facts.push(fact(path.key("capabilities").key("add"), severity, message));
    }
}

/// What keeps rights away; the messages say what its end means.
fn guards(resource: &Resource, facts: &mut Facts) {
    const ROOT: &str = "may run as root (`runAsNonRoot` is off)";
    let Some(pods) = pods(resource) else {
        return;
    };
    let all = pods.spec.dig(&["securityContext", "runAsNonRoot"]);
    for (list, name, container) in pods.containers() {
        let path = pods.container(list, name).key("securityContext");
        let own = |field: &str| container.dig(&["securityContext", field]);
        let mut note = |path: FieldPath, message: String| facts.push(fact(path, Severity::Warning, message));
        if text(own("runAsNonRoot").or(all)) == Some("true") {
            note(path.key("runAsNonRoot"), format!("container `{name}` {ROOT}"));
        }
        if text(own("readOnlyRootFilesystem")) == Some("true") {
            let message = format!("container `{name}` may write to its root file system");
            note(path.key("readOnlyRootFilesystem"), message);
        }
        if text(own("allowPrivilegeEscalation")) == Some("false") {
            let message =
                format!("container `{name}` is no longer kept from gaining rights (`allowPrivilegeEscalation`)");
            note(path.key("allowPrivilegeEscalation"), message);
        }
        for capability in items(container.dig(&["securityContext", "capabilities", "drop"])).filter_map(Node::text) {
            let message = format!("container `{name}` no longer drops the capability `{capability}`");
            note(path.key("capabilities").key("drop"), message);
        }
    }
}

/// Verbs that give more rights than they name.
const LIFTING: &[&str] = &["escalate", "bind", "impersonate"];

/// Resources that amount to the rights of others, and what one may do with them.
const KEYS: &[(&str, &[&str], &str)] = &[
    ("secrets", &["get", "list", "watch"], "read secrets"),
    ("pods/exec", &["create", "get"], "run commands in pods"),
    ("pods/ephemeralcontainers", &["update", "patch"], "run containers in pods"),
    ("serviceaccounts/token", &["create"], "act as service accounts"),
    ("nodes/proxy", &["get", "create"], "run commands on nodes"),
];

fn role(root: &Node, facts: &mut Facts) {
    let path = FieldPath::root().key("rules");
    for (at, rule) in items(root.get("rules")).enumerate() {
        let list = |field| items(rule.get(field)).filter_map(Node::text).collect::<Vec<_>>();
        let (verbs, resources) = (list("verbs"), list("resources"));
        let mut note = |severity, message: String| facts.push(fact(path.index(at), severity, message));
        if verbs.contains(&"*") {
            note(Severity::Error, format!("it may do everything with `{}`", resources.join(", ")));
        }
        if resources.contains(&"*") {
            note(Severity::Error, format!("it may `{}` every resource", verbs.join(", ")));
        }
        for verb in LIFTING.iter().filter(|verb| verbs.contains(verb)) {
            note(Severity::Error, format!("it may `{verb}`, and so take the rights of others"));
        }
        for (_, needed, what) in KEYS.iter().filter(|(resource, ..)| resources.contains(resource)) {
            if needed.iter().any(|verb| verbs.contains(verb)) {
                note(Severity::Warning, format!("it may {what}"));
            }
        }
    }
}

fn binding(root: &Node, facts: &mut Facts) {
    let role = text(root.dig(&["roleRef", "name"])).unwrap_or_default();
    for subject in items(root.get("subjects")) {
        facts.push(bound(role, subject));
    }
}

fn bound(role: &str, subject: &Node) -> Fact {
    let field = |key| text(subject.get(key)).unwrap_or_default();
    let (kind, namespace, name) = (field("kind"), field("namespace"), field("name"));
    let slash = if namespace.is_empty() { "" } else { "/" };
    let everybody = matches!(
        name,
        "system:authenticated" | "system:unauthenticated" | "system:anonymous" | "system:serviceaccounts"
    );
    let severity = if role == "cluster-admin" || everybody { Severity::Error } else { Severity::Warning };
    let message = format!("{kind} `{namespace}{slash}{name}` has the rights of `{role}`");
    fact(FieldPath::root().key("subjects"), severity, message)
}
