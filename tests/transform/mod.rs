//! Transformers: what they write, who signed it, and what they say.

mod replacements;
mod tables;

use kollate::compile::transform::{TRANSFORMERS, Transformer};
use kollate::compile::{Build, Session};
use kollate::source::{Cause, FieldPath};

use crate::support::{in_memory, plain};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: main
        image: shop/web:1.0
";

const CONFIG: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: old
data:
  url: http://shop.example:8080/api
  count: \"5\"
";

#[test]
fn transformers_stand_in_the_order_of_kustomize() {
    let fields: Vec<_> = TRANSFORMERS.iter().map(|transformer| transformer.field).collect();
    let wanted = "patchesStrategicMerge patches namespace namePrefix nameSuffix labels commonLabels commonAnnotations \
                  patchesJson6902 replicas images imageTags replacements";
    assert_eq!(fields.join(" "), wanted);
    for kind in ["LabelTransformer", "ImageTagTransformer", "PrefixSuffixTransformer", "ReplicaCountTransformer"] {
        assert_eq!(Transformer::by_kind(kind).map(|transformer| transformer.kind), Some(kind));
    }
    assert!(Transformer::by_kind("Label").is_none());
}

fn build(kustomization: &str, resources: &[&str]) -> (Session, Build) {
    let resources = resources.join("---\n");
    let session = in_memory(&[("/kustomization.yaml", kustomization), ("/r.yaml", &resources)]);
    let build = session.build("/".as_ref());
    (session, build)
}

/// The history of a field, oldest first: cause, place, value.
fn history((session, build): &(Session, Build), name: &str, path: &str) -> Vec<String> {
    assert!(!build.findings.has_errors(), "{}", plain(session.store().map(), &build.findings));
    let resource = build.resources.iter().find(|resource| resource.name() == name).unwrap();
    let node = resource.root.at(&FieldPath::parse(path).unwrap()).unwrap();
    let line = |at| {
        let place = session.store().map().place(at);
        format!("{}:{}:{}", place.file, place.line, place.column)
    };
    let events = node.history().into_iter().map(|event| {
        let cause = match event.by {
            Cause::Read => "read",
            Cause::Transformed(field) => field,
            _ => "other",
        };
        let from = event.from.map(|from| format!(" from {}", line(from.location()))).unwrap_or_default();
        format!("{cause} {} {}{from}", line(event.at), event.node.text().unwrap_or("..."))
    });
    events.collect()
}

fn value(built: &(Session, Build), name: &str, path: &str) -> String {
    history(built, name, path).pop().unwrap().split(' ').nth(2).unwrap_or_default().to_owned()
}

fn findings(kustomization: &str, resources: &[&str]) -> String {
    let (session, build) = build(kustomization, resources);
    plain(session.store().map(), &build.findings)
}

#[test]
fn namespace_is_signed_with_its_value() {
    let built = build("namespace: shop\nresources: [r.yaml]\n", &[DEPLOYMENT, CONFIG]);
    assert_eq!(history(&built, "web", "metadata.namespace"), ["namespace kustomization.yaml:1:12 shop"]);
    assert_eq!(
        history(&built, "settings", "metadata.namespace"),
        ["read r.yaml:17:14 old", "namespace kustomization.yaml:1:12 shop"]
    );
    let settings = built.1.resources.iter().find(|resource| resource.name() == "settings").unwrap();
    assert_eq!(settings.original_id().namespace, "old");
}

#[test]
fn namespace_that_makes_two_resources_one() {
    let other = CONFIG.replace("old", "older");
    assert_eq!(
        findings("resources: [r.yaml]\nnamespace: shop\n", &[CONFIG, &other]),
        "error[build/id-conflict]: `namespace` makes two resources the same: `ConfigMap shop/settings`
  kustomization.yaml:2:12: both are moved here
  r.yaml:4:9: was `ConfigMap old/settings`
  r.yaml:13:9: was `ConfigMap older/settings`
  help: build them in two kustomizations, or rename one
"
    );
}

