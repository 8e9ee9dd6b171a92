//! `kollate fix`: deprecated fields, rewritten and proved.

use std::sync::Arc;

use crate::cli::args::FixArgs;
use crate::cli::workspace::{Workspace, options};
use crate::cli::{Exit, Failure, Terminal};
use crate::compile::fix::{FixRequest, Root, fix};
use crate::finding::Findings;
use crate::project::fix::masked;
use crate::project::{Environment, Target};
use crate::report::file_diff;
use crate::source::write_file;

pub fn run(args: &FixArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let project = workspace.project(&mut findings);
    let targets = match args.targets.as_slice() {
        [] => workspace.all(&project, &mut findings),
        named => workspace.targets(&project, named, &mut findings),
    };
    let roots = targets.into_iter().map(root).collect::<Result<Vec<Root>, Failure>>()?;
    let environment = |one: &Environment| (one.name.to_string(), one.folder.clone());
    let witnesses: Vec<Root> = project.environments.iter().map(environment).collect();
    let request = FixRequest { vars: args.vars, unproven: args.unproven };
    let (settings, cache) = (args.compile.remote.settings(), args.compile.remote.fetch.cache());
    let remotes = Arc::new(project.remotes(&workspace.store, settings, cache, &mut findings));
    let fixed = fix(&workspace.store, &options(&args.compile, &project, Some(remotes)), &roots, &witnesses, request);
    for file in &fixed.files {
        let name = workspace.store.shown(&file.path);
        terminal.data(file_diff(&name, &masked(&file.before), &masked(&file.after), &terminal.style()).as_bytes())?;
    }
    if args.write {
        for file in &fixed.files {
            write_file(&file.path, &file.after).map_err(|error| {
                Failure::with_help(error.to_string(), "the files before it are written; mend this, and run it again")
            })?;
        }
    }
    findings.extend(fixed.findings);
    terminal.message(&summary(fixed.files.len(), &findings, args.write));
    if fixed.with_vars > 0 {
        let files = counted(fixed.with_vars);
        terminal.message(&format!("the `vars` of {files} stay; `kollate fix --vars` makes replacements of them\n"));
    }
    workspace.show(&mut findings, terminal, roots.len())?;
    if roots.len() < args.targets.len() {
        return Ok(Exit::Failed);
    }
    Ok(if findings.has_errors() { Exit::Findings } else { Exit::Fine })
}

fn root((name, target): (String, Target)) -> Result<Root, Failure> {
    match target {
        Target::Environment(environment) => Ok((environment.name.to_string(), environment.folder)),
        Target::Folder(folder) => Ok((name, folder)),
        Target::File(_) | Target::Stdin => {
            let message = format!("`{name}` is no kustomization");
            Err(Failure::with_help(message, "name an environment, or a folder with a kustomization"))
        }
    }
}

fn counted(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

fn summary(files: usize, findings: &Findings, written: bool) -> String {
    let files = match files {
        0 if findings.is_empty() => return "nothing to fix\n".to_owned(),
        0 => return String::new(),
        files => counted(files),
    };
    match written {
        true => format!("{files} rewritten\n"),
        false => format!("{files} to rewrite; `kollate fix --write` does it\n"),
    }
}
