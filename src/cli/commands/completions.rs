//! `kollate completions` and `kollate man`: made from the declaration of the command line.

use std::io::Write;

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
    let mut program = Cli::command();
    program.build();
    for command in program.get_subcommands() {
        let page = clap_mangen::Man::new(command.clone());
        let mut section = Vec::new();
        page.render_options_section(&mut section)?;
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(out, ".SH \"KOLLATE {}\"\n{about}.", command.get_name().to_uppercase())?;
        // One page tells of all commands, so what is a section in a page of its own is a part of one here.
        out.extend_from_slice(String::from_utf8_lossy(&section).replace(".SH ", ".SS ").as_bytes());
    }
    terminal.data(&out)?;
    Ok(Exit::Fine)
}
