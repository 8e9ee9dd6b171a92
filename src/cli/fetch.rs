//! The flags that say what may be fetched, and where it is kept.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::source::remote::{Allow, Cache, LockMode, Policy, Settings};

/// What may be fetched, and where it is kept.
#[derive(Args, Clone, Debug, Default)]
pub struct FetchArgs {
    /// Fetch bases and files that lie elsewhere, over https, ssh and file://; with `=http` over plain http, too
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "encrypted")]
    pub allow_remote: Option<AllowRemote>,
    /// Keep what was fetched here, instead of in the user's cache folder
    #[arg(long, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
}

/// Which connections are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AllowRemote {
    /// https, ssh and file://
    Encrypted,
    /// http, too
    Http,
}

/// How what lies elsewhere is used in a build.
#[derive(Args, Clone, Debug, Default)]
pub struct RemoteArgs {
    #[command(flatten)]
    pub fetch: FetchArgs,
    /// Refuse what kollate.lock does not have, and leave it as it is
    #[arg(long)]
    pub locked: bool,
    /// Use only what was fetched before
    #[arg(long)]
    pub offline: bool,
}

impl FetchArgs {
    /// The settings that these flags ask for.
    pub fn settings(&self) -> Settings {
        let allow = match self.allow_remote {
            None => Allow::Nothing,
            Some(AllowRemote::Encrypted) => Allow::Encrypted,
            Some(AllowRemote::Http) => Allow::Everything,
        };
        Settings { policy: Policy { allow, hosts: Vec::new() }, ..Settings::default() }
    }

    /// The cache that these flags ask for.
    pub fn cache(&self) -> Arc<Cache> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let own = || Some(set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?.join("kollate"));
        Arc::new(Cache::new(self.cache_dir.clone().or_else(own).map(absolute)))
    }
}

impl RemoteArgs {
    /// The settings that these flags ask for.
    pub fn settings(&self) -> Settings {
        let lock = if self.locked { LockMode::Frozen } else { LockMode::Fill };
        Settings { lock, offline: self.offline, ..self.fetch.settings() }
    }
}
