//! One kustomization in the tree of an environment: its folder, its file, and how it was reached.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::remote;
use super::{Loader, Session, metadata, report_problems};
use crate::finding::{Finding, Findings, Severity};
use crate::project::{Kustomization, base_file, kustomization_file};
use crate::source::remote::redacted;
use crate::source::{EntryKind, Location, Node, Span, relative};

/// One kustomization: base, overlay or component.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its folder, symlinks resolved.
    pub folder: PathBuf,
    /// Its file.
    pub file: PathBuf,
    /// The whole file, as a place.
    pub location: Location,
    /// Where the file has errors, so that some of what it says may be lost.
    pub flaws: Vec<Location>,
    /// What the file says.
    pub kustomization: Kustomization,
    /// Its folder as seen from the root's, if the root's `buildMetadata` asks for a book of who made what.
    pub from_root: Option<String>,
}

impl Layer {
    /// Reads the kustomization of `folder`. `entry` is the node that names the folder; there is none for the root.
    pub fn read(session: &Session, folder: &Path, entry: Option<&Node>, findings: &mut Findings) -> Option<Layer> {
        let file = find_file(session, folder, entry, findings)?;
        let loaded = match session.store().load(&file) {
            Ok(loaded) => loaded,
            Err(error) => {
                let finding = Finding::error(
                    "build/unreadable-file",
                    format!("cannot read `{}`: {error}", session.store().shown(&file)),
                );
                findings.push(mark(finding, entry, "named here").help("check the file's permissions"));
                return None;
            }
        };
        let mut parsed = session.store().parse_whole(&loaded);
        let (file_id, text) = loaded.as_read();
        // Kustomize reads no further than the first document.
        let end = first_document(text) as u32;
        if parsed.errors.iter().any(|error| error.location.span.start >= end) {
            Arc::make_mut(&mut parsed).errors.retain(|error| error.location.span.start < end);
        }
        let mut problems = Findings::new();
        report_problems(&parsed, &mut problems);
        for mut problem in problems {
            // kustomize lets a field stand twice in its own file, and the last one wins.
            if problem.rule == "yaml/duplicate-key" {
                problem.severity = Severity::Warning;
            }
            // What `Kustomization::read` says of it is of more use.
            if problem.rule == "yaml/unread" {
                problem.message =
                    "this document is never read: kustomize reads only the first one of a kustomization".into();
                problem = problem.help("move its fields into the first document");
            }
            findings.push(problem);
        }
        if !parsed.errors.is_empty() {
            return None;
        }
        let start = findings.len();
        let location = Location::new(file_id, Span::new(0, text.len() as u32));
        let kustomization = Kustomization::read(&parsed.documents, Location::new(file_id, Span::point(0)), findings)?;
        // Whether a book is kept is for the root to say.
        let from_root = (entry.is_none() && !kustomization.list("buildMetadata").is_empty()).then(String::new);
        let errors = findings.since(start).filter(|finding| finding.severity == Severity::Error);
        let flaws = errors.map(|finding| finding.primary.as_ref().map_or(location, |label| label.at)).collect();
        Some(Layer { folder: folder.to_path_buf(), file, location, flaws, kustomization, from_root })
    }

    /// Its `namespace`, if that is not empty.
    pub fn namespace(&self) -> Option<&str> {
        self.kustomization.get("namespace").filter(|node| !node.is_null())?.text().filter(|text| !text.is_empty())
    }

    /// A loader that sees files as this layer does.
    pub fn loader(&self, session: &Session) -> Loader {
        let loader = Loader::new(session.store().clone(), self.folder.clone(), session.options().restrictor);
        let mut loader = loader.with_remotes(session.options().remotes.clone());
        loader.sharing = session.options().sharing;
        if loader.tree().is_none() {
            loader.reads.insert(self.file.clone());
        }
        loader
    }
}

/// Whether a name of the path has two dots among other characters.
fn has_dots_in_a_name(written: &str) -> bool {
    written.split('/').any(|name| name != ".." && name.contains(".."))
}

