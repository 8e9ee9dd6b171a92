//! The formats of `diff` for people and programs, over one hand-made change set.

use kollate::diff::{
    Change, ChangeKind, ChangeSet, Class, Counts, EnvironmentStatus, FailedSide, Impact, Op, ResourceChange, Shown,
    Side, Status,
};
use kollate::finding::Severity;
use kollate::report::{Detail, Outcome, Report, Style, find};
use kollate::source::{FieldPath, Location, ScalarKind};

use super::check::resource;
use super::{Texts, check_fixture, written};

pub fn string(text: &str) -> Shown {
    Shown::Scalar { text: text.into(), kind: ScalarKind::String }
}

pub fn number(text: &str) -> Shown {
    Shown::Scalar { text: text.into(), kind: ScalarKind::Int }
}

pub fn change(path: &str, before: Option<Shown>, after: Option<Shown>, cause: Option<Location>) -> Change {
    let op = match (&before, &after) {
        (None, _) => Op::Added,
        (_, None) => Op::Removed,
        _ => Op::Modified,
    };
    let path = FieldPath::parse(path).unwrap();
    Change { path, op, before, after, cause, before_at: None, follows: false, impacts: vec![] }
}

pub fn having(mut change: Change, class: Class, severity: Severity, message: &str) -> Change {
    change.impacts.push(Impact::new(class, severity, message));
    change
}

pub fn entry(environments: &[&str], kind: &str, name: &str, what: ChangeKind, changes: Vec<Change>) -> ResourceChange {
    let mut impacts: Vec<_> = changes.iter().flat_map(|change| change.impacts.clone()).collect();
    impacts.sort();
    impacts.dedup();
    let version = if matches!(kind, "Deployment" | "StatefulSet") { "apps/v1" } else { "v1" };
    ResourceChange {
        environments: environments.iter().map(|name| (*name).to_owned()).collect(),
        resource: resource(version, kind, "shop", name),
        kind: what,
        changes,
        impacts,
    }
}

pub fn environment(name: &str, status: Status, added: usize, modified: usize) -> EnvironmentStatus {
    EnvironmentStatus { name: name.into(), status, counts: Counts { added, modified, removed: 0, renamed: 0 } }
}

pub fn texts() -> Texts {
    Texts::new(&[
        ("base/deployment.yaml", "a: b\nimage: ghcr.io/acme/api:1.5.0\nargs: serve\n"),
        ("overlays/prod/cache-size.yaml", "storage: 20Gi\nreplicas: 4\n"),
        ("base/api.env", "LOG_LEVEL=debug\nDSN=x\n"),
    ])
}

fn everywhere(texts: &Texts) -> Vec<ResourceChange> {
    let all = ["dev", "staging", "prod"];
    let rollout = |change| having(change, Class::Rollout, Severity::Info, "pods are replaced, a quarter at a time");
    let mut follows = change(
        "spec.template.spec.volumes[name=env].configMap.name",
        Some(string("env-a")),
        Some(string("env-b")),
        None,
    );
    follows.follows = true;
    let image = change(
        "spec.template.spec.containers[name=api].image",
        Some(string("ghcr.io/acme/api:1.4.2")),
        Some(string("ghcr.io/acme/api:1.5.0")),
        Some(texts.at("base/deployment.yaml", "ghcr")),
    );
    let args = change(
        "spec.template.spec.containers[name=api].args[0]",
        Some(string(
            "serve --port 80 --cache-size 100 --verbose --tls-cert /etc/tls/tls.crt --tls-key /etc/tls/tls.key",
        )),
        Some(string(
            "serve --port 8080 --cache-size 100 --verbose --tls-cert /etc/tls/tls.crt --tls-key /etc/tls/tls.key",
        )),
        Some(texts.at("base/deployment.yaml", "serve")),
    );
    let level =
        change("data.LOG_LEVEL", Some(string("info")), Some(string("debug")), Some(texts.at("base/api.env", "debug")));
    let conf = |port: &str| {
        let lines: String = (1..20).map(|i| format!("option{i} = {i}\n")).collect();
        string(&lines.replace("option9 = 9", &format!("port = {port}")))
    };
    let file = change("data[nginx.conf]", Some(conf("80")), Some(conf("8080")), None);
    let masked = |password: &str| Shown::Masked { text: format!("postgres://{password}:***@db/orders") };
    let dsn = change("data.DSN", Some(masked("shop")), Some(masked("shop")), Some(texts.at("base/api.env", "x")));
    let secret =
        change("data.password", Some(Shown::Secret { changed: true }), Some(Shown::Secret { changed: true }), None);
    vec![
        entry(&all, "Deployment", "api", ChangeKind::Modified, vec![rollout(image), args, follows]),
        entry(&all, "ConfigMap", "api-env-*", ChangeKind::Modified, vec![level, file, dsn]),
        entry(&all, "Secret", "api-*", ChangeKind::Modified, vec![secret]),
    ]
}

