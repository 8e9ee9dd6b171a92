//! Events to nodes: spans, keys, anchors and aliases, merge keys, and the bounds that keep a small text small.

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::event::{Props, Sink};
use super::seen::Seen;
use super::{Problem, merge, tag};
use crate::source::node::within_brackets;
use crate::source::yaml::scalar;
use crate::source::{Entry, FileId, Key, Location, Node, ScalarKind, Span, Style, Symbol};

/// How deep documents nest at most; every walk of a tree counts on it.
pub const MAX_DEPTH: usize = 500;

/// How much aliases may expand to, in nodes (a long text counts as several).
const ALIAS_BUDGET: u64 = 1_000_000;

/// An open collection.
struct Frame {
    shape: Shape,
    start: u32,
    /// End of the last child.
    end: u32,
    flow: bool,
    /// Height of the highest child.
    height: u16,
    /// Weight of everything before this collection.
    weight_before: u64,
    anchor: Option<CompactString>,
    broken: bool,
}

enum Shape {
    Sequence { first: usize },
    Mapping { first: usize, key: Option<Key>, seen: Seen, merges: bool, earlier: Vec<Entry> },
}

#[derive(Clone)]
struct Anchored {
    node: Node,
    height: u16,
    weight: u64,
}

/// Builds the node of one document.
pub(crate) struct Builder {
    file: FileId,
    frames: Vec<Frame>,
    items: Vec<Node>,
    entries: Vec<Entry>,
    anchors: FxHashMap<CompactString, Anchored>,
    weight: u64,
    /// How many documents began.
    pub documents: usize,
    pub root: Option<Node>,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
    pub notes: Vec<Problem>,
    pub comments: Vec<Span>,
    /// Whether a mapping had nothing but a `<<` without effect.
    pub emptied: bool,
    stopped: bool,
}

impl Builder {
    pub(crate) fn new(file: FileId) -> Self {
        Builder {
            file,
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            anchors: FxHashMap::default(),
            weight: 0,
            documents: 0,
            root: None,
            errors: Vec::new(),
            warnings: Vec::new(),
            notes: Vec::new(),
            comments: Vec::new(),
            emptied: false,
            stopped: false,
        }
    }

