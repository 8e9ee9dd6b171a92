//! Runs `git` so that neither the user's settings nor a surrounding hook change what it says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::GitError;
use crate::source::program::{Finished, Limits, ProgramError, finish};
use crate::source::{Disk, Files};

/// Set while git runs a hook, and meant for the hook's own repository, not for the folder that is asked about.
const REMOVED: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
];

const SET: [(&str, &str); 7] = [
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_PAGER", "cat"),
    // A partial clone would fetch what it lacks: the first is understood since git 2.45, the second before that too.
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_ALLOW_PROTOCOL", "none"),
    // Some messages are read.
    ("LC_ALL", "C"),
    ("LANGUAGE", ""),
];

/// A listing of the user's own repository, which may be large and on a slow disk.
const OWN: Limits = Limits { time: Duration::from_secs(300), bytes: 1 << 30 };
/// A listing of a repository that somebody else made: a few trees that hold each other name any number of files.
const FETCHED: Limits = Limits { time: Duration::from_secs(27), bytes: 64 << 20 };

/// The `git` program in a folder.
#[derive(Clone, Debug)]
pub(super) struct Git {
    folder: PathBuf,
    program: &'static str,
    /// Whether the folder is a repository itself, without a work tree.
    bare: bool,
}

/// The repository that a folder lies in.
#[derive(Clone, Debug)]
pub(super) struct Repository {
    /// The uppermost folder of the work tree, symlinks resolved.
    pub(super) top_level: PathBuf,
    /// Whether history is cut off.
    pub(super) shallow: bool,
}

impl Git {
    pub(super) fn in_folder(folder: &Path) -> Git {
        Git { folder: folder.to_path_buf(), program: "git", bare: false }
    }

    /// Git in a repository that has no work tree.
    pub(super) fn bare(folder: &Path) -> Git {
        Git { bare: true, ..Git::in_folder(folder) }
    }

    /// A command in the clean environment.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.arg("--no-pager").arg("-C").arg(&self.folder);
        if self.bare {
            command.arg("--git-dir=.");
        }
        command.args(arguments);
        for name in REMOVED {
            command.env_remove(name);
        }
        command.envs(SET);
        command
    }

    /// Runs git to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Finished, GitError> {
        let limits = if self.bare { FETCHED } else { OWN };
        finish(self.command(arguments), Vec::new(), limits, None).map_err(|error| match error {
            ProgramError::NotFound => GitError::NotInstalled,
            error => GitError::Failed { words: error.to_string() },
        })
    }

    /// Runs git to its end and takes any failure for one that the user cannot mend.
    pub(super) fn run_well(&self, arguments: &[&str]) -> Result<Finished, GitError> {
        let output = self.run(arguments)?;
        if output.code == Some(0) { Ok(output) } else { Err(GitError::Failed { words: output.words }) }
    }

    /// The repository around the folder.
    pub(super) fn repository(&self) -> Result<Repository, GitError> {
        let output = self.run(&["rev-parse", "--show-toplevel", "--is-shallow-repository"])?;
        let text = text(&output);
        match self.read_repository(&text) {
            Some(repository) if output.code == Some(0) => Ok(repository),
            _ => Err(self.no_repository(output.words)),
        }
    }

    /// The repository, and the full hash of the commit that `revision` names.
    pub(super) fn commit(&self, revision: &str) -> Result<(Repository, String), GitError> {
        let peeled = format!("{revision}^{{commit}}");
        // One run for all three: starting git is most of what this costs.
        let ask = ["rev-parse", "--show-toplevel", "--is-shallow-repository", "--verify", "--end-of-options", &peeled];
        let output = self.run(&ask)?;
        let text = text(&output);
        if output.code == Some(0) {
            let (rest, hash) = text.trim_end_matches('\n').rsplit_once('\n').unwrap_or_default();
            let is_hash = !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            // `^main` verifies too, as the exclusion of a commit.
            if let (Some(repository), true) = (self.read_repository(rest), is_hash) {
                return Ok((repository, hash.to_owned()));
            }
        }
        match self.repository() {
            Ok(repository) => Err(self.unknown_revision(revision, repository.shallow)?),
            Err(error) => Err(error),
        }
    }

    /// Reads the uppermost folder (which may hold line breaks) and whether history is cut off.
    fn read_repository(&self, text: &str) -> Option<Repository> {
        let (folder, shallow) = text.trim_end_matches('\n').rsplit_once('\n')?;
        Some(Repository { top_level: Disk.resolve(Path::new(folder)), shallow: shallow == "true" })
    }

    fn no_repository(&self, words: String) -> GitError {
        // `cannot change to`: the folder does not exist.
        if words.contains("not a git repository") || words.contains("cannot change to") {
            GitError::NotARepository { folder: self.folder.clone() }
        } else {
            GitError::Failed { words }
        }
    }

    fn unknown_revision(&self, name: &str, shallow: bool) -> Result<GitError, GitError> {
        let refs =
            self.run_well(&["for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags", "refs/remotes"])?;
        let mut known: Vec<String> = text(&refs).lines().filter_map(short_name).map(str::to_owned).collect();
        known.sort();
        known.dedup();
        Ok(GitError::UnknownRevision { name: name.to_owned(), known, shallow })
    }
}

/// What git printed.
pub(super) fn text(output: &Finished) -> String {
    String::from_utf8_lossy(&output.output).into_owned()
}

/// A branch, tag or remote branch as a user writes it.
fn short_name(reference: &str) -> Option<&str> {
    ["refs/heads/", "refs/tags/", "refs/remotes/"].iter().find_map(|prefix| reference.strip_prefix(prefix))
}

pub(super) fn not_started(error: std::io::Error) -> GitError {
    match error.kind() {
        std::io::ErrorKind::NotFound => GitError::NotInstalled,
        _ => GitError::Failed { words: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_git() {
        let git = Git { folder: PathBuf::from("/"), program: "git-that-nobody-has-installed", bare: false };
        assert_eq!(git.commit("HEAD").err(), Some(GitError::NotInstalled));
        assert_eq!(git.repository().err(), Some(GitError::NotInstalled));
    }
}
