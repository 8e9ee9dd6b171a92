//! The annotation that makes a configuration object a function, and whether that function may run.

use super::failure;
use crate::compile::{Loader, Session};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::Resource;
use crate::source::{Location, Node};

/// The annotations that hold a function's description, in the order in which kustomize looks for them.
const ANNOTATIONS: [&str; 2] = ["config.kubernetes.io/function", "config.k8s.io/function"];
/// An older annotation, which holds the name of an image.
const IMAGE: &str = "config.kubernetes.io/container";

/// A function that may run.
#[derive(Debug)]
pub struct Spec {
    /// The annotation.
    pub at: Location,
    /// The program, as written.
    pub path: String,
    /// Where it is written.
    pub path_at: Location,
    /// What it is called with.
    pub arguments: Vec<String>,
    /// What it sees of an environment beside what the user lets it see.
    pub environment: Vec<(String, String)>,
}

fn annotation<'a>(config: &'a Resource, name: &str) -> Option<&'a Node> {
    let node = config.root.dig(&["metadata", "annotations", name])?;
    node.text().is_some_and(|text| !text.is_empty()).then_some(node)
}

fn description(config: &Resource) -> Option<&Node> {
    ANNOTATIONS.iter().find_map(|name| annotation(config, name))
}

/// Whether a configuration object is a function.
pub fn is_function(config: &Resource) -> bool {
    let inline = || config.root.dig(&["metadata", "configFn"]).filter(|node| !node.is_null()).is_some();
    description(config).is_some() || annotation(config, IMAGE).is_some() || inline()
}

impl Spec {
    /// The function that `config` describes. One that cannot or may not run is reported.
    pub fn read(session: &Session, config: &Resource, loader: &mut Loader, findings: &mut Findings) -> Option<Spec> {
        let read = match description(config) {
            Some(node) => {
                let parsed = loader.embedded(node, findings)?;
                let root = parsed.documents.into_iter().find_map(|document| document.root);
                Spec::from_description(root.as_ref().unwrap_or(node), node.location())
            }
            None => Err(Box::new(older(config))),
        };
        if read.is_ok() {
            // Run or not, it decides what the build would be; and it works in this folder.
            let folder = loader.folder.clone();
            loader.note_folder(&folder);
        }
        match read.and_then(|spec| spec.allowed(session, loader)) {
            Ok(spec) => Some(spec),
            Err(finding) => {
                findings.push(*finding);
                None
            }
        }
    }

    fn from_description(root: &Node, at: Location) -> Result<Spec, Box<Finding>> {
        const FIELDS: [&str; 4] = ["exec", "container", "starlark", "deferFailure"];
        for entry in root.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            let name: &str = &entry.key.name;
            match name {
                "container" => return Err(Box::new(container(entry.value.get("image").unwrap_or(&entry.value)))),
                "starlark" => {
                    let finding = failure("functions in Starlark are not run", entry.key.location);
                    return Err(Box::new(
                        finding.help("make the function a program, and name it as `exec:` with its `path:`"),
                    ));
                }
                name if !FIELDS.contains(&name) => {
                    let finding = failure(format!("`{name}` says nothing about a function"), entry.key.location);
                    return Err(Box::new(match nearest(name, FIELDS) {
                        Some(near) => finding.help(format!("did you mean `{near}`?")),
                        None => finding.help("write `exec:` with the `path:` of a program"),
                    }));
                }
                _ => {}
            }
        }
        let path = root.dig(&["exec", "path"]).filter(|path| path.text().is_some_and(|text| !text.is_empty()));
        match path {
            Some(path) => {
                let text = path.text().unwrap_or_default().to_owned();
                let texts = |field| {
                    let items = root.dig(&["exec", field]).and_then(Node::as_sequence).unwrap_or_default();
                    items.iter().filter_map(Node::text).map(str::to_owned)
                };
                let pair = |text: String| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
                let (arguments, environment) = (texts("args").collect(), texts("envs").filter_map(pair).collect());
                Ok(Spec { at, path: text, path_at: path.location(), arguments, environment })
            }
            None => {
                let finding = failure("this function names no program", at);
                Err(Box::new(finding.help("write `exec:` with the `path:` of a program")))
            }
        }
    }

    fn allowed(self, session: &Session, loader: &Loader) -> Result<Spec, Box<Finding>> {
        let functions = &session.options().functions;
        if !functions.plugins || !functions.exec {
            let finding = failure(format!("the function `{}` is a program of its own", self.path), self.path_at);
            return Err(Box::new(finding.help(
                "if you trust it, allow it with `--enable-alpha-plugins --enable-exec`; without them kollate starts no other program",
            )));
        }
        if loader.store.tree(&loader.folder).is_some() {
            let finding = failure(format!("the function `{}` was fetched, and is not run", self.path), self.path_at);
            return Err(Box::new(finding.help("copy the base that has it into this project")));
        }
        Ok(self)
    }
}

fn container(image: &Node) -> Finding {
    let name = image.text().unwrap_or_default();
    failure(format!("functions in containers are not run: `{name}`"), image.location())
        .help("run the function as a program: `exec:` with its `path:`, or run it beforehand and list what it makes under `resources:`")
}

fn older(config: &Resource) -> Finding {
    match (annotation(config, IMAGE), config.root.dig(&["metadata", "configFn"])) {
        (Some(image), _) => container(image),
        (None, node) => failure("`configFn` is no longer read", node.map_or(config.declared, Node::location))
            .help("describe the function in the annotation `config.kubernetes.io/function`"),
    }
}
