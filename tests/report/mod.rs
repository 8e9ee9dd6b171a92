//! Reports, whole: hand-made results in, bytes out, compared with `fixtures/report`. `KOLLATE_BLESS=1` writes those anew.

mod changes;
mod check;
mod frames;
mod history;
mod markdown;
mod schemas;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kollate::finding::Finding;
use kollate::report::{Checked, Outcome, Report, Style, find};
use kollate::source::{FileId, Location, SourceMap, Span};

/// Texts of a test.
pub struct Texts {
    pub map: Arc<SourceMap>,
    files: Vec<(FileId, String, String)>,
}

impl Texts {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let map = SourceMap::new();
        let files =
            files.iter().map(|(name, text)| (map.add(*name, *text).unwrap(), (*name).to_owned(), (*text).to_owned()));
        Texts { files: files.collect(), map }
    }

    /// The first place of `words` in the file `name`.
    pub fn at(&self, name: &str, words: &str) -> Location {
        let (file, _, text) = self.files.iter().find(|(_, known, _)| known == name).unwrap();
        let start = text.find(words).unwrap_or_else(|| panic!("`{words}` is not in {name}"));
        Location::new(*file, Span::new(start as u32, (start + words.len()) as u32))
    }
}

/// The report of `result` in a format.
pub fn written(texts: &Texts, result: Outcome, format: &str, style: &Style) -> String {
    let format = find(format, result.payload()).unwrap();
    let mut out = Vec::new();
    Report::new(&texts.map, result).write(format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Findings of a run over one environment.
pub fn checked(findings: &[Finding]) -> Checked<'_> {
    Checked { findings, old: &[], environments: 1, resources: 7 }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report").join(name)
}

/// Compares `actual` with the fixture `name`.
#[track_caller]
pub fn check_fixture(name: &str, actual: &str) {
    if std::env::var_os("KOLLATE_BLESS").is_some() {
        fs::write(fixture(name), actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(fixture(name)).unwrap_or_default();
    assert!(expected == actual, "{name} differs; the report is now:\n{actual}");
}

#[test]
fn formats_are_those_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/formats");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = names
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    let mut listed: Vec<_> = kollate::report::FORMATS.iter().map(|format| format.name.replace('-', "_")).collect();
    listed.sort();
    assert_eq!(files, listed);
}

#[test]
fn a_format_that_does_not_fit_names_those_that_do() {
    use kollate::report::Payload;
    let said = |name, payload| find(name, payload).err().unwrap();
    assert_eq!(
        said("markdown", Payload::Findings),
        "format `markdown` cannot show what `check` finds\nhelp: those that can are `terminal`, `json`, `github`"
    );
    assert_eq!(
        said("jsn", Payload::History),
        "there is no format `jsn`\nhelp: did you mean `json`? `explain` has `terminal`, `json`"
    );
}
