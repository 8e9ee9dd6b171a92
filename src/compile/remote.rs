//! Entries that name something on another machine.

use crate::finding::Finding;
use crate::source::Node;

/// Whether an entry names a git repository or a URL rather than a path.
pub fn is_remote(written: &str) -> bool {
    let schemes =
        ["http://", "https://", "ssh://", "git://", "git::", "file://", "git@", "gh:", "github.com/", "github.com:"];
    let lower = written.to_ascii_lowercase();
    schemes.iter().any(|scheme| lower.starts_with(scheme))
        || lower.contains(".git/")
        || lower.contains("?ref=")
        || lower.ends_with(".git")
}

/// What to say of it.
pub fn refusal(entry: &Node) -> Finding {
    let written = entry.text().unwrap_or_default();
    Finding::error("build/remote", format!("`{written}` lies on another machine"))
        .at(entry.location(), "kollate reads no network")
        .help("copy it into the repository and name the copy here")
}
