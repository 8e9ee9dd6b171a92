//! Reads `kollate.yaml`, the project file.

use std::path::{Path, PathBuf};

use super::kustomization_file::{kustomization_file, nearest_name};
use super::project::{Asked, Unusable};
use super::shape::{Conform, Field, Shape};
use super::{Compat, Environment, EnvironmentName, quoted};
use crate::finding::{Finding, Findings, Severity, nearest, report_problems};
use crate::source::remote::{Policy, redacted};
use crate::source::{Entry, Loaded, Location, Node, ReadError, Span, Store, normalize, relative};

/// The project file's name.
pub const PROJECT_FILE: &str = "kollate.yaml";

const API_VERSION: &str = "kollate.dev/v1";
const KIND: &str = "Project";
const ENVIRONMENT: Shape = Shape::Object(&[
    Field::new("path", Shape::Text),
    Field::new("kubernetes", Shape::List(&Shape::Text)),
    Field::new("promotes-from", Shape::Text),
    Field::new("fail-on", Shape::Text),
]);

const REMOTE: Shape = Shape::Object(&[Field::new("allow", Shape::List(&Shape::Text))]);

const PROJECT: Shape = Shape::Object(&[
    Field::new("apiVersion", Shape::Text),
    Field::new("kind", Shape::Text),
    Field::new("compat", Shape::Text),
    Field::new("environments", Shape::Map(&ENVIRONMENT)),
    Field::new("remote", REMOTE),
]);

/// What a project file says.
#[derive(Debug)]
pub(super) struct ProjectFile {
    /// The whole file.
    pub(super) location: Location,
    /// Its environments in its order; `None` if it says nothing of environments.
    pub(super) environments: Option<Vec<Environment>>,
    /// Which of its environments cannot be used, which was reported.
    pub(super) unusable: Unusable,
    /// The servers that it allows.
    pub(super) remote_hosts: Vec<String>,
    /// The kustomize whose output its builds equal, if it says.
    pub(super) compat: Option<Compat>,
}

/// Reads the project file at `path`. What can be used of a wrong file is used, so that one mistake hides no other.
pub(super) fn read(store: &Store, path: &Path, asked: Asked<'_>, findings: &mut Findings) -> ProjectFile {
    let nothing = |location| ProjectFile {
        location,
        environments: Some(Vec::new()),
        unusable: Unusable::All,
        remote_hosts: Vec::new(),
        compat: None,
    };
    let loaded = match store.load(path) {
        Ok(loaded) => loaded,
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", store.shown(path));
            findings.push(Finding::error("project/unreadable", message).help(match error {
                ReadError::WrongKind => "put a file in place of the folder, or give the folder another name",
                ReadError::Dangling(_) => "create the file that the link means, or remove the link",
                _ => "check the file's permissions",
            }));
            return nothing(Location::default());
        }
    };
    let start = Location::new(loaded.file, Span::point(0));
    let Some((location, root)) = document(store, &loaded, findings) else {
        return nothing(start);
    };
    let mut conform = Conform {
        unknown: "project/unknown-field",
        wrong_type: "project/wrong-type",
        deprecated: "project/deprecated",
        odd_key: Severity::Error,
        file: PROJECT_FILE,
        findings,
    };
    let Some(fields) = conform.node(&root, PROJECT, "") else {
        return nothing(location);
    };
    header(&root, &fields, "apiVersion", API_VERSION, findings);
    header(&root, &fields, "kind", KIND, findings);
    let remote_hosts = remote_hosts(&fields, findings);
    let compat = fields.get("compat").and_then(|node| compat(node, findings));
    let folder = path.parent().unwrap_or(path);
    let Some(written) = written(&root, "environments") else {
        return ProjectFile { location, environments: None, unusable: Unusable::default(), remote_hosts, compat };
    };
    // What is there but has the wrong type was reported, and says that environments are not to be discovered.
    let Some(node) = fields.get("environments") else {
        return ProjectFile { remote_hosts, compat, ..nothing(location) };
    };
    let environments = environments(store, folder, (written, node), asked, findings);
    let is_usable = |name: &str| environments.iter().any(|environment| environment.name.as_str() == name);
    let names = entries(written).into_iter().map(|entry| entry.key.name.as_str());
    let unusable = Unusable::Some(names.filter(|name| !is_usable(name)).map(str::to_owned).collect());
    ProjectFile { location, environments: Some(environments), unusable, remote_hosts, compat }
}

