//! Why something remote could not be had.

use std::path::PathBuf;
use std::time::Duration;

use crate::source::ProgramError;

/// Why something remote could not be had. URLs in here are without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteError {
    /// Nobody allowed this server.
    NotAllowed {
        /// What the project file would have to allow: `github.com`, `http://example.com`, `file://`.
        entry: String,
    },
    /// It is not encrypted, and only encrypted ones are allowed.
    NotEncrypted {
        /// What the project file would have to allow: `http://example.com`.
        entry: String,
    },
    /// A fetched tree names a repository on this machine.
    LocalFromRemote,
    /// The lock file does not have it, and must not change.
    NotLocked,
    /// It would have to be fetched, and the network must not be used.
    NotCached,
    /// What the lock file names is not there any more.
    Drifted {
        /// The commit or hash in the lock file.
        locked: String,
        /// What there is now.
        found: String,
    },
    /// The text cannot be a branch, tag or hash.
    BadReference,
    /// The repository has no such branch, tag or commit.
    UnknownReference {
        /// Its branches and tags, sorted.
        known: Vec<String>,
    },
    /// It took longer than this.
    TimedOut(Duration),
    /// It is longer than this many bytes.
    TooLarge(u64),
    /// The server's answer to a download, such as 404.
    Status(u16),
    /// There is no such program.
    NotInstalled(&'static str),
    /// Submodules nest too deep, are too many, or have a URL that cannot be used.
    BadSubmodule(String),
    /// No folder for the cache is known.
    NoCache,
    /// The cache could not be written.
    CacheFailed {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        words: String,
    },
    /// The program failed; its words.
    Failed {
        /// `git` or `curl`.
        program: &'static str,
        /// What it said.
        words: String,
    },
}

impl RemoteError {
    /// What it means that `program` did not come to its end.
    pub(super) fn of_program(program: &'static str, error: ProgramError) -> RemoteError {
        match error {
            ProgramError::NotFound => RemoteError::NotInstalled(program),
            ProgramError::TooLong(limit) => RemoteError::TimedOut(limit),
            ProgramError::TooMuch(bytes) => RemoteError::TooLarge(bytes),
            error => RemoteError::Failed { program, words: error.to_string() },
        }
    }
}
