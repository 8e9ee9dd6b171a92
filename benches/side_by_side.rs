//! Whole processes side by side: kollate and `kubectl kustomize` on the same generated trees, one after the other in one
//! run, each after a run that does not count.
//!
//! `cargo bench --bench side_by_side` prints the medians and their ratio. Peak memory is measured where the `time`
//! program is installed. Without `kubectl`, kollate's own figures are printed.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod trees;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const KOLLATE: &str = env!("CARGO_BIN_EXE_kollate");

struct Row {
    name: &'static str,
    ours: Vec<String>,
    theirs: Vec<Vec<String>>,
    runs: usize,
}

fn main() {
    let root = std::env::temp_dir().join(format!("kollate-bench-{}", std::process::id()));
    let rows = rows(&root);
    println!("{:34} {:>12} {:>12} {:>8} {:>10} {:>10}", "tree", "kollate", "kustomize", "ratio", "peak MiB", "theirs");
    for row in &rows {
        measure(row);
    }
    let _ = fs::remove_dir_all(&root);
}

fn rows(root: &Path) -> Vec<Row> {
    let at = |name: &str| root.join(name);
    trees::one_config_map(&at("one"));
    trees::small(&at("small"), 20);
    for count in [250, 500, 1000, 2000] {
        trees::large(&at(&format!("large-{count}")), count);
    }
    trees::fleet(&at("fleet"), 200);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let build = |folder: PathBuf| {
        let folder = folder.display().to_string();
        (words(&["build", &folder]), vec![words(&["kustomize", &folder])])
    };
    let single = |name, folder: PathBuf, runs| {
        let (ours, theirs) = build(folder);
        Row { name, ours, theirs, runs }
    };
    let mut rows = vec![
        single("one ConfigMap", at("one"), 21),
        single("base of 20, overlay", at("small/overlay"), 21),
        single("base of 250, overlay", at("large-250/overlay"), 5),
        single("base of 500, overlay", at("large-500/overlay"), 5),
        single("base of 1,000, overlay", at("large-1000/overlay"), 5),
        single("base of 2,000, overlay", at("large-2000/overlay"), 3),
    ];
    let overlays: Vec<String> =
        (0..200).map(|i| at(&format!("fleet/overlays/r{i:03}")).display().to_string()).collect();
    let ours = words(&["build"]).into_iter().chain(overlays.iter().cloned()).collect();
    let theirs = overlays.iter().map(|folder| words(&["kustomize", folder])).collect();
    rows.push(Row { name: "200 overlays of one base", ours, theirs, runs: 3 });
    rows
}

fn measure(row: &Row) {
    let times = |program: &str, runs: &[Vec<String>]| {
        time(program, &runs[..1]);
        median((0..row.runs).filter_map(|_| time(program, runs)).collect())
    };
    let ours = times(KOLLATE, std::slice::from_ref(&row.ours));
    let theirs = times("kubectl", &row.theirs);
    let millis =
        |time: Option<Duration>| time.map_or("-".to_owned(), |time| format!("{:.2} ms", time.as_secs_f64() * 1e3));
    let ratio = ours
        .zip(theirs)
        .map_or("-".to_owned(), |(ours, theirs)| format!("{:.0}", theirs.as_secs_f64() / ours.as_secs_f64()));
    let peak = |program: &str, arguments: &[String]| {
        peak(program, arguments).map_or("-".to_owned(), |mib| format!("{mib:.1}"))
    };
    println!(
        "{:34} {:>12} {:>12} {:>8} {:>10} {:>10}",
        row.name,
        millis(ours),
        millis(theirs),
        ratio,
        peak(KOLLATE, &row.ours),
        peak("kubectl", &row.theirs[0])
    );
}

/// Wall time of running `program` once for each list of arguments; `None` if it is not there or fails.
fn time(program: &str, runs: &[Vec<String>]) -> Option<Duration> {
    let start = Instant::now();
    for arguments in runs {
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
        if !status.success() {
            return None;
        }
    }
    Some(start.elapsed())
}

/// Peak resident memory in MiB, as the `time` program reports it.
fn peak(program: &str, arguments: &[String]) -> Option<f64> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M", program])
        .args(arguments)
        .stdout(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stderr).ok()?;
    let kib: f64 = text.lines().last()?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    times.get(times.len() / 2).copied()
}
