//! Whole kustomizations against the output of kustomize, from the corpora beside the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kollate::compile::{Compat, LoadRestrictor, Options, Order};
use serde_json::Value;

use crate::support::{corpus, on_disk, printed};

struct Tally {
    name: &'static str,
    passed: usize,
    failed: BTreeMap<String, String>,
}

impl Tally {
    fn new(name: &'static str) -> Self {
        Tally { name, passed: 0, failed: BTreeMap::new() }
    }

    fn note(&mut self, case: String, verdict: Result<(), String>) {
        match verdict {
            Ok(()) => self.passed += 1,
            Err(why) => {
                self.failed.insert(case, why);
            }
        }
    }

    /// Prints the count, writes the failures where `KOLLATE_FAILURES` says, and holds the floor.
    fn close(self, floor: usize) {
        let total = self.passed + self.failed.len();
        eprintln!("{}: {} of {total} passed", self.name, self.passed);
        if let Some(folder) = std::env::var_os("KOLLATE_FAILURES") {
            let text: String = self.failed.iter().map(|(case, why)| format!("=== {case}\n{why}\n")).collect();
            fs::write(PathBuf::from(folder).join(self.name), text).expect("the folder for failures exists");
        }
        let names: Vec<_> = self.failed.keys().map(String::as_str).collect();
        assert!(
            self.passed >= floor,
            "{}: {} passed, {floor} needed; failed: {}",
            self.name,
            self.passed,
            names.join(" ")
        );
    }
}

fn build(folder: &Path, flags: &str) -> Result<String, String> {
    let mut options = Options { compat: Compat::V5_5, ..Options::default() };
    for flag in flags.split_whitespace() {
        match flag {
            "--reorder=none" => options.order = Order::Fifo,
            "--enable-managedby-label" => options.managed_by_label = true,
            "--load-restrictor=LoadRestrictionsNone" => options.restrictor = LoadRestrictor::None,
            _ => {}
        }
    }
    let session = on_disk(folder, options);
    let build = session.build(folder);
    printed(&session, &build)
}

fn compare(found: Result<String, String>, expected: &str) -> Result<(), String> {
    let found = found?;
    if found == expected {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(expected, &found);
    let text = diff.unified_diff().context_radius(2).header("expected", "found").to_string();
    Err(text.lines().take(40).collect::<Vec<_>>().join("\n"))
}

fn case(folder: &Path) -> Result<(), String> {
    let text = fs::read_to_string(folder.join("case.json")).map_err(|error| error.to_string())?;
    let case: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let target = folder.join("input").join(case["target"].as_str().unwrap_or("."));
    let flags: Vec<_> = case["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let found = build(&target, &flags.join(" "));
    if case["expect"] == "error" {
        return match found {
            Ok(output) => Err(format!("was to be refused, but gave\n{output}")),
            Err(_) => Ok(()),
        };
    }
    let expected = fs::read_to_string(folder.join("expected.yaml")).map_err(|error| error.to_string())?;
    let verdict = compare(found, &expected);
    // Where the engines differ, either output counts.
    match fs::read_to_string(folder.join("oracle_output.txt")) {
        Ok(older) if verdict.is_err() => compare(build(&target, &flags.join(" ")), &older).or(verdict),
        _ => verdict,
    }
}

fn all_cases(name: &'static str, floor: usize) {
    let Some(folder) = corpus(name) else { return };
    let mut tally = Tally::new(name);
    let mut folders: Vec<_> = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders.into_iter().filter(|folder| folder.join("case.json").exists()) {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        tally.note(name, case(&folder));
    }
    tally.close(floor);
}

#[test]
fn cases_of_kustomize() {
    all_cases("kustomize", 573);
}

#[test]
fn probes_of_odd_semantics() {
    all_cases("kustomize-probes", 275);
}

#[test]
fn trees_of_public_repositories() {
    let Some(folder) = corpus("real") else { return };
    let text = fs::read_to_string(folder.join("index.json")).expect("the corpus has an index");
    let index: Vec<Value> = serde_json::from_str(&text).expect("the index is JSON");
    let mut tally = Tally::new("real");
    for entry in &index {
        let word = |key: &str| entry[key].as_str().unwrap_or_default();
        let tree = folder.join(word("repo").replace('/', "+"));
        let expected = fs::read_to_string(folder.join(word("expected"))).expect("every entry has its output");
        let verdict = compare(build(&tree.join(word("dir")), word("flags")), &expected);
        tally.note(format!("{} {}", word("repo"), word("dir")), verdict);
    }
    tally.close(745);
}
