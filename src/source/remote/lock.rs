//! `kollate.lock`: what each remote was when it was first used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The lock file's name.
pub const LOCK_FILE: &str = "kollate.lock";

const HEAD: &str = "# Written by kollate: the commit or content of each remote. Keep it under version control;\n# `kollate lock` brings it up to date.\n";

/// What each remote is pinned to. URLs are without credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The full commit hash of each URL and reference (`HEAD` if an entry names none).
    pub commits: BTreeMap<(String, String), String>,
    /// The SHA-256 of each file, in hexadecimal.
    pub files: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    git: Vec<WrittenCommit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<WrittenFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCommit {
    url: String,
    #[serde(rename = "ref")]
    reference: String,
    commit: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    url: String,
    sha256: String,
}

impl Lock {
    /// Reads the text of a lock file; why it cannot be read is said in words.
    pub fn parse(text: &str) -> Result<Lock, String> {
        let written: Written = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        if written.version != 1 {
            return Err(format!("it has version {}, and this kollate reads version 1", written.version));
        }
        let is_hash = |text: &str, length: &[usize]| {
            length.contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let mut lock = Lock::default();
        for entry in written.git {
            if !is_hash(&entry.commit, &[40, 64]) {
                return Err(format!("`{}` is not the full hash of a commit", entry.commit));
            }
            lock.commits.insert((entry.url, entry.reference), entry.commit);
        }
        for entry in written.files {
            if !is_hash(&entry.sha256, &[64]) {
                return Err(format!("`{}` is not a SHA-256", entry.sha256));
            }
            lock.files.insert(entry.url, entry.sha256);
        }
        Ok(lock)
    }

    /// The text of the lock file: sorted, and the same for the same content.
    pub fn print(&self) -> String {
        let git = self.commits.iter().map(|((url, reference), commit)| WrittenCommit {
            url: url.clone(),
            reference: reference.clone(),
            commit: commit.clone(),
        });
        let files = self.files.iter().map(|(url, sha256)| WrittenFile { url: url.clone(), sha256: sha256.clone() });
        let written = Written { version: 1, git: git.collect(), files: files.collect() };
        // Texts and lists of texts always have a form.
        format!("{HEAD}{}", serde_yaml::to_string(&written).unwrap_or_default())
    }

    /// Whether it pins nothing.
    pub fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.files.is_empty()
    }
}
