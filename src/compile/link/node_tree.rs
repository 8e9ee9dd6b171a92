//! What kustomize digests of objects that are neither ConfigMap nor Secret: the tree of nodes that it holds at that
//! time, with where each was read, in which style and with which comments (`json.Marshal` of a `yaml.Node`).
//!
//! A node that kustomize has made itself has no place, and often no tag.

use std::fmt::Write;

use super::hash::write_string;
use crate::compile::{patch, quoted};
use crate::resource::Resource;
use crate::source::yaml::{Owner, Page};
use crate::source::{Cause, Entry, FileId, Key, Location, Node, ScalarKind, SourceMap, Style, View};

/// The tree of a resource as JSON.
pub fn json(resource: &Resource, map: &SourceMap) -> String {
    let mut tree = Tree { map, pages: Vec::new(), out: String::new() };
    let notes = notes(resource);
    tree.begin(4, bracketed(&resource.root), "!!map", "");
    for entry in resource.root.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
        if entry.key.name == *"metadata" {
            tree.metadata(entry, &notes, usize::from(resource.annotations_before_notes));
        } else if entry.key.name == *"kind" && resource.kind_set {
            tree.key(entry.key, &entry.value);
            tree.made(0, "", resource.kind());
        } else {
            tree.entry(entry);
        }
    }
    tree.end();
    tree.place(resource.root.location(), Owner::Value(resource.root.location().span.start));
    tree.out
}

struct Tree<'a> {
    map: &'a SourceMap,
    pages: Vec<(FileId, Page)>,
    out: String,
}

