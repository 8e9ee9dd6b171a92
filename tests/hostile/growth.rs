//! A few lines that ask for very much: layers, copies and texts that double with each line.

use std::process::Command;

use super::*;
use crate::support::Sandbox;

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: b\n";

/// A build of one resource with these fields.
fn check_refused_fields(fields: &str, resource: &str, rule: &str) {
    let kustomization = format!("resources: [r.yaml]\n{fields}");
    check_refused(&[("/root/kustomization.yaml", &kustomization), ("/root/r.yaml", resource)], rule);
}

fn on_all(patch: &str) -> String {
    format!("patches:\n- target: {{}}\n  patch: |\n{patch}")
}

#[test]
fn copies_of_copies_are_refused() {
    let resource = "apiVersion: v1\nkind: X\nmetadata: {name: x}\ndata: {a: {b: c}}\n";
    let copies = |count: usize| -> String {
        (0..count).map(|at| format!("    - {{op: copy, from: /data, path: /data/a/k{at}}}\n")).collect()
    };
    check_refused_fields(&on_all(&copies(60)), resource, "error[patch/json]");
    let single: String = (0..25)
        .map(|at| {
            format!(
                "- target: {{}}\n  patch: '[{{\"op\": \"copy\", \"from\": \"/data\", \"path\": \"/data/k{at}\"}}]'\n"
            )
        })
        .collect();
    check_refused_fields(&format!("patches:\n{single}"), resource, "error[patch/json]");
}

#[test]
fn a_replacement_that_doubles_a_text_is_refused() {
    let entry = "- source: {kind: ConfigMap, fieldPath: data.a}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.a]\n    options: {delimiter: '-', index: -1}\n";
    check_refused_fields(&format!("replacements:\n{}", entry.repeat(40)), CONFIG, "error[replacements/unfit-value]");
}

#[test]
fn a_path_deeper_than_any_file_is_refused() {
    let path = "a.".repeat(10_000);
    let entry = format!(
        "replacements:\n- source: {{kind: ConfigMap, fieldPath: metadata.name}}\n  targets:\n  - select: {{kind: ConfigMap}}\n    fieldPaths: [{path}a]\n    options: {{create: true}}\n"
    );
    check_refused_fields(&entry, CONFIG, "error[replacements/bad-path]");
}

#[test]
fn a_resource_that_is_moved_into_itself_again_and_again_is_refused() {
    let round = "    - {op: move, from: /a, path: /c}\n    - {op: add, path: /a, value: {}}\n    - {op: move, from: /c, path: /a/a}\n";
    let resource = "apiVersion: v1\nkind: X\nmetadata: {name: x}\na: {}\n";
    check_refused_fields(&on_all(&round.repeat(600)), resource, "error[patch/json]");
}

