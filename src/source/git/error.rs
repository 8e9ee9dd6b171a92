//! Why git could not say what it was asked.

use std::fmt;
use std::path::PathBuf;

/// Why git could not say what it was asked. All but [`GitError::Failed`] are for the user to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitError {
    /// There is no `git` program.
    NotInstalled,
    /// No repository holds this folder.
    NotARepository {
        /// The folder that was asked about.
        folder: PathBuf,
    },
    /// The repository has no such revision.
    UnknownRevision {
        /// The revision as the user wrote it.
        name: String,
        /// Branches, tags and remote branches, sorted: what the user may have meant.
        known: Vec<String>,
        /// Whether the clone lacks history, so that the revision may exist elsewhere.
        shallow: bool,
    },
    /// Two revisions have no common ancestor.
    NoMergeBase {
        /// One revision as the user wrote it.
        ours: String,
        /// The other.
        theirs: String,
        /// Whether the clone lacks history, so that there may be one elsewhere.
        shallow: bool,
    },
    /// Git failed in some other way.
    Failed {
        /// What git said.
        words: String,
    },
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GitError::NotInstalled => write!(f, "the program `git` was not found"),
            GitError::NotARepository { folder } => write!(f, "`{}` is not in a git repository", folder.display()),
            GitError::UnknownRevision { name, .. } => write!(f, "git knows no revision `{name}`"),
            GitError::NoMergeBase { ours, theirs, .. } => {
                write!(f, "`{ours}` and `{theirs}` have no common ancestor")
            }
            GitError::Failed { words } => write!(f, "git failed: {words}"),
        }
    }
}

impl std::error::Error for GitError {}
