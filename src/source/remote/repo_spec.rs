//! A git repository and a folder in it, as one entry of a kustomization writes them.
//!
//! The spelling is kustomize's (its `repospec`), mistakes included: what it takes for a repository is one here.

use std::fmt;
use std::time::Duration;

/// How long one run of git or one download may take, unless the entry says; kustomize's own limit.
pub const TIME_LIMIT: Duration = Duration::from_secs(27);

const SCHEMES: [&str; 4] = ["ssh://", "https://", "http://", "file://"];

/// What an entry says of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoSpec {
    /// Scheme, user and host, up to where the repository's path begins: `https://github.com/`, `git@github.com:`.
    pub host: String,
    /// The repository's path: `org/repo`.
    pub repository: String,
    /// The folder in the repository; empty for its top.
    pub folder: String,
    /// Branch, tag or hash; empty if the entry does not say.
    pub reference: String,
    /// Whether `submodules=true` asks for submodules. Unlike kustomize, they are off unless asked for.
    pub submodules: bool,
    /// How long git may take.
    pub time_limit: Duration,
}

/// Why an entry is not a repository, in kustomize's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecError {
    /// It is an absolute path.
    AbsolutePath,
    /// It has no scheme that is known.
    NoScheme,
    /// It has no host.
    NoHost,
    /// It names no repository on the host.
    NoRepository,
    /// Its folder leads out of the repository.
    ExitsRepository,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SpecError::AbsolutePath => "uri looks like abs path",
            SpecError::NoScheme => "failed to parse scheme",
            SpecError::NoHost => "failed to parse host segment",
            SpecError::NoRepository => "failed to parse repo path segment",
            SpecError::ExitsRepository => "url path exits repo",
        })
    }
}

impl std::error::Error for SpecError {}

impl RepoSpec {
    /// Reads an entry.
    pub fn parse(written: &str) -> Result<RepoSpec, SpecError> {
        if written.starts_with('/') {
            return Err(SpecError::AbsolutePath);
        }
        let (address, query) = written.split_once('?').unwrap_or((written, ""));
        let (host, path) = split_host(address)?;
        let (repository, folder) = split_path(path, host == "file://").ok_or(SpecError::NoRepository)?;
        if repository.is_empty() {
            return Err(SpecError::NoRepository);
        }
        if leaves(folder) {
            return Err(SpecError::ExitsRepository);
        }
        let spec = RepoSpec {
            repository: repository.to_owned(),
            folder: folder.strip_prefix('/').unwrap_or(folder).to_owned(),
            host,
            reference: String::new(),
            submodules: false,
            time_limit: TIME_LIMIT,
        };
        Ok(spec.with_query(query))
    }

    /// What git is told to fetch from.
    pub fn clone_url(&self) -> String {
        format!("{}{}", self.host, self.repository)
    }

    /// Whether the entry can only mean a repository: it marks where the repository ends, or says what to take of it.
    pub fn is_explicit(written: &str) -> bool {
        let (address, query) = written.split_once('?').unwrap_or((written, ""));
        let path = address.split_once("://").map_or(address, |(_, path)| path);
        let asks = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
        let marks = path.contains("_git/") || path.contains("//") || path.contains(".git");
        // A server's name may hold `.git`: `x.github.io`, `raw.githubusercontent.com`.
        let host = path.split('/').next().unwrap_or_default();
        let in_host = host.contains(".git") && !path[host.len()..].contains(".git");
        marks && !in_host || ["ref", "version", "submodules", "timeout"].into_iter().any(asks)
    }

    fn with_query(mut self, query: &str) -> RepoSpec {
        // One pair that cannot be read, and kustomize takes none of them.
        let Some(pairs) = pairs(query) else { return self };
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let reference = if get("ref").is_empty() { get("version") } else { get("ref") };
        self.reference = reference.to_owned();
        self.submodules = matches!(get("submodules"), "1" | "t" | "T" | "true" | "TRUE" | "True");
        let whole = get("timeout").parse().ok().map(Duration::from_secs);
        let limit = whole.filter(|limit| !limit.is_zero()).or_else(|| duration(get("timeout")));
        self.time_limit = limit.unwrap_or(TIME_LIMIT);
        self
    }
}

/// The part up to where the repository's path begins, in its normal form, and the rest.
fn split_host(address: &str) -> Result<(String, &str), SpecError> {
    let address = strip(address, "git::").unwrap_or(address);
    let known = SCHEMES.into_iter().find_map(|scheme| Some((scheme, strip(address, scheme)?)));
    let (scheme, rest) = known.unwrap_or(("", address));
    if scheme == "file://" {
        return Ok((scheme.to_owned(), rest));
    }
    let (user, rest) = rest.split_at(user(rest));
    let github = ["github.com/", "github.com:"].into_iter().any(|host| strip(rest, host).is_some());
    let like_scp = scheme.is_empty() && (!user.is_empty() || github);
    if scheme.is_empty() && !like_scp {
        return Err(SpecError::NoScheme);
    }
    let slash = rest.find('/');
    let colon = rest.find(':').filter(|&colon| like_scp && slash.is_none_or(|slash| 0 < colon && colon < slash));
    let (host, path) = rest.split_at(colon.or(slash).map_or(rest.len(), |end| end + 1));
    if host.is_empty() {
        return Err(SpecError::NoHost);
    }
    let whole = match github {
        true if scheme == "ssh://" || !user.is_empty() => format!("{user}github.com:"),
        true => "https://github.com/".to_owned(),
        false => format!("{scheme}{user}{host}"),
    };
    Ok((whole, path))
}

/// `text` without `prefix`, whose letter case does not matter.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// The length of `user@` at the beginning.
fn user(text: &str) -> usize {
    let end = text.find('@').unwrap_or_default();
    let fits = text[..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits && text.starts_with(|c: char| c.is_ascii_alphabetic()) && end > 0 { end + 1 } else { 0 }
}

/// The repository's path and the folder's: what `_git/`, `//` or `.git` marks, else two parts, or all of a file URL.
fn split_path(path: &str, is_file: bool) -> Option<(&str, &str)> {
    let segment_end = |from: usize| path[from..].find('/').map_or(path.len(), |end| from + end);
    let rest = |end: usize| path.get(end + 1..).unwrap_or_default();
    if let Some(at) = path.find("_git/") {
        let end = segment_end(at + "_git/".len());
        return Some((&path[..end], rest(end)));
    }
    if let Some((repository, folder)) = path.split_once("//") {
        return Some((repository, folder));
    }
    if let Some(at) = path.find(".git") {
        return Some(path.split_at(at + ".git".len()));
    }
    if is_file {
        return Some((path, ""));
    }
    let end = segment_end(path.find('/')? + 1);
    Some((&path[..end], rest(end)))
}

/// Whether a folder's path leads out of the repository.
fn leaves(folder: &str) -> bool {
    let mut depth = 0i64;
    folder.split('/').any(|part| {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        depth < 0
    })
}

/// The pairs of a query, decoded; `None` if it is malformed.
fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (!part.contains(';')).then_some(())?;
            Some((decoded(key)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(out).ok()
}

/// A duration as Go writes it: `90s`, `1m30s`, `1.5h`.
fn duration(text: &str) -> Option<Duration> {
    let units = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|&end| end > 0)?;
        let number: f64 = rest[..digits].parse().ok()?;
        let end = rest[digits..].find(|c: char| c.is_ascii_digit() || c == '.').map_or(rest.len(), |end| digits + end);
        let (_, unit) = units.iter().find(|(name, _)| *name == &rest[digits..end])?;
        seconds += number * unit;
        rest = &rest[end..];
    }
    Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero())
}