    /// Forgets the document and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.frames.clear();
        self.items.clear();
        self.entries.clear();
        self.anchors.clear();
        self.weight = 0;
        self.documents = 0;
        self.root = None;
        self.errors.clear();
        self.warnings.clear();
        self.notes.clear();
        self.comments.clear();
        self.emptied = false;
        self.stopped = false;
    }

    fn in_brackets(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.flow)
    }

    fn at(&self, span: Span) -> Location {
        Location::new(self.file, span)
    }

    fn reject(&mut self, span: Span, message: impl Into<String>, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.errors.push(Problem { location: self.at(span), message: message.into(), help, related: None });
    }

    fn open(&mut self, shape: Shape, flow: bool, at: u32, props: Props<'_>) {
        if self.frames.len() >= MAX_DEPTH {
            self.too_deep(Span::point(at));
        }
        let anchor = props.anchor.map(CompactString::new);
        if let Some(name) = &anchor {
            // An anchor that an alias inside it names is none: the definition is not finished.
            self.anchors.remove(name);
        }
        let weight_before = self.weight;
        self.frames.push(Frame { shape, start: at, end: at, flow, height: 0, weight_before, anchor, broken: false });
    }

    fn too_deep(&mut self, span: Span) {
        self.reject(
            span,
            format!("this is nested more than {MAX_DEPTH} levels deep"),
            "no Kubernetes object nests like this; look for a mistake in a generator or a template",
        );
        self.stopped = true;
    }

    /// A finished node finds its place in the collection around it.
    fn place(&mut self, node: Node, span: Span, height: u16) {
        self.weight += 1;
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.height = frame.height.max(height + 1);
        frame.end = frame.end.max(span.end);
        match &mut frame.shape {
            Shape::Sequence { .. } => self.items.push(node),
            Shape::Mapping { key: slot @ None, .. } => {
                *slot = Some(Key::new("", Location::new(self.file, span)));
                frame.broken = true;
                let what = if node.as_mapping().is_some() { "a mapping" } else { "a list" };
                self.reject(
                    span,
                    format!("{what} cannot be a key"),
                    "keys are words; quote the key if it begins with `[` or `{`",
                );
            }
            Shape::Mapping { first, key: slot, seen, .. } => {
                let Some(key) = slot.take() else { return };
                let first = *first;
                let known = if frame.broken { None } else { seen.find(key.name, &self.entries[first..]) };
                match known {
                    Some(index) if key.name != "<<" => self.replace(first + index, key, node),
                    _ => self.entries.push(Entry { key, value: node }),
                }
            }
        }
    }

    /// The last of two equal keys wins.
    fn replace(&mut self, index: usize, key: Key, value: Node) {
        let entry = &mut self.entries[index];
        self.warnings.push(Problem {
            location: key.location,
            message: format!("key `{}` stands twice in this mapping", key.name),
            help: Some("remove one of them; where a file may say it twice, the last one counts".into()),
            related: Some((entry.key.location, "first here".into())),
        });
        let earlier = std::mem::replace(entry, Entry { key, value });
        if let Some(Frame { shape: Shape::Mapping { earlier: all, .. }, .. }) = self.frames.last_mut() {
            all.push(earlier);
        }
    }

    fn key(&mut self, text: &str, style: Style, span: Span, tag: Option<&str>) -> bool {
        let location = self.at(span);
        let Some(Frame { shape: Shape::Mapping { key: slot @ None, merges, .. }, end, .. }) = self.frames.last_mut()
        else {
            return false;
        };
        *end = span.end;
        let kind = match (style, tag) {
            (Style::Plain, None) => Ok(scalar::resolve(text)),
            (_, None) => Ok(ScalarKind::String),
            (_, Some(tag)) => tag::of_key(tag, text),
        };
        *merges |= text == "<<";
        // Quotes or another tag keep a key from merging, unless its tag says that it does: then only what is in the
        // quotes counts.
        let counted = match (style, tag) {
            (Style::Plain, Some(tag)) if tag != tag::MERGE => Span { start: span.start.saturating_sub(1), ..span },
            (Style::Plain, _) => span,
            (_, Some(tag::MERGE)) => Span { start: span.start + 1, end: span.end.saturating_sub(1) },
            _ => span,
        };
        let location = if text == "<<" { Location::new(location.file, counted) } else { location };
        *slot = Some(Key { name: Symbol::new(text), kind: *kind.as_ref().unwrap_or(&ScalarKind::String), location });
        if let Err(message) = kind {
            self.reject(span, message, "remove the tag: keys are words");
        }
        true
    }

    fn remember(&mut self, anchor: Option<&str>, node: &Node, height: u16, weight_before: u64) {
        if let Some(name) = anchor {
            let weight = self.weight - weight_before + 1;
            self.anchors.insert(name.into(), Anchored { node: node.clone(), height, weight });
        }
    }

    fn mapping(&mut self, first: usize, merges: bool, flow: bool, location: Location) -> Node {
        let mut entries: Vec<Entry> = self.entries.drain(first..).collect();
        if merges && let Err((at, message)) = merge::expand(&mut entries, flow) {
            self.reject(at.span, message, "`<<` takes a mapping, an alias of one, or a list of these");
        }
        self.emptied |= merges && entries.is_empty();
        Node::read_mapping(entries, location)
    }
}

impl Sink for Builder {
    fn document_start(&mut self, _: bool) {
        self.documents += 1;
    }

    fn document_end(&mut self, _: bool) {}

