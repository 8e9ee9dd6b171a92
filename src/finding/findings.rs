//! The findings of a run.

use std::collections::HashMap;

use super::{Finding, Label, Severity};
use crate::source::{Location, SourceMap};

/// Nobody reads as many, and a file of a million mistakes must not fill the memory.
const MOST: usize = 20_000;

/// How much is looked through for what was meant: a thousand names for each of a thousand mistakes.
const MOST_LOOKED_THROUGH: usize = 1_000_000;

/// Findings in the order they were made, until [sorted](Findings::sort).
#[derive(Clone, Debug, Default)]
pub struct Findings {
    items: Vec<Finding>,
    looked_through: usize,
}

impl Findings {
    /// None.
    pub fn new() -> Self {
        Findings::default()
    }

    /// Adds one. After very many the last word is that there are more.
    pub fn push(&mut self, finding: Finding) {
        match self.items.len() {
            count if count < MOST => self.items.push(finding),
            MOST => self.items.push(
                Finding::error("build/too-many-findings", format!("there are more than {MOST} findings"))
                    .help("mend what they have in common; the others are told then"),
            ),
            _ => {}
        }
    }

    /// Whether no more are taken.
    pub fn is_full(&self) -> bool {
        self.items.len() > MOST
    }

    /// Whether to look through `candidates` things for the one that was meant. Where both the mistakes and the things are
    /// very many, the findings that come last are made without it.
    pub fn may_look_through(&mut self, candidates: usize) -> bool {
        let may = self.looked_through < MOST_LOOKED_THROUGH;
        self.looked_through = self.looked_through.saturating_add(candidates);
        may
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: Findings) {
        self.looked_through = self.looked_through.saturating_add(other.looked_through);
        other.items.into_iter().for_each(|finding| self.push(finding));
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.items.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// How many of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether one is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The worst severity.
    pub fn worst(&self) -> Option<Severity> {
        self.items.iter().map(|finding| finding.severity).max()
    }

    /// Keeps those for which `keep` is true.
    pub fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.items.retain(keep);
    }

    /// Those that were added when there were `start` already.
    pub fn since(&self, start: usize) -> impl Iterator<Item = &Finding> {
        self.items.iter().skip(start)
    }

    /// Of those that were added when there were `start` already, keeps those for which `keep` is true.
    pub fn retain_since(&mut self, start: usize, keep: impl Fn(&Finding) -> bool) {
        let added = self.items.split_off(start.min(self.items.len()));
        self.items.extend(added.into_iter().filter(keep));
    }

    /// Changes those that were added when there were `start` already.
    pub fn change_since(&mut self, start: usize, change: impl Fn(Finding) -> Finding) {
        let added = self.items.split_off(start.min(self.items.len()));
        self.items.extend(added.into_iter().map(change));
    }

    /// Takes note that those that were added when there were `start` already lie in the layer that `folder` shows, or
    /// below it.
    pub fn pass_since(&mut self, start: usize, folder: impl FnOnce() -> String) {
        if self.items.len() <= start {
            return;
        }
        let folder = folder();
        // A cycle tells its way by itself.
        for finding in self.items.iter_mut().skip(start).filter(|finding| finding.rule != "build/cycle") {
            finding.ways.pass(&folder);
        }
    }

    /// Names the environment in which all of them were found.
    pub fn in_environment(&mut self, name: &str) {
        for finding in &mut self.items {
            finding.environments = vec![name.to_owned()];
        }
    }

    /// Makes one finding of those that have one cause: the same rule, words and place in several environments.
    /// Environments keep the order in which they came.
    ///
    /// `in_file` gives the place in the file that a person edits: a text in a file, such as an inline patch, is another
    /// text each time that it is read.
    pub fn merge_equal(&mut self, in_file: impl Fn(Location) -> Location) {
        let same = |label: &Label| Label::new(in_file(label.at), label.text.clone());
        let mut seen: HashMap<(&'static str, String, Option<Label>), usize> = HashMap::new();
        let mut merged: Vec<Finding> = Vec::new();
        for finding in self.items.drain(..) {
            let place = finding.primary.as_ref().map(same).filter(|_| !finding.once);
            let key = (finding.rule, finding.message.clone(), place);
            match seen.get(&key) {
                Some(&at) => {
                    let kept = &mut merged[at];
                    for name in finding.environments {
                        if !kept.environments.contains(&name) {
                            kept.environments.push(name);
                        }
                    }
                    kept.ways.join(finding.ways);
                    for label in finding.related {
                        let known = same(&label);
                        if !kept.related.iter().any(|label| same(label) == known) {
                            kept.related.push(label);
                        }
                    }
                }
                None => {
                    seen.insert(key, merged.len());
                    merged.push(finding);
                }
            }
        }
        self.items = merged;
    }

    /// Brings them into the order in which they are shown: by file, line, column, then severity, rule and words.
    pub fn sort(&mut self, map: &SourceMap) {
        self.items.sort_by_cached_key(|finding| {
            let place = finding.primary.as_ref().map(|label| map.place(label.at));
            let rank = std::cmp::Reverse(finding.severity);
            (place, rank, finding.rule, finding.message.clone(), finding.resource.clone())
        });
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
