//! Whole processes side by side: kollate and `kubectl kustomize` on the same trees, one after the other in one run, each
//! after a run that does not count.
//!
//! `cargo bench` prints medians, their ratio, peak memory (where the `time` program is installed), and how far a build is
//! from the limit: its time divided by the time to read and print its own output. `cargo bench -- WORD` runs the rows
//! whose names hold the word. Without `kubectl`, kollate's own figures are printed.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod real;
mod run;
mod trees;

use std::fs;
use std::path::{Path, PathBuf};

use run::{Command, median, peak, time};

/// One comparison.
struct Row {
    name: String,
    ours: Command,
    /// What it takes them to do the same; empty if it would take too long.
    theirs: Vec<Command>,
    runs: usize,
    /// Whether to measure the distance to the limit.
    limit: bool,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let root = std::env::temp_dir().join(format!("kollate-bench-{}", std::process::id()));
    println!(
        "{:34} {:>12} {:>12} {:>8} {:>9} {:>9} {:>6}",
        "tree", "kollate", "kustomize", "ratio", "peak MiB", "theirs", "limit"
    );
    generated(&root).iter().filter(|row| wanted(&row.name)).for_each(|row| measure(row, &root));
    let _ = fs::remove_dir_all(&root);
    if wanted("real trees") {
        real::measure();
    }
}

fn generated(root: &Path) -> Vec<Row> {
    let at = |name: &str| root.join(name);
    trees::one_config_map(&at("one"));
    trees::small(&at("small"), 20);
    trees::definitions(&at("definitions"), 12 << 20);
    let single = |name: &str, folder: PathBuf, runs| Row {
        name: name.to_owned(),
        ours: run::ours(std::slice::from_ref(&folder)),
        theirs: vec![run::theirs(&folder)],
        runs,
        limit: false,
    };
    let mut rows = vec![single("one ConfigMap", at("one"), 21), single("base of 20, overlay", at("small/overlay"), 21)];
    for (count, runs) in [(250, 5), (500, 5), (1000, 5), (2000, 3)] {
        let folder = at(&format!("large-{count}"));
        trees::large(&folder, count);
        rows.push(Row {
            limit: count >= 1000,
            ..single(&format!("base of {count}, overlay"), folder.join("overlay"), runs)
        });
    }
    rows.push(Row { limit: true, ..single("12 MB of CRDs", at("definitions"), 3) });
    trees::fleet(&at("fleet"), 10_000);
    let overlays: Vec<PathBuf> = (0..10_000).map(|i| at(&trees::overlay(i))).collect();
    for count in [200, 1_000, 2_000, 5_000, 10_000] {
        let some = &overlays[..count];
        // Theirs takes a process each, and the same time each.
        let theirs = if count > 200 { Vec::new() } else { some.iter().map(|folder| run::theirs(folder)).collect() };
        let name = format!("{count} overlays of one base");
        rows.push(Row { name, ours: run::ours(some), theirs, runs: 3, limit: false });
    }
    rows
}

fn measure(row: &Row, root: &Path) {
    let times = |commands: &[Command], runs: usize| {
        time(commands.get(..1)?);
        median((0..runs).filter_map(|_| time(commands)).collect())
    };
    // Of a short run, a hiccup of the machine is a large part.
    let ours = times(std::slice::from_ref(&row.ours), row.runs.max(11));
    let theirs = times(&row.theirs, row.runs);
    let millis = |time: Option<f64>| time.map_or("-".to_owned(), |time| format!("{:.2} ms", time * 1e3));
    let number = |number: Option<f64>, digits: usize| number.map_or("-".to_owned(), |it| format!("{it:.digits$}"));
    let limit = ours.filter(|_| row.limit).and_then(|ours| Some(ours / read_and_print(row, root)?));
    println!(
        "{:34} {:>12} {:>12} {:>8} {:>9} {:>9} {:>6}",
        row.name,
        millis(ours),
        millis(theirs),
        number(ours.zip(theirs).map(|(ours, theirs)| theirs / ours), 0),
        number(peak(&row.ours), 1),
        number(row.theirs.first().and_then(peak), 1),
        number(limit, 2),
    );
}

/// Seconds that it takes to read and print what the build printed.
fn read_and_print(row: &Row, root: &Path) -> Option<f64> {
    let file = root.join("printed.yaml");
    fs::write(&file, run::output(&row.ours)?).ok()?;
    let again = [run::ours(&[file])];
    time(&again);
    median((0..row.runs.max(11)).filter_map(|_| time(&again)).collect())
}
