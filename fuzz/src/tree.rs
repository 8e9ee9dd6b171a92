//! A tree of files in memory, built and shown.

use std::path::Path;
use std::sync::Arc;

use kollate::compile::{Options, Session};
use kollate::finding::Finding;
use kollate::report::{Checked, FORMATS, Outcome, Payload, Report, Style};
use kollate::source::{Memory, SourceMap, Store, yaml};

/// Files by path; the build's root is `/root`.
pub type Tree<'a> = [(&'a str, &'a [u8])];

/// What stands between the parts of an input.
const SEPARATOR: &[u8] = b"=====\n";

/// Builds the tree twice, which must give the same, and shows what was found.
pub fn check(tree: &Tree<'_>) {
    let first = build(tree);
    let second = build(tree);
    assert!(first == second, "two builds of one tree differ:\n{first}\nand\n{second}");
}

/// What a build prints and what it finds, in every format.
fn build(tree: &Tree<'_>) -> String {
    let memory = tree.iter().fold(Memory::new(), |memory, (path, bytes)| memory.with(path, *bytes));
    let store = Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/"));
    let session = Session::new(store, Options::default());
    let build = session.build(Path::new("/root"));
    let mut findings: Vec<Finding> = build.findings.iter().cloned().collect();
    let mut out = String::new();
    if !build.findings.has_errors() {
        let roots = build.resources.iter().map(|resource| &resource.root);
        // A value that JSON cannot express is told when it is printed.
        if let Err(error) = yaml::print_documents(roots, &mut out) {
            findings.push(Finding::error("build/print", error.to_string()));
        }
    }
    out + &shown(session.store().map(), &findings)
}

/// The findings in every format.
pub fn shown(sources: &SourceMap, findings: &[Finding]) -> String {
    let checked = Checked { findings, environments: 1, ..Checked::default() };
    let report = Report::new(sources, Outcome::Findings(checked));
    let mut out = Vec::new();
    for format in FORMATS.iter().filter(|format| format.shows.contains(&Payload::Findings)) {
        report.write(format, &Style::default(), &mut out).expect("memory can be written to");
    }
    String::from_utf8(out).expect("every format is text")
}

/// The two parts of an input.
pub fn parts(data: &[u8]) -> (&[u8], &[u8]) {
    match find(data) {
        Some(at) => (&data[..at], &data[at + SEPARATOR.len()..]),
        None => (data, b""),
    }
}

fn find(data: &[u8]) -> Option<usize> {
    data.windows(SEPARATOR.len()).position(|window| window == SEPARATOR)
}

/// A file of resources and a patch, which `data` holds, under a kustomization that names them.
pub fn check_patched(kustomization: &[u8], data: &[u8]) {
    let (resources, patch) = parts(data);
    check(&[
        ("/root/kustomization.yaml", kustomization),
        ("/root/resources.yaml", resources),
        ("/root/patch.yaml", patch),
    ]);
}
