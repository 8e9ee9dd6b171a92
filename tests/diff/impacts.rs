//! What changes do: the impacts of one change each.

use super::diff;

/// The impacts of a change, one a line, without those of a rollout.
#[track_caller]
fn check(before: &str, after: &str, expected: &[&str]) {
    let set = diff(before, after);
    let found: Vec<String> = set
        .impacts()
        .filter(|(_, impact)| impact.class.as_str() != "rollout")
        .map(|(_, impact)| format!("{} {}: {}", impact.severity, impact.class, impact.message))
        .collect();
    assert_eq!(found, expected);
}

fn object(api: &str, kind: &str, rest: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\n{rest}\n")
}

#[track_caller]
fn check_object(api: &str, kind: &str, before: &str, after: &str, expected: &[&str]) {
    check(&object(api, kind, before), &object(api, kind, after), expected);
}

#[track_caller]
fn check_pod(before: &str, after: &str, expected: &[&str]) {
    let deployment = |pod: &str| object("apps/v1", "Deployment", &format!("spec: {{template: {{spec: {{{pod}}}}}}}"));
    check(&deployment(before), &deployment(after), expected);
}

#[test]
fn selectors_are_immutable() {
    for kind in ["Deployment", "DaemonSet", "StatefulSet"] {
        let selector = |app: &str| format!("spec: {{selector: {{matchLabels: {{app: {app}}}}}}}");
        let set = diff(&object("apps/v1", kind, &selector("a")), &object("apps/v1", kind, &selector("b")));
        let (_, impact) = set.impacts().next().unwrap();
        assert!(impact.message.starts_with("`spec.selector` cannot change in place"), "{kind}: {impact:?}");
    }
}

#[test]
fn a_stateful_set_changes_in_few_fields() {
    check_object(
        "apps/v1",
        "StatefulSet",
        "spec: {serviceName: a, replicas: 2, volumeClaimTemplates: [{metadata: {name: d}, spec: {storage: 1}}]}",
        "spec: {serviceName: a, replicas: 3, podManagementPolicy: OrderedReady, volumeClaimTemplates: [{metadata: {name: d}, spec: {storage: 2}}]}",
        &[
            "error rejected: `spec.volumeClaimTemplates` cannot change in place: the API server refuses the update; delete it with `--cascade=orphan` first",
            "info capacity: replicas 2 → 3 (+50%)",
        ],
    );
}

#[test]
fn jobs_and_bindings_are_immutable() {
    check_object(
        "batch/v1",
        "Job",
        "spec: {parallelism: 1, template: {spec: {containers: [{name: a, image: 'a:1'}]}}}",
        "spec: {parallelism: 2, template: {spec: {containers: [{name: a, image: 'a:2'}]}}}",
        &[
            "error rejected: `spec.template` cannot change in place: the API server refuses the update; delete it first or give it another name",
        ],
    );
    check_object(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "roleRef: {kind: Role, name: a}",
        "roleRef: {kind: Role, name: b}",
        &[
            "error rejected: `roleRef` cannot change in place: the API server refuses the update; give the new binding another name",
        ],
    );
}

#[test]
fn a_claim_grows_but_does_not_shrink() {
    let claim = |size: &str| format!("spec: {{resources: {{requests: {{storage: {size}}}}}}}");
    check_object("v1", "PersistentVolumeClaim", &claim("1Gi"), &claim("2Gi"), &[]);
    check_object(
        "v1",
        "PersistentVolumeClaim",
        &claim("1Gi"),
        &claim("1000Mi"),
        &["error rejected: a claim cannot shrink: the API server refuses the update"],
    );
}

#[test]
fn the_address_of_a_service_stays() {
    check_object("v1", "Service", "spec: {clusterIP: 10.0.0.1}", "spec: {}", &[]);
    check_object(
        "v1",
        "Service",
        "spec: {clusterIP: 10.0.0.1}",
        "spec: {clusterIP: None}",
        &[
            "error rejected: `spec.clusterIP` cannot change in place: the API server refuses the update; delete the Service first",
        ],
    );
}

#[test]
fn an_immutable_config_map_is_immutable() {
    check_object(
        "v1",
        "ConfigMap",
        "immutable: true\ndata: {a: b}",
        "immutable: true\ndata: {a: c}",
        &["error rejected: it is `immutable`: the API server refuses a change of `data`"],
    );
}

#[test]
fn what_holds_data_should_stay() {
    let keep = object("v1", "Widget", "");
    let with = |api: &str, kind: &str| format!("{keep}---\n{}", object(api, kind, ""));
    check(
        &with("v1", "PersistentVolumeClaim"),
        &keep,
        &["error data-loss: the volume is destroyed unless its reclaim policy is `Retain`"],
    );
    check(&with("v1", "Namespace"), &keep, &["error data-loss: everything in the namespace is deleted with it"]);
    check(&with("v1", "ConfigMap"), &keep, &[]);
}

#[test]
fn a_claim_becomes_an_empty_folder() {
    check_pod(
        "volumes: [{name: d, persistentVolumeClaim: {claimName: c}}]",
        "volumes: [{name: d, emptyDir: {}}]",
        &["error data-loss: volume `d` was claim `c` and is now empty with every new pod"],
    );
}

