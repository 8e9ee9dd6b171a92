//! `kollate environments`: what there is, and what a change affects.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::cli::args::{CompileArgs, EnvironmentsArgs, ListFormat};
use crate::cli::side::{State, parted, work_tree};
use crate::cli::workspace::{Workspace, compat};
use crate::cli::{Exit, Failure, Terminal};
use crate::finding::Findings;
use crate::project::{Affected, Environment, PROJECT_FILE, affected, git_finding, same_content};

/// An environment, and how a change affects it if that was asked.
struct Row {
    environment: Environment,
    affected: Option<Affected>,
}

pub fn run(args: &EnvironmentsArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let now = work_tree(&workspace, &mut findings);
    let rows = match &args.base {
        None => now.project.environments.iter().map(|one| Row { environment: one.clone(), affected: None }).collect(),
        Some(base) => match parted(&workspace, base, None) {
            Ok(before) => compare(args, &before, &now, &mut findings),
            Err(error) => {
                findings.push(git_finding(&workspace.store, &error));
                workspace.show(&mut findings, terminal, 0)?;
                return Ok(Exit::Failed);
            }
        },
    };
    workspace.show(&mut findings, terminal, 0)?;
    let text = match args.format {
        ListFormat::Text => text(&rows, &workspace),
        ListFormat::Json => format!("{:#}\n", Value::Array(rows.iter().map(|row| object(row, &workspace)).collect())),
        ListFormat::Matrix => {
            format!("{}\n", json!({ "include": rows.iter().map(|row| object(row, &workspace)).collect::<Vec<_>>() }))
        }
    };
    terminal.data(text.as_bytes())?;
    Ok(if findings.has_errors() { Exit::Findings } else { Exit::Fine })
}

/// Every environment of both sides, or those that are affected. The files that both builds read are the evidence.
fn compare(args: &EnvironmentsArgs, before: &State, now: &State, findings: &mut Findings) -> Vec<Row> {
    let flags = CompileArgs { compat: args.compat, remote: args.remote.clone(), ..CompileArgs::default() };
    let mut read = |state: &State| {
        let session = state.session(&flags, findings);
        let folders: Vec<_> = state.project.environments.iter().map(|one| one.folder.clone()).collect();
        session.build_all(&folders).into_iter().map(|build| build.reads).collect::<Vec<_>>()
    };
    let (mut old, mut new) = (read(before), read(now));
    if compat(args.compat, &before.project) != compat(args.compat, &now.project) {
        let file = now.project.root.join(PROJECT_FILE);
        old.iter_mut().chain(&mut new).for_each(|reads| reads.extend([file.clone()]));
    }
    let old_sets = before.project.environments.iter().zip(&old).collect();
    let new_sets = now.project.environments.iter().zip(&new).collect();
    let verdicts = affected(&old_sets, &new_sets, |path| same_content(&before.store, &now.store, path));
    let find = |name: &str| now.project.find(name).or(before.project.find(name)).cloned();
    verdicts
        .into_iter()
        .filter(|(_, verdict)| !args.affected || *verdict != Affected::Unchanged)
        .filter_map(|(name, verdict)| Some(Row { environment: find(name.as_str())?, affected: Some(verdict) }))
        .collect()
}

fn text(rows: &[Row], workspace: &Workspace) -> String {
    let width = rows.iter().map(|row| row.environment.name.as_str().len()).max().unwrap_or_default();
    let folder = |row: &Row| workspace.store.shown(&row.environment.folder);
    let wide = rows.iter().map(|row| folder(row).len()).max().unwrap_or_default();
    rows.iter().fold(String::new(), |mut text, row| {
        let environment = &row.environment;
        let mut line = format!("{:width$}  {:wide$}", environment.name.as_str(), folder(row));
        if !environment.kubernetes.is_empty() {
            let _ = write!(line, "  Kubernetes {}", environment.kubernetes.join(", "));
        }
        if let Some(from) = &environment.promotes_from {
            let _ = write!(line, "  from {from}");
        }
        if let Some(verdict) = &row.affected {
            let _ = write!(line, "  {}", verdict.as_str());
            if let Affected::Changed { paths, .. } = verdict {
                let names: Vec<_> = paths.iter().map(|path| workspace.store.shown(path)).collect();
                let _ = write!(line, ": {}", names.join(", "));
            }
        }
        let _ = writeln!(text, "{}", line.trim_end());
        text
    })
}

fn object(row: &Row, workspace: &Workspace) -> Value {
    let environment = &row.environment;
    let mut object = json!({
        "environment": environment.name.as_str(),
        "path": workspace.store.shown(&environment.folder),
        "kubernetes": environment.kubernetes,
        "promotesFrom": environment.promotes_from.as_ref().map(|name| name.as_str()),
    });
    if let Some(verdict) = &row.affected {
        object["status"] = verdict.as_str().into();
        if let Affected::Changed { paths, .. } = verdict {
            object["paths"] = paths.iter().map(|path| workspace.store.shown(path)).collect();
        }
    }
    object
}
