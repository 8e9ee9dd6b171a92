//! Phrases that several formats share.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Checked;
use super::style::{clean, count, one_line, plural};
use crate::diff::{ChangeKind, ChangeSet, Class, Impact, ResourceChange, Status};
use crate::finding::{Finding, Severity};
use crate::source::{Location, SourceMap};

/// Environments that are named one by one before a phrase takes over.
const NAMED: usize = 5;

/// `2 errors, 1 warning in 3 environments (115 resources)`.
pub fn verdict(checked: &Checked) -> String {
    let number = |severity| checked.findings.iter().filter(|finding| finding.severity == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")];
    let mut parts: Vec<_> = counts
        .iter()
        .map(|&(severity, word)| (number(severity), word))
        .filter(|&(n, _)| n > 0)
        .map(|(n, w)| count(n, w))
        .collect();
    match number(Severity::Info) {
        0 => {}
        infos => parts.push(format!("{infos} info")),
    }
    let said = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
    let old = match checked.old.len() {
        0 => String::new(),
        old => format!("; {old} more stood there before"),
    };
    let (environments, resources) = (checked.environments, checked.resources);
    let looked_at = match (environments, resources) {
        (0, _) => String::new(),
        (_, 0) => format!(" in {}", count(environments, "environment")),
        _ => format!(" in {} ({})", count(environments, "environment"), count(resources, "resource")),
    };
    format!("{said}{looked_at}{old}")
}

/// The environments of an entry: by name if they are few, else by what they have in common.
pub fn environments(names: &[String], set: &ChangeSet) -> String {
    let compared = set.environments.iter().filter(|e| !matches!(e.status, Status::Failed(_))).map(|e| e.name.as_str());
    let total = compared.clone().count();
    // Looked for only where it is told, since there may be thousands of either.
    let few = names.len() > NAMED && total.saturating_sub(names.len()) <= NAMED;
    let known: HashSet<&str> = names.iter().filter(|_| few).map(String::as_str).collect();
    let missing: Vec<&str> = compared.filter(|name| few && !known.contains(name)).collect();
    let said = match names {
        [] => String::new(),
        [name] if total > 1 => format!("{name} only"),
        _ if names.len() <= NAMED => names.join(" "),
        _ if few && missing.is_empty() => format!("all {total} environments"),
        _ if few => format!("{} of {total} environments (not {})", names.len(), missing.join(" ")),
        _ => format!("{} and {} more of {total} environments", names[..3].join(" "), names.len() - 3),
    };
    one_line(&said)
}

/// `base/deployment.yaml:27`.
pub fn place(at: Location, sources: &SourceMap) -> String {
    let place = sources.place(at);
    format!("{}:{}", one_line(&place.file), place.line)
}

/// `+`, `-`, `~` or `→`: what happened to a resource.
pub fn sign(kind: &ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "-",
        ChangeKind::Modified => "~",
        ChangeKind::Renamed { .. } => "→",
    }
}

/// `added`, `removed`, `renamed from ConfigMap shop/a`; nothing for a modified resource.
pub fn happened(kind: &ChangeKind) -> Option<String> {
    match kind {
        ChangeKind::Modified => None,
        ChangeKind::Renamed { from, .. } => Some(format!("renamed from {}", one_line(&from.to_string()))),
        kind => Some(kind.as_str().to_owned()),
    }
}

/// The impact as a short mark: `~ rollout`, `! data loss`.
pub fn class(class: Class) -> String {
    class.as_str().replace('-', " ")
}

/// Whether an impact goes into the block at the top. Rollouts are the everyday case and stand at their resource.
pub fn is_outstanding(impact: &Impact) -> bool {
    impact.class != Class::Rollout || impact.severity > Severity::Info
}

/// Whether an entry says nothing but that it follows the new name of another resource.
pub fn is_silent(entry: &ResourceChange) -> bool {
    !entry.changes.is_empty() && entry.impacts.is_empty() && entry.changes.iter().all(|change| change.follows)
}

/// `2 resources follow only a new name of another`, if any do.
pub fn silent(set: &ChangeSet) -> Option<String> {
    let number = set.entries.iter().filter(|entry| is_silent(entry)).count();
    let said = plural(number, "resource follows", "resources follow");
    (number > 0).then(|| format!("{said} only a new name of another"))
}

/// Where in the resource an impact comes from: the path of the first change that has it, its line, and how many more
/// changes have it too.
pub fn source_of<'a>(entry: &'a ResourceChange, impact: &Impact) -> Option<(&'a crate::diff::Change, usize)> {
    let mut having = entry.changes.iter().filter(|change| change.impacts.contains(impact));
    let first = having.next()?;
    Some((first, having.count()))
}

/// `4 changes in 2 of 14 environments: 1 rejected, 1 capacity, 1 rollout`.
pub fn summary(set: &ChangeSet) -> String {
    let changed =
        set.environments.iter().filter(|e| !matches!(e.status, Status::Unchanged | Status::Failed(_))).count();
    if set.is_empty() && changed == 0 {
        let compared = set.environments.iter().filter(|e| !matches!(e.status, Status::Failed(_))).count();
        return match compared {
            0 => failures(set).trim_start_matches("; ").to_owned(),
            _ => format!("no changes in {}{}", count(compared, "environment"), failures(set)),
        };
    }
    let of = match set.environments.len() {
        1 => String::new(),
        total if total == changed => format!(" in {total} environments"),
        total => format!(" in {changed} of {total} environments"),
    };
    let impacts: Vec<_> = Class::ALL
        .iter()
        .map(|&wanted| (set.impacts().filter(|(_, impact)| impact.class == wanted).count(), wanted))
        .filter(|&(number, _)| number > 0)
        .map(|(number, class)| format!("{number} {}", self::class(class)))
        .collect();
    let impacts = if impacts.is_empty() { String::new() } else { format!(": {}", impacts.join(", ")) };
    format!("{}{of}{impacts}{}", count(resources(set), "changed resource"), failures(set))
}

fn failures(set: &ChangeSet) -> String {
    match set.environments.iter().filter(|e| matches!(e.status, Status::Failed(_))).count() {
        0 => String::new(),
        failed => format!("; {} could not be compared", count(failed, "environment")),
    }
}

/// How many resources change, one that changes in several ways counted once.
pub fn resources(set: &ChangeSet) -> usize {
    let ids: BTreeSet<_> = set.entries.iter().map(|entry| &entry.resource).collect();
    ids.len()
}

/// How many impacts of each class each environment has.
pub fn impact_counts(set: &ChangeSet) -> BTreeMap<(&str, Class), usize> {
    let mut counts = BTreeMap::new();
    for (entry, impact) in set.impacts() {
        // A comparison of two environments names them once, for the whole set.
        let own = set.environments.iter().map(|e| &e.name).filter(|_| entry.environments.is_empty());
        for name in entry.environments.iter().chain(own) {
            *counts.entry((name.as_str(), impact.class)).or_default() += 1;
        }
    }
    counts
}

/// Message, environments and help of a finding as plain lines, for formats without frames.
pub fn told(finding: &Finding) -> String {
    let mut lines = vec![clean(&finding.message).into_owned()];
    lines.extend(finding.notes.iter().map(|note| format!("note: {}", clean(note))));
    if !finding.environments.is_empty() {
        let via = finding.ways.words(true).map_or_else(String::new, |words| format!(", {words}"));
        lines.push(format!("environments: {}", one_line(&format!("{}{via}", finding.environments.join(", ")))));
    }
    lines.extend(finding.help.iter().map(|help| format!("help: {}", clean(help))));
    lines.join("\n")
}
