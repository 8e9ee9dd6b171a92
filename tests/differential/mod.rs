//! Random trees, built by kollate and by `kubectl kustomize`, which must agree to the byte or both refuse: made from
//! nothing (`tree`, `documents`), fixtures with mistakes put into them (`mistakes`), and documents of which one value is
//! of another type (`shapes`).
//!
//! | variable | meaning |
//! |---|---|
//! | `KOLLATE_SEEDS=from..to` | the seeds to try, 60 by default |
//! | `KOLLATE_ORACLE='program arguments'` | what to compare with instead of `kubectl kustomize`; the folder is added |
//! | `KOLLATE_NEWER='program arguments'` | decides where the oracle refuses and kollate builds, as a later engine may |
//! | `KOLLATE_COMPAT=5.5` or `5.8` | as which kustomize kollate builds; 5.5 by default |
//! | `KOLLATE_FAILURES=folder` | keeps each tree that differs there, cut down |
//! | `KOLLATE_COVERAGE=1` | tells how many of the trees that were built alike had each field, builtin and kind |
//! | `KOLLATE_WORKERS=n` | how many trees are tried at a time, 2 by default |
//! | `KOLLATE_REFUSALS=1` | tells why the oracle refuses what both refuse |

mod comments;
mod coverage;
mod cut_down;
mod documents;
mod extensions;
mod generators;
mod identity;
mod marks;
mod merging;
mod mistakes;
mod notation;
mod objects;
mod operations;
mod oracle;
mod patches;
mod random;
mod referrers;
mod replacements;
mod scalars;
mod shapes;
mod spelling;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use coverage::Coverage;
pub use documents::document_tree;
use oracle::{Oracle, Verdict};
pub use random::Random;
use tree::Files;
pub use tree::tree;

/// One kind of trees.
struct Kind {
    name: &'static str,
    make: fn(u64) -> Files,
    /// Whether its trees are such that the engines take all of them alike. Where they are not, and nobody is there to
    /// decide, what only the oracle refuses may be something that a later engine builds.
    settled: bool,
}

/// What a run has found so far.
#[derive(Default)]
struct Tally {
    alike: u64,
    coverage: Coverage,
    refused: u64,
    differing: Vec<(u64, String)>,
}

#[test]
fn random_trees_build_as_kubectl_builds_them() {
    compare(&Kind { name: "trees", make: tree, settled: true });
}

#[test]
fn random_documents_build_as_kubectl_builds_them() {
    compare(&Kind { name: "documents", make: document_tree, settled: true });
}

#[test]
fn random_mistakes_are_taken_as_kubectl_takes_them() {
    compare(&Kind { name: "mistakes", make: mistakes::tree_with_mistakes, settled: false });
}

#[test]
fn random_shapes_are_taken_as_kubectl_takes_them() {
    compare(&Kind { name: "shapes", make: shapes::odd_shape, settled: false });
}

/// Builds the trees of all seeds.
fn compare(kind: &Kind) {
    let Some(oracle) = Oracle::from_environment() else { return };
    let seeds = seeds();
    let next = AtomicU64::new(seeds.start);
    let tally: Mutex<Tally> = Mutex::default();
    let workers = std::env::var("KOLLATE_WORKERS").map_or(2, |text| text.parse().unwrap());
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (oracle, next, tally, end) = (&oracle, &next, &tally, seeds.end);
            let name = format!("kollate-differential-{}-{}-{worker}", kind.name, std::process::id());
            let folder = std::env::temp_dir().join(name);
            scope.spawn(move || work(kind, oracle, &folder, next, end, tally));
        }
    });
    let Tally { alike, refused, differing, coverage } = tally.into_inner().unwrap();
    if std::env::var_os("KOLLATE_COVERAGE").is_some() {
        eprintln!("{coverage}");
    }
    let name = kind.name;
    eprintln!("random {name}: {alike} built alike, {refused} refused by both, {} differ", differing.len());
    let shown: Vec<String> = differing.iter().take(3).map(|(seed, text)| format!("seed {seed}: {text}")).collect();
    assert!(differing.is_empty(), "{}", shown.join("\n").replace("\\n", "\n"));
    let least = if kind.settled { 3 } else { 5 };
    assert!(alike * least >= seeds.end - seeds.start, "one in {least} random {name} is to be built, and {alike} were");
}

fn seeds() -> std::ops::Range<u64> {
    let wish = std::env::var("KOLLATE_SEEDS").ok();
    let bounds = wish.as_deref().and_then(|text| text.split_once(".."));
    bounds.map_or(0..60, |(from, to)| from.parse().unwrap()..to.parse().unwrap())
}

/// Tries the seeds that nobody has tried yet.
fn work(kind: &Kind, oracle: &Oracle, folder: &Path, next: &AtomicU64, end: u64, tally: &Mutex<Tally>) {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            break;
        }
        let mut files = (kind.make)(seed);
        let mut verdict = oracle.judge(folder, &files);
        if !kind.settled && !oracle.has_judge() && verdict.only_theirs_refuses() {
            verdict = Verdict::BothRefuse("nobody decides".to_owned());
        }
        if verdict.class().is_some() {
            (files, verdict) = cut_down::cut_down(oracle, folder, files, verdict);
            keep(&format!("{}-{seed}", kind.name), &files, &verdict);
        }
        tally.lock().unwrap().count(seed, &files, verdict);
    }
    drop(fs::remove_dir_all(folder));
}

fn keep(name: &str, files: &Files, verdict: &Verdict) {
    let Some(folder) = std::env::var_os("KOLLATE_FAILURES") else { return };
    let folder = PathBuf::from(folder).join(name);
    oracle::write(&folder, files);
    let mut text = String::new();
    for (path, content) in files {
        text += &format!("# {path}\n{content}");
    }
    fs::write(folder.join("verdict.txt"), format!("{text}=====\n{verdict:?}\n").replace("\\n", "\n")).unwrap();
}

impl Tally {
    fn count(&mut self, seed: u64, files: &Files, verdict: Verdict) {
        match verdict {
            Verdict::Same => {
                self.alike += 1;
                if std::env::var_os("KOLLATE_COVERAGE").is_some() {
                    self.coverage.count(files);
                }
            }
            Verdict::BothRefuse(theirs) => {
                self.refused += 1;
                if std::env::var_os("KOLLATE_REFUSALS").is_some() {
                    let said = theirs.lines().filter(|line| !line.starts_with("# Warning"));
                    eprintln!("refused: seed {seed}: {}", said.take(12).collect::<Vec<_>>().join(" "));
                }
            }
            Verdict::Differs(_) => self.differing.push((seed, format!("{files:#?}\n{verdict:?}"))),
        }
    }
}
