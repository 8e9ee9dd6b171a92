//! Random trees, built by kollate and by `kubectl kustomize`, which must agree to the byte or both refuse.
//!
//! `KOLLATE_SEEDS=from..to` makes the run longer; `KOLLATE_FAILURES=folder` keeps each tree that differs, cut down.

mod documents;
mod merging;
mod notation;
mod objects;
mod operations;
mod patches;
mod random;
mod scalars;
mod spelling;
mod tree;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub use documents::document_tree;
use kollate::compile::{Compat, Options};
pub use random::Random;
use tree::Files;
pub use tree::tree;

use crate::support::{on_disk, printed};

/// What came of one tree.
#[derive(Debug, PartialEq)]
enum Verdict {
    Same,
    BothRefuse,
    Differs(String),
}

fn write(folder: &Path, files: &Files) {
    drop(fs::remove_dir_all(folder));
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The oracle's output, or what it says.
fn kubectl(folder: &Path) -> Result<String, String> {
    let output = Command::new("kubectl").arg("kustomize").arg(folder).output().unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn ours(folder: &Path) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| {
        let session = on_disk(folder, Options { compat: Compat::V5_5, ..Options::default() });
        let build = session.build(folder);
        printed(&session, &build)
    }))
    .unwrap_or_else(|_| Ok("kollate panicked".to_owned()))
}

fn judge(folder: &Path, files: &Files) -> Verdict {
    write(folder, files);
    let root = folder.join("root");
    match (kubectl(&root), ours(&root)) {
        (Ok(theirs), Ok(ours)) if theirs == ours => Verdict::Same,
        (Err(theirs), Err(_)) => {
            if std::env::var_os("KOLLATE_REFUSALS").is_some() {
                eprintln!(
                    "refused: {}",
                    theirs.lines().filter(|line| !line.starts_with("# Warning")).take(2).collect::<Vec<_>>().join(" ")
                );
            }
            Verdict::BothRefuse
        }
        (Ok(theirs), Ok(ours)) => {
            let diff = similar::TextDiff::from_lines(&theirs, &ours);
            Verdict::Differs(diff.unified_diff().context_radius(3).header("kubectl", "kollate").to_string())
        }
        (Ok(_), Err(ours)) => Verdict::Differs(format!("only kollate refuses:\n{ours}")),
        // A crash of the oracle is no verdict.
        (Err(theirs), Ok(_)) if theirs.contains("goroutine ") => Verdict::BothRefuse,
        (Err(theirs), Ok(_)) => Verdict::Differs(format!("only kubectl refuses:\n{theirs}")),
    }
}

/// The first lines of what differs, without what may change when the tree is cut, so that a smaller tree is known to
/// fail in the same way.
fn class(verdict: &Verdict) -> Option<String> {
    let Verdict::Differs(text) = verdict else { return None };
    let head = text.lines().filter(|line| !line.starts_with(['#', ' ', '`'])).take(2).collect::<Vec<_>>().join(" ");
    Some(head.chars().filter(|c| !c.is_ascii_digit()).take(110).collect())
}

