//! The entries of `replacements` as the user wrote them.

use regex::Regex;

use super::super::super::fields::{Fields, Scalars, string};
use super::Selection;
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, LabelSelector, Resource, ResourceId, go_regexp, scope};
use crate::source::{Location, Node};

/// The field that is meant where none is named.
pub(super) const DEFAULT_PATH: &str = "metadata.name";

/// One replacement.
pub(super) struct Replacement<'a> {
    pub value: Value<'a>,
    pub targets: Vec<Target<'a>>,
}

/// Where the value comes from.
pub(super) enum Value<'a> {
    /// `sourceValue`, of newer kustomize.
    Literal(&'a Node),
    Source(Box<Source<'a>>),
}

/// A field of one resource.
pub(super) struct Source<'a> {
    pub select: Selector<'a>,
    pub path: (&'a str, Location),
    pub options: Options<'a>,
}

/// Fields of the resources selected.
pub(super) struct Target<'a> {
    pub select: Selector<'a>,
    pub reject: Vec<Selector<'a>>,
    pub paths: Vec<(&'a str, Location)>,
    pub options: Options<'a>,
}

/// How a field is read or written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options<'a> {
    pub delimiter: &'a str,
    pub index: i64,
    pub create: bool,
    /// Where `index` was written.
    pub index_at: Option<Location>,
}

/// Which resources are meant.
pub(super) struct Selector<'a> {
    pub at: Location,
    pub name: &'a str,
    id: ResourceId,
    patterns: Option<[Regex; 5]>,
    labels: Option<LabelSelector>,
    annotations: Option<LabelSelector>,
}

/// Reads one entry.
pub(super) fn read<'a>(
    node: &'a Node,
    scalars: Scalars,
    selection: Selection,
    findings: &mut Findings,
) -> Option<Replacement<'a>> {
    let fields = Fields::of(node, "a replacement", findings)?.with(scalars);
    let literal = fields.text("sourceValue", findings).map(|(_, node)| node);
    let value = match (fields.fields("source", findings), literal) {
        (Some(_), Some(literal)) => {
            findings.push(
                Finding::error("replacements/two-sources", "`source` and `sourceValue` exclude each other")
                    .at(literal.location(), "the second value")
                    .help("remove one of them"),
            );
            return None;
        }
        (Some(source), None) => Value::Source(Box::new(read_source(&source, findings)?)),
        (None, Some(literal)) => Value::Literal(literal),
        (None, None) => return incomplete("source", "a `source`", &fields, findings),
    };
    let targets = fields.list("targets", findings);
    // An object may have an empty list.
    if targets.is_empty() && (scalars == Scalars::Strict || fields.node("targets").is_none()) {
        return incomplete("targets", "at least one entry of `targets`", &fields, findings);
    }
    let targets = targets.iter().filter_map(|node| read_target(node, scalars, selection, findings)).collect();
    Some(Replacement { value, targets })
}

fn incomplete<T>(name: &str, what: &str, fields: &Fields<'_>, findings: &mut Findings) -> Option<T> {
    let finding = Finding::error("replacements/incomplete", format!("a replacement needs {what}"));
    findings.push(match fields.misspelt(name) {
        Some(key) => finding.at(key.location, "no such field").help(format!("did you mean `{name}`?")),
        None => finding.at(fields.location(), "missing here").help(
            "write `source: {kind: ..., name: ..., fieldPath: ...}` and `targets: [{select: ..., fieldPaths: ...}]`",
        ),
    });
    None
}

fn read_source<'a>(fields: &Fields<'a>, findings: &mut Findings) -> Option<Source<'a>> {
    let select = read_selector(fields, Selection::Exact, findings)?;
    let path = fields.nonempty("fieldPath", findings);
    let path = path.map_or((DEFAULT_PATH, fields.location()), |(text, node)| (text, node.location()));
    Some(Source { select, path, options: read_options(fields, findings) })
}

fn read_target<'a>(
    node: &'a Node,
    scalars: Scalars,
    selection: Selection,
    findings: &mut Findings,
) -> Option<Target<'a>> {
    let fields = Fields::of(node, "a target", findings)?.with(scalars);
    let Some(select) = fields.fields("select", findings) else {
        return incomplete("select", "a `select` in each target", &fields, findings);
    };
    let select = read_selector(&select, selection, findings)?;
    let mut reject = Vec::new();
    for node in fields.list("reject", findings) {
        reject.push(read_selector(&Fields::of(node, "a reject", findings)?.with(scalars), selection, findings)?);
    }
    let mut paths = Vec::new();
    for node in fields.list("fieldPaths", findings) {
        match string(node) {
            Some(text) => paths.push((text, node.location())),
            None => findings.push(super::super::super::fields::wrong_type(node, "fieldPaths", "text")),
        }
    }
    if paths.is_empty() {
        paths.push((DEFAULT_PATH, select.at));
    }
    Some(Target { select, reject, paths, options: read_options(&fields, findings) })
}

fn read_options<'a>(fields: &Fields<'a>, findings: &mut Findings) -> Options<'a> {
    let Some(fields) = fields.fields("options", findings) else {
        return Options::default();
    };
    let delimiter = fields.text("delimiter", findings).map_or("", |(text, _)| text);
    let index = fields.number("index", findings);
    Options {
        delimiter,
        index: index.map_or(0, |(index, _)| index),
        create: fields.flag("create", findings),
        index_at: index.map(|(_, node)| node.location()),
    }
}

