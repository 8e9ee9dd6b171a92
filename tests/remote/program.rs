//! The flags and `kollate lock`, through the program.

use super::*;

/// Exit code, standard output and standard error.
fn kollate(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kollate"))
        .current_dir(place.0.join("app"))
        .args(arguments)
        .env("XDG_CACHE_HOME", place.0.join("home"))
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn from_the_first_build_to_a_moved_branch() {
    let Some(place) = Place::new() else { return };
    let first = place.library();
    let text = format!("resources: [\"{}\"]\n", place.url("lib", "//base?ref=main"));
    place.write("app/environments/prod/kustomization.yaml", &text);
    place.write("app/environments/dev/kustomization.yaml", "namespace: dev\n");

    let (code, out, words) = kollate(&place, &["build", "prod"]);
    assert_eq!((code, out.as_str()), (1, ""));
    says(&words, &["error[build/remote]", "--allow-remote"]);
    assert_eq!(kollate(&place, &["build", "prod", "--allow-remote", "--locked"]).0, 1);
    assert_eq!(place.read("app/kollate.lock"), None);
    let (code, out, _) = kollate(&place, &["build", "prod", "--allow-remote"]);
    assert_eq!(code, 0);
    says(&out, &["level: info"]);
    says(&place.read("app/kollate.lock").unwrap(), &[&first]);
    assert!(place.0.join("home/kollate/git").is_dir());
    place.commit("app");

    place.write("lib/base/config.yaml", &CONFIG.replace("info", "debug"));
    let second = place.commit("lib");
    let moved = format!("{} -> {}", &first[..12], &second[..12]);
    let (code, out, _) = kollate(&place, &["lock", "--allow-remote", "--check"]);
    assert_eq!(code, 1);
    says(&out, &[&moved]);
    says(&place.read("app/kollate.lock").unwrap(), &[&first]);
    let (code, out, _) = kollate(&place, &["lock", "--allow-remote"]);
    assert_eq!(code, 0);
    says(&out, &[&moved]);
    assert_eq!(kollate(&place, &["lock", "--allow-remote", "--check"]).0, 0);
    let (code, out, _) = kollate(&place, &["build", "prod", "--allow-remote", "--locked", "--offline"]);
    assert_eq!(code, 0);
    says(&out, &["level: debug"]);
    let elsewhere = place.0.join("other");
    let flags = ["build", "prod", "--allow-remote", "--offline", "--cache-dir", elsewhere.to_str().unwrap()];
    assert_eq!(kollate(&place, &flags).0, 1);

    let (_, out, _) = kollate(&place, &["diff", "--allow-remote", "--base", "main"]);
    says(&out, &["data.level", "lib@main/base/config.yaml:6"]);
    for flags in [&["--allow-remote"][..], &[]] {
        let (_, out, _) = kollate(&place, &[&["environments", "--affected", "--base", "main"], flags].concat());
        says(&out, &["prod", "changed: kollate.lock"]);
        assert!(!out.contains("dev"), "{out}");
    }
}

#[test]
fn no_format_shows_a_credential() {
    let Some(place) = Place::new() else { return };
    place.resources(&["https://user:hunter2@127.0.0.1:1/org/repo.git//x?timeout=2"]);
    for format in ["terminal", "json", "markdown", "sarif", "github", "gitlab", "junit", "html"] {
        let (code, out, words) = kollate(&place, &["check", ".", "--allow-remote", "--format", format]);
        // A format that there is not is a usage error.
        assert!(code == 1 || code == 2 && !["terminal", "json"].contains(&format), "{format}: {words}");
        assert!(!(out + &words).contains("hunter2"), "{format}");
    }
}
