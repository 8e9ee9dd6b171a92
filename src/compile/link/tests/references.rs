//! Hash suffixes and name references.

use super::with_resources;
use crate::compile::trial::run;
use crate::source::Cause;

#[test]
fn references_follow_hash_and_prefix_and_say_whose_name_it_is() {
    let found = with_resources(
        "namePrefix: p-
configMapGenerator:
- name: c
  literals: [a=1]
",
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      serviceAccountName: robot
      containers:
      - name: main
        envFrom:
        - configMapRef: {name: c}
        - configMapRef: {name: unknown}
      volumes:
      - name: v
        projected: {sources: [{configMap: {name: c}}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
",
    );
    let want = "apiVersion: v1
kind: ServiceAccount
metadata:
  name: p-robot
---
apiVersion: v1
data:
  a: \"1\"
kind: ConfigMap
metadata:
  name: p-c-h29d89cmmt
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: p-web
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: p-c-h29d89cmmt
        - configMapRef:
            name: unknown
        name: main
      serviceAccountName: p-robot
      volumes:
      - name: v
        projected:
          sources:
          - configMap:
              name: p-c-h29d89cmmt
";
    assert_eq!(found.printed(), want);
    let name = found.node("spec.template.spec.containers[0].envFrom[0].configMapRef.name");
    let history = name.history();
    let told: Vec<_> = history.iter().map(|event| (event.by, found.place_of(event.node))).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], (Cause::Read, "r.yaml:11:32 c".to_owned()));
    assert_eq!(told[1].0, Cause::Linked("name reference"));
    let from = history[1].from.expect("the name that was followed");
    assert_eq!(from.text(), Some("p-c-h29d89cmmt"));
    let first = from.history()[0].node;
    assert_eq!(found.place_of(first), "kustomization.yaml:4:9 c");
}

#[test]
fn a_binding_follows_its_role_by_kind_and_its_accounts_by_namespace() {
    let found = with_resources(
        "nameSuffix: -s\nsortOptions: {order: fifo}\n",
        "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: one}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}
subjects:
- {kind: ServiceAccount, name: a, namespace: two}
- {kind: ServiceAccount, name: a, namespace: three}
- {kind: User, name: nobody}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: one}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: two}
",
    );
    let want = "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: b-s
  namespace: one
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: r-s
subjects:
- kind: ServiceAccount
  name: a-s
  namespace: two
- kind: ServiceAccount
  name: a
  namespace: three
- kind: User
  name: nobody
";
    assert!(found.printed().starts_with(want), "{}", found.printed());
}

#[test]
fn a_service_named_with_its_namespace_follows_both() {
    let found = with_resources(
        "namespace: new\nnamePrefix: p-\nsortOptions: {order: fifo}\n",
        "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks:
- clientConfig: {service: {name: s, namespace: old}}
- clientConfig: {service: {name: s, namespace: elsewhere}}
---
apiVersion: v1
kind: Service
metadata: {name: s, namespace: old}
",
    );
    let want = "webhooks:
- clientConfig:
    service:
      name: p-s
      namespace: new
- clientConfig:
    service:
      name: s
      namespace: elsewhere
";
    assert!(found.printed().contains(want), "{}", found.printed());
}

/// Two variants of one base; each workload follows the ConfigMap of its own.
#[test]
fn prefixes_tell_the_variants_of_a_base_apart() {
    let base = "resources: [d.yaml]\nconfigMapGenerator:\n- name: c\n";
    let deployment = "apiVersion: v1\nkind: Pod\nmetadata: {name: d}\nspec: {volumes: [{configMap: {name: c}}]}\n";
    let found = run(&[
        ("base/kustomization.yaml", base.as_bytes()),
        ("base/d.yaml", deployment.as_bytes()),
        ("one/kustomization.yaml", b"resources: [../base]\nnamePrefix: one-\n"),
        ("two/kustomization.yaml", b"resources: [../base]\nnamePrefix: two-\n"),
        ("kustomization.yaml", b"resources: [one, two]\nnamePrefix: all-\n"),
    ]);
    let printed = found.printed();
    for variant in ["one", "two"] {
        let want = format!(
            "kind: Pod
metadata:
  name: all-{variant}-d
spec:
  volumes:
  - configMap:
      name: all-{variant}-c-6ct58987ht
"
        );
        assert!(printed.contains(&want), "{printed}");
    }
}

#[test]
fn what_may_mean_two_resources_is_reported() {
    let found = with_resources(
        "secretGenerator:
- {name: c, namespace: one, literals: [a=1]}
- {name: c, namespace: two}
",
        "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules: [{resourceNames: [c]}]
",
    );
    let want = "link/ambiguous-reference: `c` in `ClusterRole r` may mean any of 2 resources that were renamed
  r.yaml:4:26: it is not clear which one
  kustomization.yaml:3:3: it may be `Secret one/c-25khgmg44c`
  kustomization.yaml:4:3: it may be `Secret two/c-46f8b28mk5`
  help: refer to a resource of the same base, or give the resources different names before they are renamed
";
    assert_eq!(found.said(), want);
}

/// A resource without prefix may mean one with any, but not choose between two.
#[test]
fn a_resource_of_no_base_means_none_of_several() {
    let part = "configMapGenerator:\n- name: c\n";
    let found = run(&[
        ("one/kustomization.yaml", format!("{part}nameSuffix: -one\n").as_bytes()),
        ("two/kustomization.yaml", format!("{part}nameSuffix: -two\n").as_bytes()),
        ("p.yaml", b"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{configMap: {name: c}}]}\n"),
        ("kustomization.yaml", b"resources: [one, two, p.yaml]\n"),
    ]);
    assert!(found.printed().contains("      name: c\n"), "{}", found.printed());
}

#[test]
fn shapes_that_no_reference_has() {
    let found = with_resources(
        "namePrefix: p-\n",
        "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b}
subjects:
- {kind: ServiceAccount}
- {kind: ServiceAccount, name: a, namespace: }
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {volumes: [text]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: a}
",
    );
    let want = "link/blank-namespace: a subject of `RoleBinding p-b` has a blank namespace
  r.yaml:6:45: not a string
  help: name the ServiceAccount's namespace, or remove the field
link/unexpected-shape: `subjects[0]` of `RoleBinding p-b` is not a mapping with a `name`
  r.yaml:5:3: a mapping with a `name` is expected here
  help: write the field as its kind defines it, or correct the `configurations` that name this path
link/unexpected-shape: `spec.volumes[0]` of `Pod p-p` is not a mapping or a list
  r.yaml:11:18: a mapping or a list is expected here
  help: write the field as its kind defines it, or correct the `configurations` that name this path
";
    assert_eq!(found.said(), want);
}
