//! JSON pointers (RFC 6901) as JSON patches use them: `/spec/containers/0/image`.

use crate::source::{Location, Node, View};

/// A pointer, and where the patch says it.
#[derive(Clone, Debug)]
pub struct Pointer {
    /// As written.
    pub text: String,
    /// Where it is written.
    pub at: Location,
    /// The steps; `None` if the text does not begin with `/`.
    pub steps: Option<Vec<String>>,
}

/// What keeps a step from being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The mapping has no such key.
    NoKey,
    /// A list is entered by something that is no index.
    NoIndex,
    /// The list is shorter.
    OutOfRange,
    /// A scalar or null has nothing in it.
    Leaf,
}

impl Pointer {
    /// Reads the pointer that the scalar `node` holds.
    pub fn of(node: &Node) -> Pointer {
        let text = node.text().unwrap_or_default();
        // What stands before the first slash is ignored (findObject), so a path must have one.
        let steps = text.split_once('/').map(|(_, rest)| rest.split('/').map(unescaped).collect());
        Pointer { text: text.to_owned(), at: node.location(), steps }
    }

    /// The path with the slash that it lacks in front, where something stands before its first one.
    pub fn mended(&self) -> Option<String> {
        (self.text.contains('/') && !self.text.starts_with('/')).then(|| format!("/{}", self.text))
    }

    /// The path that leads `depth` steps deep.
    pub fn prefix(&self, depth: usize) -> String {
        let steps = self.steps.as_deref().unwrap_or_default();
        steps.iter().take(depth).map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
    }

    /// Whether `metadata.annotations` is in what it leads to.
    pub fn holds_annotations(&self) -> bool {
        let steps = self.steps.as_deref().unwrap_or_default();
        steps.len() <= 2 && ["metadata", "annotations"].iter().zip(steps).all(|(part, step)| part == step)
    }

    /// Whether it leads to `metadata.annotations` or into it.
    pub fn enters_annotations(&self) -> bool {
        matches!(self.steps.as_deref(), Some([metadata, annotations, ..]) if metadata == "metadata" && annotations == "annotations")
    }
}

fn unescaped(step: &str) -> String {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~") } else { step.to_owned() }
}

/// The index that `step` names in a list of `len` items; negative ones count from the end.
pub fn index(step: &str, len: usize) -> Result<usize, Blocked> {
    let at: i64 = step.parse().map_err(|_| Blocked::NoIndex)?;
    let at = if at < 0 { at + len as i64 } else { at };
    usize::try_from(at).ok().filter(|&at| at < len).ok_or(Blocked::OutOfRange)
}

/// The child of `node` that `step` leads to.
pub fn child<'n>(node: &'n Node, step: &str) -> Result<&'n Node, Blocked> {
    match node.view() {
        View::Mapping(mapping) => mapping.get(step).ok_or(Blocked::NoKey),
        View::Sequence(items) => items.get(index(step, items.len())?).ok_or(Blocked::OutOfRange),
        View::Scalar(..) => Err(Blocked::Leaf),
    }
}

/// The collection that holds what the last of `steps` names. Fails at a depth, with the node reached there.
pub fn container<'n>(root: &'n Node, steps: &[String]) -> Result<&'n Node, (usize, &'n Node, Blocked)> {
    let mut node = root;
    for (depth, step) in steps.iter().take(steps.len().saturating_sub(1)).enumerate() {
        node = child(node, step).map_err(|blocked| (depth, node, blocked))?;
        if node.is_scalar() {
            return Err((depth + 1, node, Blocked::Leaf));
        }
    }
    Ok(node)
}

/// The same, to be changed.
pub fn container_mut<'n>(root: &'n mut Node, steps: &[String]) -> Option<&'n mut Node> {
    let mut node = root;
    for step in steps.iter().take(steps.len().saturating_sub(1)) {
        node = if node.as_mapping().is_some() {
            node.get_mut(step)?
        } else {
            let items = node.as_sequence_mut()?.items_mut();
            let at = index(step, items.len()).ok()?;
            items.get_mut(at)?
        };
    }
    Some(node)
}
