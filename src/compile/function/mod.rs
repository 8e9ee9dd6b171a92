//! KRM functions: programs that make, change or judge resources, if the user allows them.
//!
//! Owns: which configuration objects are functions, what a function is given, and how what it gives back becomes part
//! of the build. Must not: run anything unless [`Options::functions`](super::Options::functions) allows it, give a
//! function more of the environment than was asked for, or touch a node that the function left alone.

mod answer;
mod call;
mod merge;
mod results;
mod spec;

use std::ffi::OsString;
use std::time::Duration;

use self::answer::clean;
use self::call::Call;
use self::spec::Spec;
use super::accumulate::Gathered;
use super::{Loader, Session, Step, generate, resources};
use crate::finding::{Finding, Findings};
use crate::resource::{Behavior, Generated, Resource};
use crate::source::{Document, Location, Node, Signature};

pub use spec::is_function;

/// Which functions may run, and how.
#[derive(Clone, Debug)]
pub struct Functions {
    /// Whether functions may run at all.
    pub plugins: bool,
    /// Whether functions that are programs may run.
    pub exec: bool,
    /// All that functions see of the environment.
    pub environment: Vec<(String, OsString)>,
    /// How long one may run.
    pub time: Duration,
}

impl Default for Functions {
    fn default() -> Self {
        Functions { plugins: false, exec: false, environment: Vec::new(), time: Duration::from_secs(30) }
    }
}

/// What the history of a value calls a function.
const CAUSE: &str = "function";

/// Runs the function of a `generators:` entry, and adds what it makes.
pub fn generate(session: &Session, config: &Resource, loader: &mut Loader, gathered: &mut Gathered) {
    let Some(spec) = Spec::read(session, config, loader, &mut gathered.findings) else { return };
    let step = Step::generate(CAUSE);
    let sign = step.sign(spec.path_at);
    // kustomize gives a generator its own configuration for an item, marked as one that is not to be deployed.
    let items = [call::function_config(config, &sign)];
    let call = Call { spec: &spec, config, sign: &sign };
    let Some(answer) = call.run(session, &items, loader, &mut gathered.findings) else { return };
    results::report(&answer.results, &spec, &gathered.set, &mut gathered.findings);
    for item in &answer.items {
        let Some(mut resource) = resource(item, &spec, &sign, &mut gathered.findings) else { continue };
        if resource.id() == config.id() && resource.annotation(call::LOCAL_CONFIG).is_some() {
            continue;
        }
        resource.generated = Some(wishes(&mut resource.root, &spec, &sign, &mut gathered.findings));
        gathered.work(loader, |work| generate::absorb(resource, step, work));
    }
}

/// Runs the function of a `transformers:` or `validators:` entry over all resources, and takes over what it changes.
pub fn transform(session: &Session, config: &Resource, loader: &mut Loader, gathered: &mut Gathered) {
    let Some(spec) = Spec::read(session, config, loader, &mut gathered.findings) else { return };
    let sign = Step::transform(CAUSE).sign(spec.path_at);
    let items: Vec<Node> = gathered.set.iter().map(|resource| resource.root.clone()).collect();
    let call = Call { spec: &spec, config, sign: &sign };
    let Some(answer) = call.run(session, &items, loader, &mut gathered.findings) else { return };
    results::report(&answer.results, &spec, &gathered.set, &mut gathered.findings);
    if answer.is_nothing && !items.is_empty() {
        let message =
            format!("the function `{}` prints no list of resources, which removes all it was given", spec.path);
        let finding = Finding::warning("build/function", message).at(spec.path_at, "nothing is left of the resources");
        gathered
            .findings
            .push(finding.help("let it print the `ResourceList` that it reads, with what it changes in it"));
    }
    merge::take_over(&answer, &spec, &sign, gathered);
}

/// An item that a function made, as a resource.
fn resource(item: &Node, spec: &Spec, sign: &Signature, findings: &mut Findings) -> Option<Resource> {
    let mut root = item.issued(sign);
    clean(&mut root, sign);
    let document =
        Document { root: Some(root), location: sign.at, alone: true, doubled: false, commented: false, emptied: false };
    let start = findings.len();
    let mut read = resources::from_documents(std::slice::from_ref(&document), findings);
    // There is no file of the user's that could be mended.
    findings.change_since(start, |finding| {
        let message = format!("{} (in what the function `{}` prints)", finding.message, spec.path);
        Finding { message, ..finding }.at(spec.path_at, "this function").help("mend the function")
    });
    let mut resource = read.pop()?;
    resource.declared = sign.at;
    Some(resource)
}

/// What a generator asks for with annotations, which are not for the output.
fn wishes(root: &mut Node, spec: &Spec, sign: &Signature, findings: &mut Findings) -> Generated {
    let hash = answer::take(root, "kustomize.config.k8s.io/needs-hash", sign);
    let behavior = answer::take(root, "kustomize.config.k8s.io/behavior", sign);
    let needs_hash = match hash.as_deref() {
        None => false,
        // Go's `ParseBool`
        Some("1" | "t" | "T" | "TRUE" | "true" | "True") => true,
        Some("0" | "f" | "F" | "FALSE" | "false" | "False") => false,
        Some(other) => {
            let message =
                format!("`{other}` in the annotation `kustomize.config.k8s.io/needs-hash` is neither true nor false");
            findings.push(failure(message, spec.at).help("mend the function"));
            false
        }
    };
    let behavior = match behavior.as_deref() {
        Some("merge") => Behavior::Merge,
        Some("replace") => Behavior::Replace,
        _ => Behavior::Create,
    };
    Generated { needs_hash, behavior }
}

/// An error about a function.
fn failure(message: impl Into<String>, at: Location) -> Finding {
    Finding::error("build/function", message).at(at, "")
}
