//! A stand-in for `helm` that records what it is asked, and the programs that are given it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use kollate::compile::{Compat, Helm, LoadRestrictor, Options};
use kollate::source::{Disk, Files};

use crate::kustomize::newest;
use crate::support::{on_disk, printed};

/// A tree of files, gone with its value.
pub struct Tree(pub PathBuf);

impl Tree {
    pub fn new(name: &str, files: &[(&str, &str)]) -> Tree {
        let folder = std::env::temp_dir().join(format!("kollate-test-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let tree = Tree(Disk.resolve(&folder));
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub fn program(&self, path: &str, text: &str) -> PathBuf {
        let path = self.write(path, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Records arguments, helm's folders and values files; pulls an empty chart; prints what it was asked for.
pub(super) const STAND_IN: &str = r#"#!/bin/sh
record=$(dirname "$0")/record
{
  for argument in "$@"; do printf '[%s] ' "$argument"; done
  echo
  if [ "$1" = template ]; then
    echo "config=$HELM_CONFIG_HOME cache=$HELM_CACHE_HOME data=$HELM_DATA_HOME"
  fi
} >> "$record"
case "$1" in
version) echo "${STAND_IN_VERSION:-v3.16.4+g7877b45}" ;;
pull)
  folder=$4
  for last in "$@"; do case "$last" in [a-z]*) name=$last ;; esac; [ "$last" = --version ] && break; done
  name=$(basename "$name")
  mkdir -p "$folder/$name" && echo 'pulled: true' > "$folder/$name/values.yaml" ;;
template)
  shift
  while [ $# -gt 0 ]; do
    if [ "$1" = -f ]; then echo "values:" >> "$record"; cat "$2" >> "$record"; shift; fi
    shift
  done
  cat "$(dirname "$0")/rendered" ;;
esac
"#;

pub(super) const RENDERED: &str = "---
# Source: web/templates/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  # not kept
  b: \"1\"
  a: two
---
---
# Source: web/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: {app: web}
spec:
  ports:
    - port: 80
  selector:
    app: web
";

pub(super) struct Ran {
    pub(super) output: Result<String, String>,
    pub(super) record: String,
}

/// Paths of this run and of this machine, each by a name.
pub(super) fn named(text: &str, tree: &Tree) -> String {
    let text = text.replace(&*tree.0.to_string_lossy(), "<tree>");
    let temporary = regex::Regex::new(r"(/[^/ ]+)*/(kustomize-helm-\d+|kollate-\d+-\d+)").unwrap();
    temporary.replace_all(&text, "<temporary>").into_owned()
}

pub(super) fn take_record(tree: &Tree) -> String {
    let path = tree.0.join("bin/record");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let _ = fs::remove_file(path);
    named(&text, tree)
}

pub(super) fn prepare(name: &str, files: &[(&str, &str)], rendered: &str) -> (Tree, Helm) {
    let tree = Tree::new(name, files);
    tree.write("bin/rendered", rendered);
    let program = tree.program("bin/helm", STAND_IN);
    (tree, Helm { command: program.to_string_lossy().into_owned(), ..Helm::default() })
}

pub(super) fn kollate(tree: &Tree, options: Options) -> Ran {
    let session = on_disk(&tree.0, options);
    let build = session.build(&tree.0.join("app"));
    Ran { output: printed(&session, &build), record: take_record(tree) }
}

/// kubectl, if this machine has one with the kustomize that we follow.
pub(super) fn kubectl(tree: &Tree, flags: &[&str]) -> Option<Ran> {
    let version = Command::new("kubectl").args(["version", "--client"]).output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).contains("Kustomize Version: v5.5") {
        eprintln!("skipped: no kubectl with kustomize 5.5");
        return None;
    }
    Some(with_helm(&["kubectl", "kustomize"], tree, flags))
}

/// The kustomize that the defaults follow, if this machine has one.
pub(super) fn kustomize(tree: &Tree, flags: &[&str]) -> Option<Ran> {
    newest().then(|| with_helm(&["kustomize", "build"], tree, flags))
}

pub(super) fn with_helm(words: &[&str], tree: &Tree, flags: &[&str]) -> Ran {
    let program = format!("--helm-command={}", tree.0.join("bin/helm").display());
    let output = Command::new(words[0])
        .args(&words[1..])
        .arg(tree.0.join("app"))
        .args(["--enable-helm", &program])
        .args(flags)
        .output()
        .unwrap();
    let output = match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).unwrap()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    };
    // An option that says nothing more, and that helm 4 does not know, so that kollate leaves it out.
    let record = take_record(tree).replace("[version] [-c]", "[version]");
    Ran { output, record }
}

/// Builds `app` like both versions of kustomize and with them, each in a tree of its own, and gives what was recorded
/// and printed here by default.
pub(super) fn check_same(name: &str, files: &[(&str, &str)], rendered: &str, flags: &[&str]) -> (String, String) {
    check_like(Compat::V5_5, name, files, rendered, flags);
    check_like(Compat::V5_8, name, files, rendered, flags)
}

pub(super) fn check_like(
    compat: Compat,
    name: &str,
    files: &[(&str, &str)],
    rendered: &str,
    flags: &[&str],
) -> (String, String) {
    let (theirs, _) = prepare(&format!("{name}-kustomize"), files, rendered);
    let (ours, mut helm) = prepare(name, files, rendered);
    let mut restrictor = LoadRestrictor::RootOnly;
    for flag in flags {
        match flag.split_once('=').unwrap_or((flag, "")) {
            ("--helm-api-versions", value) => helm.api_versions.push(value.to_owned()),
            ("--helm-kube-version", value) => helm.kube_version = value.to_owned(),
            ("--helm-debug", _) => helm.debug = true,
            ("--load-restrictor", _) => restrictor = LoadRestrictor::None,
            other => panic!("a flag of kubectl that the test does not know: {other:?}"),
        }
    }
    let found = kollate(&ours, Options { helm: Some(helm), restrictor, compat, ..Options::default() });
    let oracle = if compat == Compat::V5_5 { kubectl } else { kustomize };
    if let Some(expected) = oracle(&theirs, flags) {
        assert_eq!(found.record, expected.record, "{name}: what helm is asked");
        match (&found.output, &expected.output) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{name}: the output"),
            (Err(_), Err(_)) => {}
            (found, expected) => panic!("{name}: found {found:?}, expected {expected:?}"),
        }
    }
    (found.record, found.output.unwrap_or_else(|findings| findings))
}
