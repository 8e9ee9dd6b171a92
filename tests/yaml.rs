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

#[test]
fn both_readers_pass_the_yaml_test_suite() {
    let Some(folder) = corpus("yaml-test-suite") else { return };
    let mut cases = Vec::new();
    collect(&folder, "in.yaml", &mut cases);
    let mut failed = Vec::new();
    for path in &cases {
        let text = fs::read_to_string(path).unwrap();
        let refused = path.with_file_name("error").exists();
        let expected = fs::read_to_string(path.with_file_name("test.event")).unwrap();
        for reader in [yaml::Reader::Thorough, yaml::Reader::Fast] {
            let right = match yaml::events(&text, reader) {
                Ok(events) => !refused && events == expected,
                Err(_) => refused,
            };
            if !right {
                failed.push(format!("{} {reader:?}: {:?}", path.display(), yaml::events(&text, reader)));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {} fail:\n{}", failed.len(), cases.len() * 2, failed.join("\n"));
    assert_eq!(cases.len(), 402);
}

/// All files named `name`, or ending in it, below `folder`.
fn collect(folder: &Path, name: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, name, found);
        } else if path.to_string_lossy().ends_with(name) {
            found.push(path);
        }
    }
    found.sort();
}

fn check_readers_agree(text: &str, what: &str, counts: &mut [usize; 3]) {
    for (fast, thorough) in yaml::compare(text) {
        counts[0] += 1;
        match (&fast, &thorough) {
            (None, _) => counts[1] += 1,
            _ if fast == thorough => counts[2] += 1,
            _ => {
                let a = fast.unwrap_or_default();
                let b = thorough.unwrap_or("refused".into());
                let at = a.lines().zip(b.lines()).position(|(a, b)| a != b).unwrap_or_default();
                let context = |all: &str| all.lines().skip(at.saturating_sub(2)).take(4).collect::<Vec<_>>().join("\n");
                panic!("{what}: fast\n{}\nthorough\n{}\n--- text\n{text}", context(&a), context(&b));
            }
        }
    }
}

#[test]
fn the_fast_reader_sees_what_the_thorough_one_sees() {
    let mut files = Vec::new();
    for (name, ending) in [("real", ".yaml"), ("kustomize", ".yaml"), ("yaml-test-suite", "in.yaml")] {
        let Some(folder) = corpus(name) else { return };
        collect(&folder, ending, &mut files);
    }
    let mut counts = [0; 3];
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        check_readers_agree(&text, &path.display().to_string(), &mut counts);
    }
    eprintln!("{} documents, {} left to the thorough reader, {} the same", counts[0], counts[1], counts[2]);
}

/// A small generator of pseudo-random numbers (xorshift), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }
}

/// Words that YAML takes for something.
const PIECES: [&str; 40] = [
    " ", "  ", "\n", "\n\n", "\r\n", "\t", "- ", "-", ":", ": ", "? ", "#", " # c", "|", ">", "|-", ">+", "|2", "\"",
    "'", "''", "\\", "\\n", "[", "]", "{", "}", ",", "&a", "*a", "!x", "%", "@", "---", "\n---\n", "...", "é", "~",
    "key: ", "a",
];

fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + dice.roll(3) {
        let mut at = dice.roll(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        match dice.roll(3) {
            0 => text.insert_str(at, PIECES[dice.roll(PIECES.len())]),
            1 => {
                let mut end = (at + 1 + dice.roll(4)).min(text.len());
                while !text.is_char_boundary(end) {
                    end += 1;
                }
                text.replace_range(at..end, "");
            }
            _ => {
                let from = text[..at].rfind('\n').map_or(0, |line| line + 1);
                text.insert_str(from, &" ".repeat(1 + dice.roll(3)));
            }
        }
    }
    text
}

#[test]
fn the_readers_agree_on_damaged_files() {
    let mut files = Vec::new();
    for (name, ending) in [("kustomize-probes", ".yaml"), ("kustomize", ".yaml"), ("yaml-test-suite", "in.yaml")] {
        let Some(folder) = corpus(name) else { return };
        collect(&folder, ending, &mut files);
    }
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2);
    let mut dice = Dice(0x5eed);
    let mut counts = [0; 3];
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        if text.len() > 3000 {
            continue;
        }
        for _ in 0..rounds {
            let damaged = mutate(&text, &mut dice);
            check_readers_agree(&damaged, &path.display().to_string(), &mut counts);
            // Nothing may panic, whatever it says.
            let _ = reprint(&damaged);
        }
    }
    eprintln!("{} damaged documents, {} left to the thorough reader, {} the same", counts[0], counts[1], counts[2]);
}

/// The files of the random trees that the differential test builds.
fn odd_documents() -> impl Iterator<Item = (String, String)> {
    let rounds: u64 = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2);
    (0..300 * rounds).flat_map(|seed| {
        let files = crate::differential::document_tree(seed);
        files.into_iter().map(move |(path, text)| (format!("seed {seed} {path}"), text))
    })
}

#[test]
fn the_readers_agree_on_odd_documents() {
    let mut dice = Dice(0x0dd);
    let mut counts = [0; 3];
    for (name, text) in odd_documents() {
        check_readers_agree(&text, &name, &mut counts);
        check_readers_agree(&mutate(&text, &mut dice), &name, &mut counts);
    }
    eprintln!("{} odd documents, {} left to the thorough reader, {} the same", counts[0], counts[1], counts[2]);
}

#[test]
fn what_is_printed_reads_as_what_it_was() {
    let mut printed = 0;
    for (name, text) in odd_documents() {
        let Ok(once) = reprint(&text) else { continue };
        assert_eq!(reprint(&once).as_ref(), Ok(&once), "{name}");
        printed += 1;
    }
    eprintln!("{printed} odd files printed twice");
}
