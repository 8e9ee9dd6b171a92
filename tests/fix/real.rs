//! Trees of public repositories: after `fix` every build is what it was, for kollate and (a sample) for kubectl.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use kollate::compile::fix::{FixRequest, Root, fix};
use kollate::compile::{LoadRestrictor, Options};
use kollate::source::{Disk, SourceMap, Store, write_file};
use serde_json::Value;

use super::{Scratch, copy};
use crate::support::{corpus, on_disk, printed};

/// How many builds of changed files are repeated with kubectl.
const SAMPLE: usize = 40;

struct Tree<'a> {
    repo: &'a str,
    /// Folder, flags, and the file of the expected output.
    roots: Vec<(&'a str, &'a str, &'a str)>,
}

fn options() -> Options {
    Options { restrictor: LoadRestrictor::None, ..Options::default() }
}

/// What the build of a folder prints.
fn build(folder: &Path) -> Result<String, String> {
    let session = on_disk(folder, options());
    let build = session.build(folder);
    printed(&session, &build)
}

fn kubectl(folder: &Path, flags: &str) -> Option<String> {
    let done = Command::new("kubectl").arg("kustomize").arg(folder).args(flags.split_whitespace()).output().ok()?;
    Some(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Fixes all kustomizations of a tree. Gives the folders of files that changed, and what is wrong.
fn check(
    corpus: &Path,
    tree: &Tree<'_>,
    scratch: &Path,
    request: FixRequest,
    sample: &mut Vec<(String, bool)>,
) -> (usize, usize, Vec<String>) {
    let copied = scratch.join("tree");
    copy(&corpus.join(tree.repo.replace('/', "+")), &copied);
    let before: Vec<_> = tree.roots.iter().map(|(folder, ..)| build(&copied.join(folder))).collect();
    let store = Arc::new(Store::new(Box::new(Disk), SourceMap::new(), copied.clone()));
    let roots: Vec<Root> = tree.roots.iter().map(|(folder, ..)| ((*folder).to_owned(), copied.join(folder))).collect();
    let fixed = fix(&store, &options(), &roots, &[], request);
    for file in &fixed.files {
        write_file(&file.path, &file.after).unwrap();
    }
    let mut wrong = Vec::new();
    for ((folder, flags, expected), before) in tree.roots.iter().zip(&before) {
        let after = build(&copied.join(folder));
        if after.as_ref().ok() != before.as_ref().ok() {
            wrong.push(format!("{} {folder}: the build changed: {:?}", tree.repo, after.err()));
        }
        let changed = fixed.files.iter().any(|file| file.path.parent() == Some(&copied.join(folder)));
        if changed && sample.len() < SAMPLE {
            let expected = std::fs::read_to_string(corpus.join(expected)).unwrap();
            if let Some(found) = kubectl(&copied.join(folder), flags) {
                sample.push((format!("{} {folder}", tree.repo), found == expected));
            }
        }
    }
    let again = Arc::new(Store::new(Box::new(Disk), SourceMap::new(), copied.clone()));
    let second = fix(&again, &options(), &roots, &[], request);
    if !second.files.is_empty() {
        wrong.push(format!("{}: a second run changes {}", tree.repo, second.files[0].path.display()));
    }
    for finding in &fixed.findings {
        eprintln!("  {}: {} {:?}", tree.repo, finding.message, finding.notes);
    }
    (fixed.files.len(), fixed.findings.len(), wrong)
}

fn check_all(request: FixRequest) -> usize {
    let Some(folder) = corpus("real") else { return usize::MAX };
    let index: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let mut trees: BTreeMap<&str, Tree<'_>> = BTreeMap::new();
    for entry in &index {
        let word = |key: &str| entry[key].as_str().unwrap_or_default();
        let tree = trees.entry(word("repo")).or_insert_with(|| Tree { repo: word("repo"), roots: Vec::new() });
        tree.roots.push((word("dir"), word("flags"), word("expected")));
    }
    let (mut files, mut refused, mut wrong, mut sample) = (0, 0, Vec::new(), Vec::new());
    for tree in trees.values() {
        let scratch = Scratch::new(if request.vars { "vars" } else { "real" });
        let (changed, kept, mistakes) = check(&folder, tree, &scratch.0, request, &mut sample);
        files += changed;
        refused += kept;
        wrong.extend(mistakes);
    }
    let same = sample.iter().filter(|(_, same)| *same).count();
    eprintln!(
        "fix: {} builds, {files} files rewritten, {refused} refused; kubectl: {same}/{} the same",
        index.len(),
        sample.len()
    );
    wrong.extend(
        sample.iter().filter(|(_, same)| !same).map(|(name, _)| format!("{name}: kubectl gives another output")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    files
}

#[test]
fn builds_of_public_repositories_stay() {
    let files = check_all(FixRequest::default());
    assert!(files > 150, "{files} files");
}

#[test]
fn builds_of_public_repositories_stay_without_vars() {
    let files = check_all(FixRequest { vars: true, unproven: false });
    assert!(files > 150, "{files} files");
}