impl Tree<'_> {
    /// All of a node before its content.
    fn head(&mut self, kind: u8, style: u8, tag: &str, text: &str) {
        let comma = if self.out.ends_with('}') { "," } else { "" };
        let _ = write!(self.out, r#"{comma}{{"Kind":{kind},"Style":{style},"Tag":"{tag}","Value":"#);
        write_string(&mut self.out, text);
        self.out += r#","Anchor":"","Alias":null,"Content":"#;
    }

    fn begin(&mut self, kind: u8, style: u8, tag: &str, text: &str) {
        self.head(kind, style, tag, text);
        self.out.push('[');
    }

    /// The end of the content; there is none of an empty collection.
    fn end(&mut self) {
        if self.out.ends_with('[') {
            self.out.pop();
            self.out += "null";
        } else {
            self.out.push(']');
        }
    }

    /// Where a node was read, and its comments.
    fn place(&mut self, at: Location, owner: Owner) {
        let source = self.map.get(at.file);
        let start = at.span.start;
        if !self.pages.iter().any(|(file, page)| *file == at.file && page.holds(start)) {
            self.pages.extend(Page::around(start, &source.text, at.file).map(|page| (at.file, page)));
        }
        let Some((_, page)) = self.pages.iter().find(|(file, page)| *file == at.file && page.holds(start)) else {
            return self.no_place();
        };
        let (line, column) = page.place(start, &source);
        for (name, text) in ["HeadComment", "LineComment", "FootComment"].iter().zip(page.comments(owner)) {
            let _ = write!(self.out, r#","{name}":"#);
            write_string(&mut self.out, text);
        }
        let _ = write!(self.out, r#","Line":{line},"Column":{column}}}"#);
    }

    fn no_place(&mut self) {
        self.out += r#","HeadComment":"","LineComment":"","FootComment":"","Line":0,"Column":0}"#;
    }

    /// A scalar that kustomize has made.
    fn made(&mut self, style: u8, tag: &str, text: &str) {
        self.head(8, style, tag, text);
        self.out += "null";
        self.no_place();
    }

    fn entry(&mut self, entry: &Entry) {
        self.key(entry.key, &entry.value);
        self.node(&entry.value, entry.key.name != "namespace");
    }

    fn key(&mut self, key: Key, value: &Node) {
        // Whether it is new, too, and comes from a patch with the quotes that it has there.
        let first = value.history().first().map(|first| first.by);
        let (is_new, is_patched) = (first.is_some_and(|by| by != Cause::Read), first == Some(Cause::Patched));
        let source = self.map.get(key.location.file);
        let style = match source.text.as_bytes().get(key.location.span.start as usize) {
            Some(b'"') if !key.is_plain() => 2,
            Some(b'\'') if !key.is_plain() => 4,
            _ => 0,
        };
        if is_new {
            let style = if is_patched { style } else { 0 };
            return self.made(style, "", &key.name);
        }
        self.head(8, style, tag(key.kind), &key.name);
        self.out += "null";
        self.place(key.location, Owner::Key(key.location.span.start));
    }

    /// A text that would be something else is put in quotes when it is set, if `quotes` says so.
    fn node(&mut self, node: &Node, quotes: bool) {
        let (at, is_made) = (node.location(), is_made(node));
        match node.view() {
            View::Scalar(text, kind) => {
                let quotes = quotes && is_made && quoted::in_quotes(node).is_some();
                let style = if quotes { DOUBLE_QUOTED } else { style(node.style()) };
                self.head(8, style, if node.is_untagged() { "" } else { tag(kind) }, text);
                self.out += "null";
            }
            View::Sequence(items) => {
                self.begin(2, bracketed(node), if is_made { "" } else { "!!seq" }, "");
                items.iter().for_each(|item| self.node(item, quotes));
                self.end();
            }
            View::Mapping(mapping) => {
                self.begin(4, bracketed(node), if is_made { "" } else { "!!map" }, "");
                mapping.iter().for_each(|entry| self.entry(entry));
                self.end();
            }
        }
        if is_made {
            self.no_place();
        } else {
            self.place(at, Owner::Value(at.span.start));
        }
    }

    /// Metadata with kustomize's notes behind as many annotations as there were before.
    fn metadata(&mut self, metadata: &Entry, notes: &[(&'static str, String)], before: usize) {
        let node = &metadata.value;
        self.key(metadata.key, node);
        self.begin(4, bracketed(node), "!!map", "");
        for entry in node.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            if entry.key.name != *"annotations" {
                self.entry(entry);
                continue;
            }
            self.key(entry.key, &entry.value);
            self.begin(4, bracketed(&entry.value), "!!map", "");
            let own = || entry.value.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
            own().take(before).for_each(|entry| self.entry(entry));
            for (key, text) in notes {
                self.made(0, "", key);
                self.made(4, "!!str", text);
            }
            own().skip(before).for_each(|entry| self.entry(entry));
            self.end();
            self.place(entry.value.location(), Owner::Value(entry.value.location().span.start));
        }
        self.end();
        self.place(node.location(), Owner::Value(node.location().span.start));
    }
}

/// Kustomize's notes in the order in which it made them. A prefix or suffix is noted before the name that it is put to.
fn notes(resource: &Resource) -> Vec<(&'static str, String)> {
    let mut all = patch::said(resource);
    let name = |at: usize| resource.previous.get(at).map_or(resource.name(), |id| id.name.as_str());
    let longer = |at: usize| name(at + 1).len() > name(at).len();
    let affixed = |ends: &'static str, is: fn(&str, &str) -> bool| {
        let step = (0..resource.previous.len()).find(|&at| longer(at) && is(name(at + 1), name(at)));
        (ends, step.unwrap_or(usize::MAX))
    };
    // A name that got a prefix ends with the old one.
    let steps =
        [affixed("/prefixes", |new, old| new.ends_with(old)), affixed("/suffixes", |new, old| new.starts_with(old))];
    all.sort_by_key(|(note, _)| match steps.iter().find(|(ends, _)| note.ends_with(ends)) {
        Some((_, 0)) => 0,
        Some((_, step)) => step.saturating_add(1),
        None => 1,
    });
    all
}

/// Whether kustomize has made the node: no text has it, or it has lost its tag.
fn is_made(node: &Node) -> bool {
    node.is_untagged() || node.origin().is_some_and(|origin| !matches!(origin.by, Cause::Read | Cause::Patched))
}

fn bracketed(node: &Node) -> u8 {
    32 * u8::from(node.is_bracketed())
}

const DOUBLE_QUOTED: u8 = 2;

fn style(style: Style) -> u8 {
    match style {
        Style::Plain => 0,
        Style::Tagged => 1,
        Style::DoubleQuoted => DOUBLE_QUOTED,
        Style::SingleQuoted => 4,
        Style::Literal => 8,
        Style::Folded => 16,
    }
}

fn tag(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::String => "!!str",
        ScalarKind::Null => "!!null",
        ScalarKind::Bool => "!!bool",
        ScalarKind::Int => "!!int",
        ScalarKind::Float => "!!float",
        ScalarKind::Timestamp => "!!timestamp",
        ScalarKind::Binary => "!!binary",
    }
}
