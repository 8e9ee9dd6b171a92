//! Texts before and after: whatever way a file is written, the edit keeps it.

use std::path::Path;

use kollate::project::fix::{FixOptions, rewrite};
use kollate::source::{Memory, SourceMap, Store};

const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

fn fixed(text: &str) -> Result<Option<String>, String> {
    let memory = Memory::new().with("kustomization.yaml", text).with("a.yaml", "").with("b.yaml", "");
    let store = Store::new(Box::new(memory), SourceMap::new(), "/");
    let done = rewrite(&store, Path::new("/kustomization.yaml"), FixOptions::default());
    done.map(|done| done.map(|done| done.text)).map_err(|finding| finding.message.clone())
}

/// The text after the head becomes `after`, and that stays.
#[track_caller]
fn becomes(before: &str, after: &str) {
    let (before, after) = (format!("{HEAD}{before}"), format!("{HEAD}{after}"));
    assert_eq!(fixed(&before), Ok(Some(after.clone())), "{before}");
    assert_eq!(fixed(&after), Ok(None), "again: {after}");
}

#[track_caller]
fn refused(text: &str, words: &str) {
    let message = fixed(&format!("{HEAD}{text}")).unwrap_err();
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_key_alone_changes_where_that_is_enough() {
    becomes(
        "bases: # two\n    -   ../a   # first\n\n    - ../b\n",
        "resources: # two\n    -   ../a   # first\n\n    - ../b\n",
    );
    becomes("bases: &x\n- ../a\ncrds: *x\n", "resources: &x\n- ../a\ncrds: *x\n");
    becomes("imageTags: [{name: a, newTag: b}]", "images: [{name: a, newTag: b}]");
    becomes("Bases: [../a]\n", "resources: [../a]\n");
}

#[test]
fn items_move_with_their_comments() {
    becomes(
        "resources:\n  # mine\n  - a.yaml # kept\n  # last of mine\n\n# the layer below\nbases: # all\n- ../base # here\n# odd\n- ../other\n\nnamespace: x\n",
        "resources:\n  # mine\n  - a.yaml # kept\n  # the layer below\n  # all\n  - ../base # here\n  # odd\n  - ../other\n  # last of mine\n\nnamespace: x\n",
    );
}

#[test]
fn lists_in_brackets() {
    becomes("resources: [a.yaml] # r\nbases: [../b, \"../c\"]\n", "resources: [a.yaml, ../b, \"../c\"] # r\n");
    becomes("resources: [] # none\nbases:\n- ../b\n", "resources: # none\n- ../b\n");
    becomes("resources:\nbases:\n- ../b\n", "resources:\n- ../b\n");
    becomes("patchesStrategicMerge: [a.yaml, 'b.yaml'] # p\n", "patches: # p\n- path: a.yaml\n- path: 'b.yaml'\n");
    becomes(
        "patches: [{path: c.yaml}]\npatchesStrategicMerge:\n- a.yaml # p\n",
        "patches:\n- {path: c.yaml}\n- path: a.yaml # p\n",
    );
    refused("patchesStrategicMerge: [a.yaml, # p\n  b.yaml]\n", "brackets");
}

#[test]
fn labels() {
    becomes(
        "# ours\ncommonLabels: # all\n    # who\n    app: web   # name\n\n    tier: \"1\"\nnamespace: x",
        "# ours\nlabels: # all\n- includeSelectors: true\n  pairs:\n    # who\n    app: web   # name\n\n    tier: \"1\"\nnamespace: x",
    );
    becomes(
        "resources:\n  - a.yaml\ncommonLabels: {app: web}",
        "resources:\n  - a.yaml\nlabels:\n  - includeSelectors: true\n    pairs: {app: web}",
    );
    becomes("namespace: x\ncommonLabels: {}\n", "namespace: x\n");
}

#[test]
fn inline_patches_keep_their_text() {
    becomes(
        "patchesStrategicMerge:\n  - |-  # why\n    kind: A\n      # no comment\n\n    spec: b\n  -   |2\n        deeper\n      kind: B\n",
        "patches:\n  - patch: |-  # why\n      kind: A\n        # no comment\n\n      spec: b\n  - patch: |2\n        deeper\n      kind: B\n",
    );
    becomes("patchesStrategicMerge:\n- |\n kind: A\n b: c\n", "patches:\n- patch: |\n    kind: A\n    b: c\n");
}

#[test]
fn generators() {
    becomes(
        "configMapGenerator:\n- name: a\n  env: a.env # here\n  # files\n  files: [b]\nsecretGenerator:\n- env: s.env\n  name: s\n",
        "configMapGenerator:\n- name: a\n  envs:\n  - a.env # here\n  # files\n  files: [b]\nsecretGenerator:\n- envs:\n  - s.env\n  name: s\n",
    );
    becomes(
        "configMapGenerator:\n- name: a\n  env: a.env\n  envs:\n  - b.env\n- {name: b, env: c.env}\n- env: d.env\n  envs: [e.env]\n  name: d\n",
        "configMapGenerator:\n- name: a\n  envs:\n  - b.env\n  - a.env\n- {name: b, envs: [c.env]}\n- envs: [e.env, d.env]\n  name: d\n",
    );
}

#[test]
fn charts() {
    becomes(
        "helmChartInflationGenerator:\n- chartName: a # the chart\n  chartVersion: 1.0.0\n  chartRepoUrl: https://charts.example.org\n  chartHome: ./charts\n  values: v.yaml\n  releaseName: r\n",
        "helmGlobals:\n  chartHome: ./charts\nhelmCharts:\n- name: a # the chart\n  version: 1.0.0\n  repo: https://charts.example.org\n  valuesFile: v.yaml\n  releaseName: r\n",
    );
}

#[test]
fn heads() {
    let fix = |text: &str| fixed(text).unwrap().unwrap();
    assert_eq!(fix("# who\nnamespace: x\n"), format!("{HEAD}# who\nnamespace: x\n"));
    assert_eq!(fix("# who\n\n---\nnamespace: x"), format!("# who\n\n---\n{HEAD}namespace: x"));
    assert_eq!(
        fix("kind: Component\nnamespace: x\n"),
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamespace: x\n"
    );
    let version = HEAD.lines().next().unwrap();
    assert_eq!(fix(&format!("namespace: x\n{version}")), format!("namespace: x\n{HEAD}").trim_end());
    assert_eq!(fix("\u{feff}namespace: x\n"), format!("\u{feff}{HEAD}namespace: x\n"));
}

#[test]
fn line_breaks_stay() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let before = "commonLabels:\n  # c\n  a: b\npatchesStrategicMerge:\n- |-\n  kind: A\n  x: y\n- a.yaml";
    let after = "labels:\n- includeSelectors: true\n  pairs:\n    # c\n    a: b\npatches:\n- patch: |-\n    kind: A\n    x: y\n- path: a.yaml";
    becomes(before, after);
    assert_eq!(fixed(&crlf(&format!("{HEAD}{before}"))), Ok(Some(crlf(&format!("{HEAD}{after}")))));
}

#[test]
fn only_the_first_document_counts() {
    becomes("bases:\n- ../a\n---\nbases:\n- ../b\n", "resources:\n- ../a\n---\nbases:\n- ../b\n");
    becomes(
        "patches: []\nbases:\n- ../a\nresources:\n- a.yaml\n---\n# end\n",
        "patches: []\nresources:\n- a.yaml\n- ../a\n---\n# end\n",
    );
}

#[test]
fn what_an_edit_would_cut_is_refused() {
    refused("commonLabels: &x\n  a: b\ncommonAnnotations: *x\n", "anchor");
    refused("commonAnnotations: &x\n  a: b\ncommonLabels: *x\n", "anchor");
    refused("resources: &x\n- a.yaml\nbases:\n- ../b\ncrds: *x\n", "anchor");
    refused("bases:\n- ../a\nbases:\n- ../b\n", "twice");
    assert!(fixed("{bases: [../a]}").is_err());
}

#[test]
fn tabs_stay_where_yaml_takes_them() {
    becomes("bases:\t# tab\n- ../a\t# tab\n", "resources:\t# tab\n- ../a\t# tab\n");
    becomes("patchesStrategicMerge:\n- a.yaml\t# tab\n", "patches:\n- path: a.yaml\t# tab\n");
}
