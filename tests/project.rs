//! Projects: the project file, discovery, what arguments mean, and affected environments.
//!
//! A case is a folder of `fixtures/project`: a project, the file `arguments` (a command line argument a line), and
//! `expected.txt`. With `UPDATE` set, the expected texts are written instead of compared.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kollate::finding::Findings;
use kollate::project::{Affected, Environment, EnvironmentName, Project, Target, affected, same_content, scaffold};
use kollate::source::{Disk, Files, Memory, SourceMap, Store};

use crate::support::plain;

const ROOT: &str = "/repo";

/// The files of a case, at the paths of a repository whose top is `/repo`.
fn files(folder: &Path, at: &str, mut memory: Memory) -> Memory {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{at}/{}", entry.file_name().to_str().unwrap());
        memory = match entry.file_type().unwrap().is_dir() {
            true => files(&entry.path(), &path, memory),
            false => memory.with(&path, fs::read(entry.path()).unwrap()),
        };
    }
    memory
}

fn shown_target(store: &Store, target: &Target) -> String {
    match target {
        Target::Environment(environment) => format!("environment {}", environment.name),
        Target::Folder(path) => format!("folder {}", store.shown(path)),
        Target::File(path) => format!("file {}", store.shown(path)),
        Target::Stdin => "standard input".to_owned(),
    }
}

fn shown_environment(store: &Store, environment: &Environment) -> String {
    let mut text = format!("{} in {}", environment.name, store.shown(&environment.folder));
    if !environment.kubernetes.is_empty() {
        text += &format!(", Kubernetes {}", environment.kubernetes.join(" and "));
    }
    environment.promotes_from.iter().for_each(|name| text += &format!(", from {name}"));
    environment.fail_on.iter().for_each(|severity| text += &format!(", fails on {severity}"));
    environment.declared.iter().for_each(|at| {
        let place = store.map().place(*at);
        text += &format!(", declared at {}:{}:{}", place.file, place.line, place.column);
    });
    text
}

/// All that is said of a project: its environments, what each argument means, and the findings.
fn report(case: &Path) -> String {
    let memory = files(case, ROOT, Memory::new()).with("/repo/.git/HEAD", "");
    let store = Arc::new(Store::new(Box::new(memory), SourceMap::new(), ROOT));
    let mut findings = Findings::new();
    let project = Project::open(&store, Path::new(ROOT), &mut findings);
    let mut out = plain(store.map(), &findings);
    project.compat.iter().for_each(|compat| writeln!(out, "like kustomize {}", compat.as_str()).unwrap());
    for environment in &project.environments {
        writeln!(out, "{}", shown_environment(&store, environment)).unwrap();
    }
    for argument in fs::read_to_string(case.join("arguments")).unwrap_or_default().lines() {
        let mut findings = Findings::new();
        let target = project.target(&store, argument, Path::new(ROOT), &mut findings);
        let meaning = target.map_or("nothing".to_owned(), |target| shown_target(&store, &target));
        write!(out, "\n$ {argument}\n{meaning}\n{}", plain(store.map(), &findings)).unwrap();
    }
    out
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/project");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut wrong = Vec::new();
    for case in &cases {
        let (found, file) = (report(case), case.join("expected.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, &found).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\n--- expected\n{expected}\n--- found\n{found}", case.display()));
        }
    }
    assert!(!cases.is_empty() && wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The environments of a project that has nothing wrong with it.
fn sound(files: Box<dyn Files>, root: &Path) -> Vec<String> {
    let store = Arc::new(Store::new(files, SourceMap::new(), root));
    let mut findings = Findings::new();
    let project = Project::open(&store, root, &mut findings);
    assert_eq!(plain(store.map(), &findings), "");
    project.names().map(ToString::to_string).collect()
}

#[test]
fn our_own_project_is_sound_and_discovery_finds_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("environments").exists() {
        eprintln!("skipped: the worked project is not part of the published package");
        return;
    }
    assert_eq!(sound(Box::new(Disk), &Disk.resolve(root)), ["dev", "staging", "prod"]);
    let memory = files(&root.join("environments"), "/repo/environments", Memory::new()).with("/repo/.git", "");
    assert_eq!(sound(Box::new(memory), Path::new(ROOT)), ["dev", "prod", "staging"]);
}

#[test]
fn what_init_writes_is_sound() {
    let written = scaffold("shop", "1.34").unwrap();
    let memory = written.iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, text.as_str()));
    assert_eq!(sound(Box::new(memory), Path::new("/")), ["dev", "prod"]);
}

#[test]
fn the_nearest_project_file_above_counts_and_the_repository_ends_the_search() {
    let text = "apiVersion: kollate.dev/v1\nkind: Project\nenvironments: {NAME: {path: a}}\n";
    let memory = Memory::new()
        .with("/kollate.yaml", text.replace("NAME", "beyond"))
        .with("/a/kustomization.yaml", "")
        .with("/repo/.git", "gitdir: elsewhere")
        .with("/repo/shop/kollate.yaml", text.replace("NAME", "shop"))
        .with("/repo/shop/a/kustomization.yaml", "")
        .with("/repo/shop/a/deep/er/file", "")
        .with("/repo/other/file", "")
        .with("/free/file", "");
    let store = Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/"));
    for (start, root, names) in [
        ("/repo/shop/a/deep/er", "/repo/shop", vec!["shop"]),
        ("/repo/shop", "/repo/shop", vec!["shop"]),
        ("/repo/other", "/repo", vec![]),
        ("/free", "/", vec!["beyond"]),
    ] {
        let mut findings = Findings::new();
        let project = Project::open(&store, Path::new(start), &mut findings);
        assert_eq!(plain(store.map(), &findings), "");
        assert_eq!(project.root, Path::new(root), "from {start}");
        assert_eq!(project.names().map(EnvironmentName::as_str).collect::<Vec<_>>(), names, "from {start}");
    }
}

