//! The two programs that build a tree, and what comes of a comparison.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

use kollate::compile::{Compat, Options};

use super::tree::Files;
use crate::support::{on_disk, printed};

/// What came of one tree.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    Same,
    /// With what the other program says.
    BothRefuse(String),
    Differs(String),
}

impl Verdict {
    /// The first lines of what differs, without what may change when the tree is cut, so that a smaller tree is known to
    /// fail in the same way.
    pub fn class(&self) -> Option<String> {
        let Verdict::Differs(text) = self else { return None };
        let head = text.lines().filter(|line| !line.starts_with(['#', ' ', '`'])).take(2).collect::<Vec<_>>().join(" ");
        Some(head.chars().filter(|c| !c.is_ascii_digit()).take(110).collect())
    }
}

const ONLY_THEIRS: &str = "only the oracle refuses:";

impl Verdict {
    pub fn only_theirs_refuses(&self) -> bool {
        matches!(self, Verdict::Differs(text) if text.starts_with(ONLY_THEIRS))
    }
}

/// The program to agree with, and the way kollate is to build.
pub struct Oracle {
    command: Vec<String>,
    /// Decides where the oracle refuses and kollate builds: some that an engine refuses a later one builds.
    newer: Option<Vec<String>>,
    compat: Compat,
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl Oracle {
    /// What `KOLLATE_ORACLE` and `KOLLATE_COMPAT` ask for; `None` if there is no such program.
    pub fn from_environment() -> Option<Self> {
        let wish = std::env::var("KOLLATE_ORACLE").unwrap_or_else(|_| "kubectl kustomize".to_owned());
        let command = words(&wish);
        let newer = std::env::var("KOLLATE_NEWER").ok().map(|text| words(&text));
        let compat = std::env::var("KOLLATE_COMPAT").map_or(Compat::V5_5, |text| {
            Compat::parse(&text).unwrap_or_else(|| panic!("KOLLATE_COMPAT is {text}, not 5.5 or 5.8"))
        });
        let program = command.first().expect("KOLLATE_ORACLE names a program");
        match Command::new(program).args(&command[1..]).arg("--help").output() {
            Ok(_) => Some(Oracle { command, newer, compat }),
            Err(error) => {
                eprintln!("skipped: no `{program}` to compare with: {error}");
                None
            }
        }
    }

    /// Whether a later engine is there to decide what only the oracle refuses.
    pub fn has_judge(&self) -> bool {
        self.newer.is_some()
    }

    /// Writes a tree into `folder` and compares.
    pub fn judge(&self, folder: &Path, files: &Files) -> Verdict {
        write(folder, files);
        let root = folder.join("root");
        match (built_by(&self.command, &root), self.ours(&root)) {
            (Ok(theirs), Ok(ours)) if theirs == ours => Verdict::Same,
            (Err(theirs), Err(_)) => Verdict::BothRefuse(theirs),
            (Ok(theirs), Ok(ours)) => {
                let diff = similar::TextDiff::from_lines(&theirs, &ours);
                let mut diff = diff.unified_diff();
                Verdict::Differs(diff.context_radius(3).header("the oracle", "kollate").to_string())
            }
            (Ok(_), Err(ours)) => Verdict::Differs(format!("only kollate refuses:\n{ours}")),
            // A crash of the oracle is no verdict.
            (Err(theirs), Ok(_)) if theirs.contains("goroutine ") => Verdict::BothRefuse(theirs),
            (Err(theirs), Ok(ours)) => match self.newer.as_ref().map(|newer| built_by(newer, &root)) {
                Some(Ok(newer)) if newer == ours => Verdict::Same,
                _ => Verdict::Differs(format!("{ONLY_THEIRS}\n{theirs}")),
            },
        }
    }

    fn ours(&self, folder: &Path) -> Result<String, String> {
        catch_unwind(AssertUnwindSafe(|| {
            let session = on_disk(folder, Options { compat: self.compat, ..Options::default() });
            let build = session.build(folder);
            printed(&session, &build)
        }))
        .unwrap_or_else(|_| Ok("kollate panicked".to_owned()))
    }
}

/// What a program makes of a folder, or what it says.
fn built_by(command: &[String], folder: &Path) -> Result<String, String> {
    let output = Command::new(&command[0]).args(&command[1..]).arg(folder).output().unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Writes the files of a tree, and nothing else, into `folder`.
pub fn write(folder: &Path, files: &Files) {
    drop(fs::remove_dir_all(folder));
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
