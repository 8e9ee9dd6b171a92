//! Keeps secrets out of the change set: nodes become [`Shown`] here and nowhere else.
//!
//! A value is a secret by where it stands (in a Secret), by where it came from (a secret generator, a Secret's value
//! copied elsewhere), by what it is called, or by its looks.

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use compact_str::CompactString;

use super::names::Names;
use super::redact::{is_no_secret, is_secret_field, is_secret_name, redact};
use super::shown::{MASK, Shown};
use super::tree::Beside;
use crate::resource::{Gvk, Resource};
use crate::source::{Cause, Entry, FieldPath, FileId, Mapping, Node, PathStep, ScalarKind, SourceMap, Symbol, View};

/// Values shorter than this are not looked for in other texts: they are words that occur by chance.
const SHORTEST: usize = 6;

/// The field whose values are secrets.
const GENERATOR: &str = "secretGenerator";

/// Annotations that hold a copy of the whole object.
const COPIES: &[&str] = &["kubectl.kubernetes.io/last-applied-configuration", "kapp.k14s.io/original"];

/// What is secret in two builds of one environment.
pub(super) struct Mask<'n> {
    names: &'n Names,
    /// The values of every Secret, as written and decoded; the longest first, since one may hold another.
    values: Vec<String>,
    /// Files that only secret generators read.
    files: HashSet<FileId>,
    /// What a generated Secret consists of beside its values: its names, `v1`, `Opaque`.
    harmless: HashSet<String>,
}

impl<'n> Mask<'n> {
    /// Collects the secrets of `resources`, which are those of both sides.
    pub fn new<'a>(names: &'n Names, resources: impl Iterator<Item = (&'a Resource, &'a SourceMap)>) -> Mask<'n> {
        let mut mask = Mask { names, values: Vec::new(), files: HashSet::new(), harmless: HashSet::new() };
        for (resource, map) in resources.filter(|(resource, _)| resource.gvk().is("", "Secret")) {
            let ids = resource.previous.iter().map(|id| id.name.to_string());
            let fields = ["apiVersion", "kind", "type"].map(|field| resource.root.get(field).and_then(Node::text));
            let fields = fields.into_iter().flatten().chain([resource.name(), resource.namespace()]);
            mask.harmless.extend(ids.chain(fields.map(str::to_owned)));
            for field in ["data", "stringData"] {
                let mapping = resource.root.get(field).and_then(Node::as_mapping);
                mapping.into_iter().flat_map(Mapping::iter).for_each(|entry| mask.collect(entry, map));
            }
        }
        mask.values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        mask.values.dedup();
        mask
    }

    fn collect(&mut self, entry: &Entry, map: &SourceMap) {
        let Some(text) = entry.value.text() else {
            return;
        };
        self.learn(&entry.key.name, text);
        let joined: String = text.split_whitespace().collect();
        if let Some(plain) = STANDARD.decode(joined).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            self.learn(&entry.key.name, &plain);
        }
        let generated = entry.value.history().iter().any(|event| event.by == Cause::Generated(GENERATOR));
        let file = entry.value.location().file;
        if generated && !self.files.contains(&file) {
            // A literal stands in the kustomization, whose other values are no secrets.
            let name = map.get(file).name.clone();
            if ![".yaml", ".yml", "Kustomization"].iter().any(|end| name.ends_with(end)) {
                self.files.insert(file);
            }
        }
    }

    fn learn(&mut self, key: &str, value: &str) {
        let value = value.trim();
        // `username: postgres` in a Secret must not mask every image called so.
        let is_word = value.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'.' | b'_'));
        if value.len() >= SHORTEST && !is_no_secret(value) && (!is_word || is_secret_name(key)) {
            self.values.push(value.to_owned());
        }
    }

    /// What may be shown of the node at `path` of a resource of this kind. `changed`: whether the other side has
    /// another value there, or none.
    pub fn shown(&self, gvk: &Gvk, path: &FieldPath, node: &Node, beside: Beside<'_>, changed: bool) -> Shown {
        let mut view = Viewer { mask: self, gvk, path: path.clone(), changed };
        view.shown(node, beside)
    }

    /// `path` with the hashes of generated names and what looks secret masked.
    pub fn path(&self, path: &FieldPath) -> FieldPath {
        let mut masked = FieldPath::root();
        for step in path.steps() {
            masked.push(match step {
                PathStep::Match(pairs) => PathStep::Match(pairs.iter().map(|pair| self.pair(pair)).collect()),
                step => step.clone(),
            });
        }
        masked
    }

    fn pair(&self, (key, value): &(Symbol, CompactString)) -> (Symbol, CompactString) {
        (*key, CompactString::from(self.text(value).as_ref()))
    }

    /// `text` with everything secret in it masked.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = self.names.stemmed(text);
        if let Cow::Owned(new) = redact(&shown) {
            shown = Cow::Owned(new);
        }
        for value in &self.values {
            if shown.contains(value.as_str()) {
                shown = Cow::Owned(shown.replace(value.as_str(), MASK));
            }
        }
        shown
    }

    /// The resource as messages name it.
    pub fn id_text(&self, resource: &Resource) -> String {
        self.names.stemmed_id(resource.id()).to_string()
    }

    /// Whether the node came from a secret generator.
    fn is_tainted(&self, node: &Node) -> bool {
        let is_generated = |node: &Node| {
            let harmless = node.text().is_none_or(|text| self.harmless.contains(text));
            !harmless && node.history().iter().any(|event| event.by == Cause::Generated(GENERATOR))
        };
        let from_file = |node: &Node| self.files.contains(&node.location().file);
        let copied = |from: &Node| from_file(from) || is_generated(from);
        from_file(node) || node.history().iter().any(|event| event.from.is_some_and(copied))
    }
}