fn read_selector<'a>(fields: &Fields<'a>, selection: Selection, findings: &mut Findings) -> Option<Selector<'a>> {
    let mut part = |name| fields.text(name, findings).map_or("", |(text, _)| text);
    let [group, version, kind] = ["group", "version", "kind"].map(&mut part);
    let (namespace, name) = (part("namespace"), part("name"));
    let gvk = Gvk { group: group.into(), version: version.into(), kind: kind.into() };
    let patterns = match selection {
        Selection::Exact => None,
        Selection::Pattern => Some(patterns([group, version, kind, namespace, name], fields.location(), findings)?),
    };
    Some(Selector {
        at: fields.location(),
        name,
        id: ResourceId { gvk, namespace: namespace.into(), name: name.into() },
        patterns,
        labels: read_labels("labelSelector", fields, findings)?,
        annotations: read_labels("annotationSelector", fields, findings)?,
    })
}

fn patterns(texts: [&str; 5], at: Location, findings: &mut Findings) -> Option<[Regex; 5]> {
    let mut patterns = Vec::with_capacity(texts.len());
    for text in texts {
        // An empty part selects any.
        let pattern = if text.is_empty() { String::new() } else { format!("^(?:{text})$") };
        match go_regexp::compile(&pattern) {
            Ok(pattern) => patterns.push(pattern),
            Err(why) => {
                let message = format!("`{text}` is no regular expression: {why}");
                findings.push(
                    Finding::error("replacements/bad-pattern", message)
                        .at(at, "the parts of a selector are regular expressions")
                        .help("put a backslash before characters such as `[`, `(`, `+` and `*`"),
                );
                return None;
            }
        }
    }
    patterns.try_into().ok()
}

/// `None` if the selector cannot be read, which has been reported.
fn read_labels(name: &str, fields: &Fields<'_>, findings: &mut Findings) -> Option<Option<LabelSelector>> {
    let Some((text, node)) = fields.nonempty(name, findings) else {
        return Some(None);
    };
    match LabelSelector::parse(text) {
        Ok(selector) => Some(Some(selector)),
        Err(problem) => {
            findings.push(
                Finding::error("replacements/bad-selector", format!("`{text}` is no selector: {problem}"))
                    .at(node.location(), "cannot be read")
                    .help("write it as `app=web,tier in (a, b),!legacy`"),
            );
            None
        }
    }
}

impl Selector<'_> {
    /// Whether no part of an id is named.
    pub(super) fn has_no_id(&self) -> bool {
        self.id == ResourceId::default()
    }

    /// Whether the parts of an id are compared letter by letter.
    pub(super) fn is_exact(&self) -> bool {
        self.patterns.is_none()
    }

    /// Whether labels or annotations are asked for.
    pub(super) fn has_labels(&self) -> bool {
        self.labels.is_some() || self.annotations.is_some()
    }

    /// Whether the resource's labels and annotations fulfil the selector.
    pub(super) fn fits_labels(&self, resource: &Resource) -> bool {
        let fits = |selector: &Option<LabelSelector>, field: &str| {
            let map = resource.root.dig(&["metadata", field]);
            selector
                .as_ref()
                .is_none_or(|selector| selector.matches(|key| Some(map?.get(key)?.text().unwrap_or_default())))
        };
        fits(&self.labels, "labels") && fits(&self.annotations, "annotations")
    }

    /// Whether the resource has or had an id that the selector means.
    pub(super) fn fits_id(&self, resource: &Resource) -> bool {
        // The filter takes ids apart without asking for the scope of the kind, so that one outside of namespaces counts
        // as in `default`, or to a pattern as in none; the notes of earlier ids have the effective namespace
        // (`MakeResIds`).
        let id = resource.id();
        let unset = if self.is_exact() { scope::DEFAULT_NAMESPACE } else { "" };
        let namespace = if id.namespace.is_empty() { unset } else { &id.namespace };
        self.means(&id, namespace) || resource.previous.iter().any(|id| self.means(id, id.effective_namespace()))
    }

    fn means(&self, id: &ResourceId, namespace: &str) -> bool {
        if let Some(patterns) = &self.patterns {
            let Gvk { group, version, kind } = id.gvk;
            let texts = [group.as_str(), version.as_str(), kind.as_str(), namespace, &id.name];
            return patterns.iter().zip(texts).all(|(pattern, text)| pattern.is_match(text));
        }
        let wanted = &self.id;
        let part = |wanted: crate::source::Symbol, found| wanted.is_empty() || wanted == found;
        (wanted.name.is_empty() || wanted.name == id.name)
            && (wanted.namespace.is_empty() || wanted.namespace == namespace)
            && part(wanted.gvk.group, id.gvk.group)
            && part(wanted.gvk.version, id.gvk.version)
            && part(wanted.gvk.kind, id.gvk.kind)
    }

    /// Whether the resource is of the kind that the selector names.
    pub(super) fn fits_kind(&self, resource: &Resource) -> bool {
        self.id.gvk.kind.is_empty() || self.id.gvk.kind == resource.gvk().kind
    }

    /// The selector in words: `ConfigMap shop/settings`.
    pub(super) fn kind(&self) -> Option<&str> {
        Some(self.id.gvk.kind.as_str()).filter(|kind| !kind.is_empty())
    }

    pub(super) fn words(&self) -> String {
        let kind = self.kind().unwrap_or("resource");
        match (self.name.is_empty(), self.id.namespace.is_empty()) {
            (true, true) => kind.to_owned(),
            (true, false) => format!("{kind} in namespace {}", self.id.namespace),
            (false, true) => format!("{kind} {}", self.name),
            (false, false) => format!("{kind} {}/{}", self.id.namespace, self.name),
        }
    }
}
