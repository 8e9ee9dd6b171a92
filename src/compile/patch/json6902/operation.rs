//! Applying one operation of a JSON patch.

use super::Operation;
use super::pointer::{Blocked, Pointer, child, container, container_mut, index};
use super::value::same_json;
use crate::compile::Step;
use crate::compile::bounds::{Growth, MAX_GROWN, fits};
use crate::finding::nearest_key;
use crate::source::yaml::MAX_DEPTH;
use crate::source::{Key, Location, Mapping, Node, ScalarKind};

/// Why an operation does not apply.
#[derive(Debug)]
pub struct Failure {
    /// Tells mistakes of one operation apart.
    pub kind: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// The line of the patch.
    pub at: Location,
    /// What to say there.
    pub label: &'static str,
    /// The nearest place that exists.
    pub related: Option<(Location, String)>,
    /// What to do.
    pub help: Option<String>,
}

/// Applies an operation; the root may be half changed if it fails.
pub fn apply(root: &mut Node, operation: &Operation, growth: &mut Growth) -> Result<(), Box<Failure>> {
    let Operation { verb, path, from, value, .. } = operation;
    match (*verb, from) {
        ("add", _) => add(root, path, value.clone()),
        ("remove", _) => remove(root, path).map(|_| ()),
        ("replace", _) => replace(root, path, value),
        ("test", _) => test(root, operation),
        ("move", Some(from)) => {
            let value = remove(root, from)?;
            add(root, path, value.copied(&Step::patch().sign(path.at)))
        }
        ("copy", Some(from)) => {
            let sign = Step::patch().sign(path.at);
            let value = match get(root, from)? {
                Some(value) => value.copied(&sign),
                None => Node::new_scalar("null", ScalarKind::Null, &sign),
            };
            if !growth.take(&value) {
                return Err(outgrown(path));
            }
            add(root, path, value)
        }
        _ => Ok(()),
    }
}

/// The steps of a pointer and its last one, if its container exists.
fn place<'p>(root: &Node, pointer: &'p Pointer) -> Result<(&'p [String], &'p str), Box<Failure>> {
    let Some((steps, last)) = pointer.steps.as_deref().and_then(|steps| Some((steps, steps.last()?))) else {
        return Err(Box::new(Failure {
            kind: "no path",
            message: "the path leads to nothing".into(),
            at: pointer.at,
            label: "a path begins with `/`",
            related: None,
            help: pointer
                .text
                .split_once('/')
                .is_none()
                .then(|| format!("write `/{}`", pointer.text.replace('.', "/"))),
        }));
    };
    match container(root, steps) {
        Ok(_) => Ok((steps, last)),
        Err((depth, node, blocked)) => Err(missing(pointer, steps, depth, node, blocked)),
    }
}

/// What a pointer leads to; `None` for a missing key of a mapping.
fn get<'n>(root: &'n Node, pointer: &Pointer) -> Result<Option<&'n Node>, Box<Failure>> {
    let (steps, last) = place(root, pointer)?;
    let Ok(container) = container(root, steps) else { return Ok(None) };
    match child(container, last) {
        Ok(node) => Ok(Some(node)),
        Err(Blocked::NoKey) => Ok(None),
        Err(blocked) => Err(missing(pointer, steps, steps.len() - 1, container, blocked)),
    }
}

fn add(root: &mut Node, pointer: &Pointer, value: Node) -> Result<(), Box<Failure>> {
    let (steps, last) = place(root, pointer)?;
    if !fits(&value, steps.len()) {
        return Err(too_deep(pointer));
    }
    let length = container(root, steps).ok().and_then(Node::as_sequence).map(<[Node]>::len);
    let at = match (length, last) {
        (None, _) => None,
        (Some(length), "-") => Some(length),
        // One place more than there are items: an item may be added behind the last.
        (Some(length), step) => {
            Some(index(step, length + 1).map_err(|blocked| blocked_last(root, pointer, steps, blocked))?)
        }
    };
    let sign = Step::patch().sign(value.location());
    let Some(container) = container_mut(root, steps) else { return Ok(()) };
    if let (Some(at), Some(list)) = (at, container.as_sequence_mut()) {
        list.insert(at, value, &sign);
    } else if let Some(mapping) = container.as_mapping_mut() {
        mapping.set(Key::new(last, pointer.at), value, &sign);
    }
    Ok(())
}

fn remove(root: &mut Node, pointer: &Pointer) -> Result<Node, Box<Failure>> {
    let (steps, last) = place(root, pointer)?;
    let at = match container(root, steps).map(|container| child(container, last).map(|_| container)) {
        Ok(Ok(container)) => container.as_sequence().and_then(|items| index(last, items.len()).ok()),
        Ok(Err(blocked)) => return Err(blocked_last(root, pointer, steps, blocked)),
        Err(_) => None,
    };
    let sign = Step::patch().sign(pointer.at);
    let removed = container_mut(root, steps).and_then(|container| match at {
        Some(at) => container.as_sequence_mut()?.remove(at, &at.to_string(), &sign),
        None => container.as_mapping_mut()?.remove(last, &sign),
    });
    removed.ok_or_else(|| blocked_last(root, pointer, steps, Blocked::NoKey))
}

