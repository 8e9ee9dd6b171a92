//! Fetches one commit of a repository into a new bare repository. Nothing is checked out and no hook is run.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::address::redacted;
use super::error::RemoteError;
use crate::source::program::{Filled, Finished, Limits, finish};

/// The one ref of a fetched repository.
const REF: &str = "refs/kollate/commit";

/// Most branches and tags that are looked at to suggest one.
const MAX_LISTING: u64 = 1 << 20;

/// What git says where nothing is expected of it but a hash.
const MAX_WORD: u64 = 1 << 10;

/// The bytes that a fetched repository may have on disk. Its server decides what it sends.
const MAX_REPOSITORY: u64 = 1 << 30;

/// What git may speak. `http` only where the user said so.
const PROTOCOLS: [&str; 2] = ["file:https:ssh", "file:https:ssh:http"];

/// Settings of git that would run something or write more than is asked for.
const OFF: [&str; 6] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    // Longer files are not unpacked in memory.
    "core.bigFileThreshold=16m",
];

/// One repository elsewhere.
pub(super) struct Repository<'a> {
    pub(super) url: &'a str,
    pub(super) limit: Duration,
    /// Whether a connection may be open to all.
    pub(super) plain_http: bool,
}

impl Repository<'_> {
    /// Fetches `want`, a branch, tag or hash, into the folder `into`, which is made. Gives the commit.
    pub(super) fn fetch(&self, into: &Path, want: &str) -> Result<String, RemoteError> {
        if !is_reference(want) {
            return Err(RemoteError::BadReference);
        }
        let folder = into.to_string_lossy();
        self.well(self.command(&["init", "--quiet", "--bare", "--template=", "--", &folder]))?;
        let refspec = format!("+{want}:{REF}");
        let mut command = self.command(&["--git-dir", &folder]);
        command.args([
            "fetch",
            "--quiet",
            "--depth=1",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
        ]);
        command.args(["--no-auto-gc", "--", "kollate", &refspec]);
        let filled = Filled { folder: into, bytes: MAX_REPOSITORY };
        let done = self.run(command, MAX_WORD, Some(filled))?;
        if done.code != Some(0) {
            return Err(self.refused(&done));
        }
        let commit = format!("{REF}^{{commit}}");
        let done = self.well(self.command(&["--git-dir", &folder, "rev-parse", "--verify", "--quiet", &commit]))?;
        Ok(String::from_utf8_lossy(&done.output).trim().to_owned())
    }

    /// Branches and tags, sorted.
    pub(super) fn references(&self) -> Vec<String> {
        let listing =
            self.run(self.command(&["ls-remote", "--quiet", "--heads", "--tags", "--", "kollate"]), MAX_LISTING, None);
        let text = listing.map(|done| String::from_utf8_lossy(&done.output).into_owned()).unwrap_or_default();
        let names = text.lines().filter_map(|line| line.split('\t').nth(1)).filter(|name| !name.ends_with("^{}"));
        let short = |name: &str| name.splitn(3, '/').nth(2).map(str::to_owned);
        let mut names: Vec<String> = names.filter_map(short).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The name and target of each submodule in the repository `folder`: path in the tree and URL.
    pub(super) fn submodules(&self, folder: &Path, commit: &str) -> Result<Vec<(String, String)>, RemoteError> {
        let blob = format!("--blob={commit}:.gitmodules");
        let folder = folder.to_string_lossy();
        let command = self.command(&["--git-dir", &folder, "config", &blob, "--no-includes", "-z", "--list"]);
        let done = self.run(command, MAX_LISTING, None)?;
        let mut found: Vec<(String, Option<String>, Option<String>)> = Vec::new();
        let text = String::from_utf8_lossy(&done.output).into_owned();
        for (key, value) in text.split('\0').filter_map(|entry| entry.split_once('\n')) {
            let Some((name, field)) = key.strip_prefix("submodule.").and_then(|key| key.rsplit_once('.')) else {
                continue;
            };
            let at = found.iter().position(|(known, ..)| known == name).unwrap_or_else(|| {
                found.push((name.to_owned(), None, None));
                found.len() - 1
            });
            match field {
                "path" => found[at].1 = Some(value.trim_end_matches('/').to_owned()),
                "url" => found[at].2 = Some(value.to_owned()),
                _ => {}
            }
        }
        Ok(found.into_iter().filter_map(|(_, path, url)| Some((path?, url?))).collect())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager");
        OFF.iter().for_each(|setting| {
            command.args(["-c", setting]);
        });
        // The URL may hold a password, and everybody on the machine can read command lines.
        command.env("KOLLATE_REMOTE_URL", self.url).arg("--config-env=remote.kollate.url=KOLLATE_REMOTE_URL");
        // A server that says nothing is given up even if git's helper outlives git.
        let seconds = self.limit.as_secs().max(1).to_string();
        command.args(["-c", "http.lowSpeedLimit=1", "-c", &format!("http.lowSpeedTime={seconds}")]);
        command.args(arguments);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        for name in ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_EXTERNAL_DIFF", "GIT_TRACE"] {
            command.env_remove(name);
        }
        command.envs([("GIT_TERMINAL_PROMPT", "0"), ("LC_ALL", "C"), ("LANGUAGE", "")]);
        command.env("GIT_ALLOW_PROTOCOL", PROTOCOLS[usize::from(self.plain_http)]);
        command
    }

    fn run(&self, command: Command, bytes: u64, filled: Option<Filled<'_>>) -> Result<Finished, RemoteError> {
        let limits = Limits { time: self.limit, bytes };
        finish(command, Vec::new(), limits, filled).map_err(|error| RemoteError::of_program("git", error))
    }

    fn well(&self, command: Command) -> Result<Finished, RemoteError> {
        let done = self.run(command, MAX_WORD, None)?;
        if done.code == Some(0) { Ok(done) } else { Err(failed(&done)) }
    }

    fn refused(&self, done: &Finished) -> RemoteError {
        let unknown = ["couldn't find remote ref", "not our ref", "unadvertised object", "no such remote ref"];
        match unknown.iter().any(|words| done.words.to_ascii_lowercase().contains(words)) {
            true => RemoteError::UnknownReference { known: self.references() },
            false => failed(done),
        }
    }
}

fn failed(done: &Finished) -> RemoteError {
    RemoteError::Failed { program: "git", words: redacted(&done.words.replace('\r', "")) }
}

/// Whether git takes this for the name of a ref or a hash, and for nothing else: no option, no refspec, no expression.
pub(super) fn is_reference(text: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    let parts_fit = text.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock"));
    !text.starts_with(['-', '+'])
        && !text.ends_with('.')
        && !text.contains("..")
        && !text.contains("@{")
        && parts_fit
        && !text.contains(bad)
        && text != "@"
}

/// Whether a reference is the full hash of a commit, which no one can move.
pub(super) fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