#[test]
fn without_a_repository_discovery_stays_where_it_began() {
    let memory = Memory::new()
        .with("/home/overlays/other/kustomization.yaml", "")
        .with("/home/me/overlays/mine/kustomization.yaml", "");
    let store = Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/"));
    let project = Project::open(&store, Path::new("/home/me"), &mut Findings::new());
    assert_eq!(project.root, Path::new("/home/me"));
    assert_eq!(project.names().map(EnvironmentName::as_str).collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn folders_that_nest_too_deep_are_told() {
    let deep = format!("/repo/{}overlays/prod/kustomization.yaml", "d/".repeat(30));
    let memory = Memory::new().with(&deep, "").with("/repo/envs/dev/kustomization.yaml", "");
    let store = Arc::new(Store::new(Box::new(memory), SourceMap::new(), ROOT));
    let mut findings = Findings::new();
    let project = Project::open(&store, Path::new(ROOT), &mut findings);
    assert_eq!(project.names().map(EnvironmentName::as_str).collect::<Vec<_>>(), ["dev"]);
    let text = plain(store.map(), &findings);
    assert!(text.starts_with("warning[project/too-large]: environments beyond `d/d/"), "{text}");
    assert!(text.contains("were not discovered: folders nest more than 20 deep\n"), "{text}");
}

#[test]
fn names_of_environments() {
    for good in ["prod", "eu-1/prod", "a.b_c", "7", "größe"] {
        assert_eq!(EnvironmentName::new(good).map(|name| name.to_string()).as_deref(), Some(good));
    }
    for bad in ["", "-v", ".", "..", "a/../b", "/a", "a/", "a b", "a\nb", "a\\b", "a:b"] {
        assert_eq!(EnvironmentName::new(bad), None, "{bad}");
    }
}

fn environment(name: &str, kubernetes: &str) -> Environment {
    let folder = Path::new(ROOT).join(name);
    let environment = Environment::new(EnvironmentName::new(name).unwrap(), folder);
    Environment { kubernetes: vec![kubernetes.to_owned()], ..environment }
}

#[test]
fn affected_environments_are_those_that_read_something_else() {
    let store = |memory: Memory| Store::new(Box::new(memory), SourceMap::new(), ROOT);
    let common =
        |memory: Memory| memory.with("/repo/base.yaml", "1").with("/repo/folder/a", "").with("/repo/gone", "g");
    let before = store(common(Memory::new()).with("/repo/patch.yaml", "x").with("/repo/dropped.yaml", "d"));
    let after = store(common(Memory::new()).with("/repo/patch.yaml", "y").with("/repo/folder/b", ""));
    let reads = |paths: &[&str]| -> BTreeSet<PathBuf> { paths.iter().map(|path| Path::new(ROOT).join(path)).collect() };

    let names = ["same", "patched", "listed", "dropping", "upgraded", "removed", "added"];
    let old = names.map(|name| environment(name, "1.34"));
    let new = names.map(|name| environment(name, if name == "upgraded" { "1.35" } else { "1.34" }));
    let base = reads(&["base.yaml", "missing.yaml"]);
    let patched = reads(&["base.yaml", "patch.yaml"]);
    let listed = reads(&["folder"]);
    let dropping = reads(&["base.yaml", "dropped.yaml"]);
    let sides_before = vec![
        (&old[0], &base),
        (&old[1], &patched),
        (&old[2], &listed),
        (&old[3], &dropping),
        (&old[4], &base),
        (&old[5], &base),
    ];
    // The environment that no longer reads `dropped.yaml` is affected though its own files are the same.
    let sides_after = vec![
        (&new[6], &base),
        (&new[4], &base),
        (&new[3], &base),
        (&new[2], &listed),
        (&new[1], &patched),
        (&new[0], &base),
    ];
    let verdicts = affected(&sides_before, &sides_after, |path| same_content(&before, &after, path));
    let text: Vec<String> = verdicts
        .iter()
        .map(|(name, verdict)| match verdict {
            Affected::Changed { paths, settings } => {
                let paths: Vec<String> = paths.iter().map(|path| after.shown(path)).collect();
                format!("{name} {}: {}{}", verdict.as_str(), paths.join(" "), if *settings { "settings" } else { "" })
            }
            _ => format!("{name} {}", verdict.as_str()),
        })
        .collect();
    assert_eq!(
        text,
        [
            "added added",
            "upgraded changed: settings",
            "dropping changed: dropped.yaml",
            "listed changed: folder",
            "patched changed: patch.yaml",
            "same unchanged",
            "removed removed",
        ]
    );
}
