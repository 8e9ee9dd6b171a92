//! What `kollate diff` compares: two environments, two folders, or two states of the whole project.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::args::{CompileArgs, DiffArgs};
use super::workspace::{Compiled, Workspace, options, save_lock};
use crate::compile::{Session, Sharing};
use crate::diff::{Mode, Side};
use crate::finding::Findings;
use crate::project::{Environment, EnvironmentName, Project, Target, git_finding, kustomization_files};
use crate::source::git::merge_base;
use crate::source::{Disk, GitError, GitRevision, Store};

/// Both sides, compiled.
pub struct Sides {
    /// Before.
    pub before: ManuallyDrop<Vec<Compiled>>,
    /// After.
    pub after: ManuallyDrop<Vec<Compiled>>,
    /// What is compared with what.
    pub mode: Mode,
}

/// One state of the whole project.
pub struct State {
    /// The files in that state.
    pub store: Arc<Store>,
    /// The project as it was then.
    pub project: Project,
    /// How to name it.
    pub label: String,
}

impl State {
    /// A session over the state's files, with the remotes that its own project allows and pins.
    pub fn session(&self, args: &CompileArgs, findings: &mut Findings) -> ManuallyDrop<Session> {
        let (settings, cache) = (args.remote.settings(), args.remote.fetch.cache());
        let remotes = self.project.remotes(&self.store, settings, cache, findings);
        ManuallyDrop::new(Session::new(self.store.clone(), options(args, &self.project, Some(Arc::new(remotes)))))
    }
}

/// Reads the arguments and compiles both sides. `None` if they mean nothing; the findings say why.
pub fn sides(args: &DiffArgs, workspace: &Workspace, findings: &mut Findings) -> Result<Option<Sides>, Failure> {
    match (&args.from, &args.to) {
        (Some(from), Some(to)) => two(args, from, to, workspace, findings),
        _ => {
            let states = revisions(args, workspace, findings)?;
            states.map_or(Ok(None), |(before, after)| whole(args, &before, &after, workspace, findings))
        }
    }
}

/// `diff FROM TO`: environments or folders if they are such, else revisions.
fn two(
    args: &DiffArgs,
    from: &str,
    to: &str,
    workspace: &Workspace,
    findings: &mut Findings,
) -> Result<Option<Sides>, Failure> {
    if let (Some(before), Some(after)) = (tree(workspace, from), tree(workspace, to)) {
        return whole(args, &before, &after, workspace, findings);
    }
    let mut missing = Findings::new();
    let project = workspace.project(&mut missing);
    let targets = workspace.targets(&project, &[from.to_owned(), to.to_owned()], &mut missing);
    if let [(_, _), (_, _)] = targets.as_slice() {
        return across(args, &targets, &project, workspace, findings).map(Some);
    }
    if targets.is_empty() {
        match (revision(workspace, from), revision(workspace, to)) {
            (Ok(before), Ok(after)) => return whole(args, &before, &after, workspace, findings),
            (Ok(_), Err(error)) | (Err(error), Ok(_)) => {
                findings.push(git_finding(&workspace.store, &error));
                return Ok(None);
            }
            (Err(_), Err(_)) => {}
        }
    }
    findings.extend(missing);
    Ok(None)
}

fn across(
    args: &DiffArgs,
    targets: &[(String, Target)],
    project: &Project,
    workspace: &Workspace,
    findings: &mut Findings,
) -> Result<Sides, Failure> {
    let mut compiled =
        workspace.compile(&workspace.session(&args.compile, project, Sharing::Many, findings), targets)?;
    let after = ManuallyDrop::new(compiled.split_off(1));
    let label = |side: &[Compiled]| Side::new(side.first().map(|one| one.name.clone()).unwrap_or_default());
    let mode = Mode::Across { from: label(&compiled), to: label(&after) };
    Ok(Sides { before: compiled, after, mode })
}

/// A folder that is no kustomization but holds environments of its own, as a state of a project.
fn tree(workspace: &Workspace, written: &str) -> Option<State> {
    let folder = workspace.absolute(Path::new(written));
    let is_path = written.contains('/') || written.starts_with('.');
    if !is_path || !workspace.store.kind(&folder).is_some_and(|kind| kind == crate::source::EntryKind::Folder) {
        return None;
    }
    if !kustomization_files(&workspace.store, &folder).is_empty() {
        return None;
    }
    let store = Arc::new(Store::new(Box::new(Disk), workspace.map.clone(), workspace.here.clone()));
    let project = Project::open(&store, &folder, &mut Findings::new());
    let inside = project.environments.iter().any(|environment| environment.folder.starts_with(&folder));
    inside.then(|| State { store, project, label: written.to_owned() })
}

