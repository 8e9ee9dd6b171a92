//! From schema violations to findings, over several versions of Kubernetes at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::problem::{Mark, Problem, Violation};
use super::rules::*;
use super::validate;
use crate::check::Rule;
use crate::check::context::{mark, mark_key, named};
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, Resource, ResourceSet};
use crate::schema::{Catalog, Crd, KubernetesVersion, Lifetime, Lookup};
use crate::source::{FieldPath, Node};

/// The versions of Kubernetes that a build is for.
pub type Versions<'a> = &'a [KubernetesVersion];

/// A catalog for each version, each with the CRDs of the build.
pub fn catalogs(resources: &ResourceSet, versions: Versions<'_>) -> Vec<Catalog> {
    let of_kind =
        resources.iter().filter(|resource| resource.gvk().is("apiextensions.k8s.io", "CustomResourceDefinition"));
    let crds: Vec<Arc<Crd>> = of_kind.filter_map(|resource| Crd::compile(&resource.root)).map(Arc::new).collect();
    versions
        .iter()
        .map(|&version| {
            let mut catalog = Catalog::new(version);
            crds.iter().for_each(|crd| catalog.add(crd.clone()));
            catalog
        })
        .collect()
}

/// Judges every resource against the schema of its kind in every catalog.
pub fn judge(resources: &ResourceSet, catalogs: &[Catalog], findings: &mut Findings) {
    let mut without: HashSet<Gvk> = HashSet::new();
    for resource in resources.iter() {
        let mut seen: Vec<(Verdict, Vec<KubernetesVersion>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for catalog in catalogs {
            for verdict in verdicts(resource, catalog).into_iter().filter(|verdict| !verdict.is_said_better(resource)) {
                let place = *places.entry(verdict.words()).or_insert(seen.len());
                match seen.get_mut(place) {
                    Some((_, versions)) => versions.push(catalog.version()),
                    None => seen.push((verdict, vec![catalog.version()])),
                }
            }
        }
        for (verdict, versions) in seen {
            if findings.is_full() {
                return;
            }
            if matches!(verdict, Verdict::NoSchema { .. }) && !without.insert(resource.gvk()) {
                continue;
            }
            let only = (versions.len() < catalogs.len()).then_some(versions.as_slice());
            findings.push(verdict.finding(resource, only));
        }
    }
}

enum Verdict {
    Violation(Violation),
    Gone(Lifetime),
    OtherVersion(Vec<Gvk>),
    NoSchema { served: bool },
}

fn verdicts(resource: &Resource, catalog: &Catalog) -> Vec<Verdict> {
    match catalog.find(resource.gvk()) {
        Lookup::Found(kind) => validate(&resource.root, kind.schema).into_iter().map(Verdict::Violation).collect(),
        Lookup::OtherKubernetes(lifetime) => vec![Verdict::Gone(lifetime)],
        Lookup::OtherApiVersion { available } => vec![Verdict::OtherVersion(available)],
        Lookup::NoSchema { served } => vec![Verdict::NoSchema { served }],
        Lookup::Unknown => vec![Verdict::NoSchema { served: true }],
    }
}

impl Verdict {
    /// What it says: the same in the same words. Which other versions have a field does not count.
    fn words(&self) -> String {
        match self {
            Verdict::Violation(Violation { path, mark, problem }) => format!("{path}\n{mark:?}\n{problem}"),
            Verdict::Gone(lifetime) => format!("{lifetime:?}"),
            Verdict::OtherVersion(available) => format!("{available:?}"),
            Verdict::NoSchema { served } => format!("{served}"),
        }
    }

    /// Whether a rule of its own says the same: `api/secret-base64`.
    fn is_said_better(&self, resource: &Resource) -> bool {
        let wrong_format =
            matches!(self, Verdict::Violation(violation) if matches!(violation.problem, Problem::WrongFormat { .. }));
        wrong_format && resource.gvk().is("", "Secret")
    }

    fn finding(&self, resource: &Resource, only: Option<&[KubernetesVersion]>) -> Finding {
        let gvk = resource.gvk();
        let suffix = only.map_or(String::new(), |versions| {
            let names: Vec<_> = versions.iter().map(ToString::to_string).collect();
            format!(" (Kubernetes {})", names.join(", "))
        });
        let api_version = FieldPath::root().key("apiVersion");
        match self {
            Verdict::Violation(violation) => violation_finding(violation, resource, &suffix),
            Verdict::Gone(lifetime) => {
                let finding = API_VERSION.finding(format!("{}{suffix}", gone_words(&gvk, lifetime)));
                let finding = mark(finding, resource, &api_version, "not served");
                match lifetime.instead.first() {
                    Some(instead) => finding.help(format!("write `apiVersion: {}`", instead.api_version())),
                    None => {
                        finding.help("nothing takes its place under the same name; see the release notes of Kubernetes")
                    }
                }
            }
            Verdict::OtherVersion(available) if gvk.version.is_empty() => {
                let names: Vec<_> =
                    available.iter().map(|gvk| format!("`apiVersion: {}`", gvk.api_version())).collect();
                let message = format!("this `{}` has no `apiVersion`", gvk.kind);
                mark(API_VERSION.finding(message), resource, &api_version, "of which group and version?")
                    .help(format!("add a line {}", names.join(" or ")))
            }
            Verdict::OtherVersion(available) => {
                let names: Vec<_> = available.iter().map(|gvk| format!("`{}`", gvk.api_version())).collect();
                let message = format!("`{}` has no kind `{}`{suffix}", gvk.api_version(), gvk.kind);
                mark(API_VERSION.finding(message), resource, &api_version, "not served")
                    .help(format!("the kind is in {}", names.join(", ")))
            }
            Verdict::NoSchema { served: false } => {
                let message =
                    format!("the CustomResourceDefinition of `{}` does not serve `{}`", gvk.kind, gvk.api_version());
                mark(API_VERSION.finding(message), resource, &api_version, "not served")
                    .help("write a version that it serves")
            }
            Verdict::NoSchema { served: true } if gvk.version.is_empty() => {
                let message = format!("this `{}` has no `apiVersion`", gvk.kind);
                mark(API_VERSION.finding(message), resource, &api_version, "of which group and version?")
                    .help("add a line such as `apiVersion: v1` or `apiVersion: apps/v1`")
            }
            Verdict::NoSchema { served: true } => {
                let message = format!(
                    "no schema for kind `{}` of `{}`, so its objects are not checked",
                    gvk.kind,
                    gvk.api_version()
                );
                mark(NO_SCHEMA.finding(message), resource, &api_version, "")
                    .help("put its CustomResourceDefinition into the build")
                    .once()
            }
        }
    }
}

fn gone_words(gvk: &Gvk, lifetime: &Lifetime) -> String {
    let what = format!("kind `{}` of `{}`", gvk.kind, gvk.api_version());
    match (lifetime.removed_in, lifetime.added_in) {
        (Some(removed), _) => format!("{what} is gone since Kubernetes {removed}"),
        (None, Some(added)) => format!("{what} comes with Kubernetes {added}"),
        (None, None) => format!("{what} is not in this version of Kubernetes"),
    }
}

fn rule_of(problem: &Problem) -> &'static Rule {
    match problem {
        Problem::UnknownField { .. } => &UNKNOWN_FIELD,
        Problem::MissingField { .. } => &MISSING_FIELD,
        Problem::WrongType { .. } => &WRONG_TYPE,
        Problem::WrongFormat { .. } | Problem::NotAQuantity => &WRONG_FORMAT,
        Problem::NotInEnum { .. } | Problem::Limit { .. } | Problem::NoAlternative { .. } | Problem::Excluded => {
            &WRONG_VALUE
        }
        Problem::DuplicateItem { .. } => &DUPLICATE_ITEM,
    }
}

