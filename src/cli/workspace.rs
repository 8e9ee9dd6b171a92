//! What commands share: the store over the disk, the project around the user, and the builds of what was asked for.

use std::env;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::args::{CompatArgs, CompileArgs, Reorder, Restrictor, Version};
use super::{Failure, Terminal};
use crate::compile::{Build, Compat, Functions, Helm, LoadRestrictor, Options, Order, Session, Sharing};
use crate::finding::{Finding, Findings, Severity};
use crate::project::{Environment, Project, Target, kustomization_file};
use crate::report::{Checked, Outcome, Payload, Report, find};
use crate::schema::KubernetesVersion;
use crate::source::remote::Remotes;
use crate::source::{Disk, Files, SourceMap, Store, in_parallel, normalize};

/// The files, texts and folder that a command works with.
pub struct Workspace {
    /// The folder the user works in, symlinks resolved.
    pub here: PathBuf,
    /// Every text of the run.
    pub map: Arc<SourceMap>,
    /// The files of the work tree.
    pub store: Arc<Store>,
}

/// One environment, folder, file or input, compiled.
pub struct Compiled {
    /// The environment's name, or the path as the user gave it.
    pub name: String,
    /// The environment; `None` for a path.
    pub environment: Option<Environment>,
    /// What came out.
    pub build: Build,
}

impl Compiled {
    /// What the build found, under the name that the user knows it by.
    pub fn findings(&self) -> Findings {
        let mut own = self.build.findings.clone();
        own.in_environment(&self.name);
        own
    }
}

impl Workspace {
    /// The workspace of a user in the present folder.
    pub fn open() -> Result<Workspace, Failure> {
        let here = Disk.resolve(&std::env::current_dir()?);
        let map = SourceMap::new();
        let store = Arc::new(Store::new(Box::new(Disk), map.clone(), here.clone()));
        Ok(Workspace { here, map, store })
    }

    /// The project around the user.
    pub fn project(&self, findings: &mut Findings) -> Project {
        Project::open(&self.store, &self.here, findings)
    }

    /// The project around the user, as far as it takes to know what the arguments mean: paths that are there need no
    /// search for environments. A word that names both a folder with a kustomization and an environment means the
    /// environment only if a project file says so; else it means what it does to kustomize.
    pub fn project_for(&self, arguments: &[String], findings: &mut Findings) -> Project {
        let written_as_path = |argument: &String| argument.contains('/') || argument.starts_with('.');
        let path = |argument: &String| self.absolute(Path::new(argument));
        let there = |argument: &String| self.store.kind(&path(argument)).is_some();
        let is_path = |argument: &String| argument == "-" || written_as_path(argument) && there(argument);
        let is_built =
            |argument: &String| is_path(argument) || kustomization_file(&self.store, &path(argument)).is_ok();
        if arguments.iter().all(is_built) {
            let mut own = Findings::new();
            let project = Project::as_declared(&self.store, &self.here, &mut own);
            if arguments.iter().all(is_path) || project.declares_none() {
                findings.extend(own);
                return project;
            }
        }
        Project::open_for(&self.store, &self.here, arguments, findings)
    }

    /// A session over the work tree, with the remotes of its project.
    pub fn session(
        &self,
        args: &CompileArgs,
        project: &Project,
        sharing: Sharing,
        findings: &mut Findings,
    ) -> ManuallyDrop<Session> {
        let remotes = project.remotes(&self.store, args.remote.settings(), args.remote.fetch.cache(), findings);
        let options = Options { sharing, ..options(args, project, Some(Arc::new(remotes))) };
        ManuallyDrop::new(Session::new(self.store.clone(), options))
    }

    /// What the arguments mean. Those that mean nothing are findings.
    pub fn targets(&self, project: &Project, arguments: &[String], findings: &mut Findings) -> Vec<(String, Target)> {
        let mut targets = Vec::new();
        for argument in arguments {
            if let Some(target) = project.target(&self.store, argument, &self.here, findings) {
                targets.push((argument.clone(), target));
            }
        }
        targets
    }

    /// Every environment of the project; without any the kustomization of the folder the user is in.
    pub fn all(&self, project: &Project, findings: &mut Findings) -> Vec<(String, Target)> {
        if project.environments.is_empty() {
            return self.targets(project, &[".".to_owned()], findings);
        }
        let named =
            |environment: &Environment| (environment.name.to_string(), Target::Environment(environment.clone()));
        project.environments.iter().map(named).collect()
    }

    /// Compiles targets on all cores.
    ///
    /// What comes out lives until the process ends, which is soon: to free it node by node would take a tenth of the
    /// time.
    pub fn compile(
        &self,
        session: &Session,
        targets: &[(String, Target)],
    ) -> Result<ManuallyDrop<Vec<Compiled>>, Failure> {
        Ok(ManuallyDrop::new(self.compile_each(session, targets, |compiled| compiled)?))
    }

