//! Replacements: what is copied, where from, and what is said of those that miss.

use super::{CONFIG, DEPLOYMENT, build, findings, history};
use std::path::Path;

use kollate::compile::{Compat, Options};

use crate::support::{in_memory, in_memory_with, printed};

fn replacement(source: &str, target: &str) -> String {
    format!(
        "resources: [r.yaml]\nreplacements:\n- source: {{kind: ConfigMap, name: settings{source}}}\n  targets:\n  - select: {{kind: Deployment}}\n    {target}\n"
    )
}

#[test]
fn replacements_name_target_and_source() {
    let entry = replacement(
        ", fieldPath: data.url, options: {delimiter: '/', index: 2}",
        "fieldPaths: ['spec.template.spec.containers.[name=main].image']",
    );
    let built = build(&entry, &[DEPLOYMENT, CONFIG]);
    assert_eq!(
        history(&built, "web", "spec.template.spec.containers[0].image"),
        ["read r.yaml:11:16 shop/web:1.0", "replacements kustomization.yaml:6:18 shop.example:8080 from r.yaml:19:8"]
    );
}

#[test]
fn replacements_keep_the_type_of_the_field() {
    let count = replacement(", fieldPath: data.count", "fieldPaths: [spec.replicas]");
    let (session, build) = build(&count, &[DEPLOYMENT, CONFIG]);
    assert!(printed(&session, &build).unwrap().contains("  replicas: 5\n"));
    let url = replacement(", fieldPath: data.url", "fieldPaths: [spec.replicas]");
    assert_eq!(
        findings(&url, &[DEPLOYMENT, CONFIG]),
        "error[replacements/unfit-value]: `spec.replicas` of `Deployment web` is a whole number, and `http://shop.example:8080/api` is not
  kustomization.yaml:6:18: the value does not fit
  r.yaml:6:13: this field
  help: write the field in quotes, or copy a value of its type
"
    );
}

#[test]
fn replacements_make_fields() {
    let target = "{fieldPaths: ['spec.template.spec.containers.[name=new].args.0'], options: {create: true}, select: {kind: Deployment}}";
    let entry = format!(
        "resources: [r.yaml]\nreplacements:\n- source: {{kind: ConfigMap, fieldPath: data.count}}\n  targets: [{target}]\n"
    );
    let (session, build) = build(&entry, &[DEPLOYMENT, CONFIG]);
    let out = printed(&session, &build).unwrap();
    assert!(out.contains("      - args:\n        - 5\n        name: new\n"), "{out}");
}

#[test]
fn replacements_that_miss() {
    let resources = [DEPLOYMENT, CONFIG];
    let missing = replacement(", fieldPath: data.url", "fieldPaths: [spec.replica]");
    assert_eq!(
        findings(&missing, &resources),
        "error[replacements/missing-field]: `Deployment web` has no `spec.replica`
  kustomization.yaml:6:18: no such field
  r.yaml:4:9: in this resource
  help: did you mean `replicas`?
"
    );
    let source = replacement(", fieldPath: data.uri", "fieldPaths: [spec.replicas]");
    assert_eq!(
        findings(&source, &resources),
        "error[replacements/source-field]: `ConfigMap old/settings` has no value at `data.uri`
  kustomization.yaml:3:56: nothing to copy
  r.yaml:16:9: in this resource
  help: did you mean `url`?
"
    );
    let none = missing.replace("name: settings", "name: setings");
    assert_eq!(
        findings(&none, &resources),
        "error[replacements/source]: there is no `ConfigMap setings` to take a value from
  kustomization.yaml:3:11: selects nothing
  help: did you mean `settings`?
"
    );
    let nobody = missing.replace("{kind: Deployment}", "{kind: Deployment, name: wep}");
    assert_eq!(
        findings(&nobody, &resources),
        "warning[replacements/no-match]: no `Deployment wep` is selected as a target
  kustomization.yaml:5:13: this target changes nothing
  help: did you mean `web`?
"
    );
}

#[test]
fn replacements_in_files_and_in_texts() {
    let rows = "\
- source: {kind: Deployment, fieldPath: spec.replicas}
  targets:
  - select: {kind: ConfigMap}
    fieldPaths: [data.app\\.yaml.server.size, data.app\\.json.size]
";
    let config = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  app.yaml: |
    server: # kept
      size: 7
  app.json: '{\"size\": 7, \"a\": \"<\"}'
";
    let files = [
        ("/kustomization.yaml", "resources: [r.yaml]\nreplacements: [{path: rows.yaml}]\n"),
        ("/rows.yaml", rows),
        ("/r.yaml", &format!("{DEPLOYMENT}---\n{config}")),
    ];
    let session = in_memory(&files);
    let built = (session.build("/".as_ref()), session);
    let built = (built.1, built.0);
    let yaml = built.1.resources.iter().find(|r| r.name() == "c").unwrap();
    let text = |key: &str| yaml.root.get("data").unwrap().get(key).unwrap().text().unwrap().to_owned();
    assert_eq!(text("app.yaml"), "server: # kept\n  size: 1", "{:?}", built.1.findings);
    assert_eq!(text("app.json"), r#"{"a":"\u003c","size":1}"#);
    let history = history(&built, "c", "data[app.json]");
    assert!(
        history[1].starts_with("replacements rows.yaml:4:46 ") && history[1].ends_with(" from r.yaml:6:13"),
        "{history:?}"
    );
}

#[test]
fn older_replacements_take_resources_outside_of_namespaces_for_those_in_default() {
    let classes = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\n";
    let target =
        "select: {namespace: default}\n    fieldPaths: [metadata.annotations.count]\n    options: {create: true}";
    let entry = format!(
        "resources: [r.yaml]\nreplacements:\n- source: {{kind: ConfigMap, fieldPath: data.count}}\n  targets:\n  - {target}\n"
    );
    let files = [("/kustomization.yaml", entry.as_str()), ("/r.yaml", &format!("{classes}---\n{CONFIG}"))];
    let session = in_memory_with(&files, Options { compat: Compat::V5_5, ..Options::default() });
    let out = printed(&session, &session.build(Path::new("/"))).unwrap();
    assert!(out.contains("  annotations:\n    count: \"5\"\n  name: fast\n"), "{out}");
}
