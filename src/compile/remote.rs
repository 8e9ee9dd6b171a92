//! Entries that name something elsewhere: what they mean, and what to say if it cannot be had.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Loader;
use crate::finding::{Finding, Findings, nearest};
use crate::source::remote::{Address, LOCK_FILE, RemoteError, Remotes, RepoSpec, SpecError, Tree, redacted};
use crate::source::{Location, Node};

/// Fetched kustomizations that name further ones, at most this many in a row.
pub const MAX_DEPTH: usize = 16;

/// What an entry means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A path.
    Path,
    /// A folder of a git repository.
    Repository(RepoSpec),
    /// A file on a server.
    File,
    /// A URL that means nothing, and why.
    Neither(SpecError),
}

impl Entry {
    /// Takes an entry as kustomize does: what is no path may be a repository or, with `http`, a file. kustomize asks
    /// the server which; here the spelling and the lock file say, and the
    /// server is asked only if they leave it open.
    pub fn of(written: &str, loader: &Loader) -> Entry {
        // Most entries are paths, and asking the disk once for each is enough.
        let may_be_url = written.contains([':', '@']) || written.get(..10).is_some_and(is_github);
        if !may_be_url || written.contains('\n') || loader.kind(written).is_some() {
            return Entry::Path;
        }
        let is_file = is_url(written);
        match RepoSpec::parse(written) {
            Ok(spec) if is_file => match loader.remotes().and_then(|known| known.is_locked_as_file(written, &spec)) {
                Some(true) => Entry::File,
                None if looks_like_file(written) || is_open(written) && server_has(written, loader) => Entry::File,
                _ => Entry::Repository(spec),
            },
            Ok(spec) => Entry::Repository(spec),
            Err(SpecError::NoRepository) if is_file => Entry::File,
            Err(error) if written.contains("://") || written.contains("git::") || written.starts_with("gh:") => {
                Entry::Neither(error)
            }
            Err(_) => Entry::Path,
        }
    }
}

fn is_github(head: &str) -> bool {
    head.eq_ignore_ascii_case("github.com")
}

/// Whether `written` is a URL that a file can have.
pub fn is_url(written: &str) -> bool {
    let lower = written.get(..8).or(written.get(..7)).unwrap_or_default().to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn looks_like_file(written: &str) -> bool {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let ends = [".yaml", ".yml", ".json"].iter().any(|end| path.to_ascii_lowercase().ends_with(end));
    ends || !RepoSpec::is_explicit(written) && path.contains("raw.githubusercontent.com/")
}

/// Whether the spelling leaves open what it is: on servers of repositories it does not.
fn is_open(written: &str) -> bool {
    let address = Address::of(written).map(|address| address.host).unwrap_or_default();
    let forges = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];
    !RepoSpec::is_explicit(written) && !forges.contains(&address.as_str())
}

fn server_has(written: &str, loader: &Loader) -> bool {
    let from = loader.tree().map(|tree| tree.protocol);
    loader.remotes().is_some_and(|remotes| remotes.has_file(written, from))
}

/// The folder that the repository entry `at` leads to, at its place in the store.
pub fn folder(loader: &mut Loader, spec: &RepoSpec, at: &Node, findings: &mut Findings) -> Option<PathBuf> {
    let written = at.text().unwrap_or_default();
    let from = loader.tree().map(|tree| tree.protocol);
    let Some(remotes) = use_remotes(loader) else {
        findings.push(refused(written, at.location(), &off()));
        return None;
    };
    match remotes.repository(spec, from) {
        Ok(tree) => {
            let folder = tree.root.join(&spec.folder);
            loader.store.add(tree);
            Some(crate::source::normalize(&folder))
        }
        Err(error) => {
            findings.push(describe(written, &spec.reference, at.location(), &error));
            None
        }
    }
}

/// The path in the store of the file behind the URL `written`, which `at` names.
pub fn file(loader: &mut Loader, written: &str, at: Location, findings: &mut Findings) -> Option<PathBuf> {
    let from = loader.tree().map(|tree| tree.protocol);
    let Some(remotes) = use_remotes(loader) else {
        findings.push(refused(written, at, &off()));
        return None;
    };
    match remotes.file(written, from) {
        Ok((tree, path)) => {
            loader.store.add(Arc::new(tree));
            Some(path)
        }
        Err(error) => {
            findings.push(describe(written, "", at, &error));
            None
        }
    }
}

