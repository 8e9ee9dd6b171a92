//! Servers and entries that mean harm.

use super::http::Server;
use super::*;

#[test]
fn a_server_may_send_on_only_to_one_that_is_allowed() {
    let Some(place) = Place::new() else { return };
    let Some(server) = Server::start(&[("/config.yaml", CONFIG), ("/home.yaml", "-> /config.yaml")]) else { return };
    let elsewhere = server.url("/config.yaml").replace("127.0.0.1", "localhost");
    server.put("/away.yaml", &format!("-> {elsewhere}"));
    server.put("/file.yaml", "-> file:///etc/hostname");
    server.put("/round.yaml", "-> /round.yaml");
    let here = Policy { allow: Allow::Nothing, hosts: vec!["http://127.0.0.1".to_owned()] };
    let here = Settings { policy: here, ..Settings::default() };
    place.resources(&[&server.url("/home.yaml")]);
    says(&place.build(here.clone()).unwrap(), &["name: shop"]);
    place.resources(&[&server.url("/away.yaml")]);
    says(
        &place.fails(here.clone()),
        &["error[build/remote-fetch]", "sends the request on to `localhost`", "kollate.yaml"],
    );
    says(&place.build(plain_http()).unwrap(), &["name: shop"]);
    place.resources(&[&server.url("/file.yaml")]);
    says(&place.fails(plain_http()), &["error[build/remote-fetch]", "sends the request on"]);
    place.resources(&[&server.url("/round.yaml")]);
    says(&place.fails(plain_http()), &["error[build/remote-fetch]", "on and on"]);
}

#[test]
fn no_spelling_starts_a_program() {
    let Some(place) = Place::new() else { return };
    place.library();
    let mark = place.0.join("touched");
    let touch = format!("touch%20{}", mark.display());
    for entry in [
        format!("ext::sh -c {touch}"),
        format!("git::ext::sh -c {touch}"),
        format!("me@ext::sh -c {touch}.git"),
        format!("ssh://-oProxyCommand={touch}/org/repo.git"),
        format!("ssh://me@-oProxyCommand={touch}/org/repo.git"),
        format!("me@-oProxyCommand={touch}:org/repo.git"),
        format!("file://--upload-pack={touch}//base"),
        place.url("lib", &format!("//base?ref=--upload-pack={touch}")),
        place.url("lib", &format!("//base?timeout=5s&ref=%2Bmain:--output={touch}")),
    ] {
        place.resources(&[&format!("{entry:?}")]);
        let words = place.fails(Settings { time_limit: std::time::Duration::from_secs(5), ..plain_http() });
        says(&words, &["error[build/"]);
        assert!(!mark.exists(), "{entry}: {words}");
    }
}

#[test]
fn a_project_may_not_pin_or_fetch_by_settings_of_the_repository() {
    let Some(place) = Place::new() else { return };
    place.library();
    let mark = place.0.join("touched");
    // What a repository brings along is never run: neither its hooks nor its attributes.
    place.write("lib/.gitattributes", "* filter=evil\n");
    place.write("lib/.git/hooks/post-checkout", &format!("#!/bin/sh\ntouch {}\n", mark.display()));
    place.git("lib", &["config", "filter.evil.smudge", &format!("touch {}", mark.display())]);
    place.commit("lib");
    place.resources(&[&place.url("lib", "//base")]);
    says(&place.build(allowed()).unwrap(), &["name: shop"]);
    assert!(!mark.exists());
}

#[test]
fn what_an_interrupted_run_has_left_goes() {
    let Some(place) = Place::new() else { return };
    place.library();
    place.write("cache/tmp/1-0/objects/pack/x", "half a pack");
    place.write("cache/tmp/2-0/objects/pack/x", "being fetched");
    let old = ["-d", "3 days ago", "cache/tmp/1-0"];
    if !Command::new("touch").current_dir(&place.0).args(old).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: no `touch -d`");
        return;
    }
    place.resources(&[&place.url("lib", "//base")]);
    says(&place.build(allowed()).unwrap(), &["name: shop"]);
    assert!(!place.0.join("cache/tmp/1-0").exists());
    assert!(place.0.join("cache/tmp/2-0").exists());
}
