//! The YAML reader and printer against recorded truth.

use std::fs;
use std::path::{Path, PathBuf};

use kollate::source::{FileId, yaml};

fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no corpus at {}", path.display());
    None
}

fn reprint(text: &str) -> Result<String, String> {
    let parsed = yaml::parse(text, FileId::default());
    if let Some(problem) = parsed.errors.first() {
        return Err(format!("{} at {:?}", problem.message, problem.location.span));
    }
    let mut out = String::new();
    let roots = parsed.documents.iter().filter_map(|document| document.root.as_ref());
    yaml::print_documents(roots, &mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

#[test]
fn odd_strings_are_printed_as_kustomize_prints_them() {
    let Some(folder) = corpus("emit") else { return };
    let printed = reprint(&fs::read_to_string(folder.join("cm.yaml")).unwrap()).unwrap();
    assert_eq!(printed, fs::read_to_string(folder.join("truth.yaml")).unwrap());
}

#[test]
fn printed_files_of_the_corpus_print_as_they_are() {
    let Some(folder) = corpus("real/expected") else { return };
    let mut files = 0;
    let mut failed = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        files += 1;
        let text = fs::read_to_string(&path).unwrap();
        match reprint(&text) {
            Ok(printed) if printed == text => {}
            Ok(printed) => {
                let line = printed.lines().zip(text.lines()).position(|(a, b)| a != b);
                failed.push(format!("{}: line {line:?}", path.display()));
            }
            Err(error) => failed.push(format!("{}: {error}", path.display())),
        }
    }
    assert!(failed.is_empty(), "{} of {files} differ:\n{}", failed.len(), failed.join("\n"));
    eprintln!("{files} files print as they are");
}