/// The field as the user wrote it, whose name may have any letter case as in a kustomization; null counts as absent.
fn written<'a>(node: &'a Node, field: &str) -> Option<&'a Node> {
    let mut found = entries(node).into_iter().filter(|entry| entry.key.name.eq_ignore_ascii_case(field));
    found.next_back().map(|entry| &entry.value).filter(|node| !node.is_null())
}

fn entries(node: &Node) -> Vec<&Entry> {
    node.as_mapping().into_iter().flat_map(|mapping| mapping.iter()).collect()
}

/// The one document of the file.
fn document(store: &Store, loaded: &Loaded, findings: &mut Findings) -> Option<(Location, Node)> {
    let parsed = store.parse(loaded);
    report_problems(&parsed, findings);
    if !parsed.errors.is_empty() {
        return None;
    }
    let mut documents =
        parsed.documents.iter().filter_map(|document| Some((document.location, document.root.as_ref()?)));
    let Some((location, root)) = documents.next().filter(|(_, root)| !root.is_null()) else {
        let start = Location::new(loaded.file, Span::point(0));
        findings.push(
            Finding::error("project/empty", "the project file is empty")
                .at(start, "")
                .help("name its environments, or delete the file to let them be discovered"),
        );
        return None;
    };
    if let Some((_, second)) = documents.next() {
        findings.push(
            Finding::error("project/second-document", "a project file has one document")
                .at(second.location(), "this document is not read")
                .help("move its fields into the first document and delete the `---`"),
        );
    }
    Some((location, root.clone()))
}

/// The servers that the project allows; what cannot name one is reported.
fn remote_hosts(fields: &Node, findings: &mut Findings) -> Vec<String> {
    let entries = fields.dig(&["remote", "allow"]).and_then(Node::as_sequence).unwrap_or_default();
    let mut hosts = Vec::new();
    for entry in entries {
        let text = entry.text().unwrap_or_default();
        match Policy::is_entry(text) {
            true => hosts.push(text.to_owned()),
            false => findings.push(
                Finding::error("project/bad-value", format!("`{}` names no server", redacted(text)))
                    .at(entry.location(), "")
                    .help("write `github.com`, `github.com/org`, `http://host` if plain http is meant, or `file://`"),
            ),
        }
    }
    hosts
}

/// Holds `apiVersion` or `kind` to its one value. `fields` has it unless it is absent or of the wrong type.
fn header(root: &Node, fields: &Node, field: &str, expected: &str, findings: &mut Findings) {
    let help = format!("write `{field}: {expected}`");
    match fields.get(field) {
        Some(node) if node.text() == Some(expected) => {}
        Some(node) => {
            let found = node.text().unwrap_or_default();
            let message = format!("`{field}` is `{found}`, and this version reads `{expected}`");
            let finding = Finding::error("project/api-version", message).at(node.location(), "");
            findings.push(finding.help(help).edit(node.location(), expected));
        }
        None if written(root, field).is_some() => {}
        None => {
            let message = format!("the project file has no `{field}`");
            let start = Location::new(root.location().file, Span::point(root.location().span.start));
            findings.push(Finding::error("project/missing-field", message).at(start, "").help(help));
        }
    }
}

