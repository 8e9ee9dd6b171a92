//! The reference of the commands, made from the declaration of the command line.

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};

use super::args::Cli;

/// The reference of all commands as Markdown.
pub fn reference() -> String {
    let mut program = Cli::command().disable_help_flag(true).disable_version_flag(true);
    program.build();
    let mut text = String::from("# Commands\n\n");
    let _ = writeln!(
        text,
        "Exit codes, the same for every command: 0 all is well; 1 findings at or above the limit, or differences when \
         they were asked about;\n2 the work could not be done. A closed pipe is 0. Data goes to standard output, all \
         else to standard error.\n\n## Options of every command\n"
    );
    let everywhere: Vec<&Arg> = program.get_arguments().filter(|arg| arg.is_global_set()).collect();
    table(&everywhere, &mut text);
    for command in program.get_subcommands() {
        one(command, &mut text);
    }
    text
}

fn one(command: &Command, text: &mut String) {
    let mut usage = command.clone();
    let usage = usage.render_usage().to_string();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = writeln!(text, "\n## kollate {}\n\n{about}.\n\n```\n{usage}\n```\n", command.get_name());
    let own: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set()).collect();
    let effective: Vec<&Arg> = own.iter().copied().filter(|arg| arg.get_help_heading().is_none()).collect();
    table(&effective, text);
    for heading in own.iter().filter_map(|arg| arg.get_help_heading()).take(1) {
        let under = own.iter().filter(|arg| arg.get_help_heading() == Some(heading));
        let names: Vec<_> = under.map(|arg| format!("`{}`", name(arg))).collect();
        let _ = writeln!(text, "\n{heading}: {}.", names.join(", "));
    }
}

fn table(arguments: &[&Arg], text: &mut String) {
    if arguments.is_empty() {
        return;
    }
    text.push_str("| argument | meaning |\n|---|---|\n");
    for arg in arguments {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "| `{}` | {help}{} |", name(arg).replace('|', "\\|"), values(arg));
    }
}

fn name(arg: &Arg) -> String {
    let value = arg.get_value_names().filter(|_| arg.get_action().takes_values()).map(|names| names[0].to_string());
    let Some(long) = arg.get_long() else {
        return value.map_or_else(|| arg.get_id().to_string(), |value| format!("[{value}]"));
    };
    let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    format!("{short}--{long}{}", value.map(|value| format!(" <{value}>")).unwrap_or_default())
}

/// The values that can be given, and the one that holds if none is.
fn values(arg: &Arg) -> String {
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|v| v.to_string_lossy())
        .collect();
    let possible = arg.get_possible_values();
    let known: Vec<_> = possible
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}` ({})", value.get_name(), lower(&help.to_string())),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    let known = if known.is_empty() { String::new() } else { format!(": {}", known.join(", ")) };
    let default = if default.is_empty() { String::new() } else { format!("; `{}` if not given", default.join(",")) };
    format!("{known}{default}")
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
