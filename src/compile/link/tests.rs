//! Linking on whole kustomizations in memory.

use crate::compile::trial::{Run, kustomization, run};
use crate::source::Cause;

fn with_resources(kustomization: &str, resources: &str) -> Run {
    let text = format!("resources: [r.yaml]\n{kustomization}");
    run(&[("kustomization.yaml", text.as_bytes()), ("r.yaml", resources.as_bytes())])
}

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
    let want = "link/ambiguous-reference: `c` in ClusterRole r may mean any of 2 resources that were renamed
  r.yaml:4:26: it is not clear which one
  kustomization.yaml:3:3: it may be Secret one/c-25khgmg44c
  kustomization.yaml:4:3: it may be Secret two/c-46f8b28mk5
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
    let want = "link/blank-namespace: a subject of RoleBinding p-b has a blank namespace
  r.yaml:6:45: not a string
  help: name the ServiceAccount's namespace, or remove the field
link/unexpected-shape: `subjects[0]` of RoleBinding p-b is not a mapping with a `name`
  r.yaml:5:3: a mapping with a `name` is expected here
  help: write the field as its kind defines it, or correct the `configurations` that name this path
link/unexpected-shape: `spec.volumes[0]` of Pod p-p is not a mapping or a list
  r.yaml:11:18: a mapping or a list is expected here
  help: write the field as its kind defines it, or correct the `configurations` that name this path
";
    assert_eq!(found.said(), want);
}

const SERVICE_AND_POD: &str = "apiVersion: v1
kind: Service
metadata: {name: svc}
spec: {ports: [{port: 80}], weight: 1.5}
---
apiVersion: v1
kind: Pod
metadata: {name: pod, annotations: {a: $(SVC)}}
spec:
  containers:
  - image: x:$(SVC)
    args: [--h=$(SVC), $(PORT), $$(SVC), $(UNKNOWN), $(SVC, a$$b$, w$(WEIGHT)]
";

#[test]
fn vars_take_final_names_and_types() {
    let found = with_resources(
        "namePrefix: p-
vars:
- name: SVC
  objref: {kind: Service, name: svc, apiVersion: v1}
- name: PORT
  objref: {kind: Service, name: svc, version: v1}
  fieldref: {fieldpath: 'spec.ports[0].port'}
- name: WEIGHT
  objref: {kind: Service, name: svc, apiVersion: v1}
  fieldref: {fieldPath: spec.weight}
sortOptions: {order: legacy}
",
        SERVICE_AND_POD,
    );
    found.build.findings.iter().for_each(|finding| assert!(finding.rule.contains("deprecated"), "{}", found.said()));
    let pod = found.build.resources.get(1).expect("the pod comes second");
    let mut printed = String::new();
    crate::source::yaml::print(&pod.root, &mut printed).expect("it can be printed");
    let want = "apiVersion: v1
kind: Pod
metadata:
  annotations:
    a: p-svc
  name: p-pod
spec:
  containers:
  - args:
    - --h=p-svc
    - 80
    - $(SVC)
    - $(UNKNOWN)
    - $(SVC
    - a$b$
    - w1.5
    image: x:$(SVC)
";
    assert_eq!(printed, want);
    let port = found.node("spec.containers[0].args[1]");
    assert_eq!(
        found.place_of(port.origin().and_then(|origin| origin.from.as_ref()).expect("a source")),
        "r.yaml:4:23 80"
    );
}

#[test]
fn vars_that_lead_nowhere() {
    let found = with_resources(
        "vars:
- name: A
  objref: {kind: Service, name: svx, apiVersion: v1}
- name: B
  objref: {kind: Service, name: svc}
- name: C
  objref: {kind: Service, name: svc, apiVersion: v1}
  fieldref: {fieldPath: spec.port}
- name: SVC
  objref: {kind: Service, name: svc, apiVersion: v1}
- name: SVC
  objref: {kind: Service, name: svc, apiVersion: v1}
- name: UNUSED
  objref: {kind: Service, name: svc, apiVersion: v1}
",
        SERVICE_AND_POD,
    );
    let said: String = found.said().split_inclusive('\n').skip_while(|line| !line.starts_with("link/")).collect();
    let want = "link/duplicate-var: two vars are called `SVC`
  kustomization.yaml:12:9: this one
  kustomization.yaml:10:9: and this one
  help: rename one of them
link/var-source: the var `A` names Service svx, which is not in this build
  kustomization.yaml:4:33: no such resource
  help: did you mean `svc`?
link/var-source: the var `B` names Service svc, which is not in this build
  kustomization.yaml:6:33: no such resource
  help: write `apiVersion: v1` in `objref`, as Service svc has it
link/var-source: the var `C` names the field `spec.port`, which Service svc does not have
  kustomization.yaml:9:25: no such field
  r.yaml:1:1: this resource
  help: did you mean `ports`?
link/unused-var: the var `UNUSED` is used nowhere
  kustomization.yaml:14:9: no field that vars are resolved in holds `$(UNUSED)`
  help: remove it, or add the field to `varReference` in a file under `configurations`
";
    assert_eq!(said, want);
}

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