/// Turns one node into what may be shown of it.
struct Viewer<'m, 'n> {
    mask: &'m Mask<'n>,
    gvk: &'m Gvk,
    path: FieldPath,
    changed: bool,
}

impl Viewer<'_, '_> {
    fn shown(&mut self, node: &Node, beside: Beside<'_>) -> Shown {
        match node.view() {
            View::Scalar(text, kind) => self.scalar(node, text, kind, beside),
            View::Sequence(items) => {
                let mut shown = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    self.path.push(PathStep::Index(at));
                    let previous = at.checked_sub(1).map(|at| &items[at]);
                    shown.push(self.shown(item, Beside { mapping: None, previous }));
                    self.path.pop();
                }
                Shown::List(shown)
            }
            View::Mapping(mapping) => {
                let mut shown = Vec::with_capacity(mapping.len());
                for entry in mapping.iter() {
                    self.path.push(PathStep::Key(entry.key.name));
                    let beside = Beside { mapping: Some(node), previous: None };
                    shown.push((entry.key.name, self.shown(&entry.value, beside)));
                    self.path.pop();
                }
                Shown::Map(shown)
            }
        }
    }

    fn scalar(&self, node: &Node, text: &str, kind: ScalarKind, beside: Beside<'_>) -> Shown {
        let by_name =
            || kind != ScalarKind::Bool && !is_no_secret(text) && is_called_secret(self.gvk, &self.path, beside);
        if is_secret_place(self.gvk, &self.path) || self.mask.is_tainted(node) || by_name() {
            return Shown::Secret { changed: self.changed };
        }
        let masked = self.mask.text(text);
        // A hash is no secret part of a text: `api-env-*` is shown as a plain name.
        if masked == self.mask.names.stemmed(text) {
            return Shown::Scalar { text: masked.into_owned(), kind };
        }
        if masked == MASK {
            Shown::Secret { changed: self.changed }
        } else {
            Shown::Masked { text: masked.into_owned() }
        }
    }
}

/// Whether every value here is a secret, whatever it is called.
fn is_secret_place(gvk: &Gvk, path: &FieldPath) -> bool {
    let key = |at: usize| match path.steps().get(at) {
        Some(PathStep::Key(key)) => key.as_str(),
        _ => "",
    };
    match (key(0), key(1)) {
        ("data" | "stringData", _) => gvk.is("", "Secret"),
        ("metadata", "annotations") => COPIES.contains(&key(2)),
        ("spec", "encryptedData") => *gvk.kind == *"SealedSecret",
        _ => false,
    }
}

/// Whether the name of the value says that it is a secret.
fn is_called_secret(gvk: &Gvk, path: &FieldPath, beside: Beside<'_>) -> bool {
    if let Some(flag) = beside.previous.and_then(Node::as_str)
        && flag.starts_with('-')
        && !flag.contains(['=', ' '])
        && is_secret_name(flag.trim_start_matches('-'))
    {
        return true;
    }
    let Some(PathStep::Key(key)) = path.steps().last() else {
        return false;
    };
    match path.steps() {
        [PathStep::Key(field), PathStep::Key(_)] if gvk.is("", "ConfigMap") && *field == *"data" => is_secret_name(key),
        _ if *key == *"value" => {
            beside.mapping.and_then(|mapping| mapping.get("name")).and_then(Node::text).is_some_and(is_secret_name)
        }
        _ => is_secret_field(key),
    }
}
