//! `kollate build`: environments to manifests.

use std::collections::HashSet;
use std::path::Path;

use crate::cli::args::BuildArgs;
use crate::cli::workspace::{Compiled, Workspace};
use crate::cli::{Exit, Failure, Terminal};
use crate::compile::Sharing;
use crate::finding::{Finding, Findings, Severity};
use crate::resource::{Resource, file_name};
use crate::source::{in_parallel, write_file, write_folder, yaml};

pub fn run(args: &BuildArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let here = [".".to_owned()];
    let named = if args.targets.is_empty() { &here[..] } else { &args.targets };
    let project = if args.all { workspace.project(&mut findings) } else { workspace.project_for(named, &mut findings) };
    let targets = match args.all {
        true => workspace.all(&project, &mut findings),
        false => workspace.targets(&project, named, &mut findings),
    };
    let mut compile = args.compile.clone();
    compile.function_env.extend_from_slice(&args.env);
    let session = workspace.session(&compile, &project, Sharing::among(targets.len()), &mut findings);
    let compiled = workspace.compile(&session, &targets)?;
    compiled.iter().for_each(|one| findings.extend(one.findings()));
    let pieces = print_all(&compiled, &mut findings);
    // A build says what is wrong; what is merely odd is for `check`.
    findings.retain(|finding| finding.severity == Severity::Error);
    workspace.show(&mut findings, terminal, compiled.len())?;
    if targets.len() < args.targets.len() {
        return Ok(Exit::Failed);
    }
    if findings.has_errors() {
        return Ok(Exit::Findings);
    }
    match &args.output {
        None => terminal.pieces(&pieces, "---\n")?,
        Some(path) => write(path, &compiled, &pieces, terminal)?,
    }
    Ok(Exit::Fine)
}

/// How many resources are printed in one go: enough to be worth a thread.
const CHUNK: usize = 128;

/// The manifests of all builds, in pieces that each hold some resources; what cannot be printed is added to
/// `findings`.
fn print_all(compiled: &[Compiled], findings: &mut Findings) -> Vec<String> {
    let resources = compiled.iter().flat_map(|one| one.build.resources.iter().map(move |resource| (one, resource)));
    let all: Vec<_> = resources.collect();
    let chunks: Vec<_> = all.chunks(CHUNK).collect();
    let printed = in_parallel(&chunks, |chunk| print(chunk));
    let mut pieces = Vec::with_capacity(printed.len());
    for (piece, unprintable) in printed {
        pieces.push(piece);
        findings.extend(unprintable);
    }
    pieces
}

/// About what a resource takes when printed, so that a piece is rarely copied as it grows.
const USUAL_BYTES: usize = 1200;

fn print(chunk: &[(&Compiled, &Resource)]) -> (String, Findings) {
    let mut text = String::with_capacity(chunk.len() * USUAL_BYTES);
    let mut findings = Findings::new();
    for (one, resource) in chunk {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        if let Err(error) = yaml::print(&resource.root, &mut text) {
            let finding = Finding::error("build/unprintable", error.message).at(error.location, "");
            let help = "kustomize refuses this value, too; write it as a quoted string";
            let mut own = Findings::new();
            own.push(finding.resource(resource.id()).help(help));
            own.in_environment(&one.name);
            findings.extend(own);
        }
    }
    (text, findings)
}

fn write(path: &Path, compiled: &[Compiled], pieces: &[String], terminal: &Terminal) -> Result<(), Failure> {
    let is_file = path.extension().is_some_and(|end| end == "yaml" || end == "yml") && !path.is_dir();
    let failed = |error: crate::source::OutputError| {
        Failure::with_help(error.to_string(), "name an empty folder, or remove what stands in the way")
    };
    if is_file {
        return write_file(path, &pieces.join("---\n")).map_err(failed);
    }
    let mut files: Vec<(String, String)> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    for one in compiled {
        let folder = if compiled.len() > 1 { format!("{}/", one.name.trim_matches(['.', '/'])) } else { String::new() };
        for resource in one.build.resources.iter() {
            let mut text = String::new();
            // What cannot be printed has been reported, and nothing is written then.
            let _ = yaml::print(&resource.root, &mut text);
            let stem = format!("{folder}{}", file_name(resource));
            let names = std::iter::once(format!("{stem}.yaml")).chain((2..).map(|i| format!("{stem}-{i}.yaml")));
            let name = names.into_iter().find(|name| taken.insert(name.clone())).unwrap_or_default();
            files.push((name, text));
        }
    }
    let done = write_folder(path, &files).map_err(failed)?;
    terminal.message(&format!("{} written, {} unchanged, {} deleted\n", done.written, done.unchanged, done.deleted));
    Ok(())
}
