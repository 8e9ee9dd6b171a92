//! The house rules that a compiler does not hold: who may import whom, and where the outside world is touched.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in import order: a room may import only rooms before it.
const ROOMS: [&str; 10] =
    ["source", "resource", "schema", "finding", "project", "compile", "check", "diff", "report", "cli"];

/// Where files, processes and the environment may be touched.
const OUTSIDE: [(&str, &[&str]); 3] = [
    (
        "std::fs",
        &["source/files.rs", "source/output.rs", "source/program.rs", "source/remote/cache.rs", "source/scratch.rs"],
    ),
    ("std::process::Command", &["source/git/", "source/program.rs", "source/remote/"]),
    ("std::env", &["cli/", "source/scratch.rs"]),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Unit tests that have a file or a folder of their own.
fn is_test(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.contains("/tests/")
}

/// The lines that are code, with their numbers from 1. Tests at the end of a file are left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(i, line)| (i + 1, line.trim()))
        .take_while(|(_, line)| *line != "#[cfg(test)]")
        .filter(|(_, line)| !line.starts_with("//"))
}

/// The rooms that a line of code names as `crate::room`.
fn rooms_named(line: &str) -> Vec<&'static str> {
    let mentions = line.split("crate::").skip(1);
    let word =
        |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    mentions.filter_map(|rest| ROOMS.into_iter().find(|room| *room == word(rest))).collect()
}

#[test]
fn rooms_import_only_rooms_above_them() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let Some(own) = ROOMS.iter().position(|room| name.starts_with(&format!("{room}/"))) else { continue };
        for (number, line) in code(&text) {
            for room in rooms_named(line) {
                let other = ROOMS.iter().position(|known| *known == room).unwrap();
                let strangers = [ROOMS[own], room] == ["diff", "check"];
                if other > own || strangers {
                    wrong.push(format!("{name}:{number}: `{}` must not import `{room}`", ROOMS[own]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_outside_world_is_touched_in_few_places() {
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| !is_test(name)) {
        for (number, line) in code(&text) {
            for (what, places) in OUTSIDE {
                if line.contains(what) && !places.iter().any(|place| name.starts_with(place)) {
                    wrong.push(format!("{name}:{number}: `{what}` is only for {}", places.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_a_step_signs_what_is_written() {
    for (name, text) in sources() {
        let signs = code(&text).any(|(_, line)| line.contains("Signature::new("));
        assert!(!signs || name == "compile/step.rs", "{name}: only `compile::Step` makes signatures");
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name}: begins without a `//!` line");
    }
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let long: Vec<_> =
        sources().into_iter().filter(|(_, text)| text.lines().count() > 400).map(|(name, _)| name).collect();
    assert!(long.is_empty(), "which idea wants its own room? {}", long.join(", "));
}

/// Statics of a type that stand in some file of `folders` and not in the text of `table`.
fn unlisted(kind: &str, folders: &[&str], table: &str) -> Vec<String> {
    let sources = sources();
    let listed = sources.iter().find(|(name, _)| name == table).map(|(_, text)| text.as_str()).unwrap();
    let declared = |line: &str| {
        let (name, rest) = line.split_once("static ")?.1.split_once(": ")?;
        (rest.starts_with(kind) && rest[kind.len()..].starts_with(' ')).then(|| name.to_owned())
    };
    let files = sources.iter().filter(|(name, _)| folders.iter().any(|folder| name.starts_with(folder)));
    let statics: Vec<_> = files.flat_map(|(_, text)| code(text).filter_map(|(_, line)| declared(line))).collect();
    assert!(!statics.is_empty(), "no {kind} found in {}", folders.join(", "));
    statics.into_iter().filter(|name| !listed.contains(&format!("::{name}"))).collect()
}

#[test]
fn tables_list_what_their_folders_hold() {
    let transformers = unlisted("Transformer", &["compile/transform/", "compile/patch/"], "compile/transform/mod.rs");
    assert!(transformers.is_empty(), "not in TRANSFORMERS: {}", transformers.join(", "));
    let generators = unlisted("Generator", &["compile/generate/"], "compile/generate/mod.rs");
    assert!(generators.is_empty(), "not in GENERATORS: {}", generators.join(", "));
}