/// The environments of the field as `written`, of which `node` holds what has the right type.
fn environments(
    store: &Store,
    root: &Path,
    (written, node): (&Node, &Node),
    asked: Asked<'_>,
    findings: &mut Findings,
) -> Vec<Environment> {
    let written = entries(written);
    for entry in &written {
        let is_empty = entry.value.is_null() || entry.value.as_mapping().is_some();
        if is_empty && self::written(&entry.value, "path").is_none() {
            findings.push(no_path(entry));
        }
    }
    let entries = entries(node);
    let environments: Vec<Environment> =
        entries.iter().filter_map(|entry| environment(store, root, entry, asked, findings)).collect();
    // A name whose environment cannot be used is declared all the same.
    let declared: Vec<&str> = written.iter().map(|entry| entry.key.name.as_str()).collect();
    for entry in &entries {
        promotion(&entry.value, &declared, findings);
    }
    cycles(&environments, &entries, findings);
    environments
}

fn environment(
    store: &Store,
    root: &Path,
    entry: &Entry,
    asked: Asked<'_>,
    findings: &mut Findings,
) -> Option<Environment> {
    let name = name(entry, findings);
    let fields = &entry.value;
    let start = findings.len();
    let folder = fields.get("path").and_then(|node| path(store, root, node, findings));
    if !asked.names(&entry.key.name) {
        findings.change_since(start, |finding| Finding { severity: Severity::Warning, ..finding });
    }
    let kubernetes = fields.get("kubernetes").map_or_else(Vec::new, |node| versions(node, findings));
    let promotes_from = fields.get("promotes-from").and_then(Node::text).and_then(EnvironmentName::new);
    let fail_on = fields.get("fail-on").and_then(|node| severity(node, findings));
    let declared = Some(entry.key.location);
    Some(Environment { name: name?, folder: folder?, kubernetes, promotes_from, fail_on, declared })
}

fn no_path(entry: &Entry) -> Finding {
    let name = entry.key.name;
    Finding::error("project/missing-field", format!("environment `{name}` has no `path`"))
        .at(entry.key.location, "")
        .help(format!("add `path: environments/{name}`, the folder of its kustomization"))
}

fn name(entry: &Entry, findings: &mut Findings) -> Option<EnvironmentName> {
    let name = EnvironmentName::new(&entry.key.name);
    if name.is_none() {
        findings.push(
            Finding::error("project/bad-name", format!("`{}` cannot name an environment", entry.key.name))
                .at(entry.key.location, "")
                .help("use letters, digits, `-`, `_` and `.`, beginning with a letter or digit; `/` separates parts"),
        );
    }
    name
}

/// The folder that `path` names, which must exist below the project's root.
fn path(store: &Store, root: &Path, node: &Node, findings: &mut Findings) -> Option<PathBuf> {
    let written = node.text()?;
    let folder = normalize(&root.join(written));
    if !folder.starts_with(root) || Path::new(written).is_absolute() {
        findings.push(
            Finding::error("project/path-outside", format!("`{written}` lies outside of the project"))
                .at(node.location(), "")
                .help(format!("name a folder below that of `{PROJECT_FILE}`, relative to it")),
        );
        return None;
    }
    if store.kind(&folder).is_none() {
        let finding = missing(store, root, &folder, written, node, findings);
        findings.push(finding);
        return None;
    }
    match kustomization_file(store, &folder) {
        Ok(_) => Some(folder),
        Err(finding) if finding.primary.is_some() => {
            findings.push(finding.related(node.location(), "this environment"));
            None
        }
        Err(finding) => {
            findings.push(finding.at(node.location(), "no kustomization here"));
            None
        }
    }
}

fn missing(store: &Store, root: &Path, folder: &Path, written: &str, node: &Node, findings: &mut Findings) -> Finding {
    let finding = Finding::error("project/missing-path", format!("`{written}` does not exist"))
        .at(node.location(), "no such folder");
    // A folder is read for it.
    let near = if findings.may_look_through(1_000) { nearest_name(store, folder) } else { None };
    match near.filter(|near| near.starts_with(root)) {
        Some(near) => {
            let near = relative(&near, root);
            finding.help(format!("did you mean `{near}`?")).edit(node.location(), near)
        }
        None => finding.help("create the folder with a `kustomization.yaml`, or remove this environment"),
    }
}

