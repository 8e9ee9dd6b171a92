//! The command line: flags, commands, exit codes, colour.
//!
//! Owns: what the user types and how a command ends. Must not: hold logic that a caller of the library would miss.
//!
//! In: argv. Out: bytes on standard output, messages on standard error, an [`Exit`].

mod args;
mod commands;
mod exit;
mod fetch;
mod reference;
mod side;
mod terminal;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

pub use args::Cli;
pub use exit::{Exit, Failure};
pub use reference::reference;
pub use terminal::Terminal;

use args::Command;

/// Runs the program.
pub fn main() -> ExitCode {
    report_bugs();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed.into() } else { Exit::Fine.into() };
        }
    };
    let terminal = Terminal::new(cli.color);
    match run(&cli, &terminal) {
        Ok(exit) => exit.into(),
        Err(failure) if failure.is_closed_pipe() => Exit::Fine.into(),
        Err(failure) => {
            terminal.message(&format!("{failure}\n"));
            Exit::Failed.into()
        }
    }
}

fn run(cli: &Cli, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(directory) = &cli.directory {
        std::env::set_current_dir(directory)
            .map_err(|error| Failure::new(format!("cannot enter `{}`: {error}", directory.display())))?;
    }
    match &cli.command {
        Command::Build(args) => commands::build::run(args, terminal),
        Command::Check(args) => commands::check::run(args, terminal),
        Command::Diff(args) => commands::diff::run(args, terminal),
        Command::Explain(args) => commands::explain::run(args, terminal),
        Command::Fix(args) => commands::fix::run(args, terminal),
        Command::Environments(args) => commands::environments::run(args, terminal),
        Command::Lock(args) => commands::lock::run(args, terminal),
        Command::Rules(args) => commands::rules::run(args, terminal),
        Command::Schemas(args) => commands::schemas::run(args, terminal),
        Command::Init(args) => commands::init::run(args, terminal),
        Command::Completions(args) => commands::completions::run(args, terminal),
        Command::Man => commands::completions::man(terminal),
    }
}

/// A panic is our bug: it is said as such, and the exit code is that of work that could not be done.
fn report_bugs() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let terminal = Terminal::new(args::ColorChoice::Never);
        terminal.message(&format!("error: this is a bug in kollate ({place})\nhelp: please report it, with the files that led here if you can share them\n"));
        std::process::exit(Exit::Failed as i32);
    }));
}
