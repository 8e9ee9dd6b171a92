//! Writes the files of an output folder: each whole or not at all, and none that are not ours.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The list of the files that kollate wrote into a folder, kept in the folder.
pub const LIST_NAME: &str = ".kollate-files";

const LIST_HEAD: &str =
    "# Files written by kollate. Those it no longer writes it deletes; other files it leaves alone.\n";

/// Why an output folder could not be written.
#[derive(Debug)]
pub enum OutputError {
    /// These files stand in the way: they exist, differ, and were not written by kollate.
    NotOurs(Vec<PathBuf>),
    /// The system refused.
    Failed {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        words: String,
    },
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputError::NotOurs(paths) => {
                let names: Vec<_> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
                write!(f, "{} exist and were not written by kollate", names.join(", "))
            }
            OutputError::Failed { path, words } => write!(f, "cannot write `{}`: {words}", path.display()),
        }
    }
}

impl std::error::Error for OutputError {}

/// What writing a folder did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files made or changed.
    pub written: usize,
    /// Files that were right already.
    pub unchanged: usize,
    /// Files of an earlier run that are no longer wanted.
    pub deleted: usize,
}

/// Makes `folder` hold `files` (paths relative to it, with `/`) and no other file that an earlier run wrote.
pub fn write_folder(folder: &Path, files: &[(String, String)]) -> Result<Written, OutputError> {
    let ours = read_list(folder);
    let in_the_way = |name: &String, text: &String| {
        let path = folder.join(name);
        match std::fs::read(&path) {
            Ok(found) => (!ours.contains(name) && found != text.as_bytes()).then_some(path),
            Err(_) => path.is_dir().then_some(path),
        }
    };
    let blocked: Vec<_> = files.iter().filter_map(|(name, text)| in_the_way(name, text)).collect();
    if !blocked.is_empty() {
        return Err(OutputError::NotOurs(blocked));
    }
    let mut done = Written::default();
    let names: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
    // The list goes first and names old and new files, so that a run cut short leaves nothing it disowns.
    write_list(folder, &ours.union(&names).cloned().collect())?;
    for (name, text) in files {
        match std::fs::read(folder.join(name)) {
            Ok(found) if found == text.as_bytes() => done.unchanged += 1,
            _ => {
                write_file(&folder.join(name), text)?;
                done.written += 1;
            }
        }
    }
    for stale in ours.difference(&names) {
        done.deleted += usize::from(std::fs::remove_file(folder.join(stale)).is_ok());
    }
    write_list(folder, &names)?;
    Ok(done)
}

/// Writes a file whole or not at all: beside it first, then renamed over it.
pub fn write_file(path: &Path, text: &str) -> Result<(), OutputError> {
    let failed = |error: std::io::Error| OutputError::Failed { path: path.to_path_buf(), words: error.to_string() };
    let folder = path.parent().unwrap_or(Path::new("."));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let write = || {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        drop(file);
        std::fs::rename(&beside, path)
    };
    write().map_err(|error| {
        // What is left of a failed attempt is of no use to anyone.
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}

fn read_list(folder: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.join(LIST_NAME)).unwrap_or_default();
    // A list that leads out of the folder was not written by us.
    let inside =
        |name: &&str| !name.is_empty() && !name.starts_with(['#', '/']) && !name.split('/').any(|part| part == "..");
    text.lines().filter(inside).map(str::to_owned).collect()
}

fn write_list(folder: &Path, names: &BTreeSet<String>) -> Result<(), OutputError> {
    let lines: String = names.iter().map(|name| format!("{name}\n")).collect();
    write_file(&folder.join(LIST_NAME), &format!("{LIST_HEAD}{lines}"))
}
