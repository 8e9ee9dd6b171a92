//! The rules: their tables, their docs, and the examples in the docs, which are run.

use std::fs;
use std::path::Path;

use kollate::check::{self, Example, Rule};
use kollate::resource::ResourceSet;
use kollate::schema::KubernetesVersion;

use crate::support::in_memory;

/// The lines of the example on which the rule reports something.
fn reported(rule: &Rule, example: &Example) -> Vec<u32> {
    let session = in_memory(&[("kustomization.yaml", "resources: [all.yaml]\n"), ("all.yaml", &example.yaml)]);
    let build = session.build(Path::new("/"));
    assert!(!build.findings.has_errors(), "{}: the example does not build: {:?}", rule.name, build.findings);
    let resources: &ResourceSet = &build.resources;
    let findings = check::run(resources, &[KubernetesVersion::latest()]);
    let own = findings.iter().filter(|finding| finding.rule == rule.name);
    let map = session.store().map();
    let mut lines: Vec<u32> = own.filter_map(|finding| Some(map.place(finding.primary.as_ref()?.at).line)).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn examples_are_judged_as_they_say() {
    let mut wrong = Vec::new();
    for rule in check::rules() {
        let examples = check::examples(rule);
        for bad in [true, false] {
            assert!(
                examples.iter().any(|example| example.bad == bad),
                "{} lacks an example with bad = {bad}",
                rule.name
            );
        }
        for (number, example) in examples.iter().enumerate() {
            assert_eq!(example.bad, !example.lines.is_empty(), "{}: example {number} and its marks", rule.name);
            let found = reported(rule, example);
            if found != example.lines {
                wrong.push(format!("{}: example {number}: reported {found:?}, marked {:?}", rule.name, example.lines));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_summary() {
    let rules = check::rules();
    for pair in rules.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} and {}", pair[0].name, pair[1].name);
    }
    for rule in rules {
        assert!(rule.summary().ends_with('.'), "{}: the summary is a sentence", rule.name);
    }
}

#[test]
fn the_tables_list_every_rule_file() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    for room in ["apiserver", "policy", "references"] {
        for entry in fs::read_dir(src.join(room)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            let Some(stem) = name.strip_suffix(".rs").filter(|stem| *stem != "mod") else { continue };
            let word = stem.replace('_', "-");
            let known = check::rules().into_iter().any(|rule| rule.name.rsplit('/').next() == Some(&word));
            assert!(known, "{room}/{name} declares no rule `{word}` that the table lists");
        }
    }
}

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, check::reference()).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, check::reference(), "run the tests with UPDATE=1 to write docs/rules.md anew");
}
