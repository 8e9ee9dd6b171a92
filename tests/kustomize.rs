//! Whole kustomizations against the output of kustomize, from the corpora beside the project: like the older one, and
//! by default like the newer.
//!
//! Where a `kustomize` of version 5.8 or newer is in `PATH`, it builds all of them too.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kollate::compile::{Compat, LoadRestrictor, Options, Order};
use serde_json::Value;

use crate::support::{corpus, meaning, on_disk, printed};

/// Cases that have only the output of the older kustomize, and for which the newer gives another. What that is,
/// `fixtures/compat` holds for each of these differences.
const OLDER_ONLY: [(&str, &str); 5] = [
    ("build_metadata_origin", "the label says who has built it"),
    ("image_volume_reference", "images of volumes"),
    ("json_empty_list_patch_error", "an empty patch"),
    ("labels_templates", "labels of volume claim templates"),
    ("repl_namespace_selector", "a target's namespace as it is written"),
];

struct Tally {
    name: String,
    passed: usize,
    failed: BTreeMap<String, String>,
}

impl Tally {
    fn new(name: impl Into<String>) -> Self {
        Tally { name: name.into(), passed: 0, failed: BTreeMap::new() }
    }

    fn note(&mut self, case: &str, verdict: Result<(), String>) {
        match verdict {
            Ok(()) => self.passed += 1,
            Err(why) => {
                self.failed.insert(case.to_owned(), why);
            }
        }
    }

    /// Prints the count, writes the failures where `KOLLATE_FAILURES` says, and holds the floor.
    fn close(self, floor: usize) {
        let total = self.passed + self.failed.len();
        eprintln!("{}: {} of {total} passed", self.name, self.passed);
        if let Some(folder) = std::env::var_os("KOLLATE_FAILURES") {
            let text: String = self.failed.iter().map(|(case, why)| format!("=== {case}\n{why}\n")).collect();
            fs::write(PathBuf::from(folder).join(&self.name), text).expect("the folder for failures exists");
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

/// One tree of a corpus.
struct Tree {
    name: String,
    folder: PathBuf,
    flags: Vec<String>,
    /// Where the case's own files lie.
    case: PathBuf,
    settings: Value,
}

impl Tree {
    fn build(&self, compat: Compat) -> Result<String, String> {
        let mut options = Options { compat, ..Options::default() };
        for flag in &self.flags {
            match flag.as_str() {
                "--reorder=none" => options.order = Order::Fifo,
                "--enable-managedby-label" => options.managed_by_label = true,
                "--load-restrictor=LoadRestrictionsNone" => options.restrictor = LoadRestrictor::None,
                _ => {}
            }
        }
        let session = on_disk(&self.folder, options);
        let build = session.build(&self.folder);
        printed(&session, &build)
    }

    fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.case.join(name)).ok()
    }

    /// What the older kustomize printed where the two differ; `None` if it refused.
    fn older(&self) -> Option<String> {
        self.text("oracle_output.txt").filter(|text| !text.starts_with("ERROR:"))
    }

    /// What kustomize made of it, for cases whose output is stored.
    fn check(&self, compat: Compat) -> Result<(), String> {
        let found = self.build(compat);
        let older_only = OLDER_ONLY.iter().any(|(name, _)| *name == self.name);
        if let (Compat::V5_5, Some(older)) = (compat, self.older()) {
            return compare(found, &older);
        }
        if older_only && (compat == Compat::V5_8 || self.settings["expect"] == "error") {
            return match Some(found?) {
                output if output == self.text("expected.yaml") => Err("is as the older's now".to_owned()),
                _ => Ok(()),
            };
        }
        if self.settings["expect"] == "error" {
            return found.map_or(Ok(()), |output| Err(format!("was to be refused, but gave\n{output}")));
        }
        let expected = self.text("expected.yaml").ok_or("has no output")?;
        if self.settings["compare"] == "semantic" {
            let found = found?;
            return if meaning(&found) == meaning(&expected) { Ok(()) } else { Err(found) };
        }
        compare(found, &expected.replace("kustomize-(test)", compat.managed_by()))
    }
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

fn cases(corpus_name: &str) -> Vec<Tree> {
    let Some(folder) = corpus(corpus_name) else { return Vec::new() };
    let mut folders: Vec<_> = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let read = |case: PathBuf| {
        let settings: Value = serde_json::from_str(&fs::read_to_string(case.join("case.json")).ok()?).unwrap();
        let folder = case.join("input").join(settings["target"].as_str().unwrap_or("."));
        let flags = settings["flags"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let flags = flags.map(str::to_owned).collect();
        Some(Tree { name: case.file_name()?.to_string_lossy().into_owned(), folder, flags, case, settings })
    };
    folders.into_iter().filter_map(read).collect()
}

/// The trees of public repositories.
fn real() -> Vec<Tree> {
    let Some(folder) = corpus("real") else { return Vec::new() };
    let text = fs::read_to_string(folder.join("index.json")).expect("the corpus has an index");
    let index: Vec<Value> = serde_json::from_str(&text).expect("the index is JSON");
    let read = |entry: Value| {
        let word = |key: &str| entry[key].as_str().unwrap_or_default();
        Tree {
            name: format!("{} {}", word("repo"), word("dir")),
            folder: folder.join(word("repo").replace('/', "+")).join(word("dir")),
            flags: word("flags").split_whitespace().map(str::to_owned).collect(),
            case: folder.clone(),
            settings: entry,
        }
    };
    index.into_iter().map(read).collect()
}

fn all_cases(name: &str, floor: usize) {
    let trees = cases(name);
    if trees.is_empty() {
        return;
    }
    for compat in Compat::ALL {
        let mut tally = Tally::new(format!("{name} as {}", compat.as_str()));
        trees.iter().for_each(|tree| tally.note(&tree.name, tree.check(compat)));
        tally.close(floor);
    }
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
fn cases_of_newer_kustomize() {
    all_cases("kustomize-newer", 33);
}

#[test]
fn trees_of_public_repositories() {
    let trees = real();
    if trees.is_empty() {
        return;
    }
    for compat in Compat::ALL {
        let mut tally = Tally::new(format!("real as {}", compat.as_str()));
        for tree in &trees {
            let file = tree.settings["expected"].as_str().unwrap_or_default();
            let expected = tree.text(file).expect("every entry has its output");
            tally.note(&tree.name, compare(tree.build(compat), &expected));
        }
        tally.close(745);
    }
}

/// Whether there is a `kustomize` that the defaults are to equal.
pub fn newest() -> bool {
    let said = Command::new("kustomize").arg("version").output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < (5, 8) {
        eprintln!("skipped: no `kustomize` of version 5.8 or newer in PATH");
    }
    version >= (5, 8)
}

#[test]
fn the_newest_kustomize_builds_the_same_by_default() {
    if !newest() {
        return;
    }
    let corpora = ["kustomize", "kustomize-probes", "kustomize-newer"];
    let trees: Vec<Tree> = corpora.into_iter().flat_map(cases).chain(real()).collect();
    let mut tally = Tally::new("newest");
    for tree in &trees {
        let output = Command::new("kustomize").arg("build").args(&tree.flags).arg(&tree.folder).output().unwrap();
        let theirs = String::from_utf8_lossy(&output.stdout).into_owned();
        let verdict = match (output.status.success(), tree.build(Compat::default())) {
            (true, found) => compare(found, &theirs),
            (false, Err(_)) => Ok(()),
            (false, Ok(found)) => Err(format!("kustomize refuses, kollate gave\n{found}")),
        };
        tally.note(&tree.name, verdict);
    }
    tally.close(trees.len());
}
