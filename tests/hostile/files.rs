//! What stands where a file should stand.

use std::path::PathBuf;
use std::process::Command;

use kollate::source::{EntryKind, Files, ReadError};

use super::*;
use crate::support::{Sandbox, kollate};

/// Builds the root of a sandbox by the program, which must refuse it, and gives its words.
fn refused(sandbox: &Sandbox) -> String {
    let ran = kollate(&sandbox.path, &["build", "."]);
    assert!([1, 2].contains(&ran.code()), "{}", ran.stderr());
    assert_eq!(ran.stdout(), "");
    ran.stderr()
}

/// Every field that names a file.
const EVERYWHERE: &str = "resources: [x]
patches: [{path: x}]
configMapGenerator: [{name: a, files: [x], envs: [x]}]
secretGenerator: [{name: b, envs: [x]}]
configurations: [x]
crds: [x]
generators: [x]
transformers: [x]
replacements: [{path: x}]
openapi: {path: x}
";

#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_no_files() {
    let sandbox = Sandbox::empty();
    sandbox.write("kustomization.yaml", EVERYWHERE);
    assert!(Command::new("mkfifo").arg(sandbox.path.join("x")).status().unwrap().success());
    let words = refused(&sandbox);
    assert!(words.matches("a pipe, a socket or a device").count() > 5, "{words}");
    std::fs::remove_file(sandbox.path.join("x")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(sandbox.path.join("x")).unwrap();
    assert!(refused(&sandbox).contains("a pipe, a socket or a device"));
    std::fs::remove_file(sandbox.path.join("x")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", sandbox.path.join("x")).unwrap();
    assert!(refused(&sandbox).contains("error[build/outside-root]"));
    std::fs::remove_file(sandbox.path.join("kustomization.yaml")).unwrap();
    assert!(Command::new("mkfifo").arg(sandbox.path.join("kustomization.yaml")).status().unwrap().success());
    assert!(refused(&sandbox).contains("cannot read"));
}

#[test]
fn names_and_ways_beyond_what_the_system_takes() {
    let sandbox = Sandbox::empty();
    let (name, way) = ("x".repeat(5_000), "y/".repeat(4_000));
    sandbox.write("kustomization.yaml", &format!("resources: [{name}, {way}z, \"a\\0b\"]\n"));
    let words = refused(&sandbox);
    assert!(words.lines().all(|line| line.len() < 3_000), "{words}");
    assert_eq!(words.matches("error[build/").count(), 3, "{words}");
}

#[test]
fn a_file_longer_than_the_limit_is_not_read() {
    let sandbox = Sandbox::empty();
    sandbox.write("kustomization.yaml", "resources: [r.yaml]\n");
    std::fs::File::create(sandbox.path.join("r.yaml")).unwrap().set_len(300 << 20).unwrap();
    assert!(refused(&sandbox).contains("300 MiB, more than the limit of 256 MiB"));
    std::fs::rename(sandbox.path.join("r.yaml"), sandbox.path.join("kustomization.yaml")).unwrap();
    assert!(refused(&sandbox).contains("300 MiB, more than the limit of 256 MiB"));
}

/// Files that are gone once they are asked for.
struct Vanishing(Memory);

impl Files for Vanishing {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        match path.ends_with("kustomization.yaml") {
            true => self.0.read(path),
            false => Err(ReadError::NotFound),
        }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.0.kind(path)
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.0.list(path)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        self.0.resolve(path)
    }
}

#[test]
fn files_that_vanish_are_missed() {
    let memory = Memory::new().with("/root/kustomization.yaml", EVERYWHERE).with("/root/x", OBJECT);
    let store = Arc::new(Store::new(Box::new(Vanishing(memory)), SourceMap::new(), "/"));
    let session = Session::new(store, Options::default());
    let build = session.build(Path::new("/root"));
    let said = printed(&session, &build).expect_err("nothing is there");
    assert!(said.matches("error[").count() > 5, "{said}");
}
