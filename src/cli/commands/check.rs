//! `kollate check`: schema, API server, references, policy.

use crate::check::{self, Subject};
use crate::cli::args::{CheckArgs, FailOn};
use crate::cli::workspace::{Compiled, Workspace, fails, versions};
use crate::cli::{Exit, Failure, Terminal};
use crate::finding::{Finding, Findings, Severity};
use crate::report::{Checked, Outcome, Payload, Report, find};
use crate::schema::KubernetesVersion;

pub fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = find(&args.format, Payload::Findings).map_err(Failure::new)?;
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let project = workspace.project(&mut findings);
    let targets = match args.targets.as_slice() {
        [] => workspace.all(&project, &mut findings),
        named => workspace.targets(&project, named, &mut findings),
    };
    let compiled = workspace.compile(&workspace.session(&args.compile, &project, &mut findings), &targets)?;
    findings.extend(judge(&compiled, &args.kubernetes_version)?);
    findings.merge_equal();
    findings.sort(&workspace.map);
    let all: Vec<Finding> = findings.iter().cloned().collect();
    let resources = compiled.iter().map(|one| one.build.resources.len()).sum();
    let checked = Checked { findings: &all, environments: compiled.len(), resources, ..Checked::default() };
    let mut out = Vec::new();
    Report::new(&workspace.map, Outcome::Findings(checked)).write(format, &terminal.style(), &mut out)?;
    terminal.data(&out)?;
    Ok(if failed(&findings, args.fail_on, &compiled) { Exit::Findings } else { Exit::Fine })
}

/// What the builds themselves found, and what the rules find in those that can be used.
fn judge(compiled: &[Compiled], wanted: &[String]) -> Result<Findings, Failure> {
    let mut findings = Findings::new();
    let mut usable: Vec<(&Compiled, Vec<KubernetesVersion>)> = Vec::new();
    for one in compiled {
        let mut own = one.build.findings.clone();
        own.in_environment(&one.name);
        findings.extend(own);
        usable.push((one, versions(wanted, one.environment.as_ref())?));
    }
    let subjects: Vec<Subject<'_>> = usable
        .iter()
        .map(|(one, versions)| Subject { name: &one.name, resources: &one.build.resources, versions })
        .collect();
    findings.extend(check::run_all(&subjects));
    Ok(findings)
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
