//! The pairs of the `dyff` corpus: does each have as many differences as its authors say, at the same places?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kollate::diff::{ChangeSet, EnvironmentBuild, Op, between};
use kollate::resource::{Resource, ResourceSet};
use kollate::source::{Node, PathStep, yaml};
use serde_json::Value;

use super::{World, revisions};

/// How many pairs must agree in the number of differences, of those that tell it.
const COUNTS: usize = 31;

/// The least harmonic mean of precision and recall, in percent, of places and operations.
const PLACES: usize = 92;

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/dyff");
    folder.join("index.json").exists().then_some(folder)
}

/// A file's documents, the items of lists among them. `None`: it is no YAML.
fn documents(world: &World, path: &Path) -> Option<Vec<Node>> {
    let text = std::fs::read_to_string(path).ok()?;
    let file = world.map.add(path.to_string_lossy(), text.as_str())?;
    let parsed = yaml::parse(&text, file);
    let roots = parsed.documents.into_iter().filter_map(|document| document.root);
    let items = roots.flat_map(|root| match root.get("items").and_then(Node::as_sequence) {
        Some(items) if root.get("kind").and_then(Node::text) == Some("List") => items.to_vec(),
        _ => vec![root],
    });
    parsed.errors.is_empty().then(|| items.collect())
}

fn is_object(node: &Node) -> bool {
    node.get("kind").is_some() && node.get("metadata").is_some()
}

/// Kubernetes objects are one environment; other documents pair by their place, each as an environment of its own.
fn compare(world: &World, before: Vec<Node>, after: Vec<Node>) -> ChangeSet {
    let parts = |nodes: Vec<Node>| -> Vec<(String, ResourceSet)> {
        if nodes.iter().all(is_object) {
            return vec![("all".to_owned(), nodes.into_iter().map(Resource::new).collect())];
        }
        let one = |(at, node)| (format!("document {at}"), std::iter::once(Resource::new(node)).collect());
        nodes.into_iter().enumerate().map(one).collect()
    };
    let (old, new) = (parts(before), parts(after));
    let builds =
        |parts: &'_ [(String, ResourceSet)]| -> Vec<(usize, ())> { (0..parts.len()).map(|i| (i, ())).collect() };
    let old_builds: Vec<EnvironmentBuild> =
        builds(&old).iter().map(|&(i, ())| world.build(&old[i].0, &old[i].1)).collect();
    let new_builds: Vec<EnvironmentBuild> =
        builds(&new).iter().map(|&(i, ())| world.build(&new[i].0, &new[i].1)).collect();
    between(&old_builds, &new_builds, revisions())
}

/// The places in the corpus's own form: what is added or removed counts at what holds it, once.
fn places(set: &ChangeSet) -> BTreeSet<(String, String, &'static str)> {
    let mut found = BTreeSet::new();
    for entry in &set.entries {
        for change in &entry.changes {
            let mut steps: Vec<String> = change.path.steps().iter().map(step).collect();
            let scalar =
                |shown: &Option<kollate::diff::Shown>| shown.as_ref().is_none_or(|shown| shown.text().is_some());
            let in_list = matches!(change.path.steps().last(), Some(PathStep::Index(_)));
            let kind = match change.op {
                Op::Added => "addition",
                Op::Removed => "removal",
                Op::Modified => "modification",
                Op::Moved => "orderchange",
            };
            if matches!(change.op, Op::Added | Op::Removed)
                || in_list && scalar(&change.before) && scalar(&change.after)
            {
                steps.pop();
            }
            let path: String = steps.iter().map(|step| format!("/{step}")).collect();
            found.insert((format!("{:?} {}", entry.environments, entry.resource), path, kind));
        }
    }
    found
}

fn step(step: &PathStep) -> String {
    match step {
        PathStep::Key(key) => key.to_string(),
        PathStep::Index(at) => at.to_string(),
        PathStep::Match(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
            pairs.join(",")
        }
    }
}

/// The expected number of differences and, if told, their places.
fn expected(folder: &Path, case: &Value) -> (Option<u64>, Option<BTreeSet<(String, String)>>) {
    let Some(file) = case["expected"].as_str() else {
        return (case["diff_count"].as_u64(), None);
    };
    let value: Value = serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap();
    let mut places = BTreeSet::new();
    for diff in value["diffs"].as_array().into_iter().flatten() {
        for detail in diff["details"].as_array().into_iter().flatten() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            places.insert((text(&diff["path"]), text(&detail["kind"])));
        }
    }
    (value["diff_count"].as_u64(), value["diffs"].is_array().then_some(places))
}

#[test]
fn the_pairs_of_dyff() {
    let Some(folder) = corpus() else {
        eprintln!("skipped: the corpus is not here");
        return;
    };
    let index: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let (mut told, mut agreed) = (0, 0);
    let (mut common, mut ours, mut theirs) = (0, 0, 0);
    for case in index["cases"].as_array().unwrap() {
        let world = World::new();
        let read = |side: &str| documents(&world, &folder.join(case[side].as_str().unwrap()));
        let (Some(before), Some(after)) = (read("from"), read("to")) else {
            eprintln!("{}: not YAML", case["id"]);
            continue;
        };
        assert!(compare(&world, before.clone(), before.clone()).is_empty(), "{} differs from itself", case["id"]);
        let found = places(&compare(&world, before, after));
        let spots: BTreeSet<(&String, &String)> = found.iter().map(|(resource, path, _)| (resource, path)).collect();
        let (count, places) = expected(&folder, case);
        if let Some(count) = count {
            told += 1;
            if count == spots.len() as u64 {
                agreed += 1;
            } else {
                eprintln!("{} {}: {} instead of {count}: {found:?}", case["id"], case["options"], spots.len());
            }
        }
        if let Some(places) = places {
            let found: BTreeSet<(String, String)> =
                found.iter().map(|(_, path, kind)| (path.clone(), (*kind).to_owned())).collect();
            if found != places {
                eprintln!("{}: {found:?} instead of {places:?}", case["id"]);
            }
            common += found.intersection(&places).count();
            ours += found.len();
            theirs += places.len();
        }
    }
    let score = 200 * common / (ours + theirs).max(1);
    eprintln!("{agreed} of {told} counts agree; F1 of places {score}% ({common} common, {ours} ours, {theirs} theirs)");
    assert!(agreed >= COUNTS && score >= PLACES, "{agreed} of {told} counts, F1 {score}%");
}