#[test]
fn vars_that_stand_for_long_texts_are_refused() {
    let vars =
        "vars:\n- name: V\n  objref: {apiVersion: v1, kind: ConfigMap, name: c}\n  fieldref: {fieldpath: data.a}\n";
    let long = "x".repeat(100_000);
    let many = "$(V)".repeat(10_000);
    let resources = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{a: {long}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{name: a, args: [\"{many}\"]}}]}}\n"
    );
    check_refused_fields(vars, &resources, "error[link/var-source]");
}

#[test]
fn layers_that_nest_or_double_without_end_are_refused() {
    let layer = |at: usize, text: String| (format!("/l{at}/kustomization.yaml"), text.into_bytes());
    let mut chain: Bytes = (0..400).map(|at| layer(at, format!("resources: [../l{}]\n", at + 1))).collect();
    chain.push(("/root/kustomization.yaml".into(), b"resources: [../l0]\n".to_vec()));
    check_refused_bytes(&chain, "error[build/too-large]");

    let head = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n";
    let twice = |at: usize| format!("{head}namePrefix: a\ncomponents: [../l{0}, ../l{0}]\n", at + 1);
    let mut doubled: Bytes = (0..20).map(|at| layer(at, twice(at))).collect();
    doubled.push(layer(20, format!("{head}nameSuffix: z\n")));
    doubled.push(("/root/kustomization.yaml".into(), b"components: [../l0]\n".to_vec()));
    check_refused_bytes(&doubled, "error[build/too-large]");
}

#[test]
fn a_million_mistakes_are_told_in_part() {
    let lines = "K x\n".repeat(100_000);
    let files = bytes(&[
        ("/root/kustomization.yaml", "configMapGenerator:\n- {name: a, envs: [a.env]}\n"),
        ("/root/a.env", &lines),
    ]);
    let said = build(&files).unwrap_err();
    assert!(said.contains("error[build/too-many-findings]: there are more than 20000 findings"));
}

/// A pod with many containers, and a patch that changes, adds and deletes some, in another order.
fn long_lists(random: &mut Random) -> (String, String) {
    let count = 60 + random.below(40);
    let head = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n";
    let (mut base, mut patch) = (head.to_owned(), head.to_owned());
    for at in 0..count {
        base += &format!("  - {{name: c{at}, image: a, ports: [{{containerPort: {at}, protocol: TCP}}]}}\n");
    }
    for _ in 0..count {
        // Each name once: both lists are as they should be.
        let name = random.below(count * 2);
        if patch.contains(&format!("name: c{name},")) {
            continue;
        }
        patch += &match random.below(4) {
            0 => format!("  - {{name: c{name}, $patch: delete}}\n"),
            1 => format!("  - {{name: c{name}, $patch: replace, image: c}}\n"),
            _ => format!("  - {{name: c{name}, image: b, ports: [{{containerPort: {name}, protocol: UDP}}]}}\n"),
        };
    }
    (base, patch)
}

#[test]
fn long_lists_merge_as_short_ones_do() {
    if Command::new("kubectl").arg("version").arg("--client").output().is_err() {
        eprintln!("skipped: no `kubectl` to compare with");
        return;
    }
    let mut random = Random::new(5);
    for _ in 0..6 {
        let (base, patch) = long_lists(&mut random);
        let sandbox = Sandbox::empty();
        sandbox.write("root/kustomization.yaml", "resources: [r.yaml]\npatches: [{path: p.yaml}]\n");
        sandbox.write("root/r.yaml", &base);
        sandbox.write("root/p.yaml", &patch);
        let output = Command::new("kubectl").arg("kustomize").arg(sandbox.path.join("root")).output().unwrap();
        let kustomization = "resources: [r.yaml]\npatches: [{path: p.yaml}]\n";
        let files = [("/root/kustomization.yaml", kustomization), ("/root/r.yaml", &*base), ("/root/p.yaml", &*patch)];
        let ours = build(&bytes(&files));
        let theirs = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(ours.ok(), output.status.success().then_some(theirs), "{base}\n{patch}");
    }
}

#[test]
fn long_mappings_keep_their_order_and_history() {
    let keys = |value: &str| -> String { (0..3_000).rev().map(|at| format!("  k{at:04}: {value}\n")).collect() };
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n";
    let removes: String = (0..1_000).map(|at| format!("    - {{op: remove, path: /data/k{at:04}}}\n")).collect();
    let kustomization = format!("resources: [r.yaml]\npatches:\n- path: p.yaml\n- target: {{}}\n  patch: |\n{removes}");
    let (resource, patch) = (format!("{head}{}", keys("old")), format!("{head}{}", keys("new")));
    let files =
        bytes(&[("/root/kustomization.yaml", &kustomization), ("/root/r.yaml", &resource), ("/root/p.yaml", &patch)]);
    let expected: String = (1_000..3_000).map(|at| format!("  k{at:04}: new\n")).collect();
    let whole = format!("apiVersion: v1\ndata:\n{expected}kind: ConfigMap\nmetadata:\n  name: c\n");
    assert_eq!(build(&files), Ok(whole));
}
