//! One mistake that shows in many resources, told once.

use std::collections::BTreeMap;

use crate::finding::{Finding, Findings};
use crate::resource::ResourceId;

/// Mistakes by what tells them apart, each with the first finding of it and the resources in which it shows.
#[derive(Debug)]
pub struct Once<K> {
    found: BTreeMap<K, (Finding, Vec<ResourceId>)>,
}

impl<K: Ord> Default for Once<K> {
    fn default() -> Self {
        Once { found: BTreeMap::new() }
    }
}

impl<K: Ord> Once<K> {
    /// Notes that a mistake shows in `id`; `tell` says so if this is the first time.
    pub fn note(&mut self, mistake: K, id: ResourceId, tell: impl FnOnce() -> Finding) {
        self.found.entry(mistake).or_insert_with(|| (tell(), Vec::new())).1.push(id);
    }

    /// What has been noted.
    pub fn mistakes(&self) -> impl Iterator<Item = &K> {
        self.found.keys()
    }

    /// Reports them.
    pub fn report(self, findings: &mut Findings) {
        for (finding, ids) in self.found.into_values() {
            let others: Vec<String> = ids.iter().skip(1).take(5).map(|id| format!("`{id}`")).collect();
            findings.push(match ids.len() {
                0 | 1 => finding,
                count if count - 1 > others.len() => {
                    finding.note(format!("the same for {} and {} more", others.join(", "), count - 1 - others.len()))
                }
                _ => finding.note(format!("the same for {}", others.join(", "))),
            });
        }
    }
}
