//! `kollate explain`: every line that set a value, oldest first.

use crate::cli::args::ExplainArgs;
use crate::cli::workspace::Workspace;
use crate::cli::{Exit, Failure, Terminal};
use crate::compile::explain::{self, Touch};
use crate::compile::{Build, Sharing};
use crate::finding::{Findings, nearest};
use crate::report::{History, Life, Outcome, Payload, Report, cause, find};
use crate::resource::{Reference, Resource};
use crate::source::{FieldPath, Node, PathStep, SourceMap};

pub fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = find(&args.format, Payload::History).map_err(Failure::new)?;
    let path = args.field.as_deref().map(FieldPath::parse).transpose().map_err(Failure::new)?;
    let workspace = Workspace::open()?;
    let mut findings = Findings::new();
    let project = workspace.project_for(std::slice::from_ref(&args.environment), &mut findings);
    let targets = workspace.targets(&project, std::slice::from_ref(&args.environment), &mut findings);
    let sharing = Sharing::among(targets.len());
    let session = workspace.session(&args.compile, &project, sharing, &mut findings);
    let compiled = workspace.compile(&session, &targets)?;
    let Some(one) = compiled.first() else {
        workspace.show(&mut findings, terminal, 0)?;
        return Ok(Exit::Failed);
    };
    findings.extend(one.build.findings.clone());
    findings.retain(|finding| finding.severity == crate::finding::Severity::Error);
    workspace.show(&mut findings, terminal, 1)?;
    let resource = resource(&one.build, &args.resource, &one.name)?;
    let history = match path {
        Some(path) => field(&one.name, resource, path)?,
        None => life(&one.name, resource, &one.build, &workspace.map),
    };
    let mut out = Vec::new();
    Report::new(&workspace.map, Outcome::History(&history)).write(format, &terminal.style(), &mut out)?;
    terminal.data(&out)?;
    Ok(if findings.has_errors() { Exit::Findings } else { Exit::Fine })
}

fn resource<'a>(build: &'a Build, written: &str, environment: &str) -> Result<&'a Resource, Failure> {
    let reference = Reference::parse(written);
    let mut found = reference.find(&build.resources);
    if found.is_empty() {
        found = build.deleted.iter().filter(|resource| reference.means(resource)).collect();
    }
    let name = |resource: &Resource| format!("{}/{}", resource.kind().to_ascii_lowercase(), resource.name());
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let message = format!("`{environment}` has no resource `{written}`");
            let names: Vec<_> = build.resources.iter().map(name).collect();
            let near = nearest(written, names.iter().map(String::as_str)).map(str::to_owned);
            let same_name: Vec<_> = names
                .iter()
                .filter(|known| known.rsplit('/').next() == written.rsplit('/').next())
                .map(|known| format!("`{known}`"))
                .collect();
            Err(match near {
                Some(near) => Failure::with_help(message, format!("did you mean `{near}`?")),
                None if !same_name.is_empty() => {
                    Failure::with_help(message, format!("of this name there are {}", same_name.join(", ")))
                }
                None => {
                    Failure::with_help(message, format!("`kollate build {environment}` shows them; write KIND/NAME"))
                }
            })
        }
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|resource| {
                    format!(
                        "`{}/{}/{}`",
                        resource.gvk().kind.to_ascii_lowercase(),
                        resource.namespace(),
                        resource.name()
                    )
                })
                .collect();
            Err(Failure::with_help(
                format!("`{written}` means several resources"),
                format!("write one of {}", names.join(", ")),
            ))
        }
    }
}

fn field(environment: &str, resource: &Resource, path: FieldPath) -> Result<History, Failure> {
    let events = explain::history(resource, &path);
    if !events.is_empty() {
        return Ok(History::of_events(environment, resource, path, &events));
    }
    let (node, depth) = resource.root.nearest(&path);
    let mut known = FieldPath::root();
    path.steps()[..depth].iter().for_each(|step| known.push(step.clone()));
    let message = format!("`{}` has no field `{path}`", resource.id());
    let keys: Vec<&str> = children(node);
    let is_list = node.as_sequence().is_some();
    let wanted = match path.steps().get(depth) {
        Some(PathStep::Match(pairs)) => pairs.iter().map(|(_, value)| value.as_str()).collect(),
        Some(step) => FieldPath::root().child(step.clone()).to_string(),
        None => String::new(),
    };
    let words: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    let help = match nearest(&wanted, keys.iter().copied()) {
        Some(near) if is_list => format!("did you mean `{known}[name={near}]`?"),
        Some(near) => format!("did you mean `{}`?", known.key(near)),
        None if keys.is_empty() => format!("`{known}` has no fields"),
        None if known.is_root() => format!("it has {}", words.join(", ")),
        None if is_list => format!("`{known}` has the items {}: write `{known}[name=...]`", words.join(", ")),
        None => format!("`{known}` has {}", words.join(", ")),
    };
    Err(Failure::with_help(message, help))
}

fn children(node: &Node) -> Vec<&str> {
    match (node.as_mapping(), node.as_sequence()) {
        (Some(mapping), _) => mapping.iter().map(|entry| entry.key.name.as_str()).collect(),
        (None, Some(items)) => items.iter().filter_map(|item| item.get("name")?.text()).collect(),
        (None, None) => Vec::new(),
    }
}

fn life(environment: &str, resource: &Resource, build: &Build, map: &SourceMap) -> History {
    let touches = explain::life(resource, &build.layers, map);
    let layers = touches.iter().map(|touch| (touch.at, words(touch))).collect();
    History { life: Some(Life::new(resource, layers)), ..History::of_resource(environment, resource) }
}

/// How many fields are named before the rest is counted.
const MAX_FIELDS: usize = 3;

fn words(touch: &Touch) -> String {
    let named: Vec<_> = touch.fields.iter().take(MAX_FIELDS).map(ToString::to_string).collect();
    let rest = touch.fields.len().saturating_sub(MAX_FIELDS);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let fields = if named == [""] { String::new() } else { format!(": {}{more}", named.join(", ")) };
    format!("{}{fields}", cause(touch.by))
}