fn replace(root: &mut Node, pointer: &Pointer, value: &Node) -> Result<(), Box<Failure>> {
    let sign = Step::patch().sign(value.location());
    if pointer.text.is_empty() && value.as_mapping().is_some() {
        root.set(value.clone(), &sign);
        return Ok(());
    }
    if pointer.text.is_empty() && value.is_scalar() {
        // The document as a whole becomes a value that kustomize then does not take up.
        return Ok(());
    }
    let (steps, last) = place(root, pointer)?;
    if !fits(value, steps.len()) {
        return Err(too_deep(pointer));
    }
    let at = match container(root, steps).ok().and_then(Node::as_sequence) {
        Some(items) => Some(index(last, items.len()).map_err(|blocked| blocked_last(root, pointer, steps, blocked))?),
        None => None,
    };
    let Some(container) = container_mut(root, steps) else { return Ok(()) };
    if let Some(item) = at.and_then(|at| container.as_sequence_mut()?.items_mut().get_mut(at)) {
        item.set(value.clone(), &sign);
    } else if let Some(mapping) = container.as_mapping_mut() {
        mapping.set(Key::new(last, pointer.at), value.clone(), &sign);
    }
    Ok(())
}

fn test(root: &Node, operation: &Operation) -> Result<(), Box<Failure>> {
    let Operation { path: pointer, value, notation, at, .. } = operation;
    let found = if pointer.text.is_empty() { Some(root) } else { get(root, pointer)? };
    let same = match found {
        Some(found) => same_json(found, value, *notation),
        None => value.is_null(),
    };
    if same {
        return Ok(());
    }
    Err(Box::new(Failure {
        kind: "test",
        message: "the value is another".into(),
        at: if value.origin().is_none() { value.location() } else { *at },
        label: "tested for this",
        related: found.map(|found| (found.location(), "the value".to_owned())),
        help: Some(match found {
            Some(_) => "the patch expects another state: correct the tested value, or remove the operation".to_owned(),
            None => "there is no such field: correct the path, or remove the operation".to_owned(),
        }),
    }))
}

/// Copies of copies have become too large.
pub fn outgrown(pointer: &Pointer) -> Box<Failure> {
    Box::new(Failure {
        kind: "outgrown",
        message: format!("what is copied comes to more than {} MiB", MAX_GROWN >> 20),
        at: pointer.at,
        label: "with this operation",
        related: None,
        help: Some(
            "each copy of something that holds a copy doubles it: copy to a place outside of what is copied".into(),
        ),
    })
}

fn too_deep(pointer: &Pointer) -> Box<Failure> {
    Box::new(Failure {
        kind: "depth",
        message: format!("the resource would be nested more than {MAX_DEPTH} levels deep"),
        at: pointer.at,
        label: "with this operation",
        related: None,
        help: Some("give it a path and a value that are less deep".into()),
    })
}

fn blocked_last(root: &Node, pointer: &Pointer, steps: &[String], blocked: Blocked) -> Box<Failure> {
    let node = container(root, steps).unwrap_or(root);
    missing(pointer, steps, steps.len() - 1, node, blocked)
}

/// `node`, which `depth` steps lead to, does not let the next step be taken.
fn missing(pointer: &Pointer, steps: &[String], depth: usize, node: &Node, blocked: Blocked) -> Box<Failure> {
    let step = steps.get(depth).map_or("", String::as_str);
    let here = if depth == 0 { "the resource".to_owned() } else { format!("`{}`", pointer.prefix(depth)) };
    let count = node.as_sequence().map_or(0, <[Node]>::len);
    let items = format!("{count} item{}", if count == 1 { "" } else { "s" });
    let message = match blocked {
        Blocked::NoKey => format!("{here} has no `{step}`"),
        Blocked::NoIndex => format!("{here} is a list, and `{step}` is no index"),
        Blocked::OutOfRange => format!("{here} has {items}, and no index {step}"),
        Blocked::Leaf if node.is_null() => format!("{here} is null"),
        Blocked::Leaf => format!("{here} is a single value"),
    };
    let keys = node.as_mapping().filter(|mapping| !mapping.is_empty());
    let related = match (blocked, keys) {
        (Blocked::NoKey, Some(keys)) => format!("has {}", list(keys)),
        (Blocked::NoIndex | Blocked::OutOfRange, _) => format!("has {items}"),
        _ => "here".to_owned(),
    };
    let help = match blocked {
        _ if let Some(mended) = pointer.mended() => format!("write `{mended}`"),
        Blocked::NoKey => match node.as_mapping().and_then(|mapping| nearest_key(step, mapping)) {
            Some(near) => format!("did you mean `{}/{}`?", pointer.prefix(depth), near),
            None if takes_any_key(&steps[..depth]) && depth + 1 < steps.len() => {
                format!("a `/` within a key is written `~1`: `{}/{}`", pointer.prefix(depth), steps[depth..].join("~1"))
            }
            None if depth + 1 < steps.len() => {
                format!("add `{}` first, by an operation of its own", pointer.prefix(depth + 1))
            }
            None => "remove the operation, or correct its path".to_owned(),
        },
        Blocked::NoIndex | Blocked::OutOfRange => {
            "indices count from 0; `-` is the place behind the last item".to_owned()
        }
        Blocked::Leaf => "make it a mapping or list first, by an operation of its own".to_owned(),
    };
    let kind = if blocked == Blocked::NoKey { "key" } else { "index" };
    Box::new(Failure {
        kind,
        message,
        at: pointer.at,
        label: "no such place",
        related: Some((node.location(), related)),
        help: Some(help),
    })
}

/// Whether the keys there are names of the user's choice, and have no keys in them.
fn takes_any_key(steps: &[String]) -> bool {
    matches!(steps.last().map(String::as_str), Some("annotations" | "labels" | "matchLabels" | "nodeSelector"))
}

/// The first few keys.
fn list(keys: &Mapping) -> String {
    let shown: Vec<String> = keys.iter().take(8).map(|entry| format!("`{}`", entry.key.name)).collect();
    let more = keys.len() - shown.len();
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
