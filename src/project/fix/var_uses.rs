//! Where `$(NAME)` stands in the files that a kustomization gathers: what a replacement has to aim at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::file::{text, value};
use super::{Context, Manner, Refusal};
use crate::project::{kustomization_file, kustomization_files};
use crate::source::edit::Edits;
use crate::source::{EntryKind, Node, Span, Store, View, normalize};

/// One place where a var stands.
pub(super) struct Use {
    /// The fields of the selector, by name.
    pub(super) select: BTreeMap<&'static str, String>,
    /// The path, as replacements write it.
    pub(super) path: String,
    /// The delimiter and which part between delimiters it is, unless it is the whole text.
    pub(super) part: Option<(String, usize)>,
}

/// A file of manifests, and the `patches` entry that names it.
struct Source {
    path: PathBuf,
    patch: Option<Node>,
}

/// Every file that a kustomization and those below it gather.
pub(super) struct Sources<'a> {
    store: &'a Store,
    files: Vec<Source>,
    inline: Vec<String>,
    manner: Manner,
    seen: BTreeSet<PathBuf>,
}

impl<'a> Sources<'a> {
    pub(super) fn of(root: &Node, context: &Context<'a>) -> Sources<'a> {
        let manner = context.options.manner;
        let (files, inline, seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut sources = Sources { store: context.store, files, inline, manner, seen };
        sources.gather(root, context.folder);
        sources
    }

    fn gather(&mut self, root: &Node, folder: &Path) {
        for field in ["resources", "bases", "components"] {
            for written in list(root, field).iter().filter_map(Node::text) {
                let path = normalize(&folder.join(written));
                match self.store.kind(&path) {
                    Some(EntryKind::Folder) => self.folder(&self.store.files().resolve(&path)),
                    Some(EntryKind::File) => self.files.push(Source { path, patch: None }),
                    None => {}
                }
            }
        }
        for patch in list(root, "patches").iter().chain(list(root, "patchesJson6902")) {
            match text(patch, "path") {
                "" => self.inline.push(text(patch, "patch").to_owned()),
                written => {
                    self.files.push(Source { path: normalize(&folder.join(written)), patch: Some(patch.clone()) });
                }
            }
        }
        for written in list(root, "patchesStrategicMerge").iter().filter_map(Node::text) {
            let path = normalize(&folder.join(written));
            match self.store.kind(&path) {
                Some(EntryKind::File) => self.files.push(Source { path, patch: None }),
                _ => self.inline.push(written.to_owned()),
            }
        }
    }

    fn folder(&mut self, folder: &Path) {
        if kustomization_files(self.store, folder).len() != 1 || !self.seen.insert(folder.to_path_buf()) {
            return;
        }
        let Ok(file) = kustomization_file(self.store, folder) else { return };
        let Ok(loaded) = self.store.load(&file) else { return };
        let parsed = self.store.parse(&loaded);
        if let Some(root) = parsed.documents.first().and_then(|document| document.root.as_ref()) {
            self.gather(root, folder);
        }
    }

    /// Every use of the var `name`, and the edits that put a placeholder there.
    pub(super) fn uses(&self, name: &str) -> Result<(Vec<Use>, BTreeMap<PathBuf, Edits>), Refusal> {
        let written = format!("$({name})");
        if self.inline.iter().any(|patch| patch.contains(&written)) {
            return Err(Refusal::Words {
                message: format!("`{written}` stands in an inline patch"),
                help: "move the patch into a file of its own, then run `kollate fix --vars` again",
            });
        }
        let (mut uses, mut edits) = (Vec::new(), BTreeMap::<PathBuf, Edits>::new());
        for source in &self.files {
            let Ok(loaded) = self.store.load(&source.path) else { continue };
            let Some(words) = loaded.text.as_deref().filter(|words| words.contains(&written)) else { continue };
            for document in &self.store.parse(&loaded).documents {
                let Some(root) = &document.root else { continue };
                if root.as_sequence().is_some() && words[document.location.span.range()].contains(&written) {
                    return Err(Refusal::Words {
                        message: format!("`{written}` stands in the JSON patch `{}`", self.store.shown(&source.path)),
                        help: "a replacement cannot change a patch: write the value into the patch",
                    });
                }
                let mut scalars = Vec::new();
                find(root, &written, &mut String::new(), &mut scalars);
                for (path, node) in scalars {
                    let select = selector(root, source.patch.as_ref(), self.manner);
                    let parts = parts(node.text().unwrap_or_default(), &written);
                    let parts = parts.ok_or_else(|| not_delimited(&written, &path, &self.store.shown(&source.path)))?;
                    uses.extend(parts.into_iter().map(|part| Use { select: select.clone(), path: path.clone(), part }));
                    let edits = edits.entry(source.path.clone()).or_default();
                    edits.merge(&placeholders(words, node, name, &written));
                }
            }
        }
        Ok((uses, edits))
    }
}

fn list<'a>(root: &'a Node, field: &str) -> &'a [Node] {
    value(root, field).and_then(Node::as_sequence).unwrap_or_default()
}