fn dots_in_a_name(written: &str, entry: &Node) -> Finding {
    let finding =
        Finding::error("build/ambiguous-base", format!("the path `{written}` has a name with two dots in it"))
            .at(entry.location(), "kustomize refuses it");
    match written.contains(" - ") {
        true => finding.help("two entries have become one: indent every `-` of the list alike"),
        false => finding.help("give the folder another name; an older kustomize takes it, and so does `--compat 5.5`"),
    }
}

fn mark(finding: Finding, entry: Option<&Node>, text: &str) -> Finding {
    match entry {
        Some(entry) if finding.primary.is_none() => finding.at(entry.location(), text),
        Some(entry) => finding.related(entry.location(), text),
        None => finding,
    }
}

fn find_file(session: &Session, folder: &Path, entry: Option<&Node>, findings: &mut Findings) -> Option<PathBuf> {
    let find = if entry.is_some() { base_file } else { kustomization_file };
    match find(session.store(), folder) {
        Ok(file) => Some(file),
        Err(finding) => {
            findings.push(mark(*finding, entry, "this folder"));
            None
        }
    }
}

/// The layers on the way from the root to the one at work, outermost first.
#[derive(Clone, Copy)]
pub struct Trail<'a> {
    above: Option<&'a Trail<'a>>,
    layer: Option<&'a Layer>,
}

impl<'a> Trail<'a> {
    /// The trail of the root layer.
    pub fn root() -> Self {
        Trail { above: None, layer: None }
    }

