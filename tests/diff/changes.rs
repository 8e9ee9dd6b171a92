//! What differs, and how it is named.

use kollate::diff::between;
use kollate::resource::Generated;

use super::{World, assert_same, check, revisions, write};

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";

#[track_caller]
fn check_service(before: &str, after: &str, expected: &str) {
    check(&format!("{SERVICE}{before}"), &format!("{SERVICE}{after}"), expected);
}

#[test]
fn equal_builds_have_no_changes() {
    check_service("spec: {a: 1}", "spec: {a: 1}", "prod: unchanged +0 ~0 -0 >0\n");
}

#[test]
fn values_added_removed_and_modified() {
    check_service(
        "spec:\n  a: 1\n  b: x\n  c: {d: [1, 2]}\n",
        "spec:\n  a: 2\n  c: x\n  e: {f: true}\n",
        r#"
prod: modified Service web
  spec.a modified 1 → 2 after.yaml:5
  spec.b removed "x" → - before.yaml:6
  spec.c modified {d: [1, 2]} → "x" after.yaml:6
  spec.e added - → {f: true} after.yaml:7
"#,
    );
}

#[test]
fn spelling_is_no_change() {
    check(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  a: 0x10\n  b: True\n  c: ~\n  d: 1.0\n  e: 'x'\n\
         \x20 resources: {limits: {cpu: 1000m, memory: 1Gi}, requests: {cpu: 0.5}}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  a: 16\n  b: true\n  c: null\n  d: 1\n  e: \"x\"\n\
         \x20 resources: {limits: {cpu: 1, memory: 1024Mi}, requests: {cpu: 500m}}\n",
        "prod: unchanged +0 ~0 -0 >0\n",
    );
}

#[test]
fn a_number_is_not_a_string() {
    check_service(
        "spec: {a: 80}",
        "spec: {a: '80'}",
        "\nprod: modified Service web\n  spec.a modified 80 → \"80\" after.yaml:4\n",
    );
}

#[test]
fn service_ports_pair_by_port_and_protocol() {
    check_service(
        "spec:\n  ports:\n  - {port: 80, name: http}\n  - {port: 53, protocol: UDP}\n  - {port: 53, targetPort: dns}\n",
        "spec:\n  ports:\n  - {port: 53, protocol: TCP, targetPort: tcp-dns}\n  - {port: 53, protocol: UDP}\n  - {port: 81}\n",
        r#"
prod: modified Service web
  spec.ports[port=80,protocol=TCP] removed {port: 80, name: "http"} → - before.yaml:6
  spec.ports[port=53,protocol=TCP].protocol added - → "TCP" after.yaml:6
  spec.ports[port=53,protocol=TCP].targetPort modified "dns" → "tcp-dns" after.yaml:6
  spec.ports[port=81,protocol=TCP] added - → {port: 81} after.yaml:8
"#,
    );
}

#[test]
fn the_order_of_variables_matters() {
    let pod = |env: &str| {
        format!(
            "apiVersion: v1\nkind: Widget\nmetadata: {{name: w}}\nspec:\n  containers:\n  - name: c\n    env: [{env}]\n"
        )
    };
    check(
        &pod("{name: A, value: a}, {name: B, value: $(A)}, {name: C}"),
        &pod("{name: B, value: $(A)}, {name: A, value: b}"),
        r#"
prod: modified Widget w
  spec.containers[name=c].env moved ["A", "B", "C"] → ["B", "A"] after.yaml:7
  spec.containers[name=c].env[name=C] removed {name: "C"} → - before.yaml:7
  spec.containers[name=c].env[name=A].value modified "a" → "b" after.yaml:7
"#,
    );
}

#[test]
fn arguments_align_where_equal() {
    check_service(
        "spec: {args: [a, b, c, d]}",
        "spec: {args: [a, x, c, d, e]}",
        r#"
prod: modified Service web
  spec.args[1] modified "b" → "x" after.yaml:4
  spec.args[4] added - → "e" after.yaml:4
"#,
    );
    check_service(
        "spec: {args: [a, b]}",
        "spec: {args: [b, a]}",
        "\nprod: modified Service web\n  spec.args moved [\"a\", \"b\"] → [\"b\", \"a\"] after.yaml:4\n",
    );
}

#[test]
fn sets_have_no_order() {
    check(
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, finalizers: [a, b, c]}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, finalizers: [d, c, a]}",
        r#"
prod: modified Service web
  metadata.finalizers[=b] removed "b" → - before.yaml:3
  metadata.finalizers[=d] added - → "d" after.yaml:3
"#,
    );
}

#[test]
fn another_version_of_the_api_is_the_same_object() {
    check(
        "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n",
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n",
        "\nprod: modified PodDisruptionBudget web\n  apiVersion modified \"policy/v1beta1\" → \"policy/v1\" after.yaml:1\n",
    );
}

#[test]
fn resources_added_and_removed() {
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old}\ndata: {a: '1'}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: new}\n",
        r#"
prod: removed ConfigMap old
  . removed {apiVersion: "v1", kind: "ConfigMap", metadata: {name: "old"}, data: {a: "1"}} → - before.yaml:1
