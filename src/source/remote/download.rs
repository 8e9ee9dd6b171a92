//! Downloads one file with the user's `curl`, which has the certificates and proxies of the machine.

use std::process::Command;
use std::time::{Duration, Instant};

use super::address::{Address, Protocol, redacted};
use super::cache::Wanted;
use super::error::RemoteError;
use crate::source::program::{Limits, finish};

/// Longer files are refused; no manifest comes near this.
pub(super) const MAX_DOWNLOAD: u64 = 32 << 20;

/// How often a server may name another place.
const MAX_REDIRECTS: usize = 10;

/// What curl came back with.
enum Answer {
    Bytes(Vec<u8>),
    /// It lies elsewhere.
    Moved(String),
}

/// The bytes behind a URL. Each place that a server sends the request on to must be allowed like the first.
pub(super) fn download(wanted: &Wanted<'_>) -> Result<Vec<u8>, RemoteError> {
    let (mut url, mut plain_http) = (wanted.url.to_owned(), wanted.plain_http);
    let deadline = Instant::now().checked_add(wanted.limit);
    for _ in 0..=MAX_REDIRECTS {
        let left = deadline.map_or(wanted.limit, |end| end.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return Err(RemoteError::TimedOut(wanted.limit));
        }
        match ask(&url, left, plain_http).map_err(|error| match error {
            RemoteError::TimedOut(_) => RemoteError::TimedOut(wanted.limit),
            error => error,
        })? {
            Answer::Bytes(bytes) => return Ok(bytes),
            Answer::Moved(to) => {
                let address = Address::of(&to).filter(|to| matches!(to.protocol, Protocol::Http | Protocol::Https));
                let allowed = address.as_ref().map(|address| wanted.policy.permit(address, None));
                let Some(Ok(open)) = allowed else {
                    return Err(RemoteError::SentOn { to: address.map_or_else(|| redacted(&to), |to| to.host) });
                };
                // Only an open connection leads to an open one.
                plain_http = plain_http && open;
                url = to;
            }
        }
    }
    Err(RemoteError::Failed { program: "curl", words: "the server sends the request on and on".into() })
}

fn ask(url: &str, limit: Duration, plain_http: bool) -> Result<Answer, RemoteError> {
    if url.chars().any(char::is_control) {
        return Err(RemoteError::Failed { program: "curl", words: "the URL holds control characters".into() });
    }
    let protocols = if plain_http { "=http,https" } else { "=https" };
    let mut command = Command::new("curl");
    // `--disable` comes first: without it the user's `.curlrc` could write files or show the URL.
    command.args(["--disable", "--silent", "--show-error", "--globoff", "--proto", protocols]);
    command.args(["--max-filesize", &MAX_DOWNLOAD.to_string(), "--max-time", &format!("{:.3}", limit.as_secs_f64())]);
    command.args(["--write-out", "%{stderr}\\n%{redirect_url}\\n%{http_code}"]);
    command.args(["--compressed", "--config", "-"]).env("LC_ALL", "C");
    // On standard input, since everybody on the machine can read command lines.
    let quoted = url.replace('\\', "\\\\").replace('"', "\\\"");
    let config = format!("url = \"{quoted}\"\n");
    // A little longer than curl's own limit, which is the one that can say what it was waiting for.
    let limits = Limits { time: limit.saturating_add(Duration::from_secs(1)), bytes: MAX_DOWNLOAD };
    let done =
        finish(command, config.into_bytes(), limits, None).map_err(|error| RemoteError::of_program("curl", error))?;
    let mut lines = done.words.rsplitn(3, '\n').map(str::trim);
    let (status, moved, words) = (lines.next(), lines.next(), lines.next());
    match (done.code, status.and_then(|status| status.parse::<u16>().ok()), moved.unwrap_or_default()) {
        (Some(0), Some(200..=299), _) => Ok(Answer::Bytes(done.output)),
        (Some(0), Some(300..=399), to) if !to.is_empty() => Ok(Answer::Moved(to.to_owned())),
        (Some(0), Some(status), _) => Err(RemoteError::Status(status)),
        (Some(28), ..) => Err(RemoteError::TimedOut(limit)),
        (Some(63), ..) => Err(RemoteError::TooLarge(MAX_DOWNLOAD)),
        _ => Err(RemoteError::Failed { program: "curl", words: redacted(words.unwrap_or_default()) }),
    }
}