fn versions(node: &Node, findings: &mut Findings) -> Vec<String> {
    let mut versions: Vec<String> = Vec::new();
    for item in node.as_sequence().unwrap_or_default() {
        let text = item.text().unwrap_or_default();
        if !is_version(text) {
            findings.push(
                Finding::error("project/bad-version", format!("`{text}` is not a Kubernetes minor version"))
                    .at(item.location(), "")
                    .help("write major and minor version, such as `\"1.34\"`"),
            );
        } else if !versions.iter().any(|known| known == text) {
            versions.push(text.to_owned());
        }
    }
    versions
}

fn is_version(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn severity(node: &Node, findings: &mut Findings) -> Option<Severity> {
    let text = node.text()?;
    let severity = Severity::ALL.into_iter().find(|severity| severity.as_str() == text);
    if severity.is_none() {
        let words = Severity::ALL.map(Severity::as_str);
        let finding =
            Finding::error("project/bad-value", format!("`{text}` is not a severity")).at(node.location(), "");
        findings.push(match nearest(text, words) {
            Some(near) => finding.help(format!("did you mean `{near}`?")).edit(node.location(), near),
            None => finding.help(format!("the severities are {}", quoted(&words))),
        });
    }
    severity
}

fn compat(node: &Node, findings: &mut Findings) -> Option<Compat> {
    let text = node.text()?;
    let compat = Compat::parse(text);
    if compat.is_none() {
        let message = format!("`{text}` is not a version of kustomize that builds can equal");
        let words = Compat::ALL.map(|compat| format!("\"{}\"", compat.as_str()));
        let finding = Finding::error("project/bad-value", message).at(node.location(), "");
        findings.push(finding.help(format!("write one of {}", quoted(&words))));
    }
    compat
}

/// Reports a `promotes-from` that names no environment.
fn promotion(environment: &Node, declared: &[&str], findings: &mut Findings) {
    let Some(node) = environment.get("promotes-from") else {
        return;
    };
    let Some(text) = node.as_str().filter(|text| !declared.contains(text)) else {
        return;
    };
    let finding = Finding::error("project/unknown-environment", format!("there is no environment `{text}`"))
        .at(node.location(), "promoted from here");
    if !findings.may_look_through(declared.len()) {
        findings.push(finding.help("name an environment of this file"));
        return;
    }
    findings.push(match nearest(text, declared.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).edit(node.location(), near),
        None => finding.help(format!("the environments are {}", quoted(declared))),
    });
}

/// Reports environments that are promoted from themselves in a circle; each circle once, at its first environment.
fn cycles(environments: &[Environment], entries: &[&Entry], findings: &mut Findings) {
    let next = |name: &EnvironmentName| {
        environments.iter().find(|environment| environment.name == *name)?.promotes_from.clone()
    };
    let mut reported: Vec<EnvironmentName> = Vec::new();
    for entry in entries {
        let Some(start) = EnvironmentName::new(&entry.key.name) else {
            continue;
        };
        let way = std::iter::successors(next(&start), next).take(environments.len());
        let circle: Vec<EnvironmentName> = way.take_while(|name| *name != start).collect();
        let closes = next(circle.last().unwrap_or(&start)).as_ref() == Some(&start);
        if !closes || reported.contains(&start) {
            continue;
        }
        let Some(node) = entry.value.get("promotes-from") else {
            continue;
        };
        let names: Vec<&str> = std::iter::once(&start).chain(&circle).chain([&start]).map(|n| n.as_str()).collect();
        findings.push(
            Finding::error("project/promotion-cycle", format!("`{start}` is promoted from itself"))
                .at(node.location(), format!("promoted in a circle: {}", names.join(" from ")))
                .help("remove `promotes-from` from the environment that changes reach first"),
        );
        reported.extend(circle);
        reported.push(start);
    }
}
