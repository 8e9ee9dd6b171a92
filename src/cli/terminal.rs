//! Standard output and error: colour, width, and what happens when nobody reads any more.

use std::io::{self, IsTerminal, Write};

use super::args::ColorChoice;
use crate::report::Style;

/// Where data and messages go, and how they may look there.
pub struct Terminal {
    color: ColorChoice,
}

impl Terminal {
    /// Output as `--color` asks for.
    pub fn new(color: ColorChoice) -> Self {
        Terminal { color }
    }

    /// How data on standard output may look.
    pub fn style(&self) -> Style {
        Style { color: self.colored(io::stdout().is_terminal()), width: width(io::stdout().is_terminal()) }
    }

    /// How messages on standard error may look.
    pub fn error_style(&self) -> Style {
        Style { color: self.colored(io::stderr().is_terminal()), width: width(io::stderr().is_terminal()) }
    }

    fn colored(&self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            ColorChoice::Auto => set("CLICOLOR_FORCE") || terminal,
        }
    }

    /// Writes data to standard output.
    pub fn data(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Writes pieces of data to standard output, with `between` between them.
    pub fn pieces(&self, pieces: &[String], between: &str) -> io::Result<()> {
        let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        for (i, piece) in pieces.iter().enumerate() {
            if i > 0 {
                out.write_all(between.as_bytes())?;
            }
            out.write_all(piece.as_bytes())?;
        }
        out.flush()
    }

    /// Writes a message to standard error. Nothing can be done if nobody reads it.
    pub fn message(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Columns to fill: those of the terminal if `COLUMNS` says, else a page's width.
fn width(terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.filter(|&columns: &usize| columns >= 40).unwrap_or(if terminal { 120 } else { 140 })
}
