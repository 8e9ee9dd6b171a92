//! What holds for every build, whatever is built: provenance, sameness of bytes, secrecy, and that nothing crashes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kollate::compile::{Build, Options, Session};
use kollate::report::{FORMATS, Payload};
use kollate::source::yaml::scalar;
use kollate::source::{Cause, Disk, EntryKind, Files, Node, ReadError, SourceMap, Store, Style, View, yaml};

use crate::cli::worked_project;
use crate::support::{Sandbox, kollate, on_disk, printed};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every folder with a kustomization below a folder, sorted.
fn kustomizations(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name().to_string_lossy().starts_with("kustomization.y") {
                found.push(folder.clone());
            }
        }
    }
    found.sort();
    found
}

fn scalars<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    match node.view() {
        View::Mapping(mapping) => mapping.iter().for_each(|entry| scalars(&entry.value, found)),
        View::Sequence(items) => items.iter().for_each(|item| scalars(item, found)),
        View::Scalar(..) => found.push(node),
    }
}

/// What stands at a scalar's place, read as YAML.
fn read_again(node: &Node, map: &SourceMap) -> Option<String> {
    let at = node.location();
    let source = map.get(at.file);
    let text = source.text.get(at.span.range())?;
    // Only within brackets a colon at the end belongs to a text.
    let colon = text.ends_with(':');
    let parsed = yaml::parse(&if colon { format!("[{text}]") } else { text.to_owned() }, at.file);
    let root = parsed.documents.first().and_then(|document| document.root.as_ref());
    let root = if colon { root.and_then(|list| list.as_sequence()?.first()) } else { root };
    Some(root.and_then(Node::text).unwrap_or_default().to_owned())
}

fn is_block(node: &Node) -> bool {
    matches!(node.style(), Style::Literal | Style::Folded)
}

/// The scalars of a build that were read and are not what stands at their place; and how many were looked at.
fn dishonest(build: &Build, map: &SourceMap) -> (Vec<String>, usize) {
    let mut all = Vec::new();
    build.resources.iter().for_each(|resource| scalars(&resource.root, &mut all));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for last in all {
        for event in last.history().iter().filter(|event| event.by == Cause::Read && event.node.is_scalar()) {
            seen += 1;
            let expected = event.node.text().unwrap_or_default();
            let found = read_again(event.node, map).unwrap_or_default();
            // A block's last line break lies behind its place, and its indentation may be counted from what is around it.
            let same = found == expected || is_block(event.node) && found.trim() == expected.trim();
            // A comment may stand behind a block of empty lines, and then within its place.
            let same = same || is_block(event.node) && expected.trim().is_empty() && found.trim().starts_with('#');
            // A JSON patch spells the numbers of an object anew.
            let same = same || scalar::float_value(&found).is_some_and(|it| scalar::float_value(expected) == Some(it));
            let is_null = event.node.is_null() && ["", "~", "null"].contains(&found.as_str());
            if !same && !is_null {
                let place = map.place(event.at);
                wrong
                    .push(format!("{}:{}:{}: `{expected}` is read as `{found}`", place.file, place.line, place.column));
            }
        }
    }
    (wrong, seen)
}

#[test]
fn a_value_that_was_read_stands_at_its_place() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for folder in ["environments", "fixtures"].into_iter().flat_map(|name| kustomizations(&project().join(name))) {
        let session = on_disk(&project(), Options::default());
        let build = session.build(&folder);
        let (mistakes, count) = dishonest(&build, session.store().map());
        wrong.extend(mistakes);
        seen += count;
    }
    assert!(seen > 1000, "only {seen} scalars were looked at");
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The disk, which lists its folders in another order.
struct Shuffled;

impl Files for Shuffled {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        Disk.read(path)
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        Disk.kind(path)
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        Disk.list(path).map(|names| names.into_iter().rev().collect())
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        Disk.resolve(path)
    }
}

#[test]
fn same_input_same_bytes() {
    let folders = kustomizations(&project().join("environments"));
    let outputs = |session: &Session, builds: &[Build]| -> Vec<_> {
        builds.iter().map(|build| printed(session, build)).collect()
    };
    let shared = on_disk(&project(), Options::default());
    let together = outputs(&shared, &shared.build_all(&folders));
    let alone = |folder: &PathBuf| {
        let session = on_disk(&project(), Options::default());
        let build = session.build(folder);
        printed(&session, &build)
    };
    assert_eq!(together, folders.iter().map(alone).collect::<Vec<_>>(), "on one thread, without a shelf of bases");
    let store = Arc::new(Store::new(Box::new(Shuffled), SourceMap::new(), project()));
    let shuffled = Session::new(store, Options::default());
    let mut backwards: Vec<_> = folders.iter().rev().map(|folder| shuffled.build(folder)).collect();
    backwards.reverse();
    assert_eq!(together, outputs(&shuffled, &backwards), "in another order of files and builds");
}

