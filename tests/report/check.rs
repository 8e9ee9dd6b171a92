//! The formats of `check`.

use kollate::finding::{Finding, Severity};
use kollate::report::{Checked, Outcome, Style};
use kollate::resource::{Gvk, ResourceId};
use kollate::source::FieldPath;

use super::{Texts, check_fixture, checked, written};

pub fn resource(api_version: &str, kind: &str, namespace: &str, name: &str) -> ResourceId {
    ResourceId { gvk: Gvk::new(api_version, kind), namespace: namespace.into(), name: name.into() }
}

fn texts() -> Texts {
    Texts::new(&[
        ("base/deployment.yaml", "kind: Deployment\nspec:\n  replicas: 2\n  image: web:latest\n"),
        ("prod/replicas.yaml", "kind: Deployment\nspec:\n  replicas: \"three\"\n"),
    ])
}

fn findings(texts: &Texts) -> Vec<Finding> {
    let mut wrong = Finding::error("schema/type", "`spec.replicas` must be an integer")
        .at(texts.at("prod/replicas.yaml", "\"three\""), "a string")
        .related(texts.at("base/deployment.yaml", "2"), "was `2` here")
        .resource(resource("apps/v1", "Deployment", "shop", "web"))
        .path(FieldPath::parse("spec.replicas").unwrap())
        .help("write a number: 100%, or\nleave it out");
    wrong.environments = vec!["prod".into()];
    let mut tag = Finding::warning("image-tag", "tag `latest` moves")
        .at(texts.at("base/deployment.yaml", "web:latest"), "")
        .note("found by its name");
    tag.environments = vec!["dev".into(), "prod".into()];
    let nowhere =
        Finding::error("build/empty", "environment `prod` is empty").resource(resource("v1", "Namespace", "", "shop"));
    let long = texts.at("base/deployment.yaml", "spec:\n  replicas: 2\n");
    let info = Finding::new("lint/order", Severity::Info, "`spec` stands, it seems: last").at(long, "");
    vec![wrong, tag, nowhere, info]
}

#[test]
fn terminal() {
    let texts = texts();
    let findings = findings(&texts);
    let old = [Finding::error("x", "old")];
    let checked = Checked { findings: &findings, old: &old, environments: 3, resources: 115 };
    check_fixture("check.txt", &written(&texts, Outcome::Findings(checked), "terminal", &Style::plain(100)));
    assert_eq!(written(&texts, Outcome::Findings(super::checked(&[])), "terminal", &Style::default()), "");
}

#[test]
fn json() {
    let texts = texts();
    let findings = findings(&texts);
    let old = [Finding::error("x", "old")];
    let checked = Checked { findings: &findings, old: &old, environments: 3, resources: 115 };
    check_fixture("check.json", &written(&texts, Outcome::Findings(checked), "json", &Style::default()));
}

#[test]
fn github() {
    let texts = texts();
    let findings = findings(&texts);
    check_fixture(
        "check-github.txt",
        &written(&texts, Outcome::Findings(checked(&findings)), "github", &Style::default()),
    );
}

#[test]
fn github_escapes_properties_and_messages() {
    let texts = Texts::new(&[("a,b:c%.yaml", "x\n")]);
    let finding = Finding::error("x", "100%: a, b\r\n::error::c").at(texts.at("a,b:c%.yaml", "x"), "");
    let written = written(&texts, Outcome::Findings(checked(&[finding])), "github", &Style::default());
    let expected =
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,endLine=1,endColumn=2,title=x::100%25: a, b␍%0A::error::c\n";
    assert_eq!(written, expected);
}

#[test]
fn github_shows_ten_of_a_kind_and_counts_the_rest() {
    let texts = Texts::new(&[]);
    let of = |severity, n: usize| (0..n).map(move |i| Finding::new("x", severity, format!("number {i}")));
    let mut findings: Vec<_> = of(Severity::Info, 12).chain(of(Severity::Warning, 10)).collect();
    findings.extend(of(Severity::Error, 13));
    let written = written(&texts, Outcome::Findings(checked(&findings)), "github", &Style::default());
    let number = |start: &str| written.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((number("::error "), number("::warning "), number("::notice ")), (10, 10, 10));
    assert!(written.starts_with("::error title=x::number 0\n"));
    let last =
        "::notice title=kollate::3 errors, 3 info not shown here: GitHub shows 10 annotations of a kind for each step";
    assert_eq!(written.lines().last(), Some(last));
}
