//! `kollate diff`: environment against environment, revision against work tree, tree against tree.

use crate::cli::args::DiffArgs;
use crate::cli::side::{Sides, sides};
use crate::cli::workspace::{Compiled, Workspace};
use crate::cli::{Exit, Failure, Terminal};
use crate::diff::{EnvironmentBuild, between};
use crate::finding::{Findings, Severity};
use crate::report::{Detail, Outcome, Payload, Report, find};

pub fn run(args: &DiffArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = find(&args.format, Payload::Changes).map_err(Failure::new)?;
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let Some(Sides { before, after, mode }) = sides(args, &workspace, &mut findings)? else {
        workspace.show(&mut findings, terminal, 0)?;
        return Ok(Exit::Failed);
    };
    // What fails before the change is told by the environment's status; what fails after it is for the user to mend.
    after.iter().for_each(|side| findings.extend(side.findings()));
    findings.retain(|finding| finding.severity == Severity::Error);
    workspace.show(&mut findings, terminal, after.len())?;
    let old: Vec<EnvironmentBuild<'_>> = before.iter().map(|one| environment(one, &workspace)).collect();
    let new: Vec<EnvironmentBuild<'_>> = after.iter().map(|one| environment(one, &workspace)).collect();
    let changes = between(&old, &new, mode);
    let mut report = Report::new(&workspace.map, Outcome::Changes(&changes));
    if args.all {
        report.detail = Detail::Everything;
    }
    let mut out = Vec::new();
    report.write(format, &terminal.style(), &mut out)?;
    terminal.data(&out)?;
    Ok(if findings.has_errors() || args.exit_code && !changes.is_empty() { Exit::Findings } else { Exit::Fine })
}

fn environment<'a>(one: &'a Compiled, workspace: &'a Workspace) -> EnvironmentBuild<'a> {
    EnvironmentBuild {
        name: &one.name,
        resources: (!one.build.findings.has_errors()).then_some(&one.build.resources),
        deleted: &one.build.deleted,
        map: &workspace.map,
    }
}