#[test]
fn subjects_follow_as_the_transformer_says() {
    let binding = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
subjects:
- {kind: ServiceAccount, name: default}
- {kind: ServiceAccount, name: bot, namespace: old}
- {kind: User, name: default}
";
    let namespaces = |settings: &str| {
        let entry = format!(
            "resources: [r.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  metadata: {{name: n, namespace: new}}\n{settings}"
        );
        let built = build(&entry, &[binding]);
        assert!(built.1.findings.is_empty(), "{:?}", built.1.findings);
        let root = &built.1.resources.get(0).unwrap().root;
        let subjects = root.get("subjects").unwrap().as_sequence().unwrap();
        let text =
            |node: &kollate::source::Node| node.get("namespace").and_then(|node| node.text()).unwrap_or("-").to_owned();
        subjects.iter().map(text).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(namespaces(""), "new old new");
    assert_eq!(namespaces("  setRoleBindingSubjects: allServiceAccounts\n"), "new new -");
    assert_eq!(namespaces("  setRoleBindingSubjects: allServiceAccounts\n  unsetOnly: true\n"), "new old -");
    assert_eq!(namespaces("  setRoleBindingSubjects: none\n"), "- old -");
}

#[test]
fn names_keep_what_they_were() {
    let built = build("namePrefix: a-\nnameSuffix: -z\nresources: [r.yaml]\n", &[DEPLOYMENT]);
    assert_eq!(
        history(&built, "a-web-z", "metadata.name"),
        [
            "read r.yaml:4:9 web",
            "namePrefix kustomization.yaml:1:13 a-web",
            "nameSuffix kustomization.yaml:2:13 a-web-z"
        ]
    );
    let web = built.1.resources.get(0).unwrap();
    assert_eq!((web.original_id().name.as_str(), web.previous.len()), ("web", 2));
    assert_eq!((web.prefixes[0].as_str(), web.suffixes[0].as_str()), ("a-", "-z"));
}

#[test]
fn legacy_prefix_and_suffix_at_once() {
    let entry = "resources: [r.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: PrefixSuffixTransformer\n  metadata: {name: n}\n  prefix: a-\n  suffix: -z\n  fieldSpecs: [{path: metadata/name}]\n";
    assert_eq!(value(&build(entry, &[DEPLOYMENT]), "a-web-z", "kind"), "Deployment");
}

#[test]
fn labels_are_signed_one_by_one() {
    let kustomization = "\
resources: [r.yaml]
labels:
- pairs:
    team: red
    tier: front
  includeSelectors: true
commonAnnotations:
  owner: me
";
    let built = build(kustomization, &[DEPLOYMENT]);
    assert_eq!(history(&built, "web", "metadata.labels.team"), ["labels kustomization.yaml:4:11 red"]);
    assert_eq!(history(&built, "web", "spec.selector.matchLabels.tier"), ["labels kustomization.yaml:5:11 front"]);
    assert_eq!(
        history(&built, "web", "spec.template.metadata.annotations.owner"),
        ["commonAnnotations kustomization.yaml:8:10 me"]
    );
}

#[test]
fn labels_meet_what_is_no_mapping() {
    let odd = DEPLOYMENT.replace("  template:\n", "  selector: [a]\n  template:\n");
    assert_eq!(
        findings("resources: [r.yaml]\ncommonLabels: {a: b}\n", &[&odd]),
        "warning[kustomization/deprecated]: `commonLabels` is deprecated
  kustomization.yaml:2:1: `labels` takes its place
  help: `kollate fix` rewrites it
error[build/wrong-kind]: `spec.selector[0]` of `Deployment web` is a single value, and `commonLabels` needs a mapping or a list there
  r.yaml:7:14: this is a single value
  kustomization.yaml:2:19: `commonLabels` asks for it here
  help: correct the resource, or narrow the field spec to the kinds that have the field
"
    );
}

#[test]
fn field_specs_that_contradict_each_other() {
    assert_eq!(
        findings(
            "resources: [r.yaml]\nlabels:\n- pairs: {a: b}\n  fields:\n  - {path: metadata/labels, create: false}\n",
            &[DEPLOYMENT]
        ),
        "error[build/field-spec-conflict]: the field spec `metadata/labels` of `labels` is known already, with `create: true`
  kustomization.yaml:5:5: here it is `create: false`
  help: write `create: true`, or narrow the spec to a kind that has none yet
"
    );
}

#[test]
fn images_are_signed_with_what_is_new() {
    let image = "spec.template.spec.containers[0].image";
    let built = build("resources: [r.yaml]\nimages:\n- name: shop/web\n  newTag: \"2.0\"\n", &[DEPLOYMENT]);
    assert_eq!(
        history(&built, "web", image),
        ["read r.yaml:11:16 shop/web:1.0", "images kustomization.yaml:4:11 shop/web:2.0"],
        "kustomize walks twice, the history tells it once"
    );
    let name = build(
        "resources: [r.yaml]\nimages: [{name: shop/web, newName: mirror/web, digest: sha256:ab}]\n",
        &[DEPLOYMENT],
    );
    assert_eq!(value(&name, "web", image), "mirror/web@sha256:ab");
    let suffix = build("resources: [r.yaml]\nimages: [{name: shop/web, tagSuffix: -x}]\n", &[DEPLOYMENT]);
    assert_eq!(value(&suffix, "web", image), "shop/web:1.0-x-x", "and here the two walks show");
}

#[test]
fn image_that_no_container_has() {
    assert_eq!(
        findings(
            "resources: [r.yaml]\nimages:\n- {name: shop/wep, newTag: a}\n- {name: web, newTag: a}\n",
            &[DEPLOYMENT]
        ),
        "warning[images/no-match]: no container has the image `shop/wep`
  kustomization.yaml:3:10: this entry changes nothing
  help: did you mean `shop/web`?
warning[images/no-match]: no container has the image `web`
  kustomization.yaml:4:10: this entry changes nothing
  help: did you mean `shop/web`?
"
    );
    let found = findings("resources: [r.yaml]\nimages: [{name: '[', newTag: a}]\n", &[DEPLOYMENT]);
    let words = "warning[images/bad-pattern]: `[` is no regular expression: a `[` has no `]`\n";
    assert!(found.starts_with(words), "{found}");
}

#[test]
fn image_in_what_is_no_container() {
    let odd = "apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: x}\nspec: {containers: [a]}\n";
    let found = findings("resources: [r.yaml]\nimages: [{name: shop/web, newTag: a}]\n", &[odd, DEPLOYMENT]);
    assert!(
        found.contains("`spec.containers[0]` of `Foo x` is a single value, and `images` needs a mapping there"),
        "{found}"
    );
}

#[test]
fn replicas_are_signed_with_their_count() {
    let built = build("resources: [r.yaml]\nreplicas:\n- name: web\n  count: 3\n", &[DEPLOYMENT]);
    assert_eq!(history(&built, "web", "spec.replicas"), ["read r.yaml:6:13 1", "replicas kustomization.yaml:4:10 3"]);
}

#[test]
fn replicas_of_what_has_none() {
    assert_eq!(
        findings(
            "resources: [r.yaml]\nreplicas:\n- {name: wep, count: 3}\n- {name: settings, count: 1}\n",
            &[DEPLOYMENT, CONFIG]
        ),
        "error[replicas/no-match]: `replicas` names `wep`, and no resource that has replicas has this name
  kustomization.yaml:3:10: not in this build
  help: did you mean `web`?
error[replicas/no-match]: `replicas` names `settings`, and no resource that has replicas has this name
  kustomization.yaml:4:10: not in this build
  r.yaml:16:9: a ConfigMap has the name
  help: those with replicas are `web`
"
    );
}

#[test]
fn configurations_add_and_narrow() {
    let foo = "apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: x}\nspec: {image: 'shop/web:1'}\n";
    let files = [
        (
            "/kustomization.yaml",
            "resources: [r.yaml]\nconfigurations: [c.yaml]\nimages: [{name: shop/web, newTag: '2'}]\n",
        ),
        ("/c.yaml", "images:\n- {kind: Foo, path: spec/image}\nimage: []\ncommonLabels:\n- {path: metadata/labels}\n"),
        ("/r.yaml", foo),
    ];
    let session = in_memory(&files);
    let build = session.build("/".as_ref());
    assert_eq!(
        plain(session.store().map(), &build.findings),
        "error[build/unknown-field]: `image` is no table of a configuration
  c.yaml:3:1: kustomize refuses the file
  help: did you mean `images`?
error[build/field-spec-conflict]: the field spec `metadata/labels` of `commonLabels` is known already, with `create: true`
  c.yaml:5:3: here it is `create: false`
  help: write `create: true`, or narrow the spec to a kind that has none yet
"
    );
    let root = &build.resources.get(0).unwrap().root;
    assert_eq!(root.dig(&["spec", "image"]).unwrap().text(), Some("shop/web:2"));
}
