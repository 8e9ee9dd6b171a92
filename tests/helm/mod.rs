//! `helmCharts` with a stand-in for `helm` that records what it is asked, beside kubectl and kustomize with the same
//! stand-in.

mod stand_in;

use std::path::Path;
use std::process::Command;

use kollate::compile::{Compat, Helm, Options};
use kollate::source::Cause;

use crate::support::{in_memory_with, on_disk, plain, printed};
pub use stand_in::Tree;
use stand_in::{RENDERED, check_like, check_same, kustomize, named, prepare, take_record};

const CHART: (&str, &str) =
    ("app/charts/web/values.yaml", "# defaults\nreplicas: 1\nimage:\n  tag: v1\n  pull: null\n");

#[test]
fn a_local_chart() {
    let kustomization = "namePrefix: x-\nhelmCharts:\n- name: web\n  releaseName: shop\n  namespace: prod\n";
    let (record, output) = check_same("local", &[("app/kustomization.yaml", kustomization), CHART], RENDERED, &[]);
    assert_eq!(
        record,
        "[version] [--short] \n\
         [template] [shop] [<tree>/app/charts/web] [--namespace] [prod] [-f] [<temporary>/web-kustomize-values.yaml] \n\
         config=<temporary>/helm cache=<temporary>/helm/.cache data=<temporary>/helm/.data\n\
         values:\n# defaults\nreplicas: 1\nimage:\n  tag: v1\n  pull: null\n"
    );
    assert!(output.contains("name: x-web\n"), "{output}");
}

#[test]
fn charts_are_told_the_namespace_and_keep_their_own() {
    let rendered = "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a, name: web}\n";
    let tree = |base| {
        [
            ("app/kustomization.yaml", "namespace: prod\nresources: [../base, extra.yaml]\n"),
            ("app/extra.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: extra}}\n"),
            ("base/kustomization.yaml", base),
            ("base/charts/web/values.yaml", "a: 1\n"),
        ]
    };
    let silent = tree("helmCharts:\n- name: web\n");
    let (record, output) = check_same("namespace", &silent, rendered, &[]);
    assert!(record.contains(" [--namespace] [prod] "), "{record}");
    assert!(output.ends_with("metadata:\n  generateName: a\n  name: web\n"), "{output}");
    let (record, output) = check_like(Compat::V5_5, "namespace", &silent, rendered, &[]);
    assert!(!record.contains("--namespace"), "{record}");
    assert!(output.ends_with("  name: web\n  namespace: prod\n"), "{output}");
    let (record, _) = check_same("own", &tree("helmCharts:\n- name: web\n  namespace: own\n"), rendered, &[]);
    assert!(record.contains(" [--namespace] [own] "), "{record}");
}

#[test]
fn every_argument() {
    let kustomization = "
helmGlobals:
  chartHome: shelf
  configHome: /nowhere/of/helm
helmCharts:
- name: web
  releaseName: shop
  namespace: prod
  nameTemplate: '{{ .Chart.Name }}'
  valuesFile: own.yaml
  additionalValuesFiles: [more/a.yaml, more/b.yaml]
  apiVersions: [apps/v1, batch/v1]
  kubeVersion: '1.31'
  includeCRDs: true
  skipHooks: true
  skipTests: true
  debug: true
";
    let files = [
        ("app/kustomization.yaml", kustomization),
        ("app/shelf/web/values.yaml", "a: 1\n"),
        ("app/own.yaml", "b: 2"),
        ("app/more/a.yaml", "c: 3\n"),
        ("app/more/b.yaml", "d: 4\n"),
    ];
    let flags = ["--helm-api-versions=policy/v1", "--helm-kube-version=1.20"];
    let (record, _) = check_same("arguments", &files, RENDERED, &flags);
    let template = record.lines().nth(1).unwrap();
    assert_eq!(
        template,
        "[template] [shop] [<tree>/app/shelf/web] [--namespace] [prod] [--name-template] [{{ .Chart.Name }}] \
         [-f] [<temporary>/web-kustomize-values.yaml] [-f] [<tree>/app/more/a.yaml] [-f] [<tree>/app/more/b.yaml] \
         [--api-versions] [apps/v1] [--api-versions] [batch/v1] [--kube-version] [1.31] [--include-crds] \
         [--skip-tests] [--no-hooks] [--debug] "
    );
}

