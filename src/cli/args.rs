//! The command line, declared once: help, completions and the man page come from here.

use std::path::PathBuf;

use super::fetch::{FetchArgs, RemoteArgs};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiler, linter and reviewer for Kubernetes manifests.
///
/// Builds Kustomize trees, checks the result, and shows what a change really does in every environment.
#[derive(Debug, Parser)]
#[command(name = "kollate", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Work as if started in this folder
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile environments to manifests
    Build(BuildArgs),
    /// Check environments: schema, references, policy
    Check(CheckArgs),
    /// Show what changes between environments or git revisions
    Diff(DiffArgs),
    /// Show where a value came from: every line that set it, oldest first
    Explain(ExplainArgs),
    /// Rewrite deprecated fields of kustomizations, without a change of any build
    Fix(FixArgs),
    /// List the environments, or those that a change affects
    Environments(EnvironmentsArgs),
    /// Bring kollate.lock up to date: what each remote is now
    Lock(LockArgs),
    /// List the rules, or show one with its examples
    Rules(RulesArgs),
    /// Show which Kubernetes versions and kinds are embedded
    Schemas(SchemasArgs),
    /// Write a small project that builds, checks and diffs at once
    Init(InitArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print the man page
    Man,
}

/// How kustomizations are read, as `kustomize build` takes it.
#[derive(Args, Clone, Debug, Default)]
pub struct CompileArgs {
    /// Which files a kustomization may read
    #[arg(long, value_name = "WHICH", default_value = "LoadRestrictionsRootOnly", ignore_case = true)]
    pub load_restrictor: Restrictor,
    /// The order of resources, unless `sortOptions` says
    #[arg(long, value_name = "ORDER", default_value = "legacy")]
    pub reorder: Reorder,
    #[command(flatten)]
    pub compat: CompatArgs,
    /// Inflate Helm charts with the `helm` program
    #[arg(long)]
    pub enable_helm: bool,
    /// The `helm` program
    #[arg(long, value_name = "PROGRAM", default_value = "helm")]
    pub helm_command: String,
    /// API versions that charts see, unless an entry names its own
    #[arg(long, value_name = "VERSION")]
    pub helm_api_versions: Vec<String>,
    /// The Kubernetes version that charts see, unless an entry names its own
    #[arg(long, value_name = "VERSION")]
    pub helm_kube_version: Option<String>,
    /// Let `helm` say more when it fails
    #[arg(long)]
    pub helm_debug: bool,
    /// Run KRM functions
    #[arg(long)]
    pub enable_alpha_plugins: bool,
    /// Run KRM functions that are programs
    #[arg(long)]
    pub enable_exec: bool,
    /// What functions see of the environment beside PATH, HOME and LANG
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub function_env: Vec<String>,
    /// How many seconds a function may run
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub function_timeout: u64,
    /// Label every resource as managed by kustomize
    #[arg(long)]
    pub enable_managedby_label: bool,
    #[command(flatten)]
    pub remote: RemoteArgs,
    #[command(flatten)]
    pub programs: ProgramArgs,
}

/// Flags of `kustomize build` about functions in containers. They are taken so that a command line can be kept; kollate
/// runs no container, and says so where a kustomization needs one.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of kustomize that have no effect")]
pub struct ProgramArgs {
    /// The user of functions in containers
    #[arg(long, hide_short_help = true)]
    pub as_current_user: bool,
    /// Folders that functions in containers see
    #[arg(long, hide_short_help = true, value_name = "MOUNT")]
    pub mount: Vec<String>,
    /// Give functions in containers the network
    #[arg(long, hide_short_help = true)]
    pub network: bool,
    /// The network of functions in containers
    #[arg(long, hide_short_help = true, value_name = "NAME", default_value = "bridge", hide_default_value = true)]
    pub network_name: String,
}

/// Which kustomize to be like.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct CompatArgs {
    /// The kustomize whose output builds equal where its versions differ, instead of the project's; 5.8 if neither says
    #[arg(long, value_name = "VERSION")]
    pub compat: Option<Version>,
}

/// A version of kustomize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Version {
    /// That of `kubectl` 1.32
    #[value(name = "5.5")]
    V5_5,
    /// The newest
    #[value(name = "5.8")]
    V5_8,
}

/// Which files a kustomization may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Restrictor {
    /// Those in or below its folder
    #[default]
    #[value(name = "LoadRestrictionsRootOnly", alias = "rootOnly")]
    RootOnly,
    /// Any
    #[value(name = "LoadRestrictionsNone", alias = "none")]
    None,
}

/// The order of resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Reorder {
    /// By kind, so that what others need comes first
    #[default]
    Legacy,
    /// As the kustomizations list them
    None,
}

