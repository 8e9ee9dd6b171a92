//! Real builds of both sides: causes lead to the lines that people write, and generated secrets stay hidden.

use std::path::Path;
use std::sync::Arc;

use kollate::compile::{Build, Options, Session};
use kollate::diff::{ChangeSet, EnvironmentBuild, Mode, Side, between};
use kollate::source::{Memory, SourceMap, Store};

use super::{assert_same, revisions, write};

fn build(map: &Arc<SourceMap>, files: &[(&str, &str)], folder: &str) -> Build {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, *text));
    let session = Session::new(Arc::new(Store::new(Box::new(memory), map.clone(), "/")), Options::default());
    let build = session.build(Path::new(folder));
    assert!(!build.findings.has_errors(), "{:?}", build.findings);
    build
}

fn environment<'a>(name: &'a str, build: &'a Build, map: &'a SourceMap) -> EnvironmentBuild<'a> {
    EnvironmentBuild { name, resources: Some(&build.resources), deleted: &build.deleted, map }
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 6
  template:
    spec:
      containers:
      - name: api
        image: ghcr.io/acme/api:1.4.2
        envFrom:
        - configMapRef: {name: api-env}
        - secretRef: {name: api-secret}
";

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata:
  name: old
";

fn files<'a>(base: &'a str, prod: &'a str, env: &'a str, secret: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("base/kustomization.yaml", base),
        ("base/deployment.yaml", DEPLOYMENT),
        ("base/api.env", env),
        ("base/secret.env", secret),
        ("prod/kustomization.yaml", prod),
        ("base/service.yaml", SERVICE),
    ]
}

const BASE: &str = "resources: [deployment.yaml, service.yaml]
configMapGenerator:
- name: api-env
  envs: [api.env]
secretGenerator:
- name: api-secret
  envs: [secret.env]
  literals: [LITERAL=literal-plain-1]
";

const PROD: &str = "namespace: shop
resources: [../base]
images:
- name: ghcr.io/acme/api
  newTag: 1.4.2
";

fn changed(map: &Arc<SourceMap>) -> ChangeSet {
    let before = build(map, &files(BASE, PROD, "LEVEL=info\n", "word=plain-one-1\n"), "/prod");
    let base = BASE.replace("literal-plain-1", "literal-plain-2").replace(", service.yaml", "");
    let prod = PROD.replace("1.4.2", "1.5.0") + "replicas:\n- name: api\n  count: 4\n";
    let after = build(map, &files(&base, &prod, "LEVEL=debug\n", "word=plain-two-2\n"), "/prod");
    between(&[environment("prod", &before, map)], &[environment("prod", &after, map)], revisions())
}

#[test]
fn causes_are_the_lines_that_people_write() {
    let map = SourceMap::new();
    let set = changed(&map);
    assert_same(
        &write::write(&set, &map),
        r#"
prod: modified Deployment shop/api
  spec.replicas modified 6 → 4 prod/kustomization.yaml:8
    warning capacity: replicas 6 → 4 (-33%)
  spec.template.spec.containers[name=api].envFrom[0].configMapRef.name modified "api-env-*" → "api-env-*" (follows) base/kustomization.yaml:3
    info rollout: the pods of Deployment `api` are replaced
  spec.template.spec.containers[name=api].envFrom[1].secretRef.name modified "api-secret-*" → "api-secret-*" (follows) base/kustomization.yaml:6
    info rollout: the pods of Deployment `api` are replaced
  spec.template.spec.containers[name=api].image modified "ghcr.io/acme/api:1.4.2" → "ghcr.io/acme/api:1.5.0" prod/kustomization.yaml:5
    info rollout: the pods of Deployment `api` are replaced
prod: modified ConfigMap shop/api-env-*
  data.LEVEL modified "info" → "debug" base/api.env:1
  metadata.name modified "api-env-*" → "api-env-*" (follows) base/kustomization.yaml:3
prod: modified Secret shop/api-secret-*
  data.LITERAL modified secret! → secret! base/kustomization.yaml:8
  data.word modified secret! → secret! base/secret.env:1
  metadata.name modified "api-secret-*" → "api-secret-*" (follows) base/kustomization.yaml:6
prod: removed Service shop/old
  . removed {apiVersion: "v1", kind: "Service", metadata: {name: "old", namespace: "shop"}} → - base/service.yaml:1
"#,
    );
}

