//! No plaintext of a secret gets into a change set.

use kollate::diff::{ChangeSet, between};
use kollate::resource::Generated;

use super::{World, assert_same, check, diff, revisions, write};

#[track_caller]
fn assert_hidden(set: &ChangeSet, plain: &[&str]) {
    let shown = format!("{set:?}");
    for text in plain {
        assert!(!shown.contains(text), "`{text}` is in {shown}");
    }
    assert!(!set.is_empty(), "nothing changed, so nothing is proven");
}

#[test]
fn values_of_secrets_are_compared_and_not_shown() {
    check(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: aHVudGVyMg==, b: c2FtZQ==, c: Z29uZQ==}\nstringData: {x: one}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: c2VzYW1l, b: c2FtZQ==, d: bmV3}\nstringData: {x: two}\n",
        r#"
prod: modified Secret s
  data.a modified secret! → secret! after.yaml:4
  data.c removed secret! → - before.yaml:4
  data.d added - → secret! after.yaml:4
  stringData.x modified secret! → secret! after.yaml:5
"#,
    );
}

#[test]
fn a_broken_secret_is_hidden_too() {
    let secret = |data: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {data}\n");
    assert_hidden(&diff(&secret("plainpass1"), &secret("{a: 12345678}")), &["plainpass1", "12345678"]);
    assert_hidden(&diff(&secret("[plainpass1]"), &secret("{a: {b: plainpass2}}")), &["plainpass1", "plainpass2"]);
}

#[test]
fn the_hash_of_a_secret_is_hidden_everywhere() {
    let build = |hash: &str, value: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: db-{hash}}}\ndata: {{password: {value}}}\n---\n\
             apiVersion: v1\nkind: Widget\nmetadata: {{name: w}}\nspec:\n  imagePullSecrets: [{{name: db-{hash}}}]\n\
             \x20 args: ['--from=db-{hash}']\n  extra: db-{hash}\n"
        )
    };
    let world = World::new();
    let mut old = world.read("before.yaml", &build("9bfbmfgt2f", "aHVudGVyMg=="));
    let mut new = world.read("after.yaml", &build("k2fg24c9t8", "c2VzYW1l"));
    for set in [&mut old, &mut new] {
        set.get_mut(0).unwrap().generated = Some(Generated { needs_hash: true, ..Generated::default() });
    }
    let set = between(&[world.build("prod", &old)], &[world.build("prod", &new)], revisions());
    assert_hidden(&set, &["9bfbmfgt2f", "k2fg24c9t8", "aHVudGVyMg", "c2VzYW1l"]);
    let widget = &set.entries.iter().find(|entry| entry.resource.name == "w").unwrap().changes;
    assert!(widget.iter().all(|change| change.follows), "{widget:?}");
}

#[test]
fn variables_flags_urls_and_tokens_are_masked() {
    let pod = |n: u32| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: c\n    env:\n\
             \x20   - {{name: DB_PASSWORD, value: hunter-{n}}}\n    - {{name: TOKEN_TTL, value: '{n}'}}\n\
             \x20   - {{name: URL, value: 'postgres://shop:pa{n}ss@db/orders'}}\n\
             \x20   args: ['--password', 'flag-secret-{n}', '--api-key=key-secret-{n}', '--level={n}']\n"
        )
    };
    let (before, after) = (pod(1), pod(2));
    let set = diff(&before, &after);
    assert_hidden(&set, &["hunter-", "pa1ss", "pa2ss", "flag-secret", "key-secret"]);
    let shown: Vec<String> = set.entries[0]
        .changes
        .iter()
        .map(|change| format!("{} {}", change.path, change.after.as_ref().map_or(String::new(), write::show)))
        .collect();
    assert_same(
        &(shown.join("\n") + "\n"),
        r#"
spec.containers[name=c].args[1] secret!
spec.containers[name=c].args[2] masked "--api-key=***"
spec.containers[name=c].args[3] "--level=2"
spec.containers[name=c].env[name=DB_PASSWORD].value secret!
spec.containers[name=c].env[name=TOKEN_TTL].value "2"
spec.containers[name=c].env[name=URL].value masked "postgres://shop:***@db/orders"
"#,
    );
    assert!(set.entries[0].changes[5].only_masked_differs());
    // The same in a resource that is new as a whole.
    let keep = "apiVersion: v1\nkind: Widget\nmetadata: {name: w}\n";
    let added = diff(keep, &format!("{keep}---\n{before}"));
    assert_hidden(&added, &["hunter-", "pa1ss", "flag-secret", "key-secret"]);
}

#[test]
fn config_files_are_masked_line_by_line() {
    let map = |n: u32| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  API_TOKEN: tok-{n}-en\n  app.properties: |\n    level={n}\n    db.password = s3cr3t-{n}\n\
             \x20   note: http://host:80/path\n  key.pem: |\n    -----BEGIN RSA PRIVATE KEY-----\n    MIIE{n}\n    -----END RSA PRIVATE KEY-----\n"
        )
    };
    let set = diff(&map(1), &map(2));
    assert_hidden(&set, &["tok-", "s3cr3t", "MIIE"]);
    let shown: Vec<String> =
        set.entries[0].changes.iter().filter_map(|change| change.after.as_ref()).map(write::show).collect();
    assert_eq!(
        shown,
        [
            "secret!",
            "masked \"level=2\\ndb.password = ***\\nnote: http://host:80/path\\n\"",
            "masked \"-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----\\n\"",
        ]
    );
}

#[test]
fn a_secrets_value_is_masked_wherever_it_went() {
    let build = |plain: &str, encoded: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{value: {encoded}}}\n---\n\
             apiVersion: v1\nkind: Widget\nmetadata: {{name: w}}\nspec: {{copy: {encoded}, plain: 'x {plain} y', list: [{plain}]}}\n"
        )
    };
    let set = diff(&build("correct-Horse1", "Y29ycmVjdC1Ib3JzZTE="), &build("battery-Staple2", "YmF0dGVyeS1TdGFwbGUy"));
    assert_hidden(&set, &["correct-Horse1", "Y29ycmVjdC1Ib3JzZTE", "battery-Staple2", "YmF0dGVyeS1TdGFwbGUy"]);
}

#[test]
fn copies_of_secrets_in_annotations_are_hidden() {
    let object = |n: u32| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n\
             \x20   kubectl.kubernetes.io/last-applied-configuration: '{{\"data\":{{\"p\":\"word-{n}\"}}}}'\n"
        )
    };
    assert_hidden(&diff(&object(1), &object(2)), &["word-"]);
}

#[test]
fn references_to_secrets_are_no_secrets() {
    let object = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Widget\nmetadata: {{name: w, annotations: {{auth-secret: {name}}}}}\n\
             spec: {{secretName: {name}, tokenSecretRef: {{key: {name}}}, automountServiceAccountToken: true, image: 'postgres:{name}'}}\n"
        )
    };
    let set = diff(&object("a"), &object("b"));
    assert!(set.entries[0].changes.iter().all(|change| !change.after.as_ref().unwrap().is_masked()), "{set:?}");
    assert_eq!(set.entries[0].changes.len(), 4);
}