#[test]
fn same_input_same_report() {
    for arguments in [&["check", "--format", "json"][..], &["diff", "dev", "prod"], &["environments"]] {
        let run = || kollate(&project(), arguments).stdout();
        assert_eq!(run(), run(), "{arguments:?}");
    }
}

/// The worked project with a value of its own in each place of its secrets, and the values.
fn with_real_secrets(stem: &str) -> (Sandbox, Vec<String>) {
    let sandbox = worked_project();
    let mut values = Vec::new();
    for name in ["dev", "staging", "prod"] {
        for file in sandbox.names(&format!("environments/{name}/secrets")) {
            let path = format!("environments/{name}/secrets/{file}");
            let text = sandbox.read(&path);
            let mut parts = text.split("placeholder-not-a-secret");
            let mut filled = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let value = format!("{stem}-{:03}-lantern", values.len());
                filled += &value;
                filled += part;
                values.push(value);
            }
            sandbox.write(&path, &filled);
        }
    }
    assert!(values.len() > 5, "{values:?}");
    (sandbox, values)
}

fn formats(payload: Payload) -> Vec<&'static str> {
    FORMATS.iter().filter(|format| format.shows.contains(&payload)).map(|format| format.name).collect()
}

/// `kind/name` and every path into the data, of each Secret of a build.
fn secrets(folder: &Path, environment: &str) -> Vec<(String, Vec<String>)> {
    let session = on_disk(folder, Options::default());
    let build = session.build(&folder.join("environments").join(environment));
    let secrets = build.resources.iter().filter(|resource| resource.kind() == "Secret");
    let keys = |root: &Node| -> Vec<String> {
        let data = root.get("data").and_then(Node::as_mapping).into_iter().flat_map(|data| data.iter());
        data.map(|entry| format!("data[{}]", entry.key.name.as_str())).collect()
    };
    secrets.map(|secret| (format!("secret/{}", secret.name()), keys(&secret.root))).collect()
}

#[test]
fn no_command_but_build_shows_a_secret() {
    let (sandbox, old) = with_real_secrets("old");
    sandbox.commit("old");
    let (renewed, new) = with_real_secrets("new");
    for name in ["dev", "staging", "prod"] {
        for file in renewed.names(&format!("environments/{name}/secrets")) {
            let path = format!("environments/{name}/secrets/{file}");
            sandbox.write(&path, &renewed.read(&path));
        }
    }
    let words: BTreeSet<String> =
        old.iter().chain(&new).flat_map(|value| [value.clone(), STANDARD.encode(value)]).collect();
    let built = kollate(&sandbox.path, &["build", "--all"]).stdout();
    assert!(words.iter().any(|word| built.contains(word)), "the values reach the builds");

    let mut commands: Vec<Vec<String>> = Vec::new();
    let mut add = |words: &[&str]| commands.push(words.iter().map(|word| (*word).to_owned()).collect());
    for format in formats(Payload::Findings) {
        add(&["check", "--format", format]);
    }
    for format in formats(Payload::Changes) {
        add(&["diff", "--format", format, "--all"]);
        add(&["diff", "HEAD", "--format", format]);
        add(&["diff", "dev", "prod", "--format", format, "--all"]);
    }
    add(&["environments", "--affected", "--base", "HEAD", "--format", "json"]);
    for (secret, paths) in secrets(&sandbox.path, "dev") {
        for format in formats(Payload::History) {
            add(&["explain", "dev", &secret, "--format", format]);
            add(&["explain", "dev", &secret, "data", "--format", format]);
            paths.iter().for_each(|path| add(&["explain", "dev", &secret, path, "--format", format]));
        }
    }
    for command in commands {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let ran = kollate(&sandbox.path, &arguments);
        assert_ne!(ran.code(), 2, "{arguments:?}: {}", ran.stderr());
        let said = ran.stdout() + &ran.stderr();
        let shown: Vec<_> = words.iter().filter(|word| said.contains(word.as_str())).collect();
        assert!(shown.is_empty(), "{arguments:?} shows {shown:?}:\n{said}");
    }
}

#[test]
fn no_command_crashes_on_a_fixture() {
    let mut wrong = Vec::new();
    for folder in kustomizations(&project().join("fixtures")) {
        let commands: [&[&str]; 7] = [
            &["build"],
            &["build", "--all"],
            &["check", "--format", "json"],
            &["check", "."],
            &["diff", ".", "."],
            &["explain", ".", "deployment/web"],
            &["environments", "--format", "json"],
        ];
        for arguments in commands {
            let ran = kollate(&folder, arguments);
            if !(0..=2).contains(&ran.code()) || ran.stderr().contains("bug in kollate") {
                wrong.push(format!("{} {arguments:?}: {}", folder.display(), ran.stderr()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
