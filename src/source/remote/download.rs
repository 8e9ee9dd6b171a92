//! Downloads one file with the user's `curl`, which has the certificates and proxies of the machine.

use std::process::Command;
use std::time::Duration;

use super::address::redacted;
use super::error::RemoteError;
use crate::source::program::{Limits, ProgramError, finish};

/// Longer files are refused; no manifest comes near this.
pub(super) const MAX_DOWNLOAD: u64 = 32 << 20;

/// The bytes behind `url`.
pub(super) fn download(url: &str, limit: Duration, plain_http: bool) -> Result<Vec<u8>, RemoteError> {
    if url.chars().any(char::is_control) {
        return Err(RemoteError::Failed { program: "curl", words: "the URL holds control characters".into() });
    }
    let protocols = if plain_http { "=http,https" } else { "=https" };
    let mut command = Command::new("curl");
    // `--disable` comes first: without it the user's `.curlrc` could write files or show the URL.
    command.args(["--disable", "--silent", "--show-error", "--location", "--max-redirs", "10", "--globoff"]);
    command.args(["--proto", protocols, "--proto-redir", protocols, "--max-filesize", &MAX_DOWNLOAD.to_string()]);
    command.args(["--max-time", &format!("{:.3}", limit.as_secs_f64()), "--write-out", "%{stderr}\\n%{http_code}"]);
    command.args(["--compressed", "--config", "-"]).env("LC_ALL", "C");
    // On standard input, since everybody on the machine can read command lines.
    let quoted = url.replace('\\', "\\\\").replace('"', "\\\"");
    let config = format!("url = \"{quoted}\"\n");
    // A little longer than curl's own limit, which is the one that can say what it was waiting for.
    let limits = Limits { time: limit.saturating_add(Duration::from_secs(1)), bytes: MAX_DOWNLOAD };
    let done = finish(command, config.into_bytes(), limits, None).map_err(|error| match error {
        ProgramError::TooLong(_) => RemoteError::TimedOut(limit),
        error => RemoteError::of_program("curl", error),
    })?;
    let (words, status) = done.words.rsplit_once('\n').unwrap_or(("", &done.words));
    match (done.code, status.trim().parse::<u16>()) {
        (Some(0), Ok(200..=299)) => Ok(done.output),
        (Some(0), Ok(status)) => Err(RemoteError::Status(status)),
        (Some(28), _) => Err(RemoteError::TimedOut(limit)),
        (Some(63), _) => Err(RemoteError::TooLarge(MAX_DOWNLOAD)),
        _ => Err(RemoteError::Failed { program: "curl", words: redacted(words.trim()) }),
    }
}