/// What to say of a URL that means nothing.
pub fn neither(entry: &Node, error: SpecError) -> Finding {
    let written = redacted(entry.text().unwrap_or_default());
    let finding = Finding::error("build/remote-url", format!("`{written}` names no repository"));
    let (label, help) = match error {
        SpecError::ExitsRepository => {
            ("this path leads out of the repository", "name a folder in the repository, or another repository")
        }
        SpecError::NoRepository => {
            ("the path of a repository is missing", "write `https://host/org/repo//folder?ref=v1.0.0`")
        }
        _ => {
            ("kustomize takes `https://`, `ssh://`, `file://` and `user@host:`", "write the URL in one of these forms")
        }
    };
    finding.at(entry.location(), label).help(help)
}

/// The remotes of the run. Whoever asks depends on the lock file.
fn use_remotes(loader: &mut Loader) -> Option<Arc<Remotes>> {
    let remotes = loader.remotes()?;
    loader.reads.insert(remotes.lock_file().to_path_buf());
    Some(remotes)
}

fn off() -> RemoteError {
    RemoteError::NotAllowed { entry: String::new() }
}

fn refused(written: &str, at: Location, error: &RemoteError) -> Finding {
    let shown = redacted(written);
    let finding = |message: String| Finding::error("build/remote", message);
    let project = |entry: &str| format!("`remote: {{allow: [\"{entry}\"]}}` in `kollate.yaml`");
    match error {
        RemoteError::NotEncrypted { entry } => finding(format!("`{shown}` is not encrypted"))
            .at(at, "anybody on the way can change what comes")
            .help(format!("use `https://`, or allow it with `--allow-remote=http` or {}", project(entry))),
        RemoteError::LocalFromRemote => finding(format!("`{shown}` is a repository of this machine"))
            .at(at, "what was fetched from elsewhere may not read it")
            .help("copy the base into your repository, and name the copy"),
        RemoteError::NotAllowed { entry } if entry == "file://" => finding(format!("`{shown}` is another repository"))
            .at(at, "nothing is fetched unless it is allowed")
            .help(format!("allow it with `--allow-remote`, or for everybody with {}", project(entry))),
        RemoteError::NotAllowed { entry } if !entry.is_empty() => finding(format!("`{shown}` lies on another machine"))
            .at(at, "nothing is fetched unless it is allowed")
            .help(format!("allow it with `--allow-remote`, or for everybody with {}", project(entry))),
        _ => finding(format!("`{shown}` lies on another machine"))
            .at(at, "kollate reads no network here")
            .help("copy it into the repository and name the copy here"),
    }
}

/// What to say if something remote could not be had.
fn describe(written: &str, reference: &str, at: Location, error: &RemoteError) -> Finding {
    let shown = redacted(written);
    let fetch = |why: &str| Finding::error("build/remote-fetch", format!("cannot fetch `{shown}`: {why}"));
    match error {
        RemoteError::NotAllowed { .. } | RemoteError::NotEncrypted { .. } | RemoteError::LocalFromRemote => {
            refused(written, at, error)
        }
        RemoteError::NotLocked => Finding::error("build/remote-lock", format!("`{LOCK_FILE}` does not have `{shown}`"))
            .at(at, "only what is in the lock file may be used")
            .help("run `kollate lock` and commit the file"),
        RemoteError::NotCached => Finding::error("build/remote-offline", format!("`{shown}` is not in the cache"))
            .at(at, "`--offline` takes only what was fetched before")
            .help("run once without `--offline`"),
        RemoteError::Drifted { locked, found } => drifted(&shown, locked, found).at(at, ""),
        RemoteError::BadReference => {
            Finding::error("build/remote-ref", format!("`{reference}` cannot be a branch, a tag or a commit"))
                .at(at, "")
                .help("write the name of a branch or tag, or the full hash of a commit, after `?ref=`")
        }
        RemoteError::UnknownReference { known } => unknown_reference(reference, known).at(at, ""),
        RemoteError::TimedOut(limit) => fetch(&format!("no answer within {} s", limit.as_secs_f64()))
            .at(at, "")
            .help("try again, or give a repository more time with `&timeout=120s`"),
        RemoteError::TooLarge(bytes) => fetch(&format!("it is longer than {} MiB", bytes >> 20))
            .at(at, "")
            .help("check the URL; manifests are shorter"),
        RemoteError::SentOn { to } => fetch(&format!("the server sends the request on to `{to}`"))
            .at(at, "nothing is fetched from there unless it is allowed, too")
            .help(format!("add `{to}` to `remote: {{allow: [...]}}` in `kollate.yaml`, or name the other URL here")),
        RemoteError::Status(status) => fetch(&format!("the server answers {status}"))
            .at(at, "")
            .help("check the URL; for a git repository write `//` before the folder or add `?ref=`"),
        RemoteError::NotInstalled(program) => fetch(&format!("the program `{program}` was not found"))
            .at(at, "")
            .help(format!("install {program}, or copy what is needed into the repository")),
        RemoteError::BadSubmodule(why) => fetch(&format!("its submodules cannot be fetched: {why}"))
            .at(at, "")
            .help("take `submodules=true` out if the build does not need them"),
        RemoteError::NoCache => {
            fetch("there is no folder for the cache").at(at, "").help("name one with `--cache-dir`")
        }
        RemoteError::CacheFailed { path, words } => fetch(&format!("cannot write `{}`: {words}", path.display()))
            .at(at, "")
            .help("name another folder with `--cache-dir`"),
        RemoteError::Failed { program, words } => fetch(&format!("`{program}` failed"))
            .at(at, "")
            .note(format!("{program} says: {words}"))
            .help("check the URL, the network, and whether you may read it"),
    }
}

