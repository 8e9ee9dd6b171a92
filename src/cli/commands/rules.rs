//! `kollate rules`: what is checked, and why.

use std::fmt::Write;

use crate::check::{self, Rule};
use crate::cli::args::RulesArgs;
use crate::cli::{Exit, Failure, Terminal};
use crate::finding::nearest;

pub fn run(args: &RulesArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let rules = check::rules();
    let text = match &args.rule {
        _ if args.markdown => check::reference(),
        Some(name) => one(find(&rules, name)?),
        None => list(&rules),
    };
    terminal.data(text.as_bytes())?;
    Ok(Exit::Fine)
}

fn find<'a>(rules: &[&'a Rule], name: &str) -> Result<&'a Rule, Failure> {
    if let Some(rule) = rules.iter().find(|rule| rule.name == name) {
        return Ok(rule);
    }
    let message = format!("there is no rule `{name}`");
    Err(match nearest(name, rules.iter().map(|rule| rule.name)) {
        Some(near) => Failure::with_help(message, format!("did you mean `{near}`?")),
        None => Failure::with_help(message, "`kollate rules` lists them"),
    })
}

fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    rules.iter().fold(String::new(), |mut text, rule| {
        let _ = writeln!(text, "{:width$}  {:7}  {}", rule.name, rule.severity, rule.summary());
        text
    })
}

fn one(rule: &Rule) -> String {
    format!(
        "{}  ({}, {}, looks at: {}, since {})\n\n{}",
        rule.name,
        rule.severity,
        rule.category.as_str(),
        rule.scope.as_str(),
        rule.since,
        check::docs(rule)
    )
}
