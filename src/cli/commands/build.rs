//! `kollate build`: environments to manifests.

use std::collections::HashSet;
use std::path::Path;

use crate::cli::args::BuildArgs;
use crate::cli::workspace::{Compiled, Workspace};
use crate::cli::{Exit, Failure, Terminal};
use crate::compile::{Session, Sharing};
use crate::finding::{Finding, Findings, Severity};
use crate::project::Target;
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
    let made = make_all(args, &workspace, &session, &targets)?;
    let mut results = Vec::with_capacity(made.len());
    let mut reads_output = false;
    for Made { found, reads, result } in made {
        findings.extend(found);
        reads_output |= reads;
        results.push(result);
    }
    if let Some(path) = args.output.as_deref().filter(|_| reads_output) {
        let message = format!("the output `{}` is a file that the build reads", path.display());
        findings.push(Finding::error("build/output", message).help("name another file with `--output`"));
    }
    workspace.show(&mut findings, terminal, targets.len())?;
    if targets.len() < args.targets.len() {
        return Ok(Exit::Failed);
    }
    if findings.has_errors() {
        return Ok(Exit::Findings);
    }
    match &args.output {
        None => terminal.pieces(&pieces(results), "---\n")?,
        Some(path) => write(path, results, terminal)?,
    }
    Ok(Exit::Fine)
}

/// What is kept of one target.
struct Made {
    /// What is wrong.
    found: Findings,
    /// Whether it reads the file that the output is to be written to.
    reads: bool,
    result: Printed,
}

/// A target's manifests.
enum Printed {
    /// In pieces that each hold some resources.
    Pieces(Vec<String>),
    /// Each resource, with its file's name without an ending.
    Files(Vec<(String, String)>),
}

/// Compiles and prints all targets. Of many, each is forgotten as soon as it is printed.
fn make_all(
    args: &BuildArgs,
    workspace: &Workspace,
    session: &Session,
    targets: &[(String, Target)],
) -> Result<Vec<Made>, Failure> {
    let into_folder = args.output.as_deref().is_some_and(|path| !is_file(path));
    let files = workspace.store.files();
    let output =
        args.output.as_deref().filter(|path| is_file(path)).map(|path| files.resolve(&workspace.absolute(path)));
    workspace.compile_each(session, targets, |one| {
        let reads =
            output.as_ref().is_some_and(|output| one.build.reads.iter().any(|read| files.resolve(read) == *output));
        let mut found = one.findings();
        let folder = if targets.len() > 1 { format!("{}/", one.name.trim_matches(['.', '/'])) } else { String::new() };
        let mut result = match into_folder {
            true => Printed::Files(print_files(session, &one, &folder, &mut found)),
            false => Printed::Pieces(print_pieces(session, &one, &mut found)),
        };
        // A build says what is wrong; what is merely odd is for `check`.
        found.retain(|finding| finding.severity == Severity::Error);
        if targets.len() == 1 {
            // The process ends soon: to free the one build node by node would take a tenth of the time.
            std::mem::forget(one);
        } else if let Printed::Pieces(pieces) = &mut result {
            pieces.iter_mut().for_each(String::shrink_to_fit);
        }
        Made { found, reads, result }
    })
}

/// How many resources are printed in one go at most, and about how many bytes: enough to be worth a thread.
const CHUNK: usize = 128;
const CHUNK_BYTES: usize = 128 << 10;

/// What a resource takes at most when printed, if it is no exception: room for a piece, which is rarely copied as it
/// grows.
const USUAL_BYTES: usize = 1200;

fn print_pieces(session: &Session, one: &Compiled, findings: &mut Findings) -> Vec<String> {
    let all: Vec<&Resource> = one.build.resources.iter().collect();
    // What was read says about how long they are.
    let usual = session.store().bytes() as usize / all.len().max(1);
    let chunks: Vec<_> = all.chunks((CHUNK_BYTES / usual.max(1)).clamp(1, CHUNK)).collect();
    let room = (usual + usual / 4).clamp(200, USUAL_BYTES);
    let printed = in_parallel(&chunks, |chunk| {
        let (mut text, mut unprintable) = (String::with_capacity(chunk.len() * room), Findings::new());
        for resource in *chunk {
            if !text.is_empty() {
                text.push_str("---\n");
            }
            print(session, one, resource, &mut text, &mut unprintable);
        }
        (text, unprintable)
    });
    let mut pieces = Vec::with_capacity(printed.len());
    for (piece, unprintable) in printed {
        pieces.push(piece);
        findings.extend(unprintable);
    }
    pieces
}

fn print_files(session: &Session, one: &Compiled, folder: &str, findings: &mut Findings) -> Vec<(String, String)> {
    let named = one.build.resources.iter().map(|resource| {
        let mut text = String::new();
        print(session, one, resource, &mut text, findings);
        (format!("{folder}{}", file_name(resource)), text)
    });
    named.collect()
}

fn print(session: &Session, one: &Compiled, resource: &Resource, text: &mut String, findings: &mut Findings) {
    let Err(error) = yaml::print(&resource.root, text) else { return };
    let is_secret = resource.gvk().is("", "Secret");
    let message = if is_secret { "a value of this Secret cannot be printed".to_owned() } else { error.message };
    let mut finding = Finding::error("build/unprintable", message).at(error.location, "kustomize refuses this, too");
    if is_secret {
        finding = finding.secret(error.location);
    }
    let finding = finding.resource(resource.id()).help(error.help);
    let mut own = Findings::new();
    own.push(session.with_way(finding, &one.build.layers));
    own.in_environment(&one.name);
    findings.extend(own);
}

/// What of these builds cannot be printed.
pub fn unprintable(session: &Session, compiled: &[Compiled]) -> Findings {
    let mut findings = Findings::new();
    compiled.iter().for_each(|one| drop(print_pieces(session, one, &mut findings)));
    findings
}

/// The pieces of all targets.
fn pieces(results: Vec<Printed>) -> Vec<String> {
    let of = |printed| match printed {
        Printed::Pieces(pieces) => pieces,
        Printed::Files(files) => files.into_iter().map(|(_, text)| text).collect(),
    };
    results.into_iter().flat_map(of).collect()
}

/// Whether the output is to be one file.
fn is_file(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml") && !path.is_dir()
}

fn write(path: &Path, results: Vec<Printed>, terminal: &Terminal) -> Result<(), Failure> {
    let failed = |error: crate::source::OutputError| {
        Failure::with_help(error.to_string(), "name an empty folder, or remove what stands in the way")
    };
    if is_file(path) {
        return write_file(path, &pieces(results).join("---\n")).map_err(failed);
    }
    let mut files: Vec<(String, String)> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    for printed in results {
        let Printed::Files(own) = printed else { continue };
        for (stem, text) in own {
            let names = std::iter::once(format!("{stem}.yaml")).chain((2..).map(|i| format!("{stem}-{i}.yaml")));
            let name = names.into_iter().find(|name| taken.insert(name.clone())).unwrap_or_default();
            files.push((name, text));
        }
    }
    let done = write_folder(path, &files).map_err(failed)?;
    terminal.message(&format!("{} written, {} unchanged, {} deleted\n", done.written, done.unchanged, done.deleted));
    Ok(())
}