#[test]
fn generated_secrets_stay_hidden() {
    let map = SourceMap::new();
    let shown = format!("{:?}", changed(&map));
    for plain in ["plain-one", "plain-two", "literal-plain", "cGxhaW4t", "bGl0ZXJhbC1wbGFpbi"] {
        assert!(!shown.contains(plain), "`{plain}` is in {shown}");
    }
    let hash = shown.split("api-secret-").skip(1).find(|rest| !rest.starts_with('*'));
    assert_eq!(hash, None, "a hash of a Secret's content is shown");
}

#[test]
fn values_that_replacements_copy_from_a_secret_stay_hidden() {
    for field in ["word", "LITERAL"] {
        check_copy(field);
    }
}

#[track_caller]
fn check_copy(field: &str) {
    let base = |copy: bool| {
        let replacement = "replacements:
- source: {kind: Secret, name: api-secret, fieldPath: data.FIELD}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [metadata.annotations.copy]
    options: {create: true}
";
        let base = BASE.replace("literal-plain-1", "ab");
        if copy { base + &replacement.replace("FIELD", field) } else { base }
    };
    let map = SourceMap::new();
    // Short, so that only its origin tells that it is a secret.
    let before = build(&map, &files(&base(false), PROD, "A=b\n", "word=ab\n"), "/prod");
    let after = build(&map, &files(&base(true), PROD, "A=b\n", "word=ab\n"), "/prod");
    let set = between(&[environment("prod", &before, &map)], &[environment("prod", &after, &map)], revisions());
    let shown = format!("{set:?}");
    assert!(!set.is_empty() && !shown.contains("YWI="), "{shown}");
}

#[test]
fn staging_and_prod_differ_in_what_they_mean_to() {
    let map = SourceMap::new();
    let overlay = |env: &str, replicas: u32| {
        format!(
            "namespace: shop-{env}\nnamePrefix: {env}-\nresources: [../base]\nreplicas:\n- name: api\n  count: {replicas}\n"
        )
    };
    let (staging, prod) = (overlay("staging", 1), overlay("prod", 3));
    let mut all = files(BASE, &prod, "LEVEL=info\n", "word=ab\n");
    all.push(("staging/kustomization.yaml", &staging));
    let (from, to) = (build(&map, &all, "/staging"), build(&map, &all, "/prod"));
    let mode = Mode::Across { from: Side::new("staging"), to: Side::new("prod") };
    let set = between(&[environment("staging", &from, &map)], &[environment("prod", &to, &map)], mode);
    assert_same(
        &write::write(&set, &map),
        r#"
: modified Deployment shop-prod/prod-api
  spec.replicas modified 1 → 3 prod/kustomization.yaml:6
    info capacity: replicas 1 → 3 (+200%)
  spec.template.spec.containers[name=api].envFrom[0].configMapRef.name modified "staging-api-env-*" → "prod-api-env-*" (follows) base/kustomization.yaml:3
  spec.template.spec.containers[name=api].envFrom[1].secretRef.name modified "staging-api-secret-*" → "prod-api-secret-*" (follows) base/kustomization.yaml:6
"#,
    );
}

#[test]
fn what_a_patch_removes_is_blamed_on_the_patch() {
    let map = SourceMap::new();
    let patch = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: null
  template:
    spec:
      containers:
      - name: api
        command: [run]
---
apiVersion: v1
kind: Service
metadata:
  name: old
$patch: delete
";
    let before = build(&map, &files(BASE, PROD, "A=b\n", "word=ab\n"), "/prod");
    let prod = format!("{PROD}patches:\n- path: patch.yaml\n");
    let mut with_patch = files(BASE, &prod, "A=b\n", "word=ab\n");
    with_patch.push(("prod/patch.yaml", patch));
    let after = build(&map, &with_patch, "/prod");
    let set = between(&[environment("prod", &before, &map)], &[environment("prod", &after, &map)], revisions());
    assert_same(
        &write::write(&set, &map),
        r#"
prod: modified Deployment shop/api
  spec.replicas removed 6 → - prod/patch.yaml:6
    warning capacity: replicas 6 → 1 (-83%)
  spec.template.spec.containers[name=api].command added - → ["run"] prod/patch.yaml:11
    info rollout: the pods of Deployment `api` are replaced
prod: removed Service shop/old
  . removed {apiVersion: "v1", kind: "Service", metadata: {name: "old", namespace: "shop"}} → - prod/patch.yaml:17
"#,
    );
}
