//! The lock file: what it pins, and what it refuses.

use kollate::source::remote::Lock;

use super::*;

#[test]
fn a_locked_branch_stays_where_it_was() {
    let Some(place) = Place::new() else { return };
    let first = place.library();
    place.resources(&[&place.url("lib", "//base?ref=main")]);
    says(&place.fails(frozen()), &["error[build/remote-lock]", "kollate lock"]);
    assert_eq!(place.read("app/kollate.lock"), None);
    says(&place.build(allowed()).unwrap(), &["level: info"]);
    let text = place.read("app/kollate.lock").unwrap();
    says(&text, &["version: 1", "ref: main", &format!("commit: {first}")]);

    place.write("lib/base/config.yaml", &CONFIG.replace("info", "debug"));
    let second = place.commit("lib");
    says(&place.build(allowed()).unwrap(), &["level: info"]);
    says(&place.build(frozen()).unwrap(), &["level: info"]);
    assert_eq!(place.read("app/kollate.lock").unwrap(), text);
    says(&place.build(refreshed()).unwrap(), &["level: debug"]);
    says(&place.read("app/kollate.lock").unwrap(), &[&second]);

    place.resources(&[&place.url("lib", "//base?ref=main"), &place.url("lib", "//overlay?ref=HEAD")]);
    says(&place.fails(frozen()), &["error[build/remote-lock]", "ref=HEAD"]);
    place.build(allowed()).unwrap();
    let both = place.read("app/kollate.lock").unwrap();
    assert!(both.find("ref: HEAD") < both.find("ref: main"), "entries are sorted: {both}");
    place.resources(&[&place.url("lib", "//base?ref=main")]);
    place.build(allowed()).unwrap();
    assert_eq!(place.read("app/kollate.lock").unwrap(), both, "a build takes nothing out");
    place.build(refreshed()).unwrap();
    assert!(!place.read("app/kollate.lock").unwrap().contains("HEAD"), "`kollate lock` does");
}

#[test]
fn offline_takes_what_was_fetched_before() {
    let Some(place) = Place::new() else { return };
    let commit = place.library();
    place.resources(&[&place.url("lib", "//base?ref=main")]);
    says(&place.fails(offline()), &["error[build/remote-offline]", "not in the cache"]);
    place.build(allowed()).unwrap();
    fs::remove_dir_all(place.0.join("lib")).unwrap();
    says(&place.build(offline()).unwrap(), &["name: shop"]);
    // A full hash needs no lock file.
    fs::remove_file(place.0.join("app/kollate.lock")).unwrap();
    place.resources(&[&place.url("lib", &format!("//base?ref={commit}"))]);
    says(&place.build(offline()).unwrap(), &["name: shop"]);
}

#[test]
fn a_broken_cache_is_fetched_again() {
    let Some(place) = Place::new() else { return };
    let commit = place.library();
    place.resources(&[&place.url("lib", "//base?ref=main")]);
    place.build(allowed()).unwrap();
    let key = fs::read_dir(place.0.join("cache/git")).unwrap().next().unwrap().unwrap().path();
    fs::remove_dir_all(key.join(&commit).join("objects")).unwrap();
    says(&place.fails(offline()), &["error[build/remote-offline]"]);
    says(&place.build(allowed()).unwrap(), &["name: shop"]);
}

#[test]
fn a_commit_that_is_gone_is_told() {
    let Some(place) = Place::new() else { return };
    let first = place.library();
    place.resources(&[&place.url("lib", "//base?ref=main")]);
    place.build(allowed()).unwrap();
    place.git("lib", &["commit", "-q", "--amend", "-m", "rewritten"]);
    place.git("lib", &["reflog", "expire", "--expire=now", "--all"]);
    place.git("lib", &["gc", "-q", "--prune=now"]);
    fs::remove_dir_all(place.0.join("cache")).unwrap();
    let before = place.read("app/kollate.lock");
    let second = place.git("lib", &["rev-parse", "HEAD"]);
    says(&place.fails(allowed()), &["error[build/remote-drift]", &first[..12], &second[..12], "kollate lock"]);
    assert_eq!(place.read("app/kollate.lock"), before);
    place.build(refreshed()).unwrap();
    place.build(frozen()).unwrap();
}

#[test]
fn a_lock_file_that_cannot_be_read_is_left_alone() {
    let Some(place) = Place::new() else { return };
    place.library();
    place.resources(&[&place.url("lib", "//base")]);
    let hash = "0".repeat(39);
    for (text, why) in [
        ("<<<<<<< HEAD\nversion: 1\n", ""),
        ("version: 2\n", "version 2"),
        ("version: 1\nunknown: 1\n", "unknown"),
        (&format!("version: 1\ngit:\n- {{url: a, ref: b, commit: \"{hash}\"}}\n"), "not the full hash"),
        ("version: 1\ngit:\n- {url: a, ref: b, commit: ../../x}\n", "not the full hash"),
    ] {
        place.write("app/kollate.lock", text);
        says(
            &place.fails(allowed()),
            &[
                "warning[build/remote-lock]: cannot read `kollate.lock`",
                "kollate.lock:1:1",
                why,
                "error[build/remote-lock]",
            ],
        );
        assert_eq!(place.read("app/kollate.lock").unwrap(), text);
    }
    place.build(refreshed()).unwrap();
    place.build(frozen()).unwrap();
}

#[test]
fn printing_and_reading_agree() {
    let mut lock = Lock::default();
    assert_eq!(Lock::parse(&lock.print()), Ok(Lock::default()));
    lock.commits.insert(("https://h/o/r".into(), "no".into()), "a".repeat(40));
    lock.commits.insert(("https://h/o/r".into(), "1.20".into()), "b".repeat(64));
    lock.files.insert("https://h/x.yaml?a=b&c=\"d\"#: e".into(), "c".repeat(64));
    assert_eq!(Lock::parse(&lock.print()).as_ref(), Ok(&lock));
}