#[test]
fn flags_fill_what_the_entry_leaves_open() {
    let files = [("app/kustomization.yaml", "helmCharts:\n- name: web\n"), CHART];
    let flags = ["--helm-api-versions=a/v1", "--helm-api-versions=b/v1", "--helm-kube-version=1.30", "--helm-debug"];
    let (record, _) = check_same("flags", &files, RENDERED, &flags);
    let end = "[--api-versions] [a/v1] [--api-versions] [b/v1] [--kube-version] [1.30] [--debug] ";
    assert!(record.lines().nth(1).unwrap().ends_with(end), "{record}");
    assert!(record.contains("[template] [--generate-name] "), "{record}");
}

#[test]
fn values_meet() {
    let inline = "
    image: {tag: v2, pull: Always}
    list: [{name: a}]
    offered: yes
    when: 2020-01-01
    big: 1000000
    half: 1.50
    text: \"yes\"
    gone: null
    deep: {er: {still: on}}
    octal: 0123
";
    let chart = "image: {tag: v1, pull: null, digest: abc}\nlist: [{name: b}, {name: c}]\ngone: here\nonly: x\ndeep: {er: {more: 1}}\n";
    for merge in ["override", "merge", "replace"] {
        let kustomization = format!("helmCharts:\n- name: web\n  valuesMerge: {merge}\n  valuesInline:{inline}");
        let files = [("app/kustomization.yaml", kustomization.as_str()), ("app/charts/web/values.yaml", chart)];
        let (record, _) = check_same(&format!("values-{merge}"), &files, RENDERED, &[]);
        let tag = if merge == "merge" { "  tag: v1\n" } else { "  tag: v2\n" };
        assert!(record.contains(tag), "{record}");
        assert_eq!(record.contains("digest: abc"), merge != "replace", "{record}");
    }
}

#[test]
fn a_chart_that_is_not_there_is_pulled() {
    for (name, repo, version) in
        [("pull", "https://charts.example.com", "1.2.3"), ("oci", "oci://registry.example.com/charts/", "2.0.0")]
    {
        let kustomization = format!("helmCharts:\n- name: web\n  repo: {repo}\n  version: {version}\n");
        let (record, _) = check_same(name, &[("app/kustomization.yaml", &kustomization)], RENDERED, &[]);
        assert!(
            record.contains(&format!("[pull] [--untar] [--untardir] [<tree>/app/charts/web-{version}] ")),
            "{record}"
        );
        assert!(record.contains("values:\npulled: true\n"), "{record}");
    }
    let unversioned = "helmCharts:\n- name: web\n  repo: https://charts.example.com\n";
    let (record, _) = check_same("pull-newest", &[("app/kustomization.yaml", unversioned)], RENDERED, &[]);
    assert!(record.contains("[<tree>/app/charts] [--repo] [https://charts.example.com] [web] \n"), "{record}");
}

#[test]
fn the_deprecated_list_and_a_configuration_object() {
    let old = "
helmChartInflationGenerator:
- chartName: web
  chartVersion: 1.2.3
  chartRepoUrl: https://charts.example.com
  chartHome: first
  releaseName: shop
  releaseNamespace: unused
  values: own.yaml
  valuesLocal: {a: 2}
  extraArgs: [--unused]
- chartName: web
  chartHome: second
  valuesMerge: merge
  valuesLocal: {a: 3, b: 1}
";
    let files = [("app/kustomization.yaml", old), ("app/own.yaml", "a: 1\n"), ("app/second/web/values.yaml", "a: 0\n")];
    check_same("deprecated", &files, RENDERED, &[]);
    let config = "
apiVersion: builtin
kind: HelmChartInflationGenerator
metadata: {name: any}
name: web
chartHome: shelf
releaseName: shop
valuesInline: {a: 2}
";
    let files = [
        ("app/kustomization.yaml", "generators: [chart.yaml]\n"),
        ("app/chart.yaml", config),
        ("app/shelf/web/values.yaml", "a: 1\n"),
    ];
    let (record, _) = check_same("object", &files, RENDERED, &[]);
    assert!(record.contains("values:\na: 2\n"), "{record}");
}

