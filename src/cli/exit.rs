//! How a command ends.

use std::fmt;
use std::io;

/// The exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// Findings at or above the limit, or differences when they were asked about.
    Findings = 1,
    /// The work could not be done.
    Failed = 2,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}

/// Why the work could not be done: a usage error, or a failure of the system or of kollate.
#[derive(Debug)]
pub enum Failure {
    /// What is wrong, and what to do about it.
    Usage {
        /// Lower case, no final period.
        message: String,
        /// The mend.
        help: Option<String>,
    },
    /// Reading or writing failed.
    Io(io::Error),
}

impl Failure {
    /// A usage error without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), help: None }
    }

    /// A usage error that says what to do.
    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), help: Some(help.into()) }
    }

    /// Whether the reader of our output has gone, which is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage { message, help: None } => write!(f, "error: {message}"),
            Failure::Usage { message, help: Some(help) } => write!(f, "error: {message}\nhelp: {help}"),
            Failure::Io(error) => write!(f, "error: {error}"),
        }
    }
}