prod: added Service new
  . added - → {apiVersion: "v1", kind: "Service", metadata: {name: "new"}} after.yaml:1
"#,
    );
}

#[test]
fn an_alike_resource_was_renamed() {
    let map = |name: &str, d: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: '1', b: '2', c: '3', d: '{d}'}}\n"
        )
    };
    check(
        &map("old", "4"),
        &map("new", "5"),
        r#"
prod: renamed ConfigMap new from ConfigMap old
  data.d modified "4" → "5" after.yaml:4
  metadata.name modified "old" → "new" after.yaml:3
    warning recreate: ConfigMap old is deleted if the deployer prunes, and ConfigMap new is made
"#,
    );
}

#[test]
fn a_generated_name_pairs_without_its_hash() {
    let build = |hash: &str, level: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: api-env-{hash}}}\ndata: {{LEVEL: {level}}}\n---\n\
             apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  template:\n    spec:\n      containers:\n\
             \x20     - name: api\n        envFrom: [{{configMapRef: {{name: api-env-{hash}}}}}]\n"
        )
    };
    let world = World::new();
    let mut old = world.read("before.yaml", &build("9bfbmfgt2f", "info"));
    let mut new = world.read("after.yaml", &build("k2fg24c9t8", "debug"));
    for set in [&mut old, &mut new] {
        set.get_mut(0).unwrap().generated = Some(Generated { needs_hash: true, ..Generated::default() });
    }
    let set = between(&[world.build("prod", &old)], &[world.build("prod", &new)], revisions());
    assert_same(
        &write::write(&set, &world.map),
        r#"
prod: modified Deployment api
  spec.template.spec.containers[name=api].envFrom[0].configMapRef.name modified "api-env-*" → "api-env-*" (follows) after.yaml:14
    info rollout: the pods of Deployment `api` are replaced
prod: modified ConfigMap api-env-*
  data.LEVEL modified "info" → "debug" after.yaml:4
  metadata.name modified "api-env-*" → "api-env-*" (follows) after.yaml:3
"#,
    );
    assert_eq!(set.environments[0].counts.modified, 2);
}

#[test]
fn references_follow_a_renamed_resource_and_labels_do_not() {
    let build = |name: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: '1', b: '2', c: '3'}}\n---\n\
             apiVersion: v1\nkind: Widget\nmetadata: {{name: w, labels: {{app: {name}}}}}\nspec: {{configMap: {{name: {name}}}}}\n"
        )
    };
    check(
        &build("old"),
        &build("new"),
        r#"
prod: renamed ConfigMap new from ConfigMap old
  metadata.name modified "old" → "new" after.yaml:3
    warning recreate: ConfigMap old is deleted if the deployer prunes, and ConfigMap new is made
prod: modified Widget w
  metadata.labels.app modified "old" → "new" after.yaml:8
  spec.configMap.name modified "old" → "new" (follows) after.yaml:9
"#,
    );
}

#[test]
fn templates_of_claims_pair_by_their_name() {
    let set = |size: &str, first: &str| {
        format!(
            "apiVersion: example.com/v1\nkind: Set\nmetadata: {{name: s}}\nspec:\n  volumeClaimTemplates:\n\
             {first}  - metadata: {{name: data}}\n    spec: {{resources: {{requests: {{storage: {size}}}}}}}\n"
        )
    };
    check(
        &set("1Gi", "  - metadata: {name: logs}\n"),
        &set("2Gi", ""),
        r#"
prod: modified Set s
  spec.volumeClaimTemplates[metadata.name=logs] removed {metadata: {name: "logs"}} → - before.yaml:6
  spec.volumeClaimTemplates[metadata.name=data].spec.resources.requests.storage modified "1Gi" → "2Gi" after.yaml:7
"#,
    );
}

#[test]
fn items_without_keys_pair_by_likeness() {
    let role = |rules: &str| format!("apiVersion: example.com/v1\nkind: Rules\nmetadata: {{name: r}}\nrules:\n{rules}");
    let (pods, nodes) =
        ("- {apiGroups: [''], resources: [pods], verbs: [get]}\n", "- {resources: [nodes], verbs: ['*']}\n");
    check(
        &role(&format!("{pods}{nodes}")),
        &role(&format!(
            "- {{apiGroups: [apps], resources: [deployments], verbs: [list]}}\n{}{nodes}",
            pods.replace("get", "get, list")
        )),
        r#"
prod: modified Rules r
  rules[1].verbs[=list] added - → "list" after.yaml:6
  rules[0] added - → {apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"]} after.yaml:5
"#,
    );
}

#[test]
fn the_host_of_a_rule_is_one_value() {
    let ingress = |rules: &str| {
        format!("apiVersion: networking.k8s.io/v1\nkind: Route\nmetadata: {{name: i}}\nspec:\n  rules:\n{rules}")
    };
    check(
        &ingress("  - {host: a.com, http: {paths: [{path: /, name: x}]}}\n"),
        &ingress("  - {host: b.com, http: {paths: [{path: /, name: x}]}}\n"),
        "\nprod: modified Route i\n  spec.rules[0].host modified \"a.com\" → \"b.com\" after.yaml:6\n",
    );
}