#[test]
fn what_helm_prints_is_read_as_kustomize_reads_it() {
    let files = [("app/kustomization.yaml", "helmCharts:\n- name: web\n"), CHART];
    let talk = format!("Pulled from somewhere\n{RENDERED}");
    let list = "kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
    let twice = format!("{RENDERED}{RENDERED}");
    let nameless = "apiVersion: v1\nkind: ConfigMap\n";
    for (name, rendered) in [
        ("talk", talk.as_str()),
        ("empty", ""),
        ("list", list),
        ("twice", &twice),
        ("nameless", nameless),
        ("no-yaml", "a: b: c\n"),
    ] {
        check_same(name, &files, rendered, &[]);
    }
}

#[test]
fn what_a_chart_makes_comes_from_its_entry() {
    let files = [("app/kustomization.yaml", "# charts\nhelmCharts:\n- name: web\n"), CHART];
    let (tree, helm) = prepare("origin", &files, RENDERED);
    let session = on_disk(&tree.0, Options { helm: Some(helm), ..Options::default() });
    let build = session.build(&tree.0.join("app"));
    let node = build.resources.get(0).unwrap().root.dig(&["data", "a"]).unwrap();
    let event = &node.history()[0];
    let place = session.store().map().place(event.at);
    assert_eq!((place.file.as_str(), place.line), ("app/kustomization.yaml", 3));
    assert_eq!(event.by, Cause::Generated("helmCharts"));
    let values = tree.0.join("app/charts/web/values.yaml");
    assert!(build.reads.contains(&values));
    // So that a change of the chart affects the environment, whether the flag is given or not.
    let refused = on_disk(&tree.0, Options::default()).build(&tree.0.join("app"));
    assert!(refused.reads.contains(&values) && refused.findings.has_errors());
}

#[track_caller]
fn check_findings(name: &str, kustomization: &str, helm: impl FnOnce(&Tree, Helm) -> Option<Helm>, expected: &str) {
    let (tree, program) = prepare(name, &[("app/kustomization.yaml", kustomization), CHART], RENDERED);
    let helm = helm(&tree, program);
    let session = on_disk(&tree.0, Options { helm, ..Options::default() });
    let build = session.build(&tree.0.join("app"));
    assert_eq!(named(&plain(session.store().map(), &build.findings), &tree), expected);
}

#[test]
fn mistakes_and_refusals() {
    let entry = "helmCharts:\n- name: web\n";
    let off = "error[build/helm]: the chart `web` needs the `helm` program
  app/kustomization.yaml:2:3: kollate starts no other program unless you allow it
  help: allow it with `--enable-helm`, or render the chart into a file (`helm template`) and list the file under `resources:`
";
    check_findings("off", entry, |_, _| None, off);
    let absent = "error[build/helm]: `no-such-helm version` did not work: there is no such program
  app/kustomization.yaml:2:9: \n  help: install helm 3, or name it with `--helm-command`\n";
    check_findings("absent", entry, |_, _| Some(Helm { command: "no-such-helm".into(), ..Helm::default() }), absent);
    let failing = "#!/bin/sh\n[ $1 = version ] && echo v3.1.2 && exit\necho \"no $HELM_CONFIG_HOME\" >&2\nexit 3\n";
    let own = |text: &'static str| {
        move |tree: &Tree, helm: Helm| {
            tree.program("bin/helm", text);
            Some(helm)
        }
    };
    let failed = "error[build/helm]: `helm template` failed for the chart `web`
  app/kustomization.yaml:2:9: \n  note: no <temporary folder>/helm
  help: mend the chart, its values or this entry; `--helm-debug` makes helm say more\n";
    check_findings("fails", entry, own(failing), failed);
    let newer = "error[build/helm]: `<tree>/bin/helm` is helm 5, and helm 3 or 4 is needed
  app/kustomization.yaml:2:9: \n  help: install helm 3, or name it with `--helm-command`\n";
    check_findings("newer", entry, own("#!/bin/sh\necho v5.0.1\n"), newer);
    let missing = "error[build/helm]: there is no chart `wep`
  app/kustomization.yaml:2:9: no folder `wep` in `app/charts`\n  help: did you mean `charts/web`?\n";
    check_findings("missing", "helmCharts:\n- name: wep\n", |_, helm| Some(helm), missing);
    let merge = "error[build/helm]: `overide` is no way to merge values
  app/kustomization.yaml:3:16: \n  help: did you mean `override`?\n";
    check_findings("merge", "helmCharts:\n- name: web\n  valuesMerge: overide\n", |_, helm| Some(helm), merge);
    let option = "error[build/helm]: the name of a chart or release cannot begin with `-`
  app/kustomization.yaml:3:16: \n  help: choose another name\n";
    let wicked = "helmCharts:\n- name: web\n  releaseName: --post-renderer=./evil\n";
    check_findings("option", wicked, |_, helm| Some(helm), option);
    let path = "error[build/helm]: `../../web` is a path and not the name of a chart
  app/kustomization.yaml:2:9: \n  help: write the name of the chart's folder, and the folder around it as `chartHome` below `helmGlobals`\n";
    check_findings("path", "helmCharts:\n- name: ../../web\n", |_, helm| Some(helm), path);
}