fn drifted(shown: &str, locked: &str, found: &str) -> Finding {
    let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
    let now = match found {
        "" => "it is gone from the server".to_owned(),
        found => format!("it is {} now", short(found)),
    };
    Finding::error("build/remote-drift", format!("`{shown}` is no longer what `{LOCK_FILE}` says"))
        .note(format!("the lock file has {}, and {now}", short(locked)))
        .help("if the change is wanted, run `kollate lock` and look at what it does with `kollate diff`")
}

/// How many branches and tags are named at most.
const MAX_NAMED: usize = 10;

fn unknown_reference(reference: &str, known: &[String]) -> Finding {
    let finding =
        Finding::error("build/remote-ref", format!("the repository has no branch, tag or commit `{reference}`"));
    let named: Vec<_> = known.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let more = known.len().saturating_sub(MAX_NAMED);
    let finding = match (named.as_slice(), more) {
        ([], _) => finding.note("it has no branches or tags"),
        (named, 0) => finding.note(format!("branches and tags are {}", named.join(", "))),
        (named, more) => finding.note(format!("branches and tags are {} and {more} more", named.join(", "))),
    };
    let is_short_hash = (4..40).contains(&reference.len()) && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    match nearest(reference, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if is_short_hash => finding.help("write all 40 characters of the hash; servers know no short ones"),
        None => finding.help("write the name of a branch or tag, or the full hash of a commit"),
    }
}

/// Scalars of a kustomization that hold a credential in a URL: they are never shown.
pub fn credentials(node: &Node, into: &mut Vec<Location>) {
    if let Some(mapping) = node.as_mapping() {
        mapping.iter().for_each(|entry| credentials(&entry.value, into));
    }
    node.as_sequence().unwrap_or_default().iter().for_each(|item| credentials(item, into));
    if node.text().is_some_and(|text| text.contains("://") && redacted(text) != text) {
        into.push(node.location());
    }
}

/// What to say of a path that leads out of what was fetched.
pub fn outside(written: &str, tree: &str, at: Location) -> Finding {
    Finding::error("build/outside-root", format!("`{}` leads out of `{tree}`", redacted(written)))
        .at(at, "what was fetched may read only itself")
        .help("a file must lie in or below its kustomization's folder, a base in the same repository")
}

/// What to do about a path that is missing because it lies in a submodule that was not fetched.
pub fn submodule_help(tree: Option<&Tree>, path: &Path) -> Option<String> {
    let tree = tree?;
    let submodule = tree.lacks.iter().find(|submodule| path.starts_with(submodule))?;
    let name = crate::source::relative(submodule, &tree.root);
    Some(format!("`{name}` is a submodule: add `submodules=true` to the URL of `{}`", tree.name))
}

/// What to say if fetched kustomizations name each other without end.
pub fn too_deep(written: &str, at: Location) -> Finding {
    Finding::error("build/cycle", format!("`{}` is the {MAX_DEPTH}th remote in a row", redacted(written)))
        .at(at, "each was named by the one before")
        .help("copy the base into your repository, and name the copy")
}
