//! What is a repository, against kustomize's own tables.

use std::time::Duration;

use kollate::source::remote::{Address, RepoSpec, TIME_LIMIT, redacted};
use serde_json::Value;

use crate::support::corpus;

fn tables() -> Option<Value> {
    let path = corpus("tables")?.join("api__internal__git__repospec.json");
    Some(serde_json::from_str(&std::fs::read_to_string(path).ok()?).unwrap())
}

#[test]
fn every_way_to_write_a_host_that_kustomize_tests() {
    let Some(tables) = tables() else { return };
    let rows = tables["tables"]["TestNewRepoSpecFromUrl_Permute"].as_array().unwrap();
    assert!(rows.len() >= 16);
    for row in rows {
        let (raw, normal) = (row["raw"].as_str().unwrap(), row["normalized"].as_str().unwrap());
        for repository in ["someOrg/someRepo", "kubernetes/website"] {
            for folder in ["", "README.md", "foo/krusty.txt"] {
                for reference in ["", "someBranch", "v0.1.0"] {
                    let slash = if folder.is_empty() { "" } else { "/" };
                    let query = if reference.is_empty() { String::new() } else { format!("?ref={reference}") };
                    let url = format!("{raw}{repository}{slash}{folder}{query}");
                    let spec = RepoSpec::parse(&url).unwrap_or_else(|error| panic!("{url}: {error}"));
                    assert_eq!(spec.host, normal, "{url}");
                    assert_eq!(spec.repository, repository, "{url}");
                    assert_eq!(spec.folder, folder, "{url}");
                    assert_eq!(spec.reference, reference, "{url}");
                }
            }
        }
    }
}

#[test]
fn what_kustomize_does_not_take() {
    let Some(tables) = tables() else { return };
    let rows = tables["tables"]["TestNewRepoSpecFromUrlErrors"].as_object().unwrap();
    assert!(rows.len() >= 15);
    for (name, row) in rows {
        let (url, words) = (row["url"].as_str().unwrap(), row["error"].as_str().unwrap());
        let error = RepoSpec::parse(url).expect_err(name).to_string();
        assert!(error.contains(words) || words.contains(&error), "{name}: {url}: {error}, not {words}");
    }
}

#[test]
fn where_the_repository_ends() {
    let rows = [
        ("https://dev.azure.com/o/p/_git/r/a/b?version=v1", "https://dev.azure.com/o/p/_git/r", "a/b", "v1"),
        ("https://git.example.com/a/b/c//d/e?ref=x&version=y", "https://git.example.com/a/b/c", "d/e", "x"),
        ("https://git.example.com/a/b/c.git/d?ref=a%2Fb", "https://git.example.com/a/b/c.git", "d", "a/b"),
        ("ssh://git@git.example.com:7999/o/r.git", "ssh://git@git.example.com:7999/o/r.git", "", ""),
        ("git@git.example.com:group/sub/r.git//x", "git@git.example.com:group/sub/r.git", "x", ""),
        ("git::ssh://git@github.com/o/r//x", "git@github.com:o/r", "x", ""),
        ("https://me@github.com/o/r/x/y", "me@github.com:o/r", "x/y", ""),
        ("file:///srv/repos/shop", "file:///srv/repos/shop", "", ""),
        ("FILE:///srv/repos/shop//base?ref=main", "file:///srv/repos/shop", "base", "main"),
        ("github.com/o/r?ref=main", "https://github.com/o/r", "", "main"),
        ("https://git.example.com/o/r/./x/../y", "https://git.example.com/o/r", "./x/../y", ""),
    ];
    for (url, clone_url, folder, reference) in rows {
        let spec = RepoSpec::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(
            (spec.clone_url().as_str(), spec.folder.as_str(), spec.reference.as_str()),
            (clone_url, folder, reference)
        );
    }
}

#[test]
fn submodules_and_time_limits() {
    let rows = [
        ("", false, TIME_LIMIT),
        ("?submodules=true&timeout=61", true, Duration::from_secs(61)),
        ("?submodules=1&timeout=1m30s", true, Duration::from_secs(90)),
        ("?submodules=0&timeout=500ms", false, Duration::from_millis(500)),
        ("?submodules=maybe&timeout=-3", false, TIME_LIMIT),
        ("?timeout=1.5h", false, Duration::from_secs(5400)),
        ("?timeout=soon", false, TIME_LIMIT),
        ("?submodules=true&ref=%zz", false, TIME_LIMIT),
    ];
    for (query, submodules, limit) in rows {
        let spec = RepoSpec::parse(&format!("https://github.com/o/r{query}")).unwrap();
        assert_eq!((spec.submodules, spec.time_limit), (submodules, limit), "{query}");
    }
}

#[test]
fn names_and_what_is_secret_in_a_url() {
    let name = |url: &str| Address::of(url).unwrap().name();
    assert_eq!(name("https://u:p@GitHub.com:443/org/repo.git"), "github.com/org/repo");
    assert_eq!(name("git@github.com:org/repo"), "github.com/org/repo");
    assert_eq!(name("https://[::1]:80/a/x.yaml?token=t"), "[::1]/a/x.yaml");
    assert_eq!(Address::of("no url"), None);
    let rows = [
        ("https://user:pass@host/a?ref=b", "https://host/a?ref=b"),
        ("https://token@host/a", "https://host/a"),
        ("ssh://git:pass@host/a", "ssh://git@host/a"),
        ("https://host/a?x=1&access_token=abc", "https://host/a?x=1&access_token=***"),
        (
            "fatal: cannot read 'https://u:p@h/r': and 'http://a:b@c/'",
            "fatal: cannot read 'https://h/r': and 'http://c/'",
        ),
        ("git@github.com:org/repo", "git@github.com:org/repo"),
        ("mail me@example.com", "mail me@example.com"),
    ];
    for (url, shown) in rows {
        assert_eq!(redacted(url), shown);
    }
}
