//! Very many mistakes beside very many things that may have been meant: in the end nobody looks for what was.

use kollate::check;
use kollate::schema::KubernetesVersion;

use super::*;

const MANY: usize = 1_200;

/// Builds a kustomization of many ConfigMaps `c…` in `r.yaml`. The first mistakes say what to name, the last do not.
fn check_suggestions(fields: &str, entry: impl Fn(usize) -> String, suggestion: &str) {
    let resources: String = (0..MANY).map(|at| document("ConfigMap", &format!("c{at}"))).collect();
    let entries: String = (0..MANY).map(entry).collect();
    let kustomization = format!("resources: [r.yaml]\n{fields}{entries}");
    check_some(
        &said(&bytes(&[("/root/kustomization.yaml", &kustomization), ("/root/r.yaml", &resources)])),
        suggestion,
    );
}

fn session(files: &Bytes) -> Session {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, text.as_slice()));
    Session::new(Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/")), Options::default())
}

/// All findings of a build.
fn said(files: &Bytes) -> String {
    let session = session(files);
    plain(session.store().map(), &session.build(Path::new("/root")).findings)
}

fn check_some(said: &str, suggestion: &str) {
    let count = said.matches(suggestion).count();
    assert!((1..MANY).contains(&count), "{count} times `{suggestion}` in {}", &said[..said.len().min(2_000)]);
}

fn document(kind: &str, name: &str) -> String {
    format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n---\n")
}

#[test]
fn objects_that_are_not_there() {
    let meant = "did you mean `c0`?";
    let generator = |at| format!("- {{name: d{at}, behavior: merge, literals: [a=b]}}\n");
    check_suggestions("configMapGenerator:\n", generator, meant);
    let patch = |at| format!("- patch: '{{apiVersion: v1, kind: ConfigMap, metadata: {{name: d{at}}}}}'\n");
    check_suggestions("patches:\n", patch, meant);
    let patch = |at| format!("- {{target: {{name: d{at}}}, patch: '[{{\"op\": \"remove\", \"path\": \"/data\"}}]'}}\n");
    check_suggestions("patches:\n", patch, meant);
    let source = |at| format!("- {{source: {{name: d{at}}}, targets: [{{select: {{kind: X}}, fieldPaths: [a]}}]}}\n");
    check_suggestions("replacements:\n", source, meant);
    let var = |at| format!("- {{name: v{at}, objref: {{apiVersion: v1, kind: ConfigMap, name: d{at}}}}}\n");
    check_suggestions("vars:\n", var, meant);
    let replicas = |at| format!("- {{name: d{at}, count: 1}}\n");
    check_suggestions("replicas:\n", replicas, "the build has none");
    let image = |at| format!("- {{name: d{at}, newTag: v1}}\n");
    check_suggestions("images:\n", image, "no resource of this build has a container");
}

#[test]
fn files_that_are_not_there() {
    let listed: String = (0..MANY).map(|at| format!("- file{at}.yaml\n")).collect();
    let mut files = bytes(&[("/root/kustomization.yaml", &format!("resources:\n{listed}"))]);
    files.extend((0..MANY).map(|at| (format!("/root/fil{at}.yaml"), Vec::new())));
    check_some(&said(&files), "did you mean `fil");
}

#[test]
fn keys_and_fields_that_are_not_there() {
    let keys = |value: &str| -> String { (0..MANY).map(|at| format!("  k{at:04}x: {value}\n")).collect() };
    let removes: String = (0..MANY)
        .map(|at| format!("- {{target: {{}}, patch: '[{{\"op\": \"remove\", \"path\": \"/data/k{at:04}y\"}}]'}}\n"))
        .collect();
    let files = [
        ("/root/kustomization.yaml", &*format!("resources: [r.yaml]\npatches:\n{removes}")),
        ("/root/r.yaml", &*format!("{OBJECT}data:\n{}", keys("a"))),
    ];
    let said = said(&bytes(&files));
    assert!(said.contains("did you mean `/data/k0100x`?"));
    // It is not looked for behind so many others.
    assert!(!said.contains("did you mean `/data/k1100x`?"));
}

/// How often the findings of a check say something.
fn check_judged(text: &str, rule: &str, count: usize) {
    let build = session(&resource(text.to_owned())).build(Path::new("/root"));
    let start = Instant::now();
    let findings = check::run(&build.resources, &[KubernetesVersion::latest()]);
    assert!(start.elapsed() < LIMIT, "this took {:?}", start.elapsed());
    assert_eq!(findings.iter().filter(|finding| finding.rule == rule).count(), count);
}

#[test]
fn services_beside_pods_of_other_labels() {
    let both = |at: usize| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: s{at}}}\nspec: {{selector: {{app: d{at}}}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}, labels: {{app: c{at}}}}}\nspec: {{containers: []}}\n---\n"
        )
    };
    check_judged(&(0..4_000).map(both).collect::<String>(), "ref/service-selector", 4_000);
}

#[test]
fn equal_items_and_unknown_fields() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: a\n";
    let fields: String = (0..5_000).map(|at| format!("    unknown{at}: a\n")).collect();
    check_judged(&format!("{pod}{fields}"), "schema/unknown-field", 5_000);
    let items = "    - {name: A, value: b}\n".repeat(15_000);
    check_judged(&format!("{pod}    env:\n{items}"), "schema/duplicate-item", 14_999);
}
