//! What leaves at the end, and the order of the rest.

use super::with_resources;
use crate::compile::trial::kustomization;

#[test]
fn local_resources_leave_and_annotations_become_text() {
    let found = with_resources(
        "",
        "apiVersion: v1
kind: ConfigMap
metadata: {name: a, annotations: {config.kubernetes.io/local-config: 'yes'}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, annotations: {config.kubernetes.io/local-config: 'false', x: null, i: 0x1F}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, annotations: {internal.config.kubernetes.io/needsHashSuffix: enabled}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: d, annotations: {}}
",
    );
    let want = "apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    config.kubernetes.io/local-config: \"false\"
    i: \"0x1F\"
    x: \"null\"
  name: b
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: c-6ct58987ht
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: d
";
    assert_eq!(found.printed(), want);
}

const KINDS: &str = "apiVersion: example.com/v1
kind: Namespace
metadata: {name: x}
---
apiVersion: v1
kind: Pod
metadata: {name: b}
---
apiVersion: v1
kind: Pod
metadata: {name: c, namespace: z}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: x}
---
apiVersion: example.com/v1
kind: Zebra
metadata: {name: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: x}
---
apiVersion: v1
kind: Namespace
metadata: {name: x}
";

fn kinds(options: &str) -> Vec<String> {
    let found = with_resources(options, KINDS);
    assert!(found.build.findings.is_empty(), "{}", found.said());
    found.build.resources.iter().map(|it| format!("{} {}", it.gvk(), it.name())).collect()
}

#[test]
fn the_legacy_order() {
    let want = [
        "v1/Namespace x",
        "example.com/v1/Namespace x",
        "apps/v1/Deployment x",
        "example.com/v1/Zebra x",
        "v1/Pod c",
        "v1/Pod b",
        "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration x",
    ];
    assert_eq!(kinds(""), want);
    assert_eq!(kinds("sortOptions: {order: legacy}\n"), want);
}

#[test]
fn other_orders() {
    assert_eq!(kinds("sortOptions: {order: fifo}\n")[0], "example.com/v1/Namespace x");
    let own =
        kinds("sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Zebra, Pod], orderLast: [Namespace]}}\n");
    let first: Vec<_> = own.iter().map(|name| name.split(['/', ' ']).rev().nth(1).unwrap_or_default()).collect();
    let want = ["Zebra", "Pod", "Pod", "ValidatingWebhookConfiguration", "Deployment", "Namespace", "Namespace"];
    assert_eq!(first, want);
}

#[test]
fn sort_options_that_say_nothing() {
    let found = kustomization("sortOptions: {order: lifo}\nnamePrefix: p-\n");
    let want = "link/sort-options: `lifo` is not an order
  kustomization.yaml:1:22: neither `fifo` nor `legacy`
  help: write `order: fifo` to keep the order of the files, `order: legacy` to sort by kind
";
    assert_eq!(found.said(), want);
    let found = kustomization("sortOptions: {order: fifo, legacySortOptions: {orderFirst: [Pod]}}\nnamePrefix: p-\n");
    assert!(
        found.said().starts_with("link/sort-options: `legacySortOptions` needs `order: legacy`"),
        "{}",
        found.said()
    );
}
