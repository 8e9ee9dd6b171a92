//! Builds over bases in other repositories.

use std::process::Command;

use kollate::source::remote::{Policy, Settings};

use super::*;

#[test]
fn a_base_by_branch_tag_hash_or_nothing() {
    let Some(place) = Place::new() else { return };
    let first = place.library();
    place.git("lib", &["tag", "-a", "v1", "-m", "v1"]);
    place.write("lib/base/config.yaml", &CONFIG.replace("info", "debug"));
    place.commit("lib");
    place.git("lib", &["branch", "feature/x", &first]);
    for (query, level) in [
        ("", "debug"),
        ("?ref=main", "debug"),
        ("?ref=v1", "info"),
        ("?version=feature/x", "info"),
        (&format!("?ref={first}"), "info"),
    ] {
        place.resources(&[&place.url("lib", &format!("//overlay{query}"))]);
        let text = place.build(allowed()).unwrap_or_else(|words| panic!("{query}: {words}"));
        says(&text, &["name: prod-shop", &format!("level: {level}")]);
        match Command::new("kubectl").args(["kustomize"]).arg(place.0.join("app")).output() {
            Ok(output) if output.status.success() => assert_eq!(text, String::from_utf8_lossy(&output.stdout)),
            _ => eprintln!("skipped: kubectl kustomize does not build `{query}` here"),
        }
    }
}

#[test]
fn components_and_nested_repositories() {
    let Some(place) = Place::new() else { return };
    place.library();
    let part = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -x\n";
    place.write("parts/part/kustomization.yaml", part);
    place.commit("parts");
    let over = format!("resources: [\"{}\"]\nnamespace: over\n", place.url("lib", "//base"));
    place.write("over/kustomization.yaml", &over);
    place.commit("over");
    let text =
        format!("resources: [\"{}\"]\ncomponents: [\"{}\"]\n", place.url("over", ""), place.url("parts", "//part"));
    place.write("app/kustomization.yaml", &text);
    says(&place.build(allowed()).unwrap(), &["name: shop-x", "namespace: over"]);
}

#[test]
fn nothing_is_fetched_unless_it_is_allowed() {
    let Some(place) = Place::new() else { return };
    place.library();
    place.resources(&[&place.url("lib", "//base"), "https://git.example.com/o/r//x", "http://git.example.com/o/r//x"]);
    let text = place.fails(Settings::default());
    says(&text, &["error[build/remote]", "--allow-remote", "allow: [\"file://\"]", "allow: [\"git.example.com\"]"]);
    assert!(!place.0.join("cache").exists() && place.read("app/kollate.lock").is_none());

    place.resources(&[&place.url("lib", "//base")]);
    let project = |hosts: &str| format!("apiVersion: kollate.dev/v1\nkind: Project\nremote:\n  allow: [{hosts}]\n");
    place.write("app/kollate.yaml", &project("github.com"));
    says(&place.fails(Settings::default()), &["error[build/remote]"]);
    place.write("app/kollate.yaml", &project("\"file://\""));
    says(&place.build(Settings::default()).unwrap(), &["name: shop"]);
    place.write("app/kollate.yaml", &project("\"file:///elsewhere\""));
    says(&place.fails(Settings::default()), &["error[build/remote]"]);
    place.write("app/kollate.yaml", &project("\"me@example.com\""));
    says(&place.fails(Settings::default()), &["error[project/bad-value]", "names no server"]);
    place.write("app/kollate.yaml", "apiVersion: kollate.dev/v1\nkind: Project\n");

    place.resources(&["http://127.0.0.1:9/o/r//x"]);
    says(&place.fails(allowed()), &["error[build/remote]", "is not encrypted", "--allow-remote=http"]);
}

