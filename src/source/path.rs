//! Field paths: `spec.containers[name=web].image`.

use std::fmt;

use compact_str::CompactString;

use super::{Node, Symbol};

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathStep {
    /// A key of a mapping.
    Key(Symbol),
    /// An item of a sequence by position, from 0.
    Index(usize),
    /// The item of a sequence whose fields have these values: `[name=web]`, `[containerPort=80,protocol=TCP]`.
    Match(Vec<(Symbol, CompactString)>),
}

/// Where a value stands in a resource. Written `spec.containers[name=web].image`; a key with a dot in it is
/// written in brackets: `metadata.labels[app.kubernetes.io/name]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath {
    steps: Vec<PathStep>,
}

impl FieldPath {
    /// The path of the root.
    pub fn root() -> Self {
        FieldPath::default()
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[PathStep] {
        &self.steps
    }

    /// Whether this is the root's path.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// Goes one step deeper, in place.
    pub fn push(&mut self, step: PathStep) {
        self.steps.push(step);
    }

    /// Puts a step in front, in place: the path as seen from one level higher.
    pub fn push_front(&mut self, step: PathStep) {
        self.steps.insert(0, step);
    }

    /// Goes one step up, in place.
    pub fn pop(&mut self) -> Option<PathStep> {
        self.steps.pop()
    }

    /// This path with one step more.
    pub fn child(&self, step: PathStep) -> FieldPath {
        let mut steps = Vec::with_capacity(self.steps.len() + 1);
        steps.extend_from_slice(&self.steps);
        steps.push(step);
        FieldPath { steps }
    }

    /// This path and the mapping key `key`.
    pub fn key(&self, key: &str) -> FieldPath {
        self.child(PathStep::Key(Symbol::new(key)))
    }

    /// This path and the list item at `index`.
    pub fn index(&self, index: usize) -> FieldPath {
        self.child(PathStep::Index(index))
    }

    /// The path of the parent; `None` for the root.
    pub fn parent(&self) -> Option<FieldPath> {
        let (_, up) = self.steps.split_last()?;
        Some(FieldPath { steps: up.to_vec() })
    }

    /// Reads a path as a user writes it. Accepts `a.b`, `a[0]`, `a.0`, `a[name=x].b`, `a[x=1,y=2]`,
    /// `labels[app.kubernetes.io/name]`, `labels.app\.kubernetes\.io/name`, and slashes as in a JSON pointer (`/a/b/0`).
    pub fn parse(text: &str) -> Result<FieldPath, String> {
        if let Some(pointer) = text.strip_prefix('/') {
            let steps = pointer.split('/').map(|part| plain_step(&part.replace("~1", "/").replace("~0", "~")));
            return Ok(FieldPath { steps: steps.collect() });
        }
        let mut steps = Vec::new();
        let mut word = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => word.extend(chars.next()),
                '.' => flush(&mut word, &mut steps),
                '[' => {
                    flush(&mut word, &mut steps);
                    let mut inner = String::new();
                    loop {
                        match chars.next() {
                            Some(']') => break,
                            Some(c) => inner.push(c),
                            None => return Err(format!("`[` without `]` in `{text}`")),
                        }
                    }
                    steps.push(bracket_step(&inner));
                }
                c => word.push(c),
            }
        }
        flush(&mut word, &mut steps);
        Ok(FieldPath { steps })
    }
}

fn flush(word: &mut String, steps: &mut Vec<PathStep>) {
    if !word.is_empty() {
        steps.push(plain_step(word));
        word.clear();
    }
}

fn plain_step(word: &str) -> PathStep {
    match word.parse() {
        Ok(index) => PathStep::Index(index),
        Err(_) => PathStep::Key(Symbol::new(word)),
    }
}

fn bracket_step(inner: &str) -> PathStep {
    if let Ok(index) = inner.parse() {
        return PathStep::Index(index);
    }
    let pairs: Option<Vec<_>> = inner
        .split(',')
        .map(|pair| pair.split_once('=').map(|(k, v)| (Symbol::new(k), CompactString::new(v))))
        .collect();
    pairs.map_or_else(|| PathStep::Key(Symbol::new(inner.trim_matches(['"', '\'']))), PathStep::Match)
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.steps.iter().enumerate() {
            match step {
                PathStep::Key(key) if key.contains(['.', '[', ']', ' ']) || key.is_empty() => write!(f, "[{key}]")?,
                PathStep::Key(key) if i == 0 => write!(f, "{key}")?,
                PathStep::Key(key) => write!(f, ".{key}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Match(pairs) => {
                    let pairs: Vec<_> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
                    write!(f, "[{}]", pairs.join(","))?;
                }
            }
        }
        Ok(())
    }
}

impl PathStep {
    /// The child of `node` that this step leads to.
    pub fn of<'a>(&self, node: &'a Node) -> Option<&'a Node> {
        match self {
            PathStep::Key(key) => node.get(key.as_str()),
            // A digit word may also be a key of a mapping (`data.8080`).
            PathStep::Index(index) => match node.as_sequence() {
                Some(items) => items.get(*index),
                None => node.get(&index.to_string()),
            },
            PathStep::Match(pairs) => node.as_sequence()?.iter().find(|item| {
                pairs
                    .iter()
                    .all(|(k, v)| item.get(k.as_str()).and_then(Node::text).is_some_and(|text| text == v.as_str()))
            }),
        }
    }
}

impl Node {
    /// The node at `path`.
    pub fn at(&self, path: &FieldPath) -> Option<&Node> {
        path.steps().iter().try_fold(self, |node, step| step.of(node))
    }

    /// The node at `path`, else its nearest ancestor, and how many steps were found.
    pub fn nearest(&self, path: &FieldPath) -> (&Node, usize) {
        let mut node = self;
        for (depth, step) in path.steps().iter().enumerate() {
            match step.of(node) {
                Some(next) => node = next,
                None => return (node, depth),
            }
        }
        (node, path.steps().len())
    }
}
