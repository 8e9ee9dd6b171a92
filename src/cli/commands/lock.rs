//! `kollate lock`: brings the lock file up to date, or says whether it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::args::{CompileArgs, LockArgs};
use crate::cli::workspace::{Workspace, options};
use crate::cli::{Exit, Failure, Terminal};
use crate::compile::Session;
use crate::finding::{Findings, Severity};
use crate::project::Target;
use crate::source::remote::{LOCK_FILE, Lock, LockMode};

pub fn run(args: &LockArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let project = workspace.project(&mut findings);
    let mut settings = args.fetch.settings();
    settings.lock = LockMode::Refresh;
    let remotes = Arc::new(project.remotes(&workspace.store, settings, args.fetch.cache(), &mut findings));
    let compile = CompileArgs { load_restrictor: args.load_restrictor, ..CompileArgs::default() };
    let session = Session::new(workspace.store.clone(), options(&compile, &project, Some(remotes.clone())));
    let targets = workspace.all(&project, &mut findings);
    let folders: Vec<PathBuf> = targets
        .into_iter()
        .filter_map(|(_, target)| match target {
            Target::Environment(environment) => Some(environment.folder),
            Target::Folder(folder) => Some(folder),
            Target::File(_) | Target::Stdin => None,
        })
        .collect();
    for build in session.build_all(&folders) {
        findings.extend(build.findings);
    }
    findings.retain(|finding| finding.severity == Severity::Error);
    workspace.show(&mut findings, terminal, folders.len())?;
    if findings.has_errors() {
        return Ok(Exit::Findings);
    }
    let (before, after) = (remotes.lock_before(), remotes.lock());
    let changes = changes(before, &after);
    terminal.data(changes.as_bytes())?;
    if args.check {
        return Ok(if changes.is_empty() { Exit::Fine } else { Exit::Findings });
    }
    let failed = |error: crate::source::OutputError| Failure::new(error.to_string());
    let words = match remotes.save().map_err(failed)? {
        true => "written",
        false if after.is_empty() => "not needed: nothing remote is used",
        false => "up to date",
    };
    terminal.message(&format!("{LOCK_FILE} {words}\n"));
    Ok(Exit::Fine)
}

/// One line for each entry that changes.
fn changes(before: &Lock, after: &Lock) -> String {
    let (old, new) = (entries(before), entries(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().fold(String::new(), |mut text, name| {
        let _ = match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) if old == new => Ok(()),
            (Some(old), Some(new)) => writeln!(text, "{name}  {} -> {}", short(old), short(new)),
            (None, Some(new)) => writeln!(text, "{name}  added {}", short(new)),
            (old, None) => writeln!(text, "{name}  removed {}", old.map_or("", |old| short(old))),
        };
        text
    })
}

fn entries(lock: &Lock) -> BTreeMap<String, &str> {
    let commits = lock.commits.iter().map(|((url, reference), commit)| (format!("{url}@{reference}"), commit.as_str()));
    commits.chain(lock.files.iter().map(|(url, sha256)| (url.clone(), sha256.as_str()))).collect()
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
