//! What to say when a git revision cannot be read.

use super::quoted;
use crate::finding::{Finding, nearest};
use crate::source::{GitError, Store};

const FETCH: &str =
    "this clone is shallow: `git fetch --unshallow` brings its history (`fetch-depth: 0` in actions/checkout)";

/// How many branches and tags are named at most.
const MAX_NAMED: usize = 10;

/// The finding for `error`. `store` shows paths.
pub fn git_finding(store: &Store, error: &GitError) -> Finding {
    match error {
        GitError::NotInstalled => Finding::error("git/not-installed", "the program `git` was not found")
            .help("install git, or compare folders instead of revisions"),
        GitError::NotARepository { folder } => {
            let message = format!("`{}` is not in a git repository", store.shown(folder));
            Finding::error("git/not-a-repository", message)
                .help("work in a clone of the repository, or compare folders instead of revisions")
        }
        GitError::UnknownRevision { name, known, shallow } => unknown_revision(name, known, *shallow),
        GitError::NoMergeBase { ours, theirs, shallow } => {
            let message = format!("`{ours}` and `{theirs}` have no common ancestor");
            let help = if *shallow { FETCH } else { "name a revision that both come from" };
            Finding::error("git/no-merge-base", message).help(help)
        }
        GitError::Failed { words } => Finding::error("git/failed", "git could not do this")
            .note(format!("git says: {words}"))
            .help("mend what git complains about, then try again"),
    }
}

fn unknown_revision(name: &str, known: &[String], shallow: bool) -> Finding {
    let finding = Finding::error("git/unknown-revision", format!("git knows no revision `{name}`"));
    // Where only `origin/main` is known, as in a fresh clone, that is what `main` means.
    let remote = known.iter().find(|known| known.split_once('/').is_some_and(|(_, branch)| branch == name));
    let near = remote.map(String::as_str).or_else(|| nearest(name, known.iter().map(String::as_str)));
    let finding = match known.len() {
        0 => finding.note("the repository has no branches or tags"),
        1..=MAX_NAMED => finding.note(format!("branches and tags are {}", quoted(known))),
        count => finding.note(format!(
            "branches and tags are {} and {} more",
            quoted(&known[..MAX_NAMED]),
            count - MAX_NAMED
        )),
    };
    match (near, shallow) {
        (Some(near), _) => finding.help(format!("did you mean `{near}`?")),
        (None, true) => finding.help(FETCH),
        (None, false) => finding.help("name a branch, a tag or a commit; `git fetch` brings those of others"),
    }
}
