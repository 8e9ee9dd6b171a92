//! Whole runs: a case is a folder of `fixtures/fix` with `input`, the arguments in `command`, all that is said in
//! `expected.txt`, and in `after` the tree afterwards (the input, if there is none). With `UPDATE_EXPECTED` set, the
//! expectations are written instead of compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Scratch, copy};

fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn run(folder: &Path, arguments: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kollate"));
    command.arg("fix").args(arguments.split_whitespace()).current_dir(folder);
    let done = command.env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env("COLUMNS", "120").output().unwrap();
    let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    format!("{}{}exit {}\n", words(done.stdout), words(done.stderr), done.status.code().unwrap())
}

fn builds(folder: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kollate"));
    let done = command.args(["build", "--all"]).current_dir(folder).env("NO_COLOR", "1").output().unwrap();
    String::from_utf8(done.stdout).unwrap()
}

fn check(case: &Path) -> Result<(), String> {
    let name = case.file_name().unwrap().to_str().unwrap();
    let scratch = Scratch::new(name);
    copy(&case.join("input"), &scratch.0);
    let arguments = fs::read_to_string(case.join("command")).unwrap();
    let built = builds(&scratch.0);
    let said = run(&scratch.0, &arguments);
    let after = tree(&scratch.0);
    if builds(&scratch.0) != built {
        return Err(format!("{name}: a build changed"));
    }
    let again = run(&scratch.0, &arguments);
    if arguments.contains("--write") && (tree(&scratch.0) != after || again.contains("@@")) {
        return Err(format!("{name}: a second run changes something\n{again}"));
    }
    let kept = after == tree(&case.join("input"));
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(case.join("expected.txt"), &said).unwrap();
        let _ = fs::remove_dir_all(case.join("after"));
        if !kept {
            copy(&scratch.0, &case.join("after"));
        }
        return Ok(());
    }
    let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
    if said != expected {
        return Err(format!("{name}: said\n{said}---- expected\n{expected}"));
    }
    let wanted = if case.join("after").exists() { tree(&case.join("after")) } else { tree(&case.join("input")) };
    if after == wanted { Ok(()) } else { Err(format!("{name}: wrote\n{after:#?}")) }
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fix");
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    cases.sort();
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(!cases.is_empty() && wrong.is_empty(), "{}", wrong.join("\n"));
}
