//! Which entry of `resources` or `components` brought which resources, to name the entry to remove when one brings them again.

use super::Loader;
use super::accumulate::Gathered;
use crate::finding::Finding;
use crate::resource::ResourceId;
use crate::source::Node;

/// The entries seen so far, each with the number of resources after it.
pub struct Brought<'a> {
    entries: Vec<(usize, Option<&'a Node>)>,
    findings: usize,
    /// How many resources patches had deleted: a component that deletes some moves the others.
    deleted: usize,
}

impl<'a> Brought<'a> {
    /// What was there before the first entry.
    pub fn before(gathered: &Gathered) -> Self {
        let entries = vec![(gathered.set.len(), None)];
        Brought { entries, findings: gathered.findings.len(), deleted: gathered.deleted.len() }
    }

    /// Passes over what generators have made since.
    pub fn pass(&mut self, gathered: &Gathered) {
        self.entries.push((gathered.set.len(), None));
        self.findings = gathered.findings.len();
        self.deleted = gathered.deleted.len();
    }

    /// Takes note of what `entry` has brought. If that were the resources of another entry once more, one finding says
    /// so, in place of one a resource.
    pub fn by(&mut self, entry: &'a Node, loader: &Loader, gathered: &mut Gathered) {
        let start = std::mem::replace(&mut self.findings, gathered.findings.len());
        let conflicts: Vec<&Finding> = gathered.findings.since(start).filter(|found| is_conflict(found)).collect();
        let again: Vec<ResourceId> = conflicts.iter().filter_map(|found| found.resource.clone()).collect();
        let alike = conflicts.iter().any(|found| found.related.is_empty()) || at_one_place(&conflicts);
        let stand = self.deleted == gathered.deleted.len();
        let alike = alike && stand;
        if let Some(first) = again.first().filter(|_| alike).and_then(|id| self.first(id, gathered)) {
            gathered.findings.retain_since(start, |finding| !is_conflict(finding));
            gathered.findings.push(twice(entry, first, &again, loader));
        }
        self.entries.push((gathered.set.len(), Some(entry)));
        self.findings = gathered.findings.len();
    }

    fn first(&self, id: &ResourceId, gathered: &Gathered) -> Option<&'a Node> {
        let at = gathered.set.with_current_id(id)?;
        self.entries.iter().find(|(upto, _)| at < *upto)?.1
    }
}

/// A conflict of a resource with itself has one place only, and so no related one.
fn is_conflict(finding: &Finding) -> bool {
    finding.rule == "build/id-conflict"
}

/// Whether several resources got their names at one place, such as a `namePrefix`, which tells nothing of them.
fn at_one_place(conflicts: &[&Finding]) -> bool {
    let place = |finding: &Finding| finding.primary.as_ref().map(|label| label.at);
    conflicts.len() > 1 && conflicts.windows(2).all(|pair| place(pair[0]) == place(pair[1]))
}

fn twice(entry: &Node, first: &Node, again: &[ResourceId], loader: &Loader) -> Finding {
    let (this, other) = (entry.text().unwrap_or_default(), first.text().unwrap_or_default());
    if loader.path(this) == loader.path(other) {
        return Finding::error("build/id-conflict", format!("`{this}` is listed twice"))
            .at(entry.location(), "the second time")
            .related(first.location(), "the first time")
            .help("remove one of the two");
    }
    let more = match again {
        [id] => format!("`{id}`"),
        [id, rest @ ..] => format!("`{id}` and {} more", rest.len()),
        [] => String::new(),
    };
    Finding::error("build/id-conflict", format!("`{this}` brings resources that `{other}` has brought already"))
        .at(entry.location(), format!("brings {more} again"))
        .related(first.location(), "brings them first")
        .help("let one of the two include what they share, or give each its own `namePrefix` or `namespace`")
}
