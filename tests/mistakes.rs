//! What a user sees who has made a mistake: each folder of `fixtures/mistakes` is a small tree and the commands run in
//! it, and the whole of what they say is compared.
//!
//! A fixture has `input/` (the tree), `command` (one line a command, without `kollate`) and `expected.txt`. A file
//! `repository` says that the tree is committed to a git repository first. `UPDATE=1` writes `expected.txt` anew.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Sandbox, kollate, update};

/// The fixtures in a folder of `fixtures`.
pub fn fixtures(name: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// What every command of a fixture says, as a person would see it.
fn transcript(fixture: &Path) -> String {
    let sandbox = Sandbox::copy_of(&fixture.join("input"));
    if fixture.join("repository").exists() {
        sandbox.commit("all");
    }
    let commands = fs::read_to_string(fixture.join("command")).unwrap();
    commands.lines().map(|line| said(&sandbox, line)).collect::<Vec<_>>().join("\n")
}

fn said(sandbox: &Sandbox, line: &str) -> String {
    let arguments: Vec<_> = line.split_whitespace().collect();
    let output = kollate(&sandbox.path, &arguments);
    let (data, messages) = (output.stdout(), output.stderr());
    for text in [&data, &messages] {
        assert!(!text.contains(sandbox.path.to_str().unwrap()), "`{line}` names a path of this machine:\n{text}");
        assert!(!text.contains("bug in kollate"), "`{line}` crashed:\n{text}");
    }
    let mut text = format!("$ kollate {line}\n");
    for (name, part) in [("stdout", data), ("stderr", messages)] {
        if !part.is_empty() {
            text += &format!("--- {name}\n{part}");
        }
    }
    text + &format!("--- exit code {}\n", output.code())
}

/// Compares what the commands of each fixture in a folder say with what is expected.
pub fn check_transcripts(folder: &str) {
    let mut wrong = Vec::new();
    for fixture in fixtures(folder) {
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        let path = fixture.join("expected.txt");
        let found = transcript(&fixture);
        if update() {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected {
            let diff = similar::TextDiff::from_lines(&expected, &found);
            wrong.push(format!("{name}\n{}", diff.unified_diff().context_radius(3).header("expected", "found")));
        }
    }
    assert!(wrong.is_empty(), "run with UPDATE=1 if these are right\n{}", wrong.join("\n"));
}

#[test]
fn mistakes_are_answered() {
    check_transcripts("mistakes");
}

#[test]
fn a_password_is_not_shown() {
    for fixture in fixtures("mistakes") {
        let text = fs::read_to_string(fixture.join("expected.txt")).unwrap();
        for secret in ["Zebra-Lantern-77", "WmVicmEtTGFudGVybi03Nw", "hunter2"] {
            assert!(!text.contains(secret), "{}: shows `{secret}`", fixture.display());
        }
    }
}
