//! Reads the files that a layer names, within the load restrictor.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::remote;
use crate::finding::{Finding, Findings, nearest};
pub use crate::finding::{report_problems, report_problems_in};
use crate::project::FILE_NAMES;
use crate::source::remote::{Remotes, Tree, redacted};
use crate::source::{Document, EntryKind, Loaded, Location, Node, Parsed, ReadError, Store, normalize};

/// Which files a layer may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadRestrictor {
    /// Those in or below the layer's folder, after symlinks are resolved.
    #[default]
    RootOnly,
    /// Any.
    None,
}

/// How many builds use the documents and bases of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Several, or it is not known: what they share is kept, and copied where one of them changes it.
    #[default]
    Many,
    /// One: nothing is kept, and everything is changed in place.
    One,
}

impl Sharing {
    /// How so many builds share.
    pub fn among(builds: usize) -> Self {
        if builds > 1 { Sharing::Many } else { Sharing::One }
    }
}

/// Reads files as seen from one layer's folder, and remembers which.
pub struct Loader {
    /// The documents of the run.
    pub store: Arc<Store>,
    /// The layer's folder, symlinks resolved.
    pub folder: PathBuf,
    /// Which files may be read.
    pub restrictor: LoadRestrictor,
    /// Every file read so far.
    pub reads: BTreeSet<PathBuf>,
    /// Whether other builds use the documents too.
    pub sharing: Sharing,
    remotes: Option<Arc<Remotes>>,
    /// The folder of the file that was read last, and where it really is: a layer has many files in few folders.
    last_folder: Option<(PathBuf, PathBuf)>,
}

impl Loader {
    /// A loader that sees files from `folder`.
    pub fn new(store: Arc<Store>, folder: PathBuf, restrictor: LoadRestrictor) -> Self {
        let (reads, sharing) = (BTreeSet::new(), Sharing::Many);
        Loader { store, folder, restrictor, reads, sharing, remotes: None, last_folder: None }
    }

    /// Lets the loader fetch what the files name elsewhere. What was fetched is always held to its own folder.
    #[must_use]
    pub fn with_remotes(mut self, remotes: Option<Arc<Remotes>>) -> Self {
        self.remotes = remotes;
        if self.tree().is_some() {
            self.restrictor = LoadRestrictor::RootOnly;
        }
        self
    }

    /// What fetches; `None` if nothing may be fetched.
    pub fn remotes(&self) -> Option<Arc<Remotes>> {
        self.remotes.clone()
    }

    /// The fetched tree that the layer lies in; `None` for the user's own files.
    pub fn tree(&self) -> Option<Arc<Tree>> {
        self.store.tree(&self.folder)
    }

    /// The path that `written` means, seen from the layer's folder.
    pub fn path(&self, written: &str) -> PathBuf {
        normalize(&self.folder.join(written))
    }

    /// Reads the file `written`, a path or a URL; a failure is reported at `at`, the place that names the file.
    pub fn file(&mut self, written: &str, at: Location, findings: &mut Findings) -> Option<Arc<Loaded>> {
        if remote::is_url(written) && self.kind(written).is_none() {
            let path = remote::file(self, written, at, findings)?;
            return self.store.load(&path).ok();
        }
        let path = self.path(written);
        match self.read(&path) {
            Ok(loaded) => Some(loaded),
            Err(problem) => {
                let finding = self.describe(written, &path, at, &problem, findings);
                findings.push(finding);
                None
            }
        }
    }

    /// The file `written` if it is one that may be read. Nothing is reported, and nothing counts as read.
    pub fn peek(&self, written: &str) -> Option<Arc<Loaded>> {
        let path = self.path(written);
        let real = self.real(&path);
        let within = self.restrictor == LoadRestrictor::None || real.starts_with(&self.folder);
        let allowed = within && self.same_tree(&path);
        if allowed && self.store.kind(&path) == Some(EntryKind::File) { self.store.load(&path).ok() } else { None }
    }

