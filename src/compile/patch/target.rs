//! Which resources a patch speaks of, and what to say if there are none.

use std::collections::BTreeSet;

use crate::compile::fields::Fields;
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::resource::{LabelSelector, Pattern, Resource, ResourceId, ResourceSet, Selector};
use crate::source::{Location, Node};

/// A `target:`.
#[derive(Clone, Debug)]
pub struct Target {
    selector: Selector,
    at: Location,
}

impl Target {
    /// Reads a `target:`; what is wrong in it is reported.
    pub fn read(node: &Node, findings: &mut Findings) -> Option<Target> {
        let before = findings.count(Severity::Error);
        let fields = Fields::of(node, "a target", findings)?;
        let mut pattern = |key: &str| read(&fields, key, Pattern::new, findings);
        let mut selector = Selector {
            group: pattern("group"),
            version: pattern("version"),
            kind: pattern("kind"),
            name: pattern("name"),
            namespace: pattern("namespace"),
            ..Selector::default()
        };
        selector.labels = read(&fields, "labelSelector", LabelSelector::parse, findings);
        selector.annotations = read(&fields, "annotationSelector", LabelSelector::parse, findings);
        (findings.count(Severity::Error) == before).then_some(Target { selector, at: node.location() })
    }

    /// Where it is written.
    pub fn location(&self) -> Location {
        self.at
    }

    /// Whether it asks for a name.
    pub fn is_named(&self) -> bool {
        !matches!(self.selector.name, Pattern::Any)
    }

    /// The positions of the resources it selects, but for those that are `gone`.
    pub fn positions(&self, set: &ResourceSet, gone: &BTreeSet<usize>) -> Vec<usize> {
        let selected =
            |at: &usize| !gone.contains(at) && set.get(*at).is_some_and(|found| self.selector.selects(found));
        match self.selector.name.literal() {
            Some(name) => set.named(name).iter().map(|&at| at as usize).filter(selected).collect(),
            None => (0..set.len()).filter(selected).collect(),
        }
    }

    /// What to say if it selects nothing. Kustomize says nothing.
    pub fn no_match(&self, set: &ResourceSet, findings: &mut Findings) -> Finding {
        let finding = Finding::warning("patch/no-match", "this target matches no resource, so the patch does nothing")
            .at(self.at, "no resource matches");
        if !findings.may_look_through(set.len()) {
            return finding.help("correct the target, or remove the patch");
        }
        let finding = match (self.selector.kind.literal(), self.selector.name.literal()) {
            (kind, Some(name)) => {
                let mut same = set.named(name).iter().filter_map(|&at| set.get(at as usize));
                match same.find(|known| kind.is_none_or(|kind| known.kind() == kind)) {
                    Some(known) => self.differs(finding, known),
                    None => near(finding, set, kind, name),
                }
            }
            (Some(kind), None) => {
                let alike = set.iter().filter(|resource| resource.kind() == kind);
                match alike.min_by_key(|known| differing(&self.selector, known).len()) {
                    Some(known) => self.differs(finding, known),
                    None => return of_kind(finding, set, kind),
                }
            }
            (None, None) => finding.help("correct the target, or remove the patch"),
        };
        // A target that fits nothing is often meant for a resource of another layer.
        finding.note("kustomize applies patches before the prefix and namespace of their own layer")
    }

    /// Says in what a resource that was probably meant differs.
    fn differs(&self, finding: Finding, known: &Resource) -> Finding {
        let (id, parts) = (known.id(), differing(&self.selector, known));
        let words = |part: &&str| match *part {
            "group" | "version" => format!("it has `apiVersion: {}`", id.gvk.api_version()),
            "namespace" if id.namespace.is_empty() => "it has no namespace at this time".to_owned(),
            "namespace" => format!("it is in the namespace `{}`", id.namespace),
            "name" => format!("it is called `{}` at this time", id.name),
            part => format!("`{part}` does not fit it"),
        };
        let mut said: Vec<String> = parts.iter().map(words).collect();
        said.dedup();
        if parts.is_empty() {
            return finding.related(known.named_at(), format!("an earlier patch deletes `{id}`"));
        }
        let quoted: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
        finding
            .related(known.named_at(), format!("`{id}` is here: {}", said.join(", and ")))
            .help(format!("correct or remove {} in the target", quoted.join(" and ")))
    }
}

/// The parts of a selector that do not select `resource`.
fn differing(selector: &Selector, resource: &Resource) -> Vec<&'static str> {
    let s = selector.clone();
    let none = Selector::default;
    let parts = [
        ("group", Selector { group: s.group, ..none() }),
        ("version", Selector { version: s.version, ..none() }),
        ("kind", Selector { kind: s.kind, ..none() }),
        ("name", Selector { name: s.name, ..none() }),
        ("namespace", Selector { namespace: s.namespace, ..none() }),
        ("labelSelector", Selector { labels: s.labels, ..none() }),
        ("annotationSelector", Selector { annotations: s.annotations, ..none() }),
    ];
    parts.into_iter().filter(|(_, part)| !part.selects(resource)).map(|(name, _)| name).collect()
}

fn read<T: Default>(
    fields: &Fields<'_>,
    key: &str,
    parse: impl Fn(&str) -> Result<T, String>,
    findings: &mut Findings,
) -> T {
    let Some((text, value)) = fields.nonempty(key, findings) else { return T::default() };
    parse(text).unwrap_or_else(|words| {
        findings.push(
            Finding::error("patch/invalid-target", format!("`{key}: {text}` cannot be read: {words}"))
                .at(value.location(), words)
                .help(if key.ends_with("Selector") {
                    "write a selector such as `app=web,tier in (front, back)`"
                } else {
                    "write a name or a regular expression"
                }),
        );
        T::default()
    })
}