/// `kollate build`
#[derive(Args, Debug)]
pub struct BuildArgs {
    /// Environments, folders, files, or `-` for standard input; the folder you are in if none is named
    #[arg(value_name = "ENV|PATH")]
    pub targets: Vec<String>,
    /// Build every environment of the project
    #[arg(long, conflicts_with = "targets")]
    pub all: bool,
    /// Write into a folder, one file a resource (or into one file, if it ends in .yaml)
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub compile: CompileArgs,
    /// The same as --function-env, as kustomize has it
    #[arg(long, short, value_name = "NAME[=VALUE]")]
    pub env: Vec<String>,
}

/// `kollate check`
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Environments, folders, files, or `-` for standard input; every environment if none is named
    #[arg(value_name = "ENV|PATH")]
    pub targets: Vec<String>,
    /// Kubernetes versions to check against, instead of the project's
    #[arg(long, short = 'k', value_name = "VERSION", value_delimiter = ',')]
    pub kubernetes_version: Vec<String>,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "terminal")]
    pub format: String,
    /// The mildest severity that fails the check
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    #[command(flatten)]
    pub compile: CompileArgs,
}

/// The mildest severity that fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    #[default]
    Error,
    /// Warnings and errors
    Warning,
    /// Anything
    Info,
    /// Nothing
    Never,
}

/// `kollate diff`
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// An environment, a folder, or with one argument a git revision
    #[arg(value_name = "FROM")]
    pub from: Option<String>,
    /// An environment, a folder, or a git revision
    #[arg(value_name = "TO")]
    pub to: Option<String>,
    /// Compare with the point where this git revision and the work parted
    #[arg(long, value_name = "REV", conflicts_with_all = ["from", "to"])]
    pub base: Option<String>,
    /// With --base: compare this revision instead of the work tree
    #[arg(long, value_name = "REV", requires = "base")]
    pub head: Option<String>,
    /// Only these environments
    #[arg(long = "env", short, value_name = "ENV")]
    pub environments: Vec<String>,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "terminal")]
    pub format: String,
    /// Exit with 1 if something changes
    #[arg(long)]
    pub exit_code: bool,
    /// Show also what only follows a renamed resource
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub compile: CompileArgs,
}

/// `kollate explain`
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// The environment, or the folder of a kustomization
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// The resource: deployment/orders, svc/web, deployment/shop/orders
    #[arg(value_name = "RESOURCE")]
    pub resource: String,
    /// The field: spec.replicas, spec.template.spec.containers[name=web].image
    #[arg(value_name = "FIELD")]
    pub field: Option<String>,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "terminal")]
    pub format: String,
    #[command(flatten)]
    pub compile: CompileArgs,
}

/// `kollate fix`
#[derive(Args, Debug)]
pub struct FixArgs {
    /// Environments, or folders of kustomizations; every environment if none is named
    #[arg(value_name = "ENV|PATH")]
    pub targets: Vec<String>,
    /// Write the files; without it only the diff is shown
    #[arg(long)]
    pub write: bool,
    /// Rewrite vars, too: replacements take their place, and placeholders that of `$(NAME)`
    #[arg(long)]
    pub vars: bool,
    /// Rewrite also what no build can prove, since every build that reads it fails
    #[arg(long)]
    pub unproven: bool,
    #[command(flatten)]
    pub compile: CompileArgs,
}

/// `kollate environments`
#[derive(Args, Debug)]
pub struct EnvironmentsArgs {
    /// Only those whose output a change can affect (with --base)
    #[arg(long, requires = "base")]
    pub affected: bool,
    /// The git revision to compare with
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// How to print
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
    #[command(flatten)]
    pub compat: CompatArgs,
    #[command(flatten)]
    pub remote: RemoteArgs,
}

/// `kollate lock`
#[derive(Args, Debug)]
pub struct LockArgs {
    /// Write nothing; exit with 1 if the lock file would change
    #[arg(long)]
    pub check: bool,
    /// Which files a kustomization may read
    #[arg(long, value_name = "WHICH", default_value = "LoadRestrictionsRootOnly", ignore_case = true)]
    pub load_restrictor: Restrictor,
    #[command(flatten)]
    pub fetch: FetchArgs,
}

/// How to print a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For the matrix of a GitHub Actions job
    Matrix,
}

/// `kollate rules`
#[derive(Args, Debug)]
pub struct RulesArgs {
    /// The rule to show
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
    /// Print the reference of all rules as Markdown
    #[arg(long)]
    pub markdown: bool,
}

/// `kollate schemas`
#[derive(Args, Debug)]
pub struct SchemasArgs {
    /// Only kinds that contain this text
    #[arg(value_name = "KIND")]
    pub kind: Option<String>,
}

/// `kollate init`
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The folder to write into; it must be empty or not exist
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// The name of the application
    #[arg(long, value_name = "NAME", default_value = "web")]
    pub name: String,
}

/// `kollate completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
