//! The content of blobs, from one `git cat-file --batch` that lives as long as the revision is open.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use super::command::{Git, not_started};
use crate::source::{MAX_BYTES, ReadError};

/// Reads blobs one after the other; the child starts with the first.
#[derive(Debug)]
pub(super) struct Blobs {
    git: Git,
    talk: Mutex<Option<Talk>>,
}

#[derive(Debug)]
struct Talk {
    child: Child,
    /// `None` only while it is closed.
    ask: Option<ChildStdin>,
    hear: BufReader<ChildStdout>,
}

impl Drop for Talk {
    fn drop(&mut self) {
        // Its standard input closes first, on which it ends by itself; waiting keeps it from staying as a zombie.
        self.ask = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Blobs {
    pub(super) fn new(git: Git) -> Self {
        Blobs { git, talk: Mutex::default() }
    }

    /// The bytes of the blob `hash`.
    pub(super) fn read(&self, hash: &str) -> Result<Vec<u8>, ReadError> {
        let mut talk = self.talk.lock().unwrap_or_else(PoisonError::into_inner);
        if talk.is_none() {
            *talk = Some(self.start()?);
        }
        let Some(open) = talk.as_mut() else {
            return Err(lost());
        };
        match open.blob(hash) {
            // What follows could be of any length, and the child must not be heard out.
            Ok(answer @ Err(ReadError::TooLarge(_))) => {
                *talk = None;
                answer
            }
            Ok(answer) => answer,
            Err(_) => {
                // Where the conversation stands is unknown now; the next question starts a new one.
                *talk = None;
                Err(lost())
            }
        }
    }

    fn start(&self) -> Result<Talk, ReadError> {
        let mut command = self.git.command(&["cat-file", "--batch"]);
        // Nobody reads its complaints; a full pipe would stop it.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| ReadError::Other(not_started(error).to_string()))?;
        let (Some(ask), Some(hear)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(lost());
        };
        Ok(Talk { child, ask: Some(ask), hear: BufReader::new(hear) })
    }
}

impl Talk {
    /// Asks for one blob. The outer error means that the child is gone.
    fn blob(&mut self, hash: &str) -> std::io::Result<Result<Vec<u8>, ReadError>> {
        let gone = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        let ask = self.ask.as_mut().ok_or_else(gone)?;
        ask.write_all(format!("{hash}\n").as_bytes())?;
        ask.flush()?;
        let mut header = String::new();
        self.hear.read_line(&mut header)?;
        // `<hash> blob <bytes>`, or `<hash> missing`.
        let mut words = header.split_whitespace().skip(1);
        let Some(size) = words.nth(1).and_then(|size| size.parse::<u64>().ok()) else {
            return if header.ends_with(" missing\n") { Ok(Err(lost())) } else { Err(gone()) };
        };
        if size > MAX_BYTES {
            return Ok(Err(ReadError::TooLarge(size)));
        }
        let mut bytes = vec![0; size as usize + 1];
        self.hear.read_exact(&mut bytes)?;
        bytes.pop();
        Ok(Ok(bytes))
    }
}

fn lost() -> ReadError {
    ReadError::Other("git does not have its content (a partial clone? `git fetch --refetch` brings all of it)".into())
}