    fn scalar(&mut self, text: &str, style: Style, span: Span, mut props: Props<'_>) {
        // go-yaml takes a lone `!` for no tag at all.
        props.tag = props.tag.filter(|&tag| tag != "!");
        // A key may have an anchor; an alias of it is rare enough to be built twice.
        if props.anchor.is_none() && self.key(text, style, span, props.tag) {
            return;
        }
        let kind = match (style, props.tag) {
            (Style::Plain, None) => scalar::resolve(text),
            (_, None) => ScalarKind::String,
            (_, Some(tag)) => match tag::kind(tag, text) {
                Ok(kind) => kind,
                Err(message) => {
                    self.reject(span, message, "remove the tag, or write a value of that kind");
                    ScalarKind::String
                }
            },
        };
        let absent = text.is_empty() && style == Style::Plain && props.tag.is_none();
        let bare = style == Style::Plain || kind == ScalarKind::Null;
        let style = if bare && props.tag.is_some() { Style::Tagged } else { style };
        let (style, kind) = if self.in_brackets() { within_brackets(text, style, kind, absent) } else { (style, kind) };
        let location = self.at(span);
        let node = Node::read_scalar(CompactString::new(text), kind, style, location);
        if props.anchor.is_some() {
            self.weight += text.len() as u64 / 32;
            self.remember(props.anchor, &node, 0, self.weight - text.len() as u64 / 32);
            if self.key(text, style, span, props.tag) {
                return;
            }
        }
        if !(absent && props.anchor.is_none() && self.frames.is_empty()) {
            self.place(node, span, 0);
        }
    }

    fn sequence_start(&mut self, flow: bool, at: u32, props: Props<'_>) {
        let first = self.items.len();
        self.open(Shape::Sequence { first }, flow, at, props);
    }

    fn mapping_start(&mut self, flow: bool, at: u32, props: Props<'_>) {
        let first = self.entries.len();
        self.open(
            Shape::Mapping { first, key: None, seen: Seen::default(), merges: false, earlier: Vec::new() },
            flow,
            at,
            props,
        );
    }

    fn collection_end(&mut self, at: Option<u32>) {
        let Some(frame) = self.frames.pop() else { return };
        let end = at.filter(|_| frame.flow).unwrap_or(frame.end).max(frame.start);
        let span = Span::new(frame.start, end);
        let location = self.at(span);
        let node = match frame.shape {
            Shape::Sequence { first } => Node::read_sequence(self.items.drain(first..).collect(), location),
            Shape::Mapping { first, merges, earlier, .. } => {
                self.mapping(first, merges, frame.flow, location).after(earlier)
            }
        };
        let node = if frame.flow { node.bracketed() } else { node };
        // Of two equal anchors, one inside the other's value, the inner one came later.
        if frame.anchor.as_ref().is_some_and(|name| !self.anchors.contains_key(name)) {
            self.remember(frame.anchor.as_deref(), &node, frame.height, frame.weight_before);
        }
        self.place(node, span, frame.height);
    }

    fn alias(&mut self, name: &str, span: Span) {
        let Some(Anchored { node, height, weight }) = self.anchors.get(name).cloned() else {
            self.reject(
                span,
                format!("`*{name}` stands inside the value that `&{name}` names, or before it"),
                "an alias repeats a value that is complete: put it after the anchor's value",
            );
            self.stopped = true;
            return;
        };
        if let Some(text) = node.text()
            && self.key(text, node.style(), span, None)
        {
            return;
        }
        let merges = matches!(self.frames.last(), Some(Frame { shape: Shape::Mapping { key: Some(key), .. }, .. }) if key.name == "<<");
        if merges && node.as_sequence().is_some() {
            let help = "`<<` takes a mapping, an alias of one, or a list of these";
            self.reject(span, format!("`*{name}` is a list, which `<<` does not take by its name"), help);
        }
        self.weight += weight;
        if self.weight > ALIAS_BUDGET {
            self.reject(
                span,
                format!("the aliases of this document expand to more than {ALIAS_BUDGET} values"),
                "write fewer aliases of aliases",
            );
            self.stopped = true;
        } else if self.frames.len() + usize::from(height) > MAX_DEPTH {
            self.too_deep(span);
        }
        self.place(node.put_within(self.in_brackets()), span, height);
    }

    fn comment(&mut self, span: Span) {
        self.comments.push(span);
    }

    fn refuse(&mut self, span: Span, message: &str, help: &str) {
        self.reject(span, message, help);
    }

    fn stopped(&self) -> bool {
        self.stopped
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
