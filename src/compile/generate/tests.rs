//! Generators on whole kustomizations in memory.

use crate::compile::trial::{Run, kustomization, run};
use crate::source::Cause;

#[test]
fn a_config_map_of_literals_files_and_envs() {
    let found = run(&[
        (
            "kustomization.yaml",
            b"configMapGenerator:
- name: c
  namespace: ns
  literals: [a=1, \"b='two words'\", c=x=y, 'd= z', e=]
  files: [conf/app.ini, other=conf/app.ini, conf/raw.bin]
  envs: [app.env]
  env: one.env
  options:
    disableNameSuffixHash: true
    immutable: true
    labels: {l: own}
generatorOptions:
  labels: {l: all, m: all}
  annotations: {a: yes it is}
",
        ),
        ("conf/app.ini", b"[x]\na = 1\n"),
        ("conf/raw.bin", &[0xff, 0, 1]),
        ("app.env", b"# comment\nENV=1\n"),
        ("one.env", b"ONE=1"),
    ]);
    let want = "apiVersion: v1
binaryData:
  raw.bin: /wAB
data:
  ENV: \"1\"
  ONE: \"1\"
  a: \"1\"
  app.ini: |
    [x]
    a = 1
  b: two words
  c: x=y
  d: ' z'
  e: \"\"
  other: |
    [x]
    a = 1
immutable: true
kind: ConfigMap
metadata:
  annotations:
    a: yes it is
  labels:
    l: own
    m: all
  name: c
  namespace: ns
";
    assert_eq!(found.printed(), want);
}

#[test]
fn every_value_knows_its_place() {
    let found = run(&[
        (
            "kustomization.yaml",
            b"configMapGenerator:
- name: c
  literals:
  - a=1
  - \"b='two words'\"
  - 'd==='
  files:
  - app.ini
  envs:
  - app.env
  options:
    labels:
      l: own
",
        ),
        ("app.ini", b"text\n"),
        ("app.env", b"A=1\n  LONG=some value \n"),
    ]);
    assert_eq!(found.place("data.a"), "kustomization.yaml:4:7 1");
    assert_eq!(found.place("data.b"), "kustomization.yaml:5:9 two words");
    assert_eq!(found.place("data.LONG"), "app.env:2:8 some value ");
    assert_eq!(found.place("data[app.ini]"), "app.ini:1:1 text\n");
    assert_eq!(found.place("metadata.labels.l"), "kustomization.yaml:13:10 own");
    let first = found.node("metadata.name").history()[0].node;
    assert_eq!(found.place_of(first), "kustomization.yaml:2:9 c");
    assert_eq!(found.node("data.a").origin().map(|origin| origin.by), Some(Cause::Generated("configMapGenerator")));
}

#[test]
fn a_secret_is_base64_and_has_data_even_if_empty() {
    let found = run(&[
        (
            "kustomization.yaml",
            b"secretGenerator:
- name: a
  type: t
  literals: [k=v]
  files: [long]
- name: b
generatorOptions: {disableNameSuffixHash: yes}
",
        ),
        ("long", &[b'x'; 60]),
    ]);
    let want = "apiVersion: v1
data:
  k: dg==
  long: |
    eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH
    h4eHh4eHh4
kind: Secret
metadata:
  name: a
type: t
---
apiVersion: v1
data: {}
kind: Secret
metadata:
  name: b
type: Opaque
";
    assert_eq!(found.printed(), want);
    assert_eq!(found.place("data.k"), "kustomization.yaml:4:16 v");
}

#[test]
fn names_end_in_a_hash_of_the_content() {
    let found = kustomization("configMapGenerator:\n- {name: c, literals: [a=1]}\nsecretGenerator:\n- name: s\n");
    let names: Vec<_> = found.build.resources.iter().map(|it| it.name().to_owned()).collect();
    assert_eq!(names, ["c-h29d89cmmt", "s-46f8b28mk5"]);
    let name = found.node("metadata.name");
    let steps: Vec<_> = name.history().iter().map(|event| event.by).collect();
    assert_eq!(steps, [Cause::Generated("configMapGenerator"), Cause::Linked("hash suffix")]);
}

fn over_base(overlay: &str) -> Run {
    run(&[
        (
            "base/kustomization.yaml",
            b"configMapGenerator:
- name: c
  literals: [a=1, z=9]
  options:
    immutable: true
    labels: {l: base, k: base}
",
        ),
        ("kustomization.yaml", format!("resources: [base]\n{overlay}").as_bytes()),
    ])
}

#[test]
fn merge_lays_data_over_and_keeps_history() {
    let found = over_base(
        "configMapGenerator:
- name: c
  behavior: merge
  literals: [a=2, b=3]
  options: {labels: {l: over}, disableNameSuffixHash: true}
",
    );
    let want = "apiVersion: v1
data:
  a: \"2\"
  b: \"3\"
  z: \"9\"
kind: ConfigMap
metadata:
  labels:
    k: base
    l: over
  name: c
";
    assert_eq!(found.printed(), want);
    let history = found.node("data.a").history();
    let places: Vec<_> = history.iter().map(|event| found.place_of(event.node)).collect();
    assert_eq!(places, ["base/kustomization.yaml:3:16 1", "kustomization.yaml:5:16 2"]);
    let root = &found.build.resources.get(0).expect("one resource").root;
    let removed: Vec<_> = root.as_mapping().expect("a mapping").removed().iter().map(|it| it.key.as_str()).collect();
    assert_eq!(removed, ["immutable"], "it is of the old object, whose place the new one takes");
}

#[test]
fn replace_keeps_name_and_labels_only() {
    let found = over_base("configMapGenerator:\n- {name: c, behavior: replace, literals: [b=3]}\n");
    let want = "apiVersion: v1
data:
  b: \"3\"
kind: ConfigMap
metadata:
  labels:
    k: base
    l: base
";
    assert!(found.printed().starts_with(want), "{}", found.printed());
}

#[test]
fn merge_into_a_resource_of_a_file_adds_no_hash_and_makes_strings() {
    let found = run(&[
        (
            "kustomization.yaml",
            b"resources: [c.yaml]\nconfigMapGenerator:\n- {name: c, behavior: merge, literals: [a=2]}\n",
        ),
        ("c.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {l: null, i: 1}}\ndata: {num: 0x1F, e: null}\n"),
    ]);
    let want = "apiVersion: v1
data:
  a: \"2\"
  e: \"\"
  num: \"0x1F\"
kind: ConfigMap
metadata:
  labels:
    i: \"1\"
    l: \"null\"
  name: c
";
    assert_eq!(found.printed(), want);
}

#[test]
fn nothing_to_merge_into() {
    let found = over_base(
        "configMapGenerator:\n- {name: missing, behavior: merge}\nsecretGenerator:\n- {name: c, behavior: replace}\n",
    );
    let want = "generator/merge-target-missing: there is no `ConfigMap missing` to merge
  kustomization.yaml:3:10: no ConfigMap of this name so far
  help: remove `behavior` to create it, or name one of `c`
generator/merge-target-missing: there is no `Secret c` to replace
  kustomization.yaml:5:10: no Secret of this name so far
  help: remove `behavior` to create it, or list the base that has it under `resources`
";
    assert_eq!(found.said(), want);
}

#[test]
fn near_names_and_other_namespaces_are_pointed_out() {
    let base = "configMapGenerator:\n- {name: settings}\n- {name: other, namespace: ns}\n";
    let over = "resources: [base]\nconfigMapGenerator:\n- {name: setings, behavior: merge}\n- {name: other, behavior: merge}\n";
    let found = run(&[("base/kustomization.yaml", base.as_bytes()), ("kustomization.yaml", over.as_bytes())]);
    let want = "generator/merge-target-missing: there is no `ConfigMap setings` to merge
  kustomization.yaml:3:10: no ConfigMap of this name so far
  help: did you mean `settings`?
generator/merge-target-missing: there is no `ConfigMap other` to merge
  kustomization.yaml:4:10: no ConfigMap of this name so far
  base/kustomization.yaml:3:10: a ConfigMap of this name is in namespace `ns`
  help: add `namespace: ns` to the generator
";
    assert_eq!(found.said(), want);
}

#[test]
fn create_of_what_exists() {
    let found = over_base("configMapGenerator:\n- {name: c}\n- {name: c, behavior: marge}\n");
    let want = "generator/already-exists: `ConfigMap c` exists already
  kustomization.yaml:3:10: made a second time here
  base/kustomization.yaml:2:9: it comes from here
  help: choose another name, or write `behavior: merge` or `behavior: replace`
generator/unknown-behavior: `marge` is not a behavior
  kustomization.yaml:4:23: taken for `create`
  help: did you mean `merge`?
generator/already-exists: `ConfigMap c` exists already
  kustomization.yaml:4:10: made a second time here
  base/kustomization.yaml:2:9: it comes from here
  help: choose another name, or write `behavior: merge` or `behavior: replace`
";
    assert_eq!(found.said(), want);
}

#[test]
fn mistakes_in_sources() {
    let found = run(&[
        (
            "kustomization.yaml",
            b"configMapGenerator:
- literals: [a=1]
- name: c
  literals: [noeq, =v, a=1, a=2]
  files: [k=, gone.txt]
  envs: [bad.env, odd.env]
",
        ),
        ("bad.env", &[b'A', b'=', 0xff]),
        ("odd.env", b"=x\nB=1\n"),
    ]);
    let want = "generator/missing-name: a ConfigMap must have a name
  kustomization.yaml:2:3: no `name` here
  help: give the entry a `name`
generator/env-not-utf8: the env file `bad.env` is not UTF-8 text
  kustomization.yaml:6:10: this file is not UTF-8
  help: save it as UTF-8; binary values belong into `files`
generator/env-line: this line has no key and is passed over
  odd.env:1:1: nothing before the `=`
  help: write `KEY=value`, or begin the line with `#`
generator/literal: `noeq` is not of the form `key=value`
  kustomization.yaml:4:14: no `=`
  help: write `key=value`; for a file use `files`
generator/literal: `=v` is not of the form `key=value`
  kustomization.yaml:4:20: no key before the `=`
  help: write `key=value`; for a file use `files`
generator/file-source: there is no path for the key `k` in `k=`
  kustomization.yaml:5:11: neither `path` nor `key=path`
  help: write the file's path, or `key=path` to choose the key; neither may hold a `=`
build/missing-file: `gone.txt` does not exist
  kustomization.yaml:5:15: no such file
  help: create `gone.txt` or remove this entry
generator/duplicate-key: the key `a` stands twice in this ConfigMap
  kustomization.yaml:4:29: the second time
  kustomization.yaml:4:24: the first time
  help: rename one of them or remove it
";
    assert_eq!(found.said(), want);
}

#[test]
fn what_is_meant_for_a_secret_is_not_repeated() {
    let found = kustomization("secretGenerator:\n- {name: s, literals: [hunter2]}\n");
    let want = "generator/literal: this literal is not of the form `key=value`
  kustomization.yaml:2:24: no `=`
  help: write `key=value`; for a file use `files`
";
    assert_eq!(found.said(), want);
}

#[test]
fn configuration_objects_generate_too() {
    let found = run(&[
        ("kustomization.yaml", b"generators: [g.yaml]\ngeneratorOptions: {labels: {not: here}}\n"),
        (
            "g.yaml",
            b"apiVersion: builtin
kind: ConfigMapGenerator
metadata: {name: c, namespace: ns}
Literals: [a=1]
options: {disableNameSuffixHash: true}
---
apiVersion: builtin
kind: IAMPolicyGenerator
metadata: {name: g}
cloud: gke
kubernetesService: {name: sa}
serviceAccount: {name: gsa, projectId: p}
",
        ),
    ]);
    let want = "apiVersion: v1
kind: ServiceAccount
metadata:
  annotations:
    iam.gke.io/gcp-service-account: gsa@p.iam.gserviceaccount.com
  name: sa
---
apiVersion: v1
data:
  a: \"1\"
kind: ConfigMap
metadata:
  name: c
  namespace: ns
";
    assert_eq!(found.printed(), want);
}
