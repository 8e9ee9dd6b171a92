//! What fetched trees and servers may not do.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::*;

#[test]
fn a_reference_that_is_not_there() {
    let Some(place) = Place::new() else { return };
    let commit = place.library();
    place.git("lib", &["tag", "v1.2.0"]);
    let fails = |reference: &str| {
        place.resources(&[&format!("\"{}\"", place.url("lib", &format!("//base?ref={reference}")))]);
        place.fails(allowed())
    };
    says(&fails("v1.2.1"), &["error[build/remote-ref]", "`v1.2.1`", "`main`, `v1.2.0`", "did you mean `v1.2.0`?"]);
    says(&fails(&commit[..8]), &["error[build/remote-ref]", "all 40 characters"]);
    for odd in ["--upload-pack=touch%20x", "-x", "%2Bmain", "main:x", "a..b", "main^", "@%7B1%7D", "a%20b", "a%00b"] {
        says(&fails(odd), &["error[build/remote-ref]", "cannot be a branch"]);
    }
}

#[test]
fn a_repository_that_is_not_there() {
    let Some(place) = Place::new() else { return };
    place.resources(&[&place.url("absent", "//base")]);
    says(&place.fails(allowed()), &["error[build/remote-fetch]", "note: git says: "]);
    place.library();
    place.resources(&[&place.url("lib", "//bases")]);
    says(&place.fails(allowed()), &["error[build/missing-file]", "did you mean"]);
    place.resources(&["gh:org/repo", "https://github.com/org", "https://github.com/org/repo//../x"]);
    let text = place.fails(allowed());
    assert_eq!(text.matches("error[").count(), 3, "{text}");
    says(&text, &["error[build/remote-url]: `gh:org/repo`", "this path leads out of the repository"]);
}

#[test]
fn a_fetched_tree_reads_only_itself() {
    let Some(place) = Place::new() else { return };
    place.write("secret/kustomization.yaml", "resources: [config.yaml]\n");
    place.write("secret/config.yaml", &CONFIG.replace("info", "classified"));
    place.write("lib/config.yaml", CONFIG);
    place.write("lib/base/kustomization.yaml", "");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../../secret", place.0.join("lib/base/link")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", place.0.join("lib/base/host")).unwrap();
    }
    let secret = place.0.join("secret");
    let secret = secret.display();
    for text in [
        "resources: [../../secret]".to_owned(),
        "resources: [../../../../../../../../../../etc/hostname]".to_owned(),
        format!("resources: [{secret}/config.yaml]"),
        format!("resources: [../../../..{secret}]"),
        "components: [../../secret]".to_owned(),
        "resources: [link]".to_owned(),
        "resources: [link/config.yaml]".to_owned(),
        "resources: [host]".to_owned(),
        "resources: [../config.yaml]".to_owned(),
        "configMapGenerator: [{name: a, files: [/etc/hostname]}]".to_owned(),
        "configMapGenerator: [{name: a, files: [host]}]".to_owned(),
        "configMapGenerator: [{name: a, envs: [../../secret/config.yaml]}]".to_owned(),
        format!("patches: [{{path: {secret}/config.yaml}}]"),
        format!("openapi: {{path: {secret}/config.yaml}}"),
    ] {
        place.write("lib/base/kustomization.yaml", &format!("{text}\n"));
        place.commit("lib");
        place.resources(&[&place.url("lib", "//base")]);
        let words = place.fails(refreshed());
        assert!(words.contains("build/outside-root") || words.contains("build/missing-file"), "{text}: {words}");
        assert!(!words.contains("classified"), "{text}: {words}");
    }
}

#[test]
fn repositories_that_name_each_other_in_a_circle() {
    let Some(place) = Place::new() else { return };
    place.write("one/kustomization.yaml", &format!("resources: [\"{}\"]\n", place.url("two", "")));
    place.write("two/kustomization.yaml", &format!("resources: [\"{}\"]\n", place.url("one", "")));
    place.commit("one");
    place.commit("two");
    place.resources(&[&place.url("one", "")]);
    says(&place.fails(allowed()), &["error[build/cycle]", "two@HEAD/kustomization.yaml:1:13"]);
    // Names that are new every time are a circle that never closes.
    for i in 0..20 {
        place.write(
            "one/kustomization.yaml",
            &format!("resources: [\"{}\"]\n", place.url("one", &format!("?ref=b{}", i + 1))),
        );
        place.commit("one");
        place.git("one", &["branch", &format!("b{i}")]);
    }
    place.resources(&[&place.url("one", "?ref=b0")]);
    says(&place.fails(allowed()), &["error[build/cycle]", "16th remote in a row"]);
}

#[test]
fn a_server_that_never_answers() {
    let Some(place) = Place::new() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    place.resources(&[&format!("http://127.0.0.1:{port}/org/repo.git?timeout=700ms")]);
    let start = Instant::now();
    says(&place.fails(plain_http()), &["error[build/remote-fetch]", "no answer within 0.7 s", "timeout="]);
    place.resources(&[&format!("http://127.0.0.1:{port}/x.yaml")]);
    let settings = Settings { time_limit: Duration::from_millis(700), ..plain_http() };
    let text = place.fails(settings);
    assert!(text.contains("no answer within 0.7 s") || text.contains("`curl` was not found"), "{text}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(fs::read_dir(place.0.join("cache/tmp")).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn credentials_are_not_shown() {
    let Some(place) = Place::new() else { return };
    place.resources(&[
        "https://user:hunter2@127.0.0.1:1/org/repo.git//x?timeout=2",
        "https://hunter2@127.0.0.1:1/org/repo.git//y",
        "https://127.0.0.1:1/x.yaml?token=hunter2",
        "https://user:hunter2@127.0.0.1:1/y.yaml",
    ]);
    for settings in [Settings::default(), allowed(), frozen(), offline()] {
        let (session, _, _) = place.session(settings);
        let build = session.build(&place.0.join("app"));
        assert_eq!(build.findings.iter().count(), 4);
        let text = plain(session.store().map(), &build.findings);
        assert!(!text.contains("hunter2"), "{text}");
        for finding in build.findings.iter() {
            let at = finding.primary.as_ref().unwrap().at;
            assert!(finding.secret.contains(&at), "whoever shows the line must blank it: {text}");
        }
    }
}
