//! The frame of a finding.

use kollate::finding::Finding;
use kollate::report::frame::{Environments, draw};
use kollate::report::{Diagnosed, Style};
use miette::Diagnostic;

use super::{Texts, check_fixture};

fn drawn(finding: &Finding, texts: &Texts, width: usize) -> String {
    draw(finding, &texts.map, Environments::IfSeveral, &Style::plain(width))
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: web
        image: shop/web:latest
";

#[test]
fn one_label() {
    let texts = Texts::new(&[("base/deployment.yaml", DEPLOYMENT)]);
    let finding = Finding::warning("image-tag", "image `shop/web:latest` moves")
        .at(texts.at("base/deployment.yaml", "shop/web:latest"), "a tag that others may move")
        .help("pin a digest: `shop/web@sha256:...`");
    check_fixture("frame-one-label.txt", &drawn(&finding, &texts, 100));
}

#[test]
fn three_files_in_one_frame() {
    let texts = Texts::new(&[
        ("base/deployment.yaml", DEPLOYMENT),
        ("prod/replicas.yaml", "kind: Deployment\nspec:\n  replicas: \"three\"\n"),
        ("prod/kustomization.yaml", "resources:\n- ../base\npatches:\n- path: replicas.yaml\n"),
    ]);
    let mut finding = Finding::error("schema/type", "`spec.replicas` must be an integer, not a string")
        .at(texts.at("prod/replicas.yaml", "\"three\""), "a string")
        .related(texts.at("base/deployment.yaml", "2\n"), "was `2` here")
        .related(texts.at("prod/kustomization.yaml", "replicas.yaml"), "patch applied here")
        .note("the API server refuses the Deployment")
        .help("write a number: `replicas: 3`");
    finding.environments = vec!["staging".into(), "prod".into()];
    check_fixture("frame-three-files.txt", &drawn(&finding, &texts, 100));
    let colour = Style { color: true, width: 100 };
    let coloured = draw(&finding, &texts.map, Environments::IfSeveral, &colour);
    check_fixture("frame-three-files-colour.txt", &coloured);
}

#[test]
fn line_breaks_of_windows() {
    let text = DEPLOYMENT.replace('\n', "\r\n");
    let texts = Texts::new(&[("web.yaml", &text)]);
    let finding = Finding::error("x", "wrong").at(texts.at("web.yaml", "shop/web:latest\r\n"), "this");
    check_fixture("frame-crlf.txt", &drawn(&finding, &texts, 100));
}

#[test]
fn a_tab_before_the_mark() {
    let texts = Texts::new(&[("web.yaml", "a:\tb\n\tc: d\n")]);
    let finding =
        Finding::error("yaml", "a tab").at(texts.at("web.yaml", "c"), "here").related(texts.at("web.yaml", "b"), "and");
    check_fixture("frame-tab.txt", &drawn(&finding, &texts, 100));
}

#[test]
fn wide_characters_and_controls() {
    let texts = Texts::new(&[("語.yaml", "名前: 店舗 # \u{1b}[31m\nb: 🙂 c\n")]);
    let finding = Finding::error("x", "not \u{1b}[1m`店舗`")
        .at(texts.at("語.yaml", "店舗"), "a shop \u{202e}")
        .related(texts.at("語.yaml", "c\n"), "after a smile");
    let drawn = drawn(&finding, &texts, 100);
    assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'));
    check_fixture("frame-wide.txt", &drawn);
}

#[test]
fn a_long_line_is_cut_around_the_mark() {
    let text = format!("value: {}needle{}\n", "a ".repeat(300), " b".repeat(200_000));
    let texts = Texts::new(&[("long.yaml", &text)]);
    let finding = Finding::error("x", "found").at(texts.at("long.yaml", "needle"), "here");
    let drawn = drawn(&finding, &texts, 80);
    assert!(drawn.lines().all(|line| line.chars().count() <= 100), "{drawn}");
    check_fixture("frame-long-line.txt", &drawn);
}

#[test]
fn narrow() {
    let texts = Texts::new(&[("base/deployment.yaml", DEPLOYMENT)]);
    let finding = Finding::warning("image-tag", "image `shop/web:latest` moves")
        .at(texts.at("base/deployment.yaml", "shop/web:latest"), "a tag that others may move");
    check_fixture("frame-narrow.txt", &drawn(&finding, &texts, 40));
}

#[test]
fn no_place() {
    let texts = Texts::new(&[]);
    let finding =
        Finding::error("build/empty", "environment `prod` has no resources\nand no generators").help("add one");
    check_fixture("frame-no-place.txt", &drawn(&finding, &texts, 100));
}

#[test]
fn a_label_on_a_collection_marks_its_first_line() {
    let texts = Texts::new(&[("base/deployment.yaml", DEPLOYMENT)]);
    let whole = "metadata:\n  name: web\nspec:\n  replicas: 2\n";
    let finding = Finding::error("x", "all of it").at(texts.at("base/deployment.yaml", whole), "this");
    check_fixture("frame-collection.txt", &drawn(&finding, &texts, 100));
}

#[test]
fn many_labels_are_counted() {
    let text: String = (0..200).map(|i| format!("key{i:03}: x\n")).collect();
    let texts = Texts::new(&[("a.yaml", &text)]);
    let mut finding = Finding::error("x", "many").at(texts.at("a.yaml", "key150"), "first");
    for i in 0..12 {
        finding = finding.related(texts.at("a.yaml", &format!("key{:03}", i * 3)), "also");
    }
    check_fixture("frame-many-labels.txt", &drawn(&finding, &texts, 100));
}

#[test]
fn an_embedded_text_leads_to_its_file() {
    let text = "patches:\n- patch: |-\n    kind: Deployment\n    spec: {replicas: x}\n";
    let texts = Texts::new(&[("kustomization.yaml", text)]);
    let around = texts.at("kustomization.yaml", "|-\n    kind: Deployment\n    spec: {replicas: x}\n");
    let patch = "kind: Deployment\nspec: {replicas: x}";
    let file = texts.map.add_embedded(patch, around, true).unwrap();
    let start = patch.find("x}").unwrap() as u32;
    let at = kollate::source::Location::new(file, kollate::source::Span::new(start, start + 1));
    check_fixture("frame-embedded.txt", &drawn(&Finding::error("x", "not a number").at(at, "this"), &texts, 100));
}

#[test]
fn secrets_are_blanked_at_one_length() {
    let text = "DATABASE_USER=shop\nDATABASE_PASSWORD=hunter2 # hunter2\nKEY=a\nkey\nEND=1\n";
    let texts = Texts::new(&[("prod.env", text)]);
    let password = texts.at("prod.env", "hunter2 # hunter2");
    let finding = Finding::warning("secret/weak", "a weak password")
        .at(password, "this value")
        .related(texts.at("prod.env", "DATABASE_PASSWORD"), "of this key")
        .related(texts.at("prod.env", "END"), "after it")
        .secret(password)
        .secret(texts.at("prod.env", "a\nkey"));
    let drawn = drawn(&finding, &texts, 100);
    assert!(!drawn.contains("hunter2"));
    check_fixture("frame-secret.txt", &drawn);

    let diagnosed = Diagnosed::new(&finding, &texts.map);
    let source = diagnosed.source_code().unwrap();
    let labels: Vec<_> = diagnosed.labels().unwrap().collect();
    let all = source.read_span(&(0, 0).into(), 0, 100).unwrap();
    let text = std::str::from_utf8(all.data()).unwrap();
    assert_eq!(text, "DATABASE_USER=shop\nDATABASE_PASSWORD=••••\nKEY=••••\n••••\nEND=1\n");
    let marked = |i: usize| &text[labels[i].offset()..labels[i].offset() + labels[i].len()];
    assert_eq!((marked(0), marked(1), marked(2)), ("••••", "DATABASE_PASSWORD", "END"));
}

#[test]
fn the_protocol_tells_what_the_finding_says() {
    let texts = Texts::new(&[("a.yaml", "a: 1\n"), ("b.yaml", "b: 2\n")]);
    let finding = Finding::warning("x/y", "wrong")
        .at(texts.at("a.yaml", "1"), "this")
        .related(texts.at("b.yaml", "2"), "that")
        .help("mend it");
    let diagnosed = Diagnosed::new(&finding, &texts.map);
    assert_eq!(diagnosed.to_string(), "wrong");
    assert_eq!(diagnosed.code().unwrap().to_string(), "x/y");
    assert_eq!(diagnosed.help().unwrap().to_string(), "mend it");
    assert_eq!(diagnosed.severity(), Some(miette::Severity::Warning));
    let labels: Vec<_> = diagnosed.labels().unwrap().collect();
    assert_eq!((labels.len(), labels[0].label(), labels[0].offset()), (1, Some("this"), 3));
    let related: Vec<_> = diagnosed.related().unwrap().collect();
    assert_eq!(related[0].to_string(), "see b.yaml");
    assert_eq!(related[0].labels().unwrap().next().unwrap().label(), Some("that"));
}
