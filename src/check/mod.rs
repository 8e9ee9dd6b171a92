//! Judgements on a build.
//!
//! Owns: the four verdicts (`schema`, `apiserver`, `references`, `policy`) and the registry of rules. Must not:
//! change a resource, or call compile.
//!
//! In: a build's resources and the versions of Kubernetes it is for. Out: [`Findings`].

mod apiserver;
mod context;
mod docs;
mod policy;
mod references;
mod rule;
pub mod schema;

pub use context::Context;
pub use docs::{Example, docs, examples, reference};
pub use rule::{Category, Rule, Scope};

use crate::finding::Findings;
use crate::resource::ResourceSet;
use crate::schema::KubernetesVersion;
use crate::source::in_parallel;

/// Every rule, by name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<_> =
        [apiserver::RULES, policy::RULES, references::RULES, schema::RULES].into_iter().flatten().copied().collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// One environment to be judged.
pub struct Subject<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its resources.
    pub resources: &'a ResourceSet,
    /// The versions of Kubernetes that it is for.
    pub versions: &'a [KubernetesVersion],
    /// Whether resources are missing from it, so that what is not there may yet exist.
    pub incomplete: bool,
}

/// Judges a build by every rule, against the schemas of every version.
pub fn run(resources: &ResourceSet, versions: &[KubernetesVersion]) -> Findings {
    let mut findings = Findings::new();
    schema::judge(resources, &schema::catalogs(resources, versions), &mut findings);
    let context = Context::new(resources);
    for rule in rules() {
        match rule.scope {
            Scope::Container(check) => {
                for pod in &context.pods {
                    pod.containers().for_each(|container| check(&context, &container, &mut findings));
                }
            }
            Scope::Resource(check) => resources.iter().for_each(|resource| check(&context, resource, &mut findings)),
            Scope::Build(check) => check(&context, &mut findings),
            Scope::Schema => {}
        }
    }
    findings
}

/// Judges several environments. What has one cause is one finding, which names the environments.
pub fn run_all(subjects: &[Subject<'_>]) -> Findings {
    let mut all = Findings::new();
    let judged = in_parallel(subjects, |subject| run(subject.resources, subject.versions));
    for (mut findings, subject) in judged.into_iter().zip(subjects) {
        if subject.incomplete {
            findings.retain(|finding| !speaks_of_absence(finding.rule));
        }
        findings.in_environment(subject.name);
        all.extend(findings);
    }
    all.merge_equal(|at| at);
    all
}

/// Whether a rule compares resources with each other, which says nothing where some of them are missing.
fn speaks_of_absence(name: &str) -> bool {
    references::RULES.iter().any(|rule| rule.name == name)
}
