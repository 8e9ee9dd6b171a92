//! Judgements on a build.
//!
//! Owns: the four verdicts (`schema`, `apiserver`, `references`, `policy`) and the registry of rules. Must not:
//! change a resource, or call compile.
//!
//! In: a build's resources and the versions of Kubernetes it is for. Out: [`Findings`].

mod apiserver;
mod context;
mod policy;
mod references;
mod rule;

pub use context::Context;
pub use rule::{Category, Rule, Scope};

use crate::finding::Findings;
use crate::resource::ResourceSet;

/// Every rule, by name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<_> =
        [apiserver::RULES, policy::RULES, references::RULES].into_iter().flatten().copied().collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// Judges a build by every rule.
pub fn run(resources: &ResourceSet) -> Findings {
    let context = Context::new(resources);
    let mut findings = Findings::new();
    for rule in rules() {
        match rule.scope {
            Scope::Container(check) => {
                for pod in &context.pods {
                    pod.containers().for_each(|container| check(&context, &container, &mut findings));
                }
            }
            Scope::Resource(check) => resources.iter().for_each(|resource| check(&context, resource, &mut findings)),
            Scope::Build(check) => check(&context, &mut findings),
        }
    }
    findings
}