fn violation_finding(violation: &Violation, resource: &Resource, suffix: &str) -> Finding {
    let path = named(&resource.root, &violation.path);
    let gvk = resource.gvk();
    let message = match &violation.problem {
        Problem::UnknownField { name, .. } => {
            let parent = path.parent().unwrap_or_default();
            match parent.is_root() {
                true => format!("unknown field `{name}` in {}{suffix}", gvk.kind),
                false => format!("unknown field `{name}` in `{parent}` of {}{suffix}", gvk.kind),
            }
        }
        Problem::MissingField { name } if path.is_root() => format!("missing field `{name}` in {}{suffix}", gvk.kind),
        Problem::MissingField { name } => format!("missing field `{name}` in `{path}` of {}{suffix}", gvk.kind),
        problem => format!("`{path}` of {}: {problem}{suffix}", gvk.kind),
    };
    let finding = rule_of(&violation.problem).finding(message);
    let text = label(&violation.problem);
    let finding = match violation.mark {
        Mark::Key => mark_key(finding, resource, &path, &text),
        Mark::Value => mark(finding, resource, &path, &text),
    };
    let finding = match &violation.problem {
        Problem::DuplicateItem { first, .. } => relate_first(finding, resource, &violation.path, *first),
        _ => finding,
    };
    match (violation.problem.help(), &violation.problem) {
        (Some(help), _) => finding.help(help),
        (None, Problem::UnknownField { name, .. }) if name.starts_with('$') => {
            finding.help("a directive of patches that kustomize does not know and so copies: remove it from the patch")
        }
        (None, Problem::UnknownField { .. }) => finding.help("remove it, or move it to the object that has it"),
        (None, Problem::MissingField { name }) => finding.help(format!("add `{name}:`")),
        (None, Problem::WrongType { expected, .. }) => finding.help(format!("give {} here", expected.article())),
        (None, Problem::NotInEnum { allowed, .. }) => finding.help(format!("write one of {}", allowed.join(", "))),
        (None, Problem::NotAQuantity) => {
            finding.help("write a number with a unit and no space: `500m`, `512Mi`, `1Gi`")
        }
        (None, Problem::DuplicateItem { .. }) => finding.help("remove one of them"),
        (None, _) => finding,
    }
}

/// What stands beside the marked text.
fn label(problem: &Problem) -> String {
    match problem {
        Problem::UnknownField { .. } => "no such field".to_owned(),
        Problem::MissingField { name } => format!("lacks `{name}`"),
        Problem::WrongType { found, .. } => format!("this is {}", found.article()),
        Problem::DuplicateItem { .. } => "again here".to_owned(),
        _ => String::new(),
    }
}

fn relate_first(finding: Finding, resource: &Resource, path: &FieldPath, first: usize) -> Finding {
    let list = path.parent().unwrap_or_default();
    let item = resource.root.at(&list).and_then(Node::as_sequence).and_then(|items| items.get(first));
    match item {
        Some(item) => finding.related(crate::check::context::first_line(item), "first here"),
        None => finding,
    }
}
