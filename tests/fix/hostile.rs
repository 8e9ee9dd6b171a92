//! Whatever a file holds: no panic, and a second rewrite finds nothing to do.

use std::fs;
use std::path::{Path, PathBuf};

use kollate::project::fix::{FixOptions, Manner, masked, rewrite};
use kollate::source::{FileId, Memory, SourceMap, Store, yaml};

use crate::support::corpus;

const PATH: &str = "/kustomization.yaml";

fn fixed(text: &str, options: FixOptions) -> Option<String> {
    let store = Store::new(Box::new(Memory::new().with(PATH, text)), SourceMap::new(), "/");
    rewrite(&store, Path::new(PATH), options).ok().flatten().map(|done| done.text)
}

/// The comments of a text, sorted.
fn comments(text: &str) -> Vec<&str> {
    let parsed = yaml::parse(text, FileId::default());
    let mut found: Vec<&str> = parsed.comments.iter().map(|span| text[span.range()].trim_end()).collect();
    found.sort_unstable();
    found
}

fn comments_stay(text: &str) {
    // A chart loses fields, and a field that holds nothing goes with what is said of it.
    let gone = ["helmChart", "[]", "{}", "null", "env:"].iter().any(|word| text.contains(word));
    if let Some(once) = fixed(text, FixOptions::default()).filter(|_| !gone) {
        assert_eq!(comments(text), comments(&once), "{text}\n---- became\n{once}");
    }
}

fn check(text: &str) -> usize {
    let mut changed = 0;
    for manner in [Manner::Upstream, Manner::AsApplied] {
        let options = FixOptions { manner, vars: true, only: None };
        if let Some(once) = fixed(text, options) {
            changed += 1;
            masked(&once);
            assert_eq!(fixed(&once, options), None, "{text}\n---- became\n{once}");
        }
    }
    changed
}

/// Files called `wanted` in or below `folder`.
fn files(folder: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, wanted, found);
        } else if wanted(&entry.file_name().to_string_lossy()) {
            found.push(path);
        }
    }
}

#[test]
fn any_text_is_rewritten_once_or_refused() {
    let mut found = Vec::new();
    for (name, file) in
        [("kustomize", "kustomization"), ("kustomize-probes", "kustomization"), ("yaml-test-suite", "in.")]
    {
        let Some(folder) = corpus(name) else { return };
        files(&folder, &|name| name.starts_with(file), &mut found);
    }
    found.sort();
    let mut changed = 0;
    for path in &found {
        let Ok(text) = fs::read_to_string(path) else { continue };
        changed += check(&text);
        comments_stay(&text);
        comments_stay(&text.replace('\n', "\r\n"));
        check(&text.replace('\n', "\r\n"));
        check(&format!("\u{feff}{}", text.trim_end()));
        for cut in (0..text.len().min(600)).step_by(37).filter(|&cut| text.is_char_boundary(cut)) {
            check(&text[..cut]);
            check(&format!("commonLabels:\n  a: b\npatchesStrategicMerge:\n- {}", &text[cut..]));
        }
    }
    eprintln!("fix: {} texts, {changed} rewrites", found.len());
    assert!(changed > 500);
}