/// The name by which a patch says which resource it is for.
pub fn name_of(patch: &Resource) -> Location {
    patch.root.dig(&["metadata", "name"]).map_or(patch.declared, Node::location)
}

/// The one resource that has or had the id of a strategic-merge patch; `Err` says what is wrong.
pub fn by_id(
    patch: &Resource,
    set: &ResourceSet,
    gone: &BTreeSet<usize>,
    findings: &mut Findings,
) -> Result<usize, Box<Finding>> {
    let id = patch.id();
    let (deleted, found): (Vec<usize>, Vec<usize>) = set.with_any_id(&id).into_iter().partition(|at| gone.contains(at));
    let at = name_of(patch);
    match found[..] {
        [one] => Ok(one),
        [] => {
            let message = format!("this patch is for `{id}`, which is not there");
            let finding =
                Finding::error("patch/target-missing", message).at(at, "no such resource").resource(id.clone());
            Err(Box::new(match deleted.first().and_then(|&at| set.get(at)) {
                Some(deleted) => finding
                    .related(deleted.root.location(), format!("a patch deletes `{}` here", deleted.id()))
                    .help("put this patch before the one that deletes, or remove one of the two"),
                None if findings.may_look_through(set.len()) => nearest_to(finding, set, &id),
                None => finding.help("correct the name, the kind or the namespace of the patch"),
            }))
        }
        _ => {
            let message = format!("this patch is for `{id}`, and several resources are or were called so");
            let finding = Finding::error("patch/ambiguous", message).at(at, "means several").resource(id.clone());
            let places = found.iter().filter_map(|&at| set.get(at));
            let finding =
                places.fold(finding, |finding, found| finding.related(found.named_at(), format!("`{}`", found.id())));
            Err(Box::new(finding.help("name the one that is meant by a `target:`")))
        }
    }
}

/// Says which resources come near: first those of the name that differ in another part of the id.
fn nearest_to(finding: Finding, set: &ResourceSet, id: &ResourceId) -> Finding {
    let same = set.named(&id.name).iter().filter_map(|&at| set.get(at as usize));
    let Some(known) = same.clone().find(|found| found.kind() == id.gvk.kind.as_str()) else {
        return near(finding, set, Some(&id.gvk.kind), &id.name);
    };
    let is = known.id();
    let help = if is.gvk != id.gvk {
        format!(
            "the `{}` there has `apiVersion: {}`, and the patch says `{}`",
            is.gvk.kind,
            is.gvk.api_version(),
            id.gvk.api_version()
        )
    } else if is.namespace.is_empty() {
        format!(
            "the `{}` there has no namespace at this time: remove `namespace: {}` from the patch",
            is.gvk.kind, id.namespace
        )
    } else if is.name != id.name {
        format!(
            "it is called `{is}` now; a patch may use each name a resource has or had, with the namespace it had then"
        )
    } else {
        format!("the `{}` there is in the namespace `{}`: add it to the patch", is.gvk.kind, is.namespace)
    };
    finding.related(known.named_at(), format!("`{is}` is here")).help(help)
}

/// Says which names come near.
fn near(finding: Finding, set: &ResourceSet, kind: Option<&str>, name: &str) -> Finding {
    let of_that_kind = |resource: &&Resource| kind.is_none_or(|kind| resource.kind() == kind);
    let names = set.iter().filter(of_that_kind).map(Resource::name);
    let mut names: Vec<&str> = names.filter(|known| *known != name).collect();
    if let Some(close) = nearest(name, names.iter().copied())
        && let Some(known) = set.iter().filter(of_that_kind).find(|resource| resource.name() == close)
    {
        return finding
            .related(known.named_at(), format!("`{}` is here", known.id()))
            .help(format!("did you mean `{close}`?"));
    }
    // `prod-web` for `web`: who writes a patch often thinks of the name that the build prints.
    let is_inside = |known: &&&str| {
        name.strip_suffix(**known).is_some_and(|prefix| prefix.ends_with('-'))
            || name.strip_prefix(**known).is_some_and(|suffix| suffix.starts_with('-'))
    };
    if let Some(inner) = names.iter().filter(is_inside).max_by_key(|known| known.len()) {
        return finding
            .help(format!("did you mean `{inner}`? Patches come before the prefix and suffix of their own layer"));
    }
    if let Some(other) = set.named(name).first().and_then(|&at| set.get(at as usize)) {
        return finding.related(other.named_at(), "of this name").help(format!("there is a `{}`", other.id()));
    }
    match (kind, names.is_empty()) {
        (Some(kind), true) => of_kind(finding, set, kind),
        (_, true) => finding.help("there are no resources at this time"),
        (kind, false) => {
            names.sort_unstable();
            names.dedup();
            let more = names.len().saturating_sub(5);
            let shown: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            finding.help(format!(
                "of {} there are {}{more}",
                kind.map_or("all kinds".into(), |kind| format!("kind `{kind}`")),
                shown.join(", ")
            ))
        }
    }
}

/// Says that there is nothing of a kind.
fn of_kind(finding: Finding, set: &ResourceSet, kind: &str) -> Finding {
    match nearest(kind, set.iter().map(Resource::kind).filter(|known| *known != kind)) {
        Some(known) => finding.help(format!("there is no `{kind}`; did you mean `{known}`?")),
        None => finding.help(format!("there is no `{kind}` at this time")),
    }
}