pub fn set(texts: &Texts) -> ChangeSet {
    let size = change(
        "spec.volumeClaimTemplates[metadata.name=data].spec.resources.requests.storage",
        Some(string("10Gi")),
        Some(string("20Gi")),
        Some(texts.at("overlays/prod/cache-size.yaml", "20Gi")),
    );
    let size = having(
        size,
        Class::Rejected,
        Severity::Error,
        "`volumeClaimTemplates` cannot change: delete the StatefulSet first",
    );
    let replicas = change(
        "spec.replicas",
        Some(number("6")),
        Some(number("4")),
        Some(texts.at("overlays/prod/cache-size.yaml", "4\n")),
    );
    let replicas = having(replicas, Class::Capacity, Severity::Warning, "a third fewer pods");
    let service = Shown::Map(vec![
        ("apiVersion".into(), string("v1")),
        ("kind".into(), string("Service")),
        ("metadata".into(), Shown::Map(vec![("name".into(), string("api")), ("namespace".into(), string("shop"))])),
        (
            "spec".into(),
            Shown::Map(vec![("ports".into(), Shown::List(vec![Shown::Map(vec![("port".into(), number("80"))])]))]),
        ),
    ]);
    let service = having(
        change("", None, Some(service), Some(texts.at("base/deployment.yaml", "a: b"))),
        Class::Exposure,
        Severity::Warning,
        "a load balancer opens port 80 to everyone",
    );
    let renamed = ChangeKind::Renamed {
        from: resource("v1", "ConfigMap", "shop", "old"),
        to: resource("v1", "ConfigMap", "shop", "new"),
    };
    let mut moved = change(
        "data.order",
        Some(Shown::List(vec![string("a"), string("b")])),
        Some(Shown::List(vec![string("b"), string("a")])),
        None,
    );
    moved.op = Op::Moved;
    let added = change("data.ports", None, Some(Shown::List(vec![number("80"), number("443")])), None);
    let mut only = change("spec.ref", Some(string("x-1")), Some(string("x-2")), None);
    only.follows = true;
    let mut entries = vec![
        entry(&["prod"], "StatefulSet", "cache", ChangeKind::Modified, vec![size]),
        entry(&["dev"], "Service", "api", ChangeKind::Added, vec![service]),
        entry(&["prod"], "Deployment", "api", ChangeKind::Modified, vec![replicas]),
    ];
    entries.extend(everywhere(texts));
    entries.push(entry(&["staging", "prod"], "ConfigMap", "new", renamed, vec![moved, added]));
    entries.push(entry(&["dev", "staging", "prod"], "Pod", "follower", ChangeKind::Modified, vec![only]));
    let environments = vec![
        environment("dev", Status::Changed, 1, 4),
        environment("staging", Status::Changed, 0, 4),
        environment("prod", Status::Changed, 0, 6),
        environment("test", Status::Unchanged, 0, 0),
        environment("lab", Status::Failed(FailedSide::After), 0, 0),
    ];
    ChangeSet { from: Side::new("main (4f1c2aa)"), to: Side::new("work tree"), environments, entries }
}

#[test]
fn terminal() {
    let texts = texts();
    let set = set(&texts);
    check_fixture("diff.txt", &written(&texts, Outcome::Changes(&set), "terminal", &Style::plain(140)));
    check_fixture("diff-narrow.txt", &written(&texts, Outcome::Changes(&set), "terminal", &Style::plain(70)));
    check_fixture(
        "diff-colour.txt",
        &written(&texts, Outcome::Changes(&set), "terminal", &Style { color: true, width: 140 }),
    );
}

#[test]
fn terminal_with_everything_shows_what_follows() {
    let texts = texts();
    let set = set(&texts);
    let report = Report { sources: &texts.map, result: Outcome::Changes(&set), detail: Detail::Everything };
    let mut out = Vec::new();
    report.write(find("terminal", report.result.payload()).unwrap(), &Style::plain(140), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains("env-a → env-b") && out.contains("x-1 → x-2") && !out.contains("hidden"), "{out}");
}

#[test]
fn nothing_changes() {
    let texts = texts();
    let environments = vec![environment("dev", Status::Unchanged, 0, 0), environment("prod", Status::Unchanged, 0, 0)];
    let set = ChangeSet { from: Side::new("main"), to: Side::new("work tree"), environments, entries: vec![] };
    let written = |format| written(&texts, Outcome::Changes(&set), format, &Style::plain(80));
    assert_eq!(written("terminal"), "main → work tree\n\nno changes in 2 environments\n");
    assert_eq!(written("unified"), "");
    let comment = "<!-- kollate:report:v1 -->\n### ✅ no change in 2 environments\n\n<sub>main → work tree · 2 environments compared, 0 failed · secrets masked · kollate</sub>\n";
    assert_eq!(written("markdown"), comment);
}

#[test]
fn two_environments_are_not_named_again_and_again() {
    let texts = texts();
    let replicas = change("spec.replicas", Some(number("1")), Some(number("3")), None);
    let entries = vec![entry(&[], "Deployment", "api", ChangeKind::Modified, vec![replicas])];
    let environments = vec![environment("prod", Status::Changed, 0, 1)];
    let set = ChangeSet { from: Side::new("staging"), to: Side::new("prod"), environments, entries };
    let expected = "staging → prod\n\n~ Deployment shop/api\n  ~ spec.replicas  1 → 3\n\n1 changed resource\n";
    assert_eq!(written(&texts, Outcome::Changes(&set), "terminal", &Style::plain(80)), expected);
}

#[test]
fn unified() {
    let texts = texts();
    check_fixture("diff.patch", &written(&texts, Outcome::Changes(&set(&texts)), "unified", &Style::default()));
}

#[test]
fn json() {
    let texts = texts();
    check_fixture("diff.json", &written(&texts, Outcome::Changes(&set(&texts)), "json", &Style::default()));
}
