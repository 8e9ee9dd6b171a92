//! Runs other programs: with an end to their time and to what they may say, and never through a shell.

use std::ffi::OsString;
use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How much of what a program says on standard error is kept.
const WORDS: u64 = 64 << 10;

/// A program to run.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name, which is looked for in `PATH`, or its path.
    pub command: OsString,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder it works in; that of this process if `None`.
    pub folder: Option<PathBuf>,
    /// What it reads from standard input.
    pub input: Vec<u8>,
    /// Its environment variables.
    pub environment: Environment,
    /// When it is stopped.
    pub limits: Limits,
}

/// The environment variables of a program.
#[derive(Clone, Debug)]
pub enum Environment {
    /// Those of this process, and these.
    Inherited(Vec<(String, OsString)>),
    /// None but these.
    Only(Vec<(String, OsString)>),
}

/// When a program is stopped.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// How many bytes it may print.
    pub bytes: u64,
}

/// What a program did.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub output: Vec<u8>,
    /// What it said on standard error, trimmed; of a long text the beginning.
    pub words: String,
}

/// Why a program did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramError {
    /// There is no such program.
    NotFound,
    /// The file may not be run.
    NotExecutable,
    /// It ran too long and was stopped.
    TooLong(Duration),
    /// It printed too much and was stopped.
    TooMuch(u64),
    /// The system refused; its words.
    Failed(String),
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProgramError::NotFound => write!(f, "there is no such program"),
            ProgramError::NotExecutable => write!(f, "the file may not be run"),
            ProgramError::TooLong(limit) => write!(f, "stopped after {}", seconds(*limit)),
            ProgramError::TooMuch(limit) => write!(f, "stopped after printing {} MiB", limit >> 20),
            ProgramError::Failed(words) => write!(f, "{words}"),
        }
    }
}

fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 { format!("{} s", time.as_secs()) } else { format!("{} ms", time.as_millis()) }
}

/// Runs a program to its end, or to its limits. Then it is stopped together with what it has started. A program that it
/// leaves running cannot hold its output open for longer than a moment.
pub fn run(program: &Program) -> Result<Finished, ProgramError> {
    finish(command(program), program.input.clone(), program.limits, None)
}

/// A folder that a program fills, and how many bytes it may hold.
#[derive(Clone, Copy)]
pub(super) struct Filled<'a> {
    pub(super) folder: &'a Path,
    pub(super) bytes: u64,
}

/// Runs a command as [`run`] does, with `input` on its standard input. What it does to its pipes does not count.
pub(super) fn finish(
    mut command: Command,
    input: Vec<u8>,
    limits: Limits,
    filled: Option<Filled<'_>>,
) -> Result<Finished, ProgramError> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    own_group(&mut command);
    // A limit beyond what the clock can count is none.
    let deadline = Instant::now().checked_add(limits.time);
    let mut child = start(command)?;
    let said = listen(&mut child, input, limits);
    let result = gather(&said, &mut child, deadline, limits, filled).and_then(|(output, words)| {
        let code = wait(&mut child, deadline).ok_or(ProgramError::TooLong(limits.time))?;
        Ok(Finished { code, output, words: String::from_utf8_lossy(&words).trim().to_owned() })
    });
    if result.is_err() {
        stop(&mut child);
    }
    result
}

fn start(mut command: Command) -> Result<Child, ProgramError> {
    let mut attempts = 0;
    loop {
        match command.spawn() {
            // A file that was just written is busy while another thread starts a program: for a moment that one holds
            // the open file, too.
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy && attempts < 20 => {
                attempts += 1;
                std::thread::sleep(Duration::from_millis(10));
            }
            result => return result.map_err(not_started),
        }
    }
}

fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.command);
    command.args(&program.arguments);
    if let Some(folder) = &program.folder {
        command.current_dir(folder);
    }
    match &program.environment {
        Environment::Inherited(more) => command.envs(more.iter().map(|(name, value)| (name, value))),
        Environment::Only(these) => command.env_clear().envs(these.iter().map(|(name, value)| (name, value))),
    };
    command
}

/// A group of its own, so that what the program starts can be stopped with it, and asks nothing on the terminal.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

fn not_started(error: std::io::Error) -> ProgramError {
    match error.kind() {
        std::io::ErrorKind::NotFound => ProgramError::NotFound,
        std::io::ErrorKind::PermissionDenied => ProgramError::NotExecutable,
        _ => ProgramError::Failed(error.to_string()),
    }
}

/// Something that came out of a program.
enum Said {
    Output(Vec<u8>),
    Words(Vec<u8>),
    /// One of the two pipes is closed, or has said as much as is listened to.
    End,
}