    /// Compiles targets on all cores, and keeps of each what `make` makes of it.
    pub fn compile_each<T: Send>(
        &self,
        session: &Session,
        targets: &[(String, Target)],
        make: impl Fn(Compiled) -> T + Sync,
    ) -> Result<Vec<T>, Failure> {
        let input = match targets.iter().any(|(_, target)| matches!(target, Target::Stdin)) {
            true => std::io::read_to_string(std::io::stdin())?,
            false => String::new(),
        };
        let compile = |(argument, target): &(String, Target)| {
            let (name, environment, build) = match target {
                Target::Environment(environment) => {
                    (environment.name.to_string(), Some(environment.clone()), session.build(&environment.folder))
                }
                Target::Folder(folder) => (argument.clone(), None, session.build(folder)),
                Target::File(file) => (argument.clone(), None, session.build_file(file)),
                Target::Stdin => ("standard input".into(), None, session.build_text("<stdin>", &input)),
            };
            make(Compiled { name, environment, build })
        };
        let made = in_parallel(targets, compile);
        save_lock(session)?;
        Ok(made)
    }

    /// Shows findings on standard error, worst last things first read: in the order of their places.
    pub fn show(&self, findings: &mut Findings, terminal: &Terminal, environments: usize) -> Result<(), Failure> {
        if findings.is_empty() {
            return Ok(());
        }
        findings.merge_equal(|at| self.map.in_file(at));
        findings.sort(&self.map);
        let all: Vec<Finding> = findings.iter().cloned().collect();
        let checked = Checked { findings: &all, environments, ..Checked::default() };
        let mut out = Vec::new();
        let format = find("terminal", Payload::Findings).map_err(Failure::new)?;
        Report::new(&self.map, Outcome::Findings(checked)).write(format, &terminal.error_style(), &mut out)?;
        terminal.message(&String::from_utf8_lossy(&out));
        Ok(())
    }

    /// `path` as an absolute path.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        normalize(&self.here.join(path))
    }
}

/// Writes down what remotes were used, if that is new.
pub fn save_lock(session: &Session) -> Result<(), Failure> {
    let Some(remotes) = &session.options().remotes else { return Ok(()) };
    let help = "make the file writable, or use `--locked`, which leaves it as it is";
    remotes.save().map(|_| ()).map_err(|error| Failure::with_help(error.to_string(), help))
}

/// What the flags say of compile, and where they are silent the project.
pub fn options(args: &CompileArgs, project: &Project, remotes: Option<Arc<Remotes>>) -> Options {
    let restrictor = match args.load_restrictor {
        Restrictor::RootOnly => LoadRestrictor::RootOnly,
        Restrictor::None => LoadRestrictor::None,
    };
    let order = match args.reorder {
        Reorder::Legacy => Order::Legacy,
        Reorder::None => Order::Fifo,
    };
    let helm = args.enable_helm.then(|| Helm {
        command: args.helm_command.clone(),
        api_versions: args.helm_api_versions.clone(),
        kube_version: args.helm_kube_version.clone().unwrap_or_default(),
        debug: args.helm_debug,
    });
    Options {
        restrictor,
        compat: compat(args.compat, project),
        sharing: Sharing::Many,
        order,
        managed_by_label: args.enable_managedby_label,
        helm,
        functions: functions(args),
        remotes,
    }
}

/// The kustomize to be like: what the flag says, else the project.
pub fn compat(args: CompatArgs, project: &Project) -> Compat {
    let asked = args.compat.map(|version| match version {
        Version::V5_5 => Compat::V5_5,
        Version::V5_8 => Compat::V5_8,
    });
    asked.or(project.compat).unwrap_or_default()
}

/// Which functions may run, and the little that they see of the environment.
fn functions(args: &CompileArgs) -> Functions {
    let inherited = ["PATH", "HOME", "LANG"].into_iter().filter_map(|name| Some((name.to_owned(), env::var_os(name)?)));
    let asked = args.function_env.iter().filter_map(|wish| match wish.split_once('=') {
        Some((name, value)) => Some((name.to_owned(), value.into())),
        None => Some((wish.clone(), env::var_os(wish)?)),
    });
    Functions {
        plugins: args.enable_alpha_plugins,
        exec: args.enable_exec,
        environment: inherited.chain(asked).collect(),
        time: Duration::from_secs(args.function_timeout),
    }
}

/// The versions of Kubernetes to check against: those on the command line, else the environment's, else the newest.
pub fn versions(wanted: &[String], environment: Option<&Environment>) -> Result<Vec<KubernetesVersion>, Failure> {
    let named: &[String] = match (wanted, environment) {
        ([], Some(environment)) => &environment.kubernetes,
        _ => wanted,
    };
    if named.is_empty() {
        return Ok(vec![KubernetesVersion::latest()]);
    }
    let read = |text: &String| KubernetesVersion::parse_embedded(text).map_err(|error| Failure::new(error.to_string()));
    let mut versions = named.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    versions.sort_unstable();
    versions.dedup();
    Ok(versions)
}

/// Whether something is as bad as the limit.
pub fn fails(findings: &Findings, limit: Option<Severity>) -> bool {
    limit.is_some_and(|limit| findings.worst().is_some_and(|worst| worst >= limit))
}
