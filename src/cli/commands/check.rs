//! `kollate check`: schema, API server, references, policy.

use crate::check::{self, Subject};
use crate::cli::args::{CheckArgs, FailOn};
use crate::cli::workspace::{Compiled, Workspace, fails, versions};
use crate::cli::{Exit, Failure, Terminal};
use crate::compile::Sharing;
use crate::finding::{Finding, Findings, Severity};
use crate::project::Environment;
use crate::report::{Checked, Outcome, Payload, Report, find};
use crate::schema::KubernetesVersion;

pub fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = find(&args.format, Payload::Findings).map_err(Failure::new)?;
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let project = match args.targets.as_slice() {
        [] => workspace.project(&mut findings),
        named => workspace.project_for(named, &mut findings),
    };
    let targets = match args.targets.as_slice() {
        [] => workspace.all(&project, &mut findings),
        named => workspace.targets(&project, named, &mut findings),
    };
    let sharing = Sharing::among(targets.len());
    let session = workspace.session(&args.compile, &project, sharing, &mut findings);
    let compiled = workspace.compile(&session, &targets)?;
    findings.extend(judge(&compiled, &args.kubernetes_version)?);
    findings.merge_equal();
    findings.sort(&workspace.map);
    let all: Vec<Finding> = findings.iter().cloned().collect();
    let resources = compiled.iter().map(|one| one.build.resources.len()).sum();
    let checked = Checked { findings: &all, environments: compiled.len(), resources, ..Checked::default() };
    let mut out = Vec::new();
    Report::new(&workspace.map, Outcome::Findings(checked)).write(format, &terminal.style(), &mut out)?;
    terminal.data(&out)?;
    if findings.is_empty() && format.name == "terminal" {
        let what =
            if compiled.len() == 1 { "1 environment".to_owned() } else { format!("{} environments", compiled.len()) };
        terminal.message(&format!("no findings in {what} ({resources} resources)\n"));
    }
    if targets.len() < args.targets.len() {
        return Ok(Exit::Failed);
    }
    Ok(if failed(&findings, args.fail_on, &compiled) { Exit::Findings } else { Exit::Fine })
}

/// What the builds themselves found, and what the rules find in those that can be used.
fn judge(compiled: &[Compiled], wanted: &[String]) -> Result<Findings, Failure> {
    let mut findings = Findings::new();
    let mut usable: Vec<(&Compiled, Vec<KubernetesVersion>)> = Vec::new();
    for one in compiled {
        findings.extend(one.findings());
        let of_project = one.environment.as_ref().filter(|_| wanted.is_empty());
        usable.push((
            one,
            match (versions(wanted, one.environment.as_ref()), of_project) {
                (Ok(versions), _) => versions,
                (Err(failure), None) => return Err(failure),
                (Err(failure), Some(environment)) => {
                    findings.push(unknown_version(environment, &failure));
                    versions(&[], None)?
                }
            },
        ));
    }
    let subjects: Vec<Subject<'_>> = usable
        .iter()
        .map(|(one, versions)| Subject {
            name: &one.name,
            resources: &one.build.resources,
            versions,
            incomplete: one.build.incomplete,
        })
        .collect();
    findings.extend(check::run_all(&subjects));
    Ok(findings)
}

/// The project names a version that is none, or one without schemas.
fn unknown_version(environment: &Environment, failure: &Failure) -> Finding {
    let Failure::Usage { message, .. } = failure else {
        return Finding::error("project/kubernetes", failure.to_string());
    };
    let finding = Finding::error("project/kubernetes", message.clone())
        .help(format!("correct `kubernetes` of `{}`; until then it is checked against the newest", environment.name));
    match environment.declared {
        Some(at) => finding.at(at, "this environment names the version"),
        None => finding,
    }
}

/// Whether a finding is as bad as the flag says, or as the project says of an environment it stands in.
fn failed(findings: &Findings, flag: Option<FailOn>, compiled: &[Compiled]) -> bool {
    let limit = match flag {
        Some(FailOn::Never) => return false,
        Some(FailOn::Error) => Some(Severity::Error),
        Some(FailOn::Warning) => Some(Severity::Warning),
        Some(FailOn::Info) => Some(Severity::Info),
        None => None,
    };
    if limit.is_some() {
        return fails(findings, limit);
    }
    let own = |name: &String| compiled.iter().find(|one| one.name == *name)?.environment.as_ref()?.fail_on;
    findings.iter().any(|finding| {
        let limits = finding.environments.iter().filter_map(own);
        finding.severity >= limits.min().unwrap_or(Severity::Error)
    })
}
