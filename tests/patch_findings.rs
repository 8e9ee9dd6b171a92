//! What is said of mistakes in patches.

use crate::patch::build;
use crate::support::plain;

/// What a build with these patches says.
#[track_caller]
fn check_findings(patches: &str, expected: &str) {
    let (session, build) = build(patches);
    assert_eq!(plain(session.store().map(), &build.findings), expected);
}

#[test]
fn missing_targets() {
    let patch = |version: &str, kind: &str, name: &str| {
        format!(
            "patches:\n- patch: |\n    apiVersion: {version}\n    kind: {kind}\n    metadata:\n      name: {name}\n"
        )
    };
    check_findings(
        &patch("apps/v1", "Deployment", "wep"),
        "\
error[patch/target-missing]: this patch is for `Deployment wep`, which is not there
  kustomization.yaml:7:13: no such resource
  web.yaml:4:9: `Deployment web` is here
  help: did you mean `web`?
",
    );
    check_findings(
        &patch("apps/v1beta1", "Deployment", "web"),
        "\
error[patch/target-missing]: this patch is for `Deployment web`, which is not there
  kustomization.yaml:7:13: no such resource
  web.yaml:4:9: `Deployment web` is here
  help: the `Deployment` there has `apiVersion: apps/v1`, and the patch says `apps/v1beta1`
",
    );
    check_findings(
        &patch("apps/v1", "StatefulSet", "web"),
        "\
error[patch/target-missing]: this patch is for `StatefulSet web`, which is not there
  kustomization.yaml:7:13: no such resource
  web.yaml:4:9: of this name
  help: there is a `Deployment web`
",
    );
    check_findings(
        "patches:\n- target: {kind: Deploymnt}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'\n",
        "\
warning[patch/no-match]: this target matches no resource, so the patch does nothing
  kustomization.yaml:3:11: no resource matches
  help: there is no `Deploymnt`; did you mean `Deployment`?
",
    );
}

#[test]
fn json_patches_that_do_not_apply() {
    let check = |operation: &str, expected: &str| {
        let patches = format!(
            "patches:\n- target: {{name: web}}\n  patch: |\n    - op: test\n      path: /kind\n      value: Deployment\n    - {operation}\n"
        );
        check_findings(&patches, expected);
    };
    check(
        "{op: replace, path: /spec/templat/spec, value: 1}",
        "\
error[patch/json]: `replace` of `/spec/templat/spec` does not apply to `Deployment web`: `/spec` has no `templat`
  kustomization.yaml:8:27: no such place
  web.yaml:6:3: has `replicas`, `template`
  help: did you mean `/spec/template`?
",
    );
    check(
        "{op: add, path: /spec/template/spec/tolerations/3, value: {}}",
        "\
error[patch/json]: `add` of `/spec/template/spec/tolerations/3` does not apply to `Deployment web`: `/spec/template/spec/tolerations` has 1 item, and no index 3
  kustomization.yaml:8:23: no such place
  web.yaml:16:7: has 1 item
  help: indices count from 0; `-` is the place behind the last item
",
    );
    check(
        "{op: test, path: /spec/replicas, value: 4}",
        "\
error[patch/json]: `test` of `/spec/replicas` does not apply to `Deployment web`: the value is another
  kustomization.yaml:8:47: tested for this
  web.yaml:6:13: the value
  help: the patch expects another state: correct the tested value, or remove the operation
",
    );
    check(
        "{op: remove, path: /metadata/name}",
        "\
error[patch/json]: this patch leaves `Deployment web` without its `metadata.name`
  kustomization.yaml:5:5: 
  web.yaml:4:9: a resource needs a kind and a name
  help: take the operation out; to rename resources there is `namePrefix` and `nameSuffix`
",
    );
    check(
        "{op: relpace, path: /spec/replicas, value: 4}",
        "\
error[patch/json]: `relpace` is no operation
  kustomization.yaml:8:12: 
  help: did you mean `replace`?
",
    );
}

#[test]
fn patches_that_contradict_the_resource() {
    let check = |body: &str, expected: &str| {
        let patches = format!(
            "patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {{name: web}}\n    {body}\n"
        );
        check_findings(&patches, expected);
    };
    check(
        "spec: {template: [1]}",
        "\
error[patch/conflict]: `spec.template` of `Deployment web` is a mapping, and the patch makes it a list
  kustomization.yaml:7:22: a list here
  web.yaml:8:5: a mapping here
  help: write the patch in the shape of the resource, or put `$patch: replace` into the mapping above
",
    );
    check(
        "spec: {template: {$patch: replce}}",
        "\
error[patch/unknown-directive]: `$patch: replce` is no directive
  kustomization.yaml:7:31: 
  help: did you mean `replace`?
",
    );
    check(
        "spec: {template: {spec: {containers: [{name: web, $patch: replace}]}}}",
        "\
warning[patch/no-effect]: `$patch: replace` has no effect on an item of a list that merges
  kustomization.yaml:7:63: kustomize keeps what is there
  help: delete it by one patch and add it by another, or use a JSON patch
",
    );
}

#[test]
fn entries_that_are_no_patch() {
    check_findings(
        "patches:\n- target: {name: web}\n- path: a.yaml\n  patch: b\n- patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'\n",
        "\
error[patch/no-text]: this entry has neither `path` nor `patch`
  kustomization.yaml:3:3: 
  help: name a file by `path`, or write the patch below `patch: |`
error[patch/two-texts]: this entry has both `path` and `patch`
  kustomization.yaml:5:10: 
  kustomization.yaml:4:9: the file
  help: make two entries of it
error[patch/no-target]: this JSON patch has no target
  kustomization.yaml:6:3: 
  help: say which resources it is for: `target: {kind: Deployment, name: web}`
",
    );
    check_findings(
        "patches:\n- target: {name: '(', labelSelector: 'a b'}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'\n",
        "\
error[patch/invalid-target]: `name: (` cannot be read: unclosed group
  kustomization.yaml:3:18: unclosed group
  help: write a name or a regular expression
error[patch/invalid-target]: `labelSelector: a b` cannot be read: `b` is no operator; these are `=`, `==`, `!=`, `in`, `notin`, `>`, `<`
  kustomization.yaml:3:38: `b` is no operator; these are `=`, `==`, `!=`, `in`, `notin`, `>`, `<`
  help: write a selector such as `app=web,tier in (front, back)`
",
    );
}

#[test]
fn integers_that_a_json_patch_changes_are_reported() {
    check_findings(
        "patches:\n- target: {name: web}\n  patch: |\n    - {op: add, path: /spec/big, value: 12345678901234567}\n",
        "\
warning[patch/precision-lost]: `spec.big` of `Deployment web` changes to 12345678901234568
  kustomization.yaml:5:41: an integer above 2^53
  kustomization.yaml:5:5: a JSON patch turns all numbers of the object into doubles
  help: use a strategic merge patch, or write the number as a string
",
    );
}
