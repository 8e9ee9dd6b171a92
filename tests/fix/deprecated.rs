//! `check` says of every deprecated field what takes its place.

use std::path::Path;

use crate::support::{in_memory, plain};

#[test]
fn deprecated_fields_are_warnings_at_the_field() {
    let text = "commonLabels: {a: b}\nconfigMapGenerator:\n- name: x\n  env: x.env\n";
    let session = in_memory(&[("kustomization.yaml", text), ("x.env", "A=b\n")]);
    let build = session.build(Path::new("/"));
    assert_eq!(
        plain(session.store().map(), &build.findings),
        "warning[kustomization/deprecated]: `commonLabels` is deprecated\n  \
         kustomization.yaml:1:1: `labels` takes its place\n  help: `kollate fix` rewrites it\n\
         warning[kustomization/deprecated]: `env` is deprecated\n  \
         kustomization.yaml:4:3: `envs` takes its place\n  help: `kollate fix` rewrites it\n"
    );
    let session = in_memory(&[("kustomization.yaml", "namespace: x\nvars: []\n")]);
    let said = plain(session.store().map(), &session.build(Path::new("/")).findings);
    assert!(said.contains("help: `kollate fix --vars` rewrites it"), "{said}");
}