#[test]
fn an_allowed_path_covers_what_lies_below_it() {
    let Some(place) = Place::new() else { return };
    let is_allowed = |host: &str, url: &str| {
        place.resources(&[url]);
        let policy = Policy { hosts: vec![host.to_owned()], ..Policy::default() };
        // The cache is empty, so that what is allowed is not reached either.
        let text = place.fails(Settings { policy, offline: true, ..Settings::default() });
        text.contains("build/remote-offline")
    };
    assert!(is_allowed("github.com", "https://github.com/org/repo//x"));
    assert!(is_allowed("github.com", "git@github.com:org/repo"));
    assert!(is_allowed("github.com/org", "github.com/org/repo/x"));
    assert!(is_allowed("github.com/org/repo", "https://github.com/org/repo.git//x"));
    assert!(is_allowed("http://git.example.com", "http://git.example.com/org/repo"));
    assert!(!is_allowed("github.com/org", "https://github.com/organisation/repo//x"));
    assert!(!is_allowed("github.com/org", "https://github.com/org/%2e%2e/other.git//x"));
    assert!(!is_allowed("github.com", "https://github.com.example.com/org/repo//x"));
    assert!(!is_allowed("github.com", "https://github.com@example.com/org/repo.git"));
    assert!(!is_allowed("git.example.com", "http://git.example.com/org/repo"));
}

#[test]
fn values_know_the_repository_they_come_from() {
    let Some(place) = Place::new() else { return };
    place.library();
    place.resources(&[&place.url("lib", "//overlay?ref=main")]);
    let (session, _, _) = place.session(allowed());
    let build = session.build(&place.0.join("app"));
    let resource = build.resources.iter().next().unwrap();
    let file = session.store().map().place(resource.declared).file;
    assert_eq!(file, format!("{}/lib@main/base/config.yaml", place.0.display()));
    let reads: Vec<_> = build.reads.iter().map(|path| session.store().shown(path)).collect();
    assert_eq!(reads, ["kollate.lock", "kustomization.yaml"]);
}

#[test]
fn submodules_only_where_they_are_asked_for() {
    let Some(place) = Place::new() else { return };
    let commit = place.library();
    let modules = format!("[submodule \"dep\"]\n\tpath = vendor/dep\n\turl = {}\n", place.url("lib", ""));
    place.write("whole/.gitmodules", &modules);
    place.write("whole/app/kustomization.yaml", "resources: [../vendor/dep/overlay]\n");
    place.commit("whole");
    place.git("whole", &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},vendor/dep")]);
    place.git("whole", &["commit", "-q", "-m", "link"]);
    let query = |query: &str| place.resources(&[&place.url("whole", &format!("//app?ref=main{query}"))]);
    query("");
    says(&place.fails(allowed()), &["`../vendor/dep/overlay`", "submodules=true"]);
    query("&submodules=true");
    says(&place.build(allowed()).unwrap(), &["name: prod-shop"]);
    place.write("whole/.gitmodules", &modules.replace(&place.url("lib", ""), "../lib"));
    let again = |message: &str| {
        place.git("whole", &["add", ".gitmodules"]);
        place.git("whole", &["commit", "-q", "-m", message]);
    };
    again("relative");
    says(&place.build(refreshed()).unwrap(), &["name: prod-shop"]);
    place.write("whole/.gitmodules", "");
    again("none");
    says(&place.fails(refreshed()), &["error[build/remote-fetch]", "`.gitmodules` has no URL for `vendor/dep`"]);
}

#[test]
fn many_builds_and_processes_share_a_cache() {
    let Some(place) = Place::new() else { return };
    place.library();
    let names: Vec<String> = (0..8).map(|i| format!("app/environments/e{i}")).collect();
    for name in &names {
        let text = format!("resources: [\"{}\"]\n", place.url("lib", "//overlay"));
        place.write(&format!("{name}/kustomization.yaml"), &text);
    }
    let folders: Vec<PathBuf> = names.iter().map(|name| place.0.join(name)).collect();
    // Each session has a table of its own, as two processes have.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let (session, _, _) = place.session(allowed());
                for build in session.build_all(&folders) {
                    assert!(!build.findings.has_errors(), "{}", plain(session.store().map(), &build.findings));
                }
            });
        }
    });
    let cached: Vec<_> = fs::read_dir(place.0.join("cache/git")).unwrap().collect();
    assert_eq!(cached.len(), 1);
    assert_eq!(fs::read_dir(place.0.join("cache/tmp")).unwrap().count(), 0, "nothing is left behind");
}
