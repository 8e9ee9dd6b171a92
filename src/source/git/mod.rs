//! Git through the `git` program: the files of a revision without a checkout, and where two revisions parted.
//!
//! Owns: every call of `git`. Must not: write to the repository, fetch, run a hook, or ask the user for anything.

mod blobs;
mod command;
mod error;
mod index;
mod revision;

use std::path::{Path, PathBuf};

pub use error::GitError;
pub use revision::GitRevision;

use command::Git;

/// The work tree's uppermost folder, symlinks resolved, of the repository that `folder` lies in.
pub fn top_level(folder: &Path) -> Result<PathBuf, GitError> {
    Git::in_folder(folder).repository().map(|repository| repository.top_level)
}

/// The commit at which the histories of `ours` and `theirs` parted, as its full hash: what a pull request of `ours`
/// into `theirs` is compared with.
pub fn merge_base(folder: &Path, ours: &str, theirs: &str) -> Result<String, GitError> {
    let git = Git::in_folder(folder);
    let peeled = [ours, theirs].map(|revision| format!("{revision}^{{commit}}"));
    let output = git.run(&["merge-base", "--end-of-options", &peeled[0], &peeled[1]])?;
    let base = command::text(&output).trim().to_owned();
    if output.code == Some(0) && !base.is_empty() {
        return Ok(base);
    }
    // One of them may not exist; that is told first.
    git.commit(ours)?;
    let (repository, _) = git.commit(theirs)?;
    // Exit code 1 without a word means that there is none; anything else went wrong.
    match output.code {
        Some(1) if output.words.is_empty() => {
            Err(GitError::NoMergeBase { ours: ours.into(), theirs: theirs.into(), shallow: repository.shallow })
        }
        _ => Err(GitError::Failed { words: output.words }),
    }
}
