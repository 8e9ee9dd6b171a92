//! `exposure`: somebody else can reach it.

use super::facts::{self, Facts, fact};
use super::pods::pods;
use super::scene::{Scene, items, text};
use super::{Class, Impacts};
use crate::finding::Severity;
use crate::resource::Resource;
use crate::source::{FieldPath, Node};

/// Says which changes let somebody else in.
pub(super) fn find(scene: &Scene<'_>, impacts: &mut Impacts) {
    facts::gained(scene, impacts, Class::Exposure, open);
    facts::lost(scene, impacts, Class::Exposure, guarded);
    if let (Some(policy), None) = (scene.before, scene.after)
        && policy.gvk().is("networking.k8s.io", "NetworkPolicy")
        && selects(policy, scene)
    {
        let message = "pods that it selected and no other policy does accept all traffic";
        impacts.add(0, Class::Exposure, Severity::Error, message);
    }
}

/// Whether the policy would select pods that are there after.
fn selects(policy: &Resource, scene: &Scene<'_>) -> bool {
    let selector = policy.root.dig(&["spec", "podSelector"]);
    let same_place = |resource: &&Resource| resource.namespace() == policy.namespace();
    scene.all_after.iter().filter(same_place).filter_map(pods).any(|pods| pods.may_match(selector))
}

/// What opens a resource to others.
fn open(resource: &Resource, facts: &mut Facts) {
    let gvk = resource.gvk();
    let root = &resource.root;
    if gvk.is("", "Service") {
        service(root, facts);
    } else if gvk.is("networking.k8s.io", "Ingress") {
        let rules = FieldPath::root().key("spec").key("rules");
        for (at, rule) in items(root.dig(&["spec", "rules"])).enumerate() {
            let message = match text(rule.get("host")) {
                Some(host) => format!("host `{host}` is served to outside of the cluster"),
                None => "every host name is served to outside of the cluster".to_owned(),
            };
            let path = rules.index(at);
            facts.push(fact(path.clone(), Severity::Warning, message));
            if let Some(host) = text(rule.get("host")).filter(|host| !has_tls(root, host)) {
                facts.push(fact(path, Severity::Warning, format!("host `{host}` is served without TLS")));
            }
        }
    } else if gvk.is("gateway.networking.k8s.io", "HTTPRoute") {
        for host in items(root.dig(&["spec", "hostnames"])).filter_map(Node::text) {
            let path = FieldPath::root().key("spec").key("hostnames");
            facts.push(fact(path, Severity::Warning, format!("host `{host}` is routed into the cluster")));
        }
    } else if gvk.is("networking.k8s.io", "NetworkPolicy") {
        policy(root, facts);
    }
    workload(resource, facts);
}

fn has_tls(root: &Node, host: &str) -> bool {
    let covers = |known: &str| {
        let wildcard = known.strip_prefix("*.").zip(host.split_once('.')).is_some_and(|(rest, (_, tail))| rest == tail);
        known == host || wildcard
    };
    items(root.dig(&["spec", "tls"])).any(|tls| match items(tls.get("hosts")).next() {
        // Without hosts it is the certificate of all.
        None => true,
        Some(_) => items(tls.get("hosts")).filter_map(Node::text).any(covers),
    })
}

fn service(root: &Node, facts: &mut Facts) {
    let spec = FieldPath::root().key("spec");
    match text(root.dig(&["spec", "type"])) {
        Some("LoadBalancer") => {
            let limited = items(root.dig(&["spec", "loadBalancerSourceRanges"])).next().is_some();
            let (field, from) = if limited {
                ("type", "some addresses outside")
            } else {
                ("loadBalancerSourceRanges", "everywhere outside")
            };
            let message = format!("a load balancer makes it reachable from {from} of the cluster (`LoadBalancer`)");
            facts.push(fact(spec.key(field), Severity::Warning, message));
        }
        Some("NodePort") => {
            let message = "it is reachable on a port of every node (`NodePort`)";
            facts.push(fact(spec.key("type"), Severity::Warning, message));
        }
        _ => {}
    }
    for address in items(root.dig(&["spec", "externalIPs"])).filter_map(Node::text) {
        let message = format!("it takes traffic of the address `{address}`");
        facts.push(fact(spec.key("externalIPs"), Severity::Warning, message));
    }
}

fn policy(root: &Node, facts: &mut Facts) {
    for (direction, peers, words) in [("ingress", "from", "in from"), ("egress", "to", "out to")] {
        let path = FieldPath::root().key("spec").key(direction);
        for rule in items(root.dig(&["spec", direction])) {
            if items(rule.get(peers)).next().is_none() && items(rule.get("ports")).next().is_none() {
                facts.push(fact(path.clone(), Severity::Warning, format!("it lets traffic {words} everywhere")));
            }
        }
    }
}

fn workload(resource: &Resource, facts: &mut Facts) {
    let Some(pods) = pods(resource) else {
        return;
    };
    if text(pods.spec.get("hostNetwork")) == Some("true") {
        let message = "the pods use the network of their node (`hostNetwork`)";
        facts.push(fact(pods.path.key("hostNetwork"), Severity::Warning, message));
    }
    for (list, name, container) in pods.containers() {
        for port in items(container.get("ports")).filter_map(|port| text(port.get("hostPort"))) {
            let path = pods.container(list, name).key("ports");
            let message = format!("container `{name}` listens on port {port} of its node (`hostPort`)");
            facts.push(fact(path, Severity::Warning, message));
        }
    }
}

/// What keeps others out; the messages say what its end means.
fn guarded(resource: &Resource, facts: &mut Facts) {
    let gvk = resource.gvk();
    let spec = FieldPath::root().key("spec");
    if gvk.is("networking.k8s.io", "NetworkPolicy") {
        for kind in items(resource.root.dig(&["spec", "policyTypes"])).filter_map(Node::text) {
            let message = format!("it no longer limits traffic of type {kind}");
            facts.push(fact(spec.key("policyTypes"), Severity::Warning, message));
        }
    }
}