    /// Counts all files in and below `folder` as read: a program looks at them, and which ones it does not say.
    pub fn note_folder(&mut self, folder: &Path) {
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for (name, kind) in self.store.files().list(&folder).unwrap_or_default() {
                let path = folder.join(&name);
                match kind {
                    EntryKind::File => drop(self.reads.insert(path)),
                    // A link that leads upwards would be followed for ever.
                    EntryKind::Folder if name != ".git" && folder.components().count() < 64 => folders.push(path),
                    EntryKind::Folder => {}
                }
            }
        }
    }

    /// Reads and parses the YAML file `written`; what is wrong in it is reported too. `None` if it cannot be used.
    pub fn documents(&mut self, written: &str, at: Location, findings: &mut Findings) -> Option<Arc<Parsed>> {
        self.parsed(written, at, findings).filter(|parsed| parsed.errors.is_empty())
    }

    /// The same with the errors that were found in it.
    pub fn parsed(&mut self, written: &str, at: Location, findings: &mut Findings) -> Option<Arc<Parsed>> {
        let loaded = self.file(written, at, findings)?;
        let parsed = self.store.parse(&loaded);
        self.report(&parsed, &loaded, (written, at), findings);
        Some(parsed)
    }

    /// The documents of a YAML file that is read as one text, as kustomize reads all but manifests.
    pub fn whole(&mut self, written: &str, at: Location, findings: &mut Findings) -> Option<Arc<Parsed>> {
        let loaded = self.file(written, at, findings)?;
        let parsed = self.store.parse_whole(&loaded);
        let (file, text) = loaded.as_read();
        report_problems_in(&parsed, file, text, findings);
        Some(parsed).filter(|parsed| parsed.errors.is_empty())
    }

    /// The same for one who changes the documents. They are copied as they change, unless the session builds this one
    /// kustomization only.
    pub fn own_documents(&mut self, written: &str, at: Location, findings: &mut Findings) -> Option<Vec<Document>> {
        if self.sharing == Sharing::Many {
            return Some(self.documents(written, at, findings)?.documents.clone());
        }
        let loaded = self.file(written, at, findings)?;
        let parsed = self.store.parse_last(&loaded);
        self.report(&parsed, &loaded, (written, at), findings);
        parsed.errors.is_empty().then_some(parsed.documents)
    }

    /// Reports what is wrong in a file. Of a fetched one it says where it comes from, since it is shown under a shorter
    /// name.
    fn report(&self, parsed: &Parsed, loaded: &Loaded, (written, at): (&str, Location), findings: &mut Findings) {
        let start = findings.len();
        let (file, text) = loaded.as_read();
        report_problems_in(parsed, file, text, findings);
        if findings.len() > start && remote::is_url(written) && self.kind(written).is_none() {
            let from = redacted(written);
            findings.change_since(start, |finding| {
                let note = format!("the file was fetched from `{from}`: mend it there, or keep a mended copy here");
                finding.related(at, "it is fetched for this entry").note(note)
            });
        }
    }

    /// A file that was read before, whatever is wrong in it.
    pub fn text(&self, written: &str) -> Option<Arc<Loaded>> {
        let path = self.path(written);
        self.reads.contains(&path).then(|| self.store.load(&path).ok())?
    }

    /// Parses the YAML text that the scalar `node` holds.
    pub fn embedded(&mut self, node: &Node, findings: &mut Findings) -> Option<Parsed> {
        Some(self.embedded_text(node, node.text()?, findings)).filter(|parsed| parsed.errors.is_empty())
    }

    /// Parses `text`, which is what the scalar `node` holds or its beginning, and gives it with the errors that were
    /// found in it.
    pub fn embedded_text(&mut self, node: &Node, text: &str, findings: &mut Findings) -> Parsed {
        let literal = node.style() == crate::source::Style::Literal;
        let parsed = self.store.parse_embedded(text, node.location(), literal);
        report_problems(&parsed, findings);
        parsed
    }

    /// `path` with symlinks resolved; the layer's folder has none.
    fn real(&self, path: &Path) -> PathBuf {
        let files = self.store.files();
        if path.parent() == Some(&self.folder) { files.resolve_last(path) } else { files.resolve(path) }
    }

    /// The same for one of many files.
    fn real_of_many(&mut self, path: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (path.parent().filter(|folder| **folder != self.folder), path.file_name())
        else {
            return self.real(path);
        };
        let files = self.store.files();
        if self.last_folder.as_ref().is_none_or(|(known, _)| known != folder) {
            self.last_folder = Some((folder.to_path_buf(), files.resolve(folder)));
        }
        let real = self.last_folder.as_ref().map_or(folder, |(_, real)| real);
        files.resolve_last(&real.join(name))
    }

    fn read(&mut self, path: &Path) -> Result<Arc<Loaded>, Refusal> {
        let real = self.real_of_many(path);
        if !self.same_tree(path) {
            return Err(Refusal::Outside);
        }
        let outside = self.restrictor == LoadRestrictor::RootOnly && !real.starts_with(&self.folder);
        // Of what does not exist, that it lies outside is the lesser trouble.
        if outside && self.store.kind(path).is_some() {
            return Err(Refusal::Outside);
        }
        if self.tree().is_none() {
            self.reads.insert(path.to_path_buf());
        }
        self.store.load(path).map_err(Refusal::Unreadable)
    }

    /// Whether `path` lies in the same tree as the layer: fetched trees and the user's files do not mix.
    pub(super) fn same_tree(&self, path: &Path) -> bool {
        let root = |path: &Path| self.store.tree(path).map(|tree| tree.root.clone());
        root(path) == root(&self.folder)
    }

    fn describe(
        &self,
        written: &str,
        path: &Path,
        at: Location,
        refusal: &Refusal,
        findings: &mut Findings,
    ) -> Finding {
        let written = &redacted(written);
        if let Some(help) = remote::submodule_help(self.tree().as_deref(), path) {
            let finding = Finding::error("build/missing-file", format!("`{written}` was not fetched"));
            return finding.at(at, "this lies in a submodule").help(help);
        }
        match refusal {
            Refusal::Outside if self.tree().is_some_and(|tree| !path.starts_with(&tree.root)) => {
                let tree = self.tree().map(|tree| tree.name.clone()).unwrap_or_default();
                remote::outside(written, &tree, at)
            }
            Refusal::Outside if FILE_NAMES.iter().any(|name| path.ends_with(name)) => {
                let folder = written.rsplit_once('/').map_or(".", |(folder, _)| folder);
                Finding::error("build/outside-root", format!("`{written}` is the file of a kustomization"))
                    .at(at, "a kustomization is included by its folder")
                    .help(format!("write `{folder}`"))
            }
            Refusal::Outside if self.tree().is_some() => remote::outside(written, &self.store.shown(&self.folder), at),
            Refusal::Unreadable(ReadError::Dangling(to)) => Finding::error("build/missing-file", format!("`{written}` is a symlink to `{to}`, which does not exist"))
                .at(at, "leads nowhere")
                .help(format!("create `{to}`, or put a file in place of the link")),
            Refusal::Outside => Finding::error("build/outside-root", format!("`{written}` lies outside of `{}`", self.store.shown(&self.folder)))
                .at(at, "this file is outside of the kustomization's folder")
                .help("move the file into the folder, make it a base of its own, or allow it with `--load-restrictor LoadRestrictionsNone`"),
            Refusal::Unreadable(ReadError::NotFound) => {
                let finding = Finding::error("build/missing-file", format!("`{written}` does not exist")).at(at, "no such file");
                match self.near(path, findings) {
                    // A list item that is indented more than the one before continues its text.
                    _ if written.contains(" - ") => finding.help("the `- ` of the next line is part of this text: indent it like the `- ` of this line"),
                    _ if written.contains(['*', '?']) => finding.help("kustomize expands no patterns: list each file, or name a folder with a kustomization"),
                    _ if written.contains('$') => finding.help("kustomize expands no variables here: write the path itself"),
                    None if continued(written).is_some() => finding.help(format!("a line without `- ` goes on with the one before: write `- ` before `{}`", continued(written).unwrap_or_default())),
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help(format!("create `{}` or remove this entry", self.store.shown(path))),
                }
            }
            Refusal::Unreadable(ReadError::WrongKind) => Finding::error("build/missing-file", format!("`{written}` is a folder, and a file is needed here"))
                .at(at, "this is a folder")
                .help("name a file in it"),
            Refusal::Unreadable(error) => Finding::error("build/unreadable-file", format!("cannot read `{written}`: {error}"))
                .at(at, "this file cannot be read")
                .help("check the file's permissions"),
        }
    }

    /// The name in the same folder that is nearest to the one that is missing, written as the user writes paths.
    pub fn near(&self, path: &Path, findings: &mut Findings) -> Option<String> {
        let near = path.parent()?.join(self.near_name(path, findings)?);
        Some(crate::source::relative(&near, &self.folder))
    }

    /// That name alone.
    pub fn near_name(&self, path: &Path, findings: &mut Findings) -> Option<String> {
        let missing = path.file_name()?.to_str()?;
        if !findings.may_look_through(0) {
            return None;
        }
        let names = self.store.files().list(path.parent()?).ok()?;
        // The system is asked about each name.
        findings.may_look_through(names.len().saturating_mul(10));
        let stem = |name: &str| Path::new(name).file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        // An ending that both have makes short names no likelier.
        let alike = |name: &&str| {
            let (wrong, known) = (stem(missing), stem(name));
            wrong.zip(known).is_some_and(|(wrong, known)| nearest(&wrong, [known.as_str()]).is_some())
        };
        let names = names.iter().map(|(name, _)| name.as_str()).filter(alike);
        nearest(missing, names).map(str::to_owned)
    }

    /// What stands at `written`.
    pub fn kind(&self, written: &str) -> Option<EntryKind> {
        let path = self.path(written);
        if self.same_tree(&path) { self.store.kind(&path) } else { None }
    }
}

/// The second of two paths that became one text, since the line of the second has no `- `.
fn continued(written: &str) -> Option<&str> {
    let (first, second) = written.split_once(' ')?;
    let is_path = |text: &str| [".yaml", ".yml", ".json", "/"].iter().any(|mark| text.contains(mark));
    (is_path(first) && is_path(second)).then_some(second)
}

enum Refusal {
    Outside,
    Unreadable(ReadError),
}
