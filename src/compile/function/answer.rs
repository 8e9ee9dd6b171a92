//! What a function printed.

use super::failure;
use super::spec::Spec;
use crate::finding::Finding;
use crate::source::{FileId, Node, Parsed, Signature, yaml};

/// What a function gave back, beside what it was given.
pub struct Answer {
    /// What it was given, as it read it: each with its annotations for the function.
    pub given: Vec<Node>,
    /// What it gave back.
    pub items: Vec<Node>,
    /// What it has to say.
    pub results: Vec<Node>,
    /// Whether it gave back neither a list nor a resource. Kustomize takes that for an empty list.
    pub is_nothing: bool,
}

impl Answer {
    /// Reads what the function printed when it was given `input`. Places in it mean nothing.
    pub fn read(output: &str, input: &str, spec: &Spec) -> Result<Answer, Box<Finding>> {
        let parsed = yaml::parse(output, FileId::default());
        if let Some(problem) = parsed.errors.first() {
            // The text is no file of the user's, and may hold secrets: its lines are counted but not shown.
            let start = problem.location.span.start as usize;
            let line = 1 + output.as_bytes().iter().take(start).filter(|&&byte| byte == b'\n').count();
            let message = format!("the function `{}` prints no YAML: {} (line {line})", spec.path, problem.message);
            return Err(Box::new(failure(message, spec.path_at).help("mend the function")));
        }
        let (items, results) = unwrapped(&parsed);
        let mut roots = parsed.documents.iter().filter_map(|document| document.root.as_ref());
        let is_nothing = items.is_empty() && !roots.any(|root| root.get("items").and_then(Node::as_sequence).is_some());
        let (given, _) = unwrapped(&yaml::parse(input, FileId::default()));
        Ok(Answer { given, items, results, is_nothing })
    }

    /// The index of what the function was given, by the number that the item still bears.
    pub fn given_as(&self, item: &Node) -> Option<usize> {
        let annotations = item.dig(&["metadata", "annotations"])?;
        let id = IDS.iter().find_map(|name| annotations.get(name).and_then(Node::text))?;
        id.parse::<usize>().ok()?.checked_sub(1).filter(|&index| index < self.given.len())
    }
}

const IDS: [&str; 2] = ["internal.config.kubernetes.io/id", "config.k8s.io/id"];

/// The items of a list that stands alone, and the results; else the documents.
fn unwrapped(parsed: &Parsed) -> (Vec<Node>, Vec<Node>) {
    let roots: Vec<&Node> = parsed.documents.iter().filter_map(|document| document.root.as_ref()).collect();
    if let [only] = roots.as_slice() {
        let kind = only.get("kind").and_then(Node::text);
        let wraps = only.get("items").is_some() || only.get("functionConfig").is_some();
        if matches!(kind, Some("ResourceList" | "List")) && wraps {
            let list = |name: &str| only.get(name).and_then(Node::as_sequence).unwrap_or_default().to_vec();
            return (list("items"), list("results"));
        }
    }
    (roots.into_iter().filter(|root| !root.is_null()).cloned().collect(), Vec::new())
}

/// Annotations between kustomize and functions; none of them is for the output.
fn is_internal(name: &str) -> bool {
    name.starts_with("internal.config.kubernetes.io/")
        || matches!(
            name,
            "config.kubernetes.io/index"
                | "config.kubernetes.io/path"
                | "config.k8s.io/id"
                | "kustomize.config.k8s.io/id"
        )
}

/// Takes the annotations off that are between kustomize and functions.
pub fn clean(root: &mut Node, sign: &Signature) {
    let names = |root: &Node| -> Vec<String> {
        let annotations = root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping);
        let names = annotations.into_iter().flat_map(|mapping| mapping.iter()).map(|entry| entry.key.name.to_string());
        names.filter(|name| is_internal(name)).collect()
    };
    for name in names(root) {
        take(root, &name, sign);
    }
    // kustomize leaves no empty mapping of annotations after a function.
    if root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping).is_some_and(|mapping| mapping.is_empty())
        && let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut)
    {
        metadata.remove("annotations", sign);
    }
}

/// Takes an annotation off. Gives its text.
pub fn take(root: &mut Node, name: &str, sign: &Signature) -> Option<String> {
    let annotations = root.get_mut("metadata")?.get_mut("annotations")?;
    annotations.get(name)?;
    let text = annotations.as_mapping_mut()?.remove(name, sign)?.text().map(str::to_owned);
    let empty = annotations.as_mapping().is_some_and(|mapping| mapping.is_empty());
    if empty && let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) {
        metadata.remove("annotations", sign);
    }
    text
}
