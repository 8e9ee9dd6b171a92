//! `kollate completions` and `kollate man`: made from the declaration of the command line.

use clap::CommandFactory;

use crate::cli::args::{Cli, CompletionsArgs};
use crate::cli::{Exit, Failure, Terminal};

pub fn run(args: &CompletionsArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kollate", &mut out);
    terminal.data(&out)?;
    Ok(Exit::Fine)
}

pub fn man(terminal: &Terminal) -> Result<Exit, Failure> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut out)?;
    for command in Cli::command().get_subcommands() {
        clap_mangen::Man::new(command.clone()).render_description_section(&mut out)?;
        clap_mangen::Man::new(command.clone()).render_options_section(&mut out)?;
    }
    terminal.data(&out)?;
    Ok(Exit::Fine)
}
