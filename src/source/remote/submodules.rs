//! Submodules of a fetched commit: fetched like it, and shown where they belong.

use std::path::PathBuf;

use super::address::{Address, redacted};
use super::cache::Wanted;
use super::error::RemoteError;
use super::fetch::Repository;
use super::tree::Checkout;
use super::{Remotes, address};
use crate::source::{GitRevision, normalize};

/// How many submodules are fetched at most, and how deep they nest.
pub(super) struct Budget {
    left: usize,
    depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { left: 64, depth: 8 }
    }
}

/// Fetches the submodules of `top`, a repository in the cache and its commit, which was fetched as `parent` says.
pub(super) fn fetch(
    remotes: &Remotes,
    parent: &Wanted<'_>,
    top: &(PathBuf, GitRevision),
    at: &Address,
    budget: &mut Budget,
) -> Result<Vec<Checkout>, RemoteError> {
    let (folder, revision) = top;
    let links = revision.submodules();
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let repository = Repository::of(parent);
    let declared = repository.submodules(folder, revision.commit())?;
    let mut found = Vec::new();
    for (path, commit) in links {
        let Some((_, written)) = declared.iter().find(|(known, _)| *known == path) else {
            return Err(RemoteError::BadSubmodule(format!("`.gitmodules` has no URL for `{path}`")));
        };
        if budget.left == 0 || budget.depth == 0 {
            return Err(RemoteError::BadSubmodule("there are too many of them".into()));
        }
        budget.left -= 1;
        let url = absolute(parent.url, written);
        let address = address(&url).map_err(|_| {
            RemoteError::BadSubmodule(format!("`{path}` has the URL `{}`, which is none", redacted(written)))
        })?;
        let plain_http = remotes.settings.policy.permit(&address, Some(at.protocol))?;
        let wanted = Wanted { url: &url, reference: &commit, pinned: Some(&commit), plain_http, ..parent.clone() };
        let opened = remotes.open_commit(&wanted, |_| revision.top_level().join(&path))?;
        budget.depth -= 1;
        let inner = fetch(remotes, &wanted, &opened, &address, budget)?;
        budget.depth += 1;
        found.push(Checkout { top: opened.1, inner });
    }
    Ok(found)
}

/// The URL of a submodule: one that begins with `./` or `../` is seen from its parent's.
fn absolute(parent: &str, written: &str) -> String {
    if !written.starts_with("./") && !written.starts_with("../") {
        return written.to_owned();
    }
    let start = parent.find("://").map_or_else(
        || parent.find(':').map_or(0, |colon| colon + 1),
        |at| parent[at + 3..].find('/').map_or(parent.len(), |slash| at + 3 + slash),
    );
    let (host, path) = parent.split_at(start);
    let absolute = path.starts_with('/');
    let joined = normalize(&PathBuf::from("/").join(path.trim_start_matches('/')).join(written));
    let joined = joined.to_string_lossy();
    format!("{host}{}", if absolute { &joined } else { joined.trim_start_matches('/') })
}