/// The states that `--base`, `--head` or one revision name.
pub fn revisions(
    args: &DiffArgs,
    workspace: &Workspace,
    findings: &mut Findings,
) -> Result<Option<(State, State)>, Failure> {
    let before = match (&args.base, &args.from) {
        (Some(base), _) => parted(workspace, base, args.head.as_deref()),
        (None, Some(from)) => revision(workspace, from),
        (None, None) => revision(workspace, "HEAD"),
    };
    let after = match &args.head {
        Some(head) => revision(workspace, head),
        None => Ok(work_tree(workspace, findings)),
    };
    match (before, after) {
        (Ok(before), Ok(after)) => Ok(Some((before, after))),
        (Err(error), _) | (_, Err(error)) => {
            let finding = git_finding(&workspace.store, &error);
            let project = workspace.project(&mut Findings::new());
            findings.push(match args.from.as_ref().filter(|from| project.find(from).is_some()) {
                Some(from) => finding.help(format!(
                    "`{from}` is an environment: name a second one to compare with, or `kollate diff --env {from}` for what changed in it"
                )),
                None => finding,
            });
            Ok(None)
        }
    }
}

/// The point where `base` and `head` (or the work tree's commit) parted.
pub fn parted(workspace: &Workspace, base: &str, head: Option<&str>) -> Result<State, GitError> {
    let commit = merge_base(&workspace.here, head.unwrap_or("HEAD"), base)?;
    let mut state = revision(workspace, &commit)?;
    state.label = format!("merge-base of {base} ({})", short(&commit));
    Ok(state)
}

fn revision(workspace: &Workspace, written: &str) -> Result<State, GitError> {
    let files = GitRevision::open(&workspace.here, written)?;
    let label = format!("{written} ({})", short(files.commit()));
    let store = Arc::new(Store::new(Box::new(files), workspace.map.clone(), workspace.here.clone()));
    let project = Project::open(&store, &workspace.here, &mut Findings::new());
    Ok(State { store, project, label })
}

fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

/// The state of the files on disk.
pub fn work_tree(workspace: &Workspace, findings: &mut Findings) -> State {
    State { store: workspace.store.clone(), project: workspace.project(findings), label: "work tree".into() }
}

/// Compiles the environments of two states.
fn whole(
    args: &DiffArgs,
    before: &State,
    after: &State,
    workspace: &Workspace,
    findings: &mut Findings,
) -> Result<Option<Sides>, Failure> {
    let known = |name: &String| before.project.find(name).or(after.project.find(name)).is_some();
    let unknown: Vec<_> = args.environments.iter().filter(|name| !known(name)).collect();
    for name in &unknown {
        after.project.environment(name, findings);
    }
    if !unknown.is_empty() {
        return Ok(None);
    }
    if before.project.environments.is_empty() && after.project.environments.is_empty() {
        // Without environments the folder that the user is in is what there is to compare.
        let here = [".".to_owned()];
        if workspace.targets(&after.project, &here, findings).is_empty() {
            return Ok(None);
        }
    }
    let mode = Mode::SameEnvironments { from: Side::new(&before.label), to: Side::new(&after.label) };
    let before = compile(args, before, workspace, findings)?;
    Ok(Some(Sides { before, after: compile(args, after, workspace, findings)?, mode }))
}

fn compile(
    args: &DiffArgs,
    state: &State,
    workspace: &Workspace,
    findings: &mut Findings,
) -> Result<ManuallyDrop<Vec<Compiled>>, Failure> {
    let session = state.session(&args.compile, findings);
    let wanted = |name: &str| args.environments.is_empty() || args.environments.iter().any(|wanted| wanted == name);
    let here = folder_as_environment(&state.store, &workspace.here);
    let known = if state.project.environments.is_empty() { here.as_slice() } else { &state.project.environments };
    let chosen: Vec<_> = known.iter().filter(|one| wanted(one.name.as_str())).collect();
    let folders: Vec<_> = chosen.iter().map(|environment| environment.folder.clone()).collect();
    let builds = session.build_all(&folders);
    // Other states are not ours to write to.
    if Arc::ptr_eq(&state.store, &workspace.store) {
        save_lock(&session)?;
    }
    let named = |(environment, build): (&&Environment, _)| Compiled {
        name: environment.name.to_string(),
        environment: Some((*environment).clone()),
        build,
    };
    Ok(ManuallyDrop::new(chosen.iter().zip(builds).map(named).collect()))
}

/// The folder as an environment of its own name, if it has a kustomization.
fn folder_as_environment(store: &Store, folder: &Path) -> Vec<Environment> {
    let name = folder.file_name().and_then(|name| EnvironmentName::new(&name.to_string_lossy()));
    let name =
        name.or_else(|| EnvironmentName::new("build")).filter(|_| !kustomization_files(store, folder).is_empty());
    name.into_iter().map(|name| Environment::new(name, folder.to_path_buf())).collect()
}
