//! `kollate build`: environments to manifests.

use std::path::Path;

use crate::cli::args::BuildArgs;
use crate::cli::workspace::{Compiled, Workspace};
use crate::cli::{Exit, Failure, Terminal};
use crate::finding::{Finding, Findings, Severity};
use crate::resource::{ResourceSet, file_name};
use crate::source::{write_file, write_folder, yaml};

pub fn run(args: &BuildArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let project = workspace.project(&mut findings);
    let targets = match args.targets.as_slice() {
        [] if args.all => workspace.all(&project, &mut findings),
        [] => workspace.targets(&project, &[".".to_owned()], &mut findings),
        named => workspace.targets(&project, named, &mut findings),
    };
    let session = workspace.session(&args.compile, &project, &mut findings);
    let compiled = workspace.compile(&session, &targets)?;
    let texts = print_all(&compiled, &mut findings);
    // A build says what is wrong; what is merely odd is for `check`.
    findings.retain(|finding| finding.severity == Severity::Error);
    workspace.show(&mut findings, terminal, compiled.len())?;
    if findings.has_errors() {
        return Ok(Exit::Findings);
    }
    match &args.output {
        None => terminal.data(texts.join("---\n").as_bytes())?,
        Some(path) => write(&workspace.absolute(path), &compiled, &texts, terminal)?,
    }
    Ok(Exit::Fine)
}

/// The manifests of each build that has no errors; what is wrong with the others is added to `findings`.
fn print_all(compiled: &[Compiled], findings: &mut Findings) -> Vec<String> {
    let mut texts = Vec::new();
    for one in compiled {
        let mut own = one.build.findings.clone();
        let text = print(&one.build.resources, &mut own);
        own.in_environment(&one.name);
        findings.extend(own);
        texts.push(text);
    }
    texts
}

fn print(resources: &ResourceSet, findings: &mut Findings) -> String {
    let mut text = String::new();
    for resource in resources.iter() {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        if let Err(error) = yaml::print(&resource.root, &mut text) {
            let finding = Finding::error("build/unprintable", error.message).at(error.location, "");
            findings.push(
                finding.resource(resource.id()).help("kustomize refuses this value, too; write it as a quoted string"),
            );
        }
    }
    text
}

fn write(path: &Path, compiled: &[Compiled], texts: &[String], terminal: &Terminal) -> Result<(), Failure> {
    let is_file = path.extension().is_some_and(|end| end == "yaml" || end == "yml") && !path.is_dir();
    let failed = |error: crate::source::OutputError| {
        Failure::with_help(error.to_string(), "name an empty folder, or remove what stands in the way")
    };
    if is_file {
        return write_file(path, &texts.join("---\n")).map_err(failed);
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for one in compiled {
        let folder = if compiled.len() > 1 { format!("{}/", one.name.trim_matches(['.', '/'])) } else { String::new() };
        for resource in one.build.resources.iter() {
            let mut text = String::new();
            // What cannot be printed has been reported, and nothing is written then.
            let _ = yaml::print(&resource.root, &mut text);
            let stem = format!("{folder}{}", file_name(resource));
            let taken = |name: &str| files.iter().any(|(known, _)| known == name);
            let names = std::iter::once(format!("{stem}.yaml")).chain((2..).map(|i| format!("{stem}-{i}.yaml")));
            let name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
            files.push((name, text));
        }
    }
    let done = write_folder(path, &files).map_err(failed)?;
    terminal.message(&format!("{} written, {} unchanged, {} deleted\n", done.written, done.unchanged, done.deleted));
    Ok(())
}