#[test]
fn a_tree_that_is_not_on_disk_is_given_to_helm_as_a_copy() {
    let (tree, helm) = prepare("copy", &[], RENDERED);
    let files = [
        ("app/kustomization.yaml", "helmCharts:\n- name: web\n  additionalValuesFiles: [more.yaml]\n"),
        ("app/charts/web/values.yaml", "from: memory\n"),
        ("app/more.yaml", "more: memory\n"),
    ];
    let session = in_memory_with(&files, Options { helm: Some(helm), ..Options::default() });
    let build = session.build(Path::new("/app"));
    printed(&session, &build).unwrap();
    let record = take_record(&tree);
    assert!(record.contains("[template] [--generate-name] [<temporary>/web] "), "{record}");
    assert!(record.contains("values:\nfrom: memory\nvalues:\nmore: memory\n"), "{record}");
}

#[test]
fn a_real_helm() {
    let Ok(found) = Command::new("sh").args(["-c", "command -v helm"]).output() else { return };
    let program = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    if program.is_empty() {
        eprintln!("skipped: no helm on this machine");
        return;
    }
    let kustomization = "
namespace: shop
namePrefix: x-
commonLabels: {team: web}
helmCharts:
- name: web
  releaseName: site
  namespace: shop
  includeCRDs: true
  skipTests: true
  valuesInline: {replicas: 3, image: {tag: v2}}
images:
- {name: nginx, newTag: v3}
";
    let deployment = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: \"{{ .Values.image.name }}:{{ .Values.image.tag }}\"
        envFrom: [{configMapRef: {name: {{ .Release.Name }}-web}}]
";
    let config = "{{- range $name := list \"web\" \"other\" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $name }}
data:
  note: {{ $.Values.note | quote }}
{{- end }}
";
    let probe = "apiVersion: v1
kind: Pod
metadata:
  name: probe
  annotations: {helm.sh/hook: test}
spec: {containers: [{name: a, image: nginx}]}
";
    let crd = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: sites.example.com}
spec: {group: example.com, names: {kind: Site, plural: sites}, scope: Namespaced, versions: []}
";
    let files = [
        ("app/kustomization.yaml", kustomization),
        ("app/charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("app/charts/web/values.yaml", "replicas: 1\nimage: {name: nginx, tag: v1}\nnote: |\n  two\n  lines\n"),
        ("app/charts/web/templates/deployment.yaml", deployment),
        ("app/charts/web/templates/config.yaml", config),
        ("app/charts/web/templates/probe.yaml", probe),
        ("app/charts/web/crds/site.yaml", crd),
    ];
    let tree = Tree::new("real", &files);
    let helm = Helm { command: program.clone(), ..Helm::default() };
    let session = on_disk(&tree.0, Options { helm: Some(helm), ..Options::default() });
    let output = printed(&session, &session.build(&tree.0.join("app"))).unwrap();
    assert!(output.contains("replicas: 3\n") && output.contains("image: nginx:v3\n"), "{output}");
    assert!(output.contains("name: x-site-web\n") && !output.contains("kind: Pod\n"), "{output}");
    std::os::unix::fs::symlink(&program, tree.write("bin/.keep", "").with_file_name("helm")).unwrap();
    if let Some(expected) = kustomize(&tree, &[]) {
        assert_eq!(output, expected.output.unwrap());
    }
}
