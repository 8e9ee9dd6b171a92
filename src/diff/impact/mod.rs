//! What a change does to a cluster that runs the side before.
//!
//! One file a class. A rule looks at one resource's changes and says of each what it does; it never sees a report.

mod capacity;
mod data_loss;
mod exposure;
mod facts;
mod immutable;
mod pods;
mod privilege;
mod recreate;
mod rollout;
mod scene;

use std::fmt;

use crate::finding::Severity;

pub(super) use scene::Scene;

/// A rule: says of a scene's changes what they do.
type Rule = fn(&Scene<'_>, &mut Impacts);

/// The rules that speak of an update: what the cluster does on its way from one side to the other.
const UPDATE: &[Rule] = &[immutable::find, data_loss::find, recreate::find, rollout::find];

/// The rules that speak of the states before and after, and so hold between two environments too.
const STATE: &[Rule] = &[exposure::find, privilege::find, capacity::find];

/// The impacts of each difference of a scene, by the difference's index.
#[derive(Debug, Default)]
pub(super) struct Impacts {
    found: Vec<Vec<Impact>>,
}

impl Impacts {
    /// Adds an impact to the difference at `at`.
    fn add(&mut self, at: usize, class: Class, severity: Severity, message: impl Into<String>) {
        if let Some(list) = self.found.get_mut(at) {
            list.push(Impact::new(class, severity, message));
        }
    }
}

/// What each difference of the scene does, worst first.
pub(super) fn of(scene: &Scene<'_>) -> Vec<Vec<Impact>> {
    let mut impacts = Impacts { found: vec![Vec::new(); scene.differences.len()] };
    let update = UPDATE.iter().filter(|_| !scene.across);
    update.chain(STATE).for_each(|rule| rule(scene, &mut impacts));
    for list in &mut impacts.found {
        list.sort();
        list.dedup();
    }
    impacts.found
}

/// What a change does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Impact {
    /// The kind of harm or work.
    pub class: Class,
    /// How bad it is.
    pub severity: Severity,
    /// What happens, in a few words; lower case, no final period.
    pub message: String,
}

impl Impact {
    /// An impact of this class.
    pub fn new(class: Class, severity: Severity, message: impl Into<String>) -> Self {
        Impact { class, severity, message: message.into() }
    }
}

impl PartialOrd for Impact {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Impact {
    /// Worst first: by severity, then class.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |impact: &Impact| (std::cmp::Reverse(impact.severity), impact.class);
        key(self).cmp(&key(other)).then_with(|| self.message.cmp(&other.message))
    }
}

/// Classes of impacts, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The API server refuses the update: the field cannot change in place.
    Rejected,
    /// Data may be lost.
    DataLoss,
    /// The object is deleted and another one made.
    Recreate,
    /// Somebody else can reach it.
    Exposure,
    /// It may do more.
    Privilege,
    /// It has more or less room to run.
    Capacity,
    /// Pods are replaced.
    Rollout,
}

impl Class {
    /// All, worst first.
    pub const ALL: [Class; 7] = [
        Class::Rejected,
        Class::DataLoss,
        Class::Recreate,
        Class::Exposure,
        Class::Privilege,
        Class::Capacity,
        Class::Rollout,
    ];

    /// `rejected`, `data-loss`, `recreate`, `exposure`, `privilege`, `capacity` or `rollout`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Rejected => "rejected",
            Class::DataLoss => "data-loss",
            Class::Recreate => "recreate",
            Class::Exposure => "exposure",
            Class::Privilege => "privilege",
            Class::Capacity => "capacity",
            Class::Rollout => "rollout",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