#[test]
fn a_host_is_served() {
    check_object(
        "networking.k8s.io/v1",
        "Ingress",
        "spec: {tls: [{hosts: [a.com]}], rules: [{host: a.com}]}",
        "spec: {rules: [{host: a.com}, {host: b.com}]}",
        &[
            "warning exposure: host `a.com` is served without TLS",
            "warning exposure: host `b.com` is served to outside of the cluster",
            "warning exposure: host `b.com` is served without TLS",
        ],
    );
    check_object(
        "v1",
        "Service",
        "spec: {}",
        "spec: {type: LoadBalancer}",
        &[
            "warning exposure: a load balancer makes it reachable from everywhere outside of the cluster (`LoadBalancer`)",
        ],
    );
    let pod =
        |app: &str| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p, labels: {{app: {app}}}}}\nspec: {{}}\n");
    let policy = object("networking.k8s.io/v1", "NetworkPolicy", "spec: {podSelector: {matchLabels: {app: a}}}");
    let with = |app: &str| format!("{}---\n{policy}", pod(app));
    check(
        &with("a"),
        &pod("a"),
        &["error exposure: pods that it selected and no other policy does accept all traffic"],
    );
    check(&with("b"), &pod("b"), &[]);
}

#[test]
fn containers_gain_rights() {
    check_pod(
        "securityContext: {runAsNonRoot: true}, containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]",
        "hostPID: true, containers: [{name: c, securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}}]",
        &[
            "error privilege: a pod sees all processes of its node (`hostPID`)",
            "error privilege: container `c` has the capability `SYS_ADMIN`",
            "error privilege: container `c` is root on its node (`privileged`)",
            "warning privilege: container `c` is no longer kept from gaining rights (`allowPrivilegeEscalation`)",
            "warning privilege: container `c` may run as root (`runAsNonRoot` is off)",
        ],
    );
    check_pod(
        "volumes: []",
        "volumes: [{name: h, hostPath: {path: /var/run}}]",
        &["error privilege: volume `h` opens `/var/run` of the node (`hostPath`)"],
    );
    check_pod(
        "containers: [{name: c}]",
        "serviceAccountName: admin, containers: [{name: c}]",
        &["warning privilege: the pods act as service account `admin` instead of `default`"],
    );
}

#[test]
fn the_end_of_a_container_is_no_loss_of_protection() {
    let safe = "securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}";
    check_pod(
        &format!("securityContext: {{runAsNonRoot: true}}, containers: [{{name: c}}, {{name: d, {safe}}}]"),
        "securityContext: {runAsNonRoot: true}, containers: [{name: c}]",
        &[],
    );
    check_pod(
        "securityContext: {runAsNonRoot: true}, containers: [{name: c}]",
        "securityContext: {runAsNonRoot: true}, containers: [{name: c, securityContext: {runAsNonRoot: false}}]",
        &["warning privilege: container `c` may run as root (`runAsNonRoot` is off)"],
    );
}

#[test]
fn roles_gain_rights() {
    let api = "rbac.authorization.k8s.io/v1";
    check_object(
        api,
        "Role",
        "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
        "rules: [{apiGroups: [''], resources: [pods, secrets], verbs: [get]}, {apiGroups: [''], resources: [pods], verbs: ['*']}]",
        &["error privilege: it may do everything with `pods`", "warning privilege: it may read secrets"],
    );
    let keep = object("v1", "Widget", "");
    let binding = "roleRef: {name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: ci, namespace: ops}]";
    check(
        &keep,
        &format!("{keep}---\n{}", object(api, "ClusterRoleBinding", binding)),
        &["error privilege: ServiceAccount `ops/ci` has the rights of `cluster-admin`"],
    );
}

#[test]
fn less_room_to_run() {
    check_object(
        "apps/v1",
        "Deployment",
        "spec: {}",
        "spec: {replicas: 0}",
        &["warning capacity: replicas 1 → 0 (-100%)"],
    );
    check_pod(
        "containers: [{name: c, resources: {limits: {memory: 1Gi}, requests: {cpu: 1}}}]",
        "containers: [{name: c, resources: {limits: {memory: 512Mi}, requests: {cpu: 500m}}}]",
        &[
            "warning capacity: container `c`: memory limit 1Gi → 512Mi",
            "info capacity: container `c`: cpu request 1 → 500m",
        ],
    );
    check_object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "spec: {minReplicas: 2, maxReplicas: 8}",
        "spec: {minReplicas: 2, maxReplicas: 4}",
        &["warning capacity: the autoscaler's maximum 8 → 4 (-50%)"],
    );
}

#[test]
fn a_template_rolls_by_its_strategy() {
    let workload = |kind: &str, spec: &str, image: &str| {
        object(
            "apps/v1",
            kind,
            &format!("spec: {{{spec}template: {{spec: {{containers: [{{name: c, image: '{image}'}}]}}}}}}"),
        )
    };
    for (kind, spec, expected) in [
        ("Deployment", "", Some("the pods of Deployment `x` are replaced")),
        (
            "Deployment",
            "strategy: {type: Recreate}, ",
            Some("all pods of Deployment `x` stop before new ones start (`Recreate`)"),
        ),
        (
            "StatefulSet",
            "updateStrategy: {type: OnDelete}, ",
            Some("StatefulSet `x` takes it up as its pods are deleted (`OnDelete`)"),
        ),
        ("Deployment", "paused: true, ", None),
        ("Deployment", "replicas: 0, ", None),
    ] {
        let set = diff(&workload(kind, spec, "a:1"), &workload(kind, spec, "a:2"));
        assert_eq!(set.entries[0].impacts.first().map(|impact| impact.message.as_str()), expected, "{kind} {spec}");
    }
}
