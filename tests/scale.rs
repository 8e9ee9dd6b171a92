//! What is done on all cores must come out as what is done on one: large inputs, whose parts small inputs confirm.

use std::path::Path;

use kollate::source::{FileId, yaml};

use crate::support::{in_memory, plain};

const OVERLAY: &str = "resources: [../base]
namespace: shop
namePrefix: prod-
labels:
- pairs: {team: platform}
  includeSelectors: true
commonAnnotations: {owner: us}
images:
- {name: example/app-1, newTag: '2'}
";

fn documents(number: usize) -> [String; 2] {
    let deployment = format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number:04}
spec:
  template:
    spec:
      containers:
      - name: app
        image: example/app-{number}:1
        envFrom:
        - configMapRef: {{name: app-{number:04}}}
"
    );
    [
        deployment,
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-{number:04}\ndata:\n  n: \"{number}\"\n"),
    ]
}

/// Each resource of a build of so many apps, as text; then the findings.
fn built(apps: usize, overlay: &str) -> (Vec<String>, String) {
    let manifests: Vec<String> = (0..apps).flat_map(documents).collect();
    let files = [
        ("/base/kustomization.yaml", "resources: [all.yaml]\n"),
        ("/base/all.yaml", &*manifests.join("---\n")),
        ("/prod/kustomization.yaml", overlay),
    ];
    let session = in_memory(&files);
    let build = session.build(Path::new("/prod"));
    let print = |resource: &kollate::resource::Resource| {
        let mut text = String::new();
        yaml::print(&resource.root, &mut text).unwrap();
        text
    };
    (build.resources.iter().map(print).collect(), plain(session.store().map(), &build.findings))
}

#[test]
fn many_resources_are_built_as_few_are() {
    let ((few, _), (many, findings)) = (built(20, OVERLAY), built(900, OVERLAY));
    assert_eq!((few.len(), many.len()), (40, 1800));
    assert_eq!(findings, "");
    // ConfigMaps come first, each kind in the order of names.
    assert_eq!(few[..20], many[..20]);
    assert_eq!(few[20..], many[900..920]);
    assert!(many[901].contains("example/app-1:2") && many[901].contains("name: prod-app-0001"), "{}", many[901]);
}

#[test]
fn what_is_wrong_with_many_is_told_in_their_order() {
    let odd = "resources: [../base]\nnamePrefix: x-\nlabels:\n- pairs: {a: b}\n  fields: [{path: data, kind: Deployment, create: true}, {path: data/n/x, kind: ConfigMap}]\n";
    let (_, findings) = built(600, odd);
    let told: Vec<&str> = findings.lines().filter(|line| line.starts_with("error[")).collect();
    assert_eq!(told.len(), 600);
    let number = |line: &str| line.split("app-").nth(1).and_then(|rest| rest.get(..4)?.parse::<usize>().ok());
    let numbers: Vec<usize> = told.iter().filter_map(|line| number(line)).collect();
    assert_eq!(numbers, (0..600).collect::<Vec<_>>());
}

/// Other threads parse the files of a large layer from the last on; the base stands between files, and one file is
/// longer than the rest together.
#[test]
fn files_parsed_ahead_are_taken_in_turn() {
    let names: Vec<String> = (0..40).map(|at| format!("f{at:02}.yaml")).collect();
    let texts: Vec<String> = (0..40)
        .map(|at| {
            let apps = if at == 20 { 2000 } else { 40 };
            let documents: Vec<String> = (0..apps).map(|app| documents(app)[1].clone()).collect();
            documents.join("---\n").replace("name: app", &format!("name: f{at:02}"))
        })
        .collect();
    let built = |listed: &str| {
        let kustomization = format!("sortOptions: {{order: fifo}}\nresources:\n- f00.yaml\n- ../base\n{listed}");
        let mut files: Vec<(String, &str)> = vec![
            ("/top/kustomization.yaml".into(), &kustomization),
            ("/base/kustomization.yaml".into(), "namePrefix: base-\nresources: [all.yaml]\n"),
            ("/base/all.yaml".into(), &texts[20]),
        ];
        files.extend(names.iter().zip(&texts).map(|(name, text)| (format!("/top/{name}"), &**text)));
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, *text)).collect();
        let session = in_memory(&files);
        let build = session.build(Path::new("/top"));
        let ids: Vec<String> = build.resources.iter().map(|resource| resource.name().to_owned()).collect();
        (ids, build.findings.iter().map(|finding| finding.rule.to_string()).collect::<Vec<_>>())
    };
    let all: String = names[1..].iter().map(|name| format!("- {name}\n")).collect();
    let (ids, rules) = built(&all);
    assert_eq!((ids.len(), rules.len()), (39 * 40 + 2000 + 2000, 0));
    let mut in_turn: Vec<&str> = ids.iter().map(|id| &id[..3]).collect();
    in_turn.dedup();
    let expected: Vec<&str> = ["f00", "bas"].into_iter().chain(names[1..].iter().map(|name| &name[..3])).collect();
    assert_eq!(in_turn, expected);
    let (_, rules) = built(&format!("{all}- f20.yaml\n- f05.yaml\n"));
    assert!(rules.iter().all(|rule| rule == "build/id-conflict" || rule == "kustomization/listed-twice"), "{rules:?}");
    assert!(rules.iter().any(|rule| rule == "build/id-conflict"), "{rules:?}");
}

#[test]
fn a_long_file_is_read_as_its_documents_are() {
    let filler = "  # a comment that makes the document long\n".repeat(400);
    let one = |number: usize| format!("name: {number}\nlist:\n{filler}- a\n- {{b: {number}}}\n");
    let text: String = (0..80).map(one).collect::<Vec<_>>().join("---\n");
    assert!(text.len() > 1 << 20);
    let parsed = yaml::parse(&text, FileId::default());
    assert!(parsed.errors.is_empty());
    assert_eq!((parsed.documents.len(), parsed.comments.len()), (80, 80 * 400));
    for (number, document) in parsed.documents.iter().enumerate() {
        let alone = yaml::parse(&one(number), FileId::default());
        let roots = (document.root.as_ref().unwrap(), alone.documents[0].root.as_ref().unwrap());
        assert!(roots.0.same_value(roots.1));
        let place = roots.0.get("name").unwrap().location().span;
        assert_eq!(&text[place.range()], number.to_string());
    }
}