/// Takes lines out, with those below them, as long as the tree still differs: first what is not indented, then all.
fn cut_down(folder: &Path, mut files: Files, mut verdict: Verdict) -> (Files, Verdict) {
    let mut budget = 150;
    for level in [0, 2, 99] {
        for file in (0..files.len()).rev() {
            let mut line = 0;
            while line < files[file].1.lines().count() && budget > 0 {
                let lines: Vec<&str> = files[file].1.lines().collect();
                let head = lines[line];
                let identity = ["apiVersion:", "kind:", "metadata:", "  name:"].iter().any(|key| head.starts_with(key));
                if identity || depth(head) > level || head.trim().is_empty() {
                    line += 1;
                    continue;
                }
                let end = line + block(&lines[line..]);
                let kept: Vec<&str> = lines[..line].iter().chain(&lines[end..]).copied().collect();
                let mut smaller = files.clone();
                smaller[file].1 = kept.join("\n") + "\n";
                budget -= 1;
                let next = judge(folder, &smaller);
                if class(&next) == class(&verdict) {
                    (files, verdict) = (smaller, next);
                } else {
                    line += 1;
                }
            }
        }
    }
    files.retain(|(_, text)| !text.trim().is_empty());
    (files, verdict)
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// How many lines belong to the first: a document to its separator, a list to its key.
fn block(lines: &[&str]) -> usize {
    let head = lines[0];
    let is_list = head.ends_with(':');
    let below = lines[1..].iter().take_while(|line| {
        if head.starts_with("---") {
            return !line.starts_with("---");
        }
        let same = depth(line) == depth(head) && is_list && line.trim_start().starts_with("- ");
        line.trim().is_empty() || depth(line) > depth(head) || same
    });
    1 + below.count()
}

fn keep(name: &str, seed: u64, files: &Files, verdict: &Verdict) {
    let Some(folder) = std::env::var_os("KOLLATE_FAILURES") else { return };
    let folder = PathBuf::from(folder).join(format!("{name}-{seed}"));
    write(&folder, files);
    let mut text = String::new();
    for (path, content) in files {
        text += &format!("# {path}\n{content}");
    }
    fs::write(folder.join("verdict.txt"), format!("{text}=====\n{verdict:?}\n").replace("\\n", "\n")).unwrap();
}

fn seeds() -> std::ops::Range<u64> {
    let wish = std::env::var("KOLLATE_SEEDS").ok();
    let bounds = wish.as_deref().and_then(|text| text.split_once(".."));
    bounds.map_or(0..60, |(from, to)| from.parse().unwrap()..to.parse().unwrap())
}

#[test]
fn random_trees_build_as_kubectl_builds_them() {
    compare("trees", tree);
}

#[test]
fn random_documents_build_as_kubectl_builds_them() {
    compare("documents", document_tree);
}

/// Builds the trees of all seeds.
fn compare(name: &str, tree: fn(u64) -> Files) {
    if !Command::new("kubectl").arg("version").arg("--client").output().is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no `kubectl` to compare with");
        return;
    }
    let seeds = seeds();
    let next = AtomicU64::new(seeds.start);
    let differing: Mutex<Vec<(u64, String)>> = Mutex::default();
    let counts = [AtomicU64::new(0), AtomicU64::new(0)];
    std::thread::scope(|scope| {
        for worker in 0..2 {
            let (next, differing, counts, end) = (&next, &differing, &counts, seeds.end);
            let folder =
                std::env::temp_dir().join(format!("kollate-differential-{name}-{}-{worker}", std::process::id()));
            scope.spawn(move || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let files = tree(seed);
                    match judge(&folder, &files) {
                        Verdict::Same => drop(counts[0].fetch_add(1, Ordering::Relaxed)),
                        Verdict::BothRefuse => drop(counts[1].fetch_add(1, Ordering::Relaxed)),
                        verdict => {
                            let (files, verdict) = cut_down(&folder, files, verdict);
                            keep(name, seed, &files, &verdict);
                            differing.lock().unwrap().push((seed, format!("{files:#?}\n{verdict:?}")));
                        }
                    }
                }
                drop(fs::remove_dir_all(&folder));
            });
        }
    });
    let differing = differing.into_inner().unwrap();
    let (same, refused) = (counts[0].load(Ordering::Relaxed), counts[1].load(Ordering::Relaxed));
    eprintln!("random {name}: {same} built alike, {refused} refused by both, {} differ", differing.len());
    let shown: Vec<String> = differing.iter().take(3).map(|(seed, text)| format!("seed {seed}: {text}")).collect();
    assert!(differing.is_empty(), "{}", shown.join("\n").replace("\\n", "\n"));
    assert!(same * 3 >= seeds.end - seeds.start, "most random trees are to be built, and {same} were");
}