/// Feeds and reads the pipes, each in a thread, since a program may wait for any of them. The threads are not joined:
/// a program that lives on in the background can hold a pipe open.
fn listen(child: &mut Child, input: Vec<u8>, limits: Limits) -> Receiver<Said> {
    let (sender, receiver) = channel();
    if let Some(mut pipe) = child.stdin.take() {
        // A program need not read its input.
        std::thread::spawn(move || drop(pipe.write_all(&input)));
    }
    if let Some(pipe) = child.stdout.take() {
        read(pipe, limits.bytes.saturating_add(1), sender.clone(), Said::Output);
    }
    if let Some(pipe) = child.stderr.take() {
        read(pipe, WORDS, sender, Said::Words);
    }
    receiver
}

fn read(pipe: impl Read + Send + 'static, limit: u64, sender: Sender<Said>, said: fn(Vec<u8>) -> Said) {
    std::thread::spawn(move || {
        let (mut pipe, mut piece) = (pipe.take(limit), vec![0; PIECE]);
        // What was read before an error counts; the exit code tells the rest.
        while let Ok(count @ 1..) = pipe.read(&mut piece) {
            let _ = sender.send(said(piece[..count].to_vec()));
        }
        let _ = sender.send(Said::End);
        // A program that has more to say must not wait for a reader.
        let _ = std::io::copy(pipe.get_mut(), &mut std::io::sink());
    });
}

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// How often a folder that is being filled is looked at, and whether a program that says nothing has ended.
const LOOK: Duration = Duration::from_millis(200);

/// How long a pipe may stay open without a word when the program has ended.
const GRACE: Duration = Duration::from_millis(500);

/// Both texts, once both pipes are closed. A pipe that something holds open which the program has left behind does not
/// count: it is stopped, if it can be.
fn gather(
    said: &Receiver<Said>,
    child: &mut Child,
    deadline: Option<Instant>,
    limits: Limits,
    filled: Option<Filled<'_>>,
) -> Result<(Vec<u8>, Vec<u8>), ProgramError> {
    let (mut output, mut words, mut open) = (Vec::new(), Vec::new(), 2);
    let (mut silent_since, mut stopped) = (None, false);
    while open > 0 {
        match said.recv_timeout(LOOK.min(left(deadline))) {
            Ok(Said::Output(piece)) => output.extend(piece),
            Ok(Said::Words(piece)) => words.extend(piece),
            Ok(Said::End) => open -= 1,
            Err(RecvTimeoutError::Disconnected) => return Err(ProgramError::Failed("its output was lost".into())),
            Err(RecvTimeoutError::Timeout) if left(deadline).is_zero() => {
                return Err(ProgramError::TooLong(limits.time));
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(filled) = filled.filter(|filled| size(filled.folder) > filled.bytes) {
                    return Err(ProgramError::TooMuch(filled.bytes));
                }
                let has_ended = matches!(child.try_wait(), Ok(Some(_)));
                match silent_since {
                    None if has_ended => silent_since = Some(Instant::now()),
                    Some(since) if since.elapsed() < GRACE => {}
                    Some(_) if stopped => break,
                    Some(_) => {
                        stop_group(child);
                        (silent_since, stopped) = (Some(Instant::now()), true);
                    }
                    None => {}
                }
                continue;
            }
        }
        silent_since = None;
        if output.len() as u64 > limits.bytes {
            return Err(ProgramError::TooMuch(limits.bytes));
        }
    }
    Ok((output, words))
}

fn left(deadline: Option<Instant>) -> Duration {
    deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
}

/// The bytes in a folder. What comes and goes meanwhile may be missed.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| entry.metadata().ok().map(|meta| (entry, meta)));
    sizes.map(|(entry, meta)| if meta.is_dir() { size(&entry.path()) } else { meta.len() }).sum()
}

/// The exit code; `None` if the program still runs at the deadline.
fn wait(child: &mut Child, deadline: Option<Instant>) -> Option<Option<i32>> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.code());
        }
        if left(deadline).is_zero() {
            return None;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends a program and what it has started, but for what has put itself into a group of its own.
fn stop(child: &mut Child) {
    stop_group(child);
    let _ = child.kill();
    let _ = child.wait();
}

fn stop_group(child: &Child) {
    if cfg!(unix) {
        // The shell's own `kill` reaches a whole group; `Child::kill` reaches one process.
        let group = format!("kill -9 -{}", child.id());
        let _ = Command::new("/bin/sh").args(["-c", &group]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
