//! Runs a child process with bounds on its time and on what it says.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// What a child said, once it ended.
pub(super) struct Finished {
    /// Its exit code; `None` if it was killed.
    pub(super) code: Option<i32>,
    /// Its output.
    pub(super) bytes: Vec<u8>,
    /// Its complaints, trimmed.
    pub(super) words: String,
}

/// Why a child did not come to its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ChildError {
    NotInstalled,
    TimedOut,
    TooMuch,
    Failed(String),
}

/// Complaints beyond this are not kept.
const MAX_WORDS: usize = 16 << 10;

/// Runs `command` with `input` on its standard input. It is killed, and whatever it started, if it takes longer than
/// `limit` or says more than `most` bytes.
pub(super) fn run(mut command: Command, input: &str, limit: Duration, most: usize) -> Result<Finished, ChildError> {
    let end = Instant::now().checked_add(limit);
    let left = || end.map_or(limit, |end| end.saturating_duration_since(Instant::now()));
    own_group(&mut command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ChildError::NotInstalled,
        _ => ChildError::Failed(error.to_string()),
    })?;
    let output = child.stdout.take().map(|pipe| listen(pipe, most));
    let words = child.stderr.take().map(|pipe| listen(pipe, MAX_WORDS));
    if let Some(mut pipe) = child.stdin.take() {
        // A child that does not want it says why by its exit code.
        let _ = pipe.write_all(input.as_bytes());
    }
    let hear = |from: Option<Receiver<Heard>>| match from {
        Some(from) => from.recv_timeout(left()).map_err(|_| ChildError::TimedOut),
        None => Ok(Heard::default()),
    };
    let heard = hear(output).and_then(|output| match output.more {
        true => Err(ChildError::TooMuch),
        false => Ok((output, hear(words)?)),
    });
    let (output, words) = match heard {
        Ok(heard) => heard,
        Err(error) => {
            kill(&mut child);
            return Err(error);
        }
    };
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                let words = String::from_utf8_lossy(&words.bytes).trim().to_owned();
                return Ok(Finished { code: status.code(), bytes: output.bytes, words });
            }
            Ok(None) if !left().is_zero() => std::thread::sleep(Duration::from_millis(2)),
            _ => {
                kill(&mut child);
                return Err(ChildError::TimedOut);
            }
        }
    }
}

#[derive(Default)]
struct Heard {
    bytes: Vec<u8>,
    more: bool,
}

/// Reads a pipe to its end, or stops after `most` bytes of output.
fn listen(mut pipe: impl Read + Send + 'static, most: usize) -> Receiver<Heard> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.by_ref().take(most as u64 + 1).read_to_end(&mut bytes);
        let more = bytes.len() > most;
        bytes.truncate(most);
        let _ = send.send(Heard { bytes, more });
        // A child whose complaints nobody takes any more would wait for ever.
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    });
    receive
}

/// A group of its own lets a child be killed with what it started, and keeps it from asking on the terminal.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

fn kill(child: &mut Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let quiet = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        drop(quiet);
    }
    let _ = child.kill();
    let _ = child.wait();
}