    /// This trail with one layer more.
    pub fn with(&'a self, layer: &'a Layer) -> Trail<'a> {
        Trail { above: Some(self), layer: Some(layer) }
    }

    fn layers(&self) -> impl Iterator<Item = &'a Layer> {
        let mut at = Some(*self);
        std::iter::from_fn(move || {
            let trail = at?;
            at = trail.above.copied();
            Some(trail.layer)
        })
        .flatten()
    }

    /// The namespace of the innermost layer that has one.
    pub fn namespace(&self) -> Option<&'a str> {
        self.layers().find_map(Layer::namespace)
    }

    /// How many layers there are.
    pub fn depth(&self) -> usize {
        self.layers().count()
    }

    /// How many of the layers were fetched.
    pub fn remotes(&self, session: &Session) -> usize {
        let roots = self.layers().filter_map(|layer| session.store().tree(&layer.folder)).map(|tree| tree.root.clone());
        roots.collect::<std::collections::BTreeSet<_>>().len()
    }

    /// Reads the layer in `folder`, which `entry` names. A folder that holds one of the layers on the trail is a
    /// cycle.
    pub fn enter(&self, session: &Session, folder: &Path, entry: &Node, findings: &mut Findings) -> Option<Layer> {
        let written = &redacted(entry.text().unwrap_or_default());
        if session.options().compat.refuses_dots_in_names() && has_dots_in_a_name(written) {
            findings.push(dots_in_a_name(written, entry));
            return None;
        }
        let in_submodule = remote::submodule_help(session.store().tree(folder).as_deref(), folder).is_some();
        if session.store().kind(folder).is_none() || in_submodule {
            let finding = self.missing(session, folder, entry, findings);
            findings.push(finding);
            return None;
        }
        if Path::new(written).is_absolute() {
            findings.push(
                Finding::error("build/absolute-base", format!("the base `{written}` is an absolute path"))
                    .at(entry.location(), "this works on one machine only")
                    .help("write a path relative to this folder"),
            );
            return None;
        }
        let real = session.store().files().resolve(folder);
        if let Some(finding) = self.cycle(session, &real, written, entry) {
            findings.push(finding);
            return None;
        }
        if session.store().kind(&real) == Some(EntryKind::File) {
            findings.push(self.file(session, &real, entry));
            return None;
        }
        let start = findings.len();
        let layer = Layer::read(session, &real, Some(entry), findings);
        // What is wrong with the entry itself lies in the layer above.
        let names_it = |at: Location| at.file == entry.location().file;
        if findings.since(start).all(|finding| finding.primary.as_ref().is_some_and(|label| !names_it(label.at))) {
            findings.pass_since(start, || session.store().shown(&real));
        }
        let mut layer = layer?;
        let above = self.layers().next().and_then(|above| above.from_root.as_ref());
        layer.from_root = above.map(|folder| metadata::join(folder, written));
        Some(layer)
    }

    /// What to say if `folder` is that of a layer on the trail, or lies around one.
    fn cycle(&self, session: &Session, folder: &Path, written: &str, entry: &Node) -> Option<Finding> {
        let itself = self.layers().find(|layer| layer.folder == folder);
        let seen = itself.or_else(|| self.layers().find(|layer| layer.folder.starts_with(folder)))?;
        let message = match itself {
            Some(_) => format!("`{written}` leads back to a kustomization that includes it"),
            None => format!("`{written}` is a folder around a kustomization that includes it"),
        };
        // Innermost first.
        let inner = self.layers().take_while(|layer| layer.folder != seen.folder).map(|layer| layer.folder.as_path());
        let folders = std::iter::once(folder).chain(inner).chain([seen.folder.as_path()]);
        let mut names: Vec<_> = folders.map(|folder| format!("`{}`", session.store().shown(folder))).collect();
        names.reverse();
        let finding = Finding::error("build/cycle", message)
            .at(entry.location(), "the cycle closes here")
            .related(Location::new(seen.location.file, Span::point(0)), "this kustomization is being built")
            .note(names.join(" includes "));
        Some(finding.help("a base must not include its overlay, nor a folder around it; take one of the entries out"))
    }

    /// What to say of a file where a folder is needed.
    fn file(&self, session: &Session, file: &Path, entry: &Node) -> Finding {
        let store = session.store();
        let message = format!("`{}` is a file, and a folder with a kustomization is needed here", store.shown(file));
        let finding = Finding::error("project/no-kustomization", message).at(entry.location(), "this is a file");
        let folder = file.parent().unwrap_or(file);
        let own = self.layers().next().map_or(folder, |layer| &layer.folder);
        if !own.starts_with(folder) && kustomization_file(store, folder).is_ok() {
            return finding.help(format!("did you mean `{}`?", relative(folder, own)));
        }
        let parsed = store.load(file).map(|loaded| store.parse(&loaded)).ok();
        let roots = parsed.iter().flat_map(|parsed| &parsed.documents).filter_map(|document| document.root.as_ref());
        let mut kinds = roots.filter_map(|root| root.get("kind")?.text());
        finding.help(match kinds.next() {
            Some("Kustomization" | "Component") => {
                "give it a folder of its own, call it `kustomization.yaml` there, and name the folder"
            }
            Some(_) => "list it under `resources:`",
            None => "name a folder with a kustomization",
        })
    }

    fn missing(&self, session: &Session, folder: &Path, entry: &Node, findings: &mut Findings) -> Finding {
        let written = &redacted(entry.text().unwrap_or_default());
        let finding = Finding::error("build/missing-file", format!("`{written}` does not exist"))
            .at(entry.location(), "no such file or folder");
        if let Some(help) = remote::submodule_help(session.store().tree(folder).as_deref(), folder) {
            return finding.help(help);
        }
        let here = self.layers().next().map(|layer| layer.loader(session));
        if let Some(tree) = session.store().tree(folder)
            && here.as_ref().is_none_or(|loader| !loader.same_tree(folder))
        {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let near = here.and_then(|loader| loader.near_name(folder, findings));
            let (address, query) = written.split_once('?').map_or((&**written, None), |(it, query)| (it, Some(query)));
            let mended = near.and_then(|near| Some(format!("{}{near}", address.strip_suffix(name)?)));
            let mended = mended.map(|it| query.map_or_else(|| it.clone(), |query| format!("{it}?{query}")));
            return match mended {
                Some(mended) => finding.help(format!("did you mean `{mended}`?")),
                None => finding.help(format!("name a folder that `{}` has", tree.name)),
            };
        }
        match here.and_then(|loader| loader.near(folder, findings)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("create `{}` or remove this entry", session.store().shown(folder))),
        }
    }
}

/// Where the first document that says something ends.
fn first_document(text: &str) -> usize {
    let (mut at, mut begun) = (0, false);
    for line in text.split_inclusive('\n') {
        if begun && line.starts_with("---") {
            return at;
        }
        begun |= !line.trim().is_empty() && !line.starts_with(['#', '%']) && !line.starts_with("---");
        at += line.len();
    }
    at + 1
}