/// The scalars of `node` with `written` in them, and their paths.
fn find<'a>(node: &'a Node, written: &str, path: &mut String, found: &mut Vec<(String, &'a Node)>) {
    let length = path.len();
    let mut step = |key: &str, child: &'a Node, path: &mut String| {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
        find(child, written, path, found);
        path.truncate(length);
    };
    match node.view() {
        View::Scalar(text, _) if text.contains(written) => found.push((path.clone(), node)),
        View::Scalar(..) => {}
        View::Sequence(items) => {
            items.iter().enumerate().for_each(|(index, item)| step(&index.to_string(), item, path));
        }
        View::Mapping(mapping) => mapping.iter().for_each(|entry| {
            let key = entry.key.name.as_str();
            let key = if key.contains('.') { format!("[{key}]") } else { key.to_owned() };
            step(&key, &entry.value, path);
        }),
    }
}

/// Which parts of `text` the var is. `None` if not one character delimits it wherever it stands.
fn parts(text: &str, written: &str) -> Option<Vec<Option<(String, usize)>>> {
    if text == written {
        return Some(vec![None]);
    }
    let (before, after) = text.split_once(written)?;
    let delimiter = match (before.chars().next_back(), after.chars().next()) {
        (None, Some(delimiter)) | (Some(delimiter), None) => delimiter,
        (Some(left), Some(right)) if left == right => left,
        _ => return None,
    };
    let found = text.split(delimiter).enumerate().filter(|(_, part)| *part == written);
    let found: Vec<_> = found.map(|(index, _)| Some((delimiter.to_string(), index))).collect();
    (found.len() == text.matches(written).count()).then_some(found)
}

/// The text itself is not shown: it may be a secret.
fn not_delimited(written: &str, path: &str, file: &str) -> Refusal {
    Refusal::Words {
        message: format!("`{written}` in `{path}` of `{file}` does not stand between two equal characters"),
        help: "a replacement fills in a whole value, or a part of it between two equal delimiters; write the value out",
    }
}

/// The object to select: the one in the document, but for a patch with a target that target, and for a patch without
/// one, in upstream's manner, any object of its namespace.
fn selector(root: &Node, patch: Option<&Node>, manner: Manner) -> BTreeMap<&'static str, String> {
    let metadata = |field: &str| value(root, "metadata").map(|metadata| text(metadata, field)).unwrap_or_default();
    let allows = |option: &str| {
        let options = patch.and_then(|patch| value(patch, "options"));
        options.is_some_and(|options| text(options, option) == "true")
    };
    let (new_name, new_kind) = (allows("allowNameChange"), allows("allowKindChange"));
    let mut select = BTreeMap::new();
    let target = patch.and_then(|patch| value(patch, "target"));
    let by_target = target.is_some() || patch.is_some() && manner == Manner::Upstream;
    match by_target && !(new_name && new_kind) {
        true => {
            for field in ["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"] {
                select.insert(field, target.map_or("", |target| text(target, field)).to_owned());
            }
            if new_name {
                select.insert("name", metadata("name").to_owned());
            }
            if new_kind {
                select.insert("kind", text(root, "kind").to_owned());
            }
            if !metadata("namespace").is_empty() {
                select.insert("namespace", metadata("namespace").to_owned());
            }
        }
        false => {
            let (group, version) = group_version(text(root, "apiVersion"));
            select.insert("group", group.to_owned());
            select.insert("version", version.to_owned());
            select.insert("kind", text(root, "kind").to_owned());
            select.insert("name", metadata("name").to_owned());
            select.insert("namespace", metadata("namespace").to_owned());
        }
    }
    select
}

/// `apps/v1` as group and version.
pub(super) fn group_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

fn placeholders(words: &str, node: &Node, name: &str, written: &str) -> Edits {
    let span = node.location().span;
    let mut edits = Edits::new();
    // Escapes or line breaks within the name are not found, and then the proof fails.
    for (at, _) in words[span.range()].match_indices(written) {
        let start = span.start + at as u32;
        edits.replace(Span::new(start, start + written.len() as u32), format!("{name}_PLACEHOLDER"));
    }
    edits
}

/// The `fieldPath` of a var as replacements write it: `a[0].b` becomes `a.0.b`.
pub(super) fn field_path(var: &Node) -> String {
    let written = value(var, "fieldref").map(|field| text(field, "fieldPath")).unwrap_or_default();
    let mut out = String::new();
    let mut rest = written;
    while let Some((before, inner)) = rest.split_once('[') {
        match inner.split_once(']') {
            Some((index, after)) if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) => {
                out += &format!("{before}.{index}");
                rest = after;
            }
            _ => {
                out += &format!("{before}[");
                rest = inner;
            }
        }
    }
    out + rest
}
