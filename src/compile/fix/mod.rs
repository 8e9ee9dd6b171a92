//! Rewrites the kustomizations of a project and proves that no build changes by it.
//!
//! Owns: which files are rewritten, and the proof: every build that reads a changed file gives the same bytes before
//! and after. Must not: write a file, or know what a field becomes (that is [`project::fix`](crate::project::fix)).
//!
//! A build that fails before proves nothing. A file that only such builds read is not rewritten, unless asked for.

mod difference;
mod proof;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Options, Session};
use crate::finding::{Finding, Findings, Severity};
use crate::project::FILE_NAMES;
use crate::project::fix::{FixOptions, Manner, Rewrite, has_vars, rewrite};
use crate::source::Store;
use crate::source::edit::Edits;
use difference::Difference;
use proof::{Broken, Proof};

/// What to rewrite.
#[derive(Clone, Copy, Debug, Default)]
pub struct FixRequest {
    /// Whether `vars` become `replacements`.
    pub vars: bool,
    /// Whether files are rewritten, too, that only builds read which fail.
    pub unproven: bool,
}

/// A file with another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedFile {
    /// The file, symlinks resolved.
    pub path: PathBuf,
    /// Its text now.
    pub before: Arc<str>,
    /// Its text after the rewrite.
    pub after: String,
}

/// What a rewrite of a project comes to.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The files to write, by path.
    pub files: Vec<FixedFile>,
    /// Why other files stay as they are.
    pub findings: Findings,
    /// How many kustomizations have `vars`, which were not to be rewritten.
    pub with_vars: usize,
}

/// A kustomization to build, and how to name it to the user.
pub type Root = (String, PathBuf);

/// Rewrites every kustomization that the builds of `roots` are made of. `witnesses` are built, too, if they read a
/// file that would change.
pub fn fix(store: &Arc<Store>, options: &Options, roots: &[Root], witnesses: &[Root], request: FixRequest) -> Fixed {
    let session = Session::new(store.clone(), options.clone());
    let mut fixed = Fixed::default();
    let mut units = Vec::new();
    for path in kustomizations(&session, roots, &mut fixed.findings) {
        fixed.with_vars += usize::from(!request.vars && has_vars(store, &path));
        let upstream = FixOptions { manner: Manner::Upstream, vars: request.vars, only: None };
        match rewrite(store, &path, upstream) {
            Ok(rewritten) => units.extend(rewritten),
            Err(finding) => fixed.findings.push(*finding),
        }
    }
    if units.is_empty() {
        return fixed;
    }
    let named: Vec<Root> = roots.iter().chain(witnesses).cloned().collect();
    let mut proof = Proof::new(&session, options, &named);
    // Where every named build fails, the layer itself may still be built.
    let alone = units.iter().filter(|unit| !proof.has_witness(&unit.path)).map(|unit| own(store, unit));
    let alone: Vec<Root> = alone.collect();
    proof.add(&alone);
    if !request.unproven {
        units.retain(|unit| match proof.has_witness(&unit.path) {
            true => true,
            false => {
                fixed.findings.push(unproven(unit, proof.failure(&unit.path)));
                false
            }
        });
    }
    let units = Search { proof: &proof, store, vars: request.vars, findings: &mut fixed.findings }.proven(units);
    fixed.files = texts(store, &units);
    fixed
}

/// A kustomization as a root of its own.
fn own(store: &Store, unit: &Rewrite) -> Root {
    let folder = unit.path.parent().unwrap_or(Path::new("/"));
    (store.shown(folder), folder.to_path_buf())
}

/// The files of all layers, each once, in the order of their paths. Those that cannot be read are reported.
fn kustomizations(session: &Session, roots: &[Root], findings: &mut Findings) -> BTreeSet<PathBuf> {
    let folders: Vec<PathBuf> = roots.iter().map(|(_, folder)| folder.clone()).collect();
    let store = session.store();
    let mut files = BTreeSet::new();
    for build in session.build_all(&folders) {
        let layers: BTreeSet<_> = build.layers.iter().map(|layer| layer.file).collect();
        let unread = |finding: &&Finding| build.layers.is_empty() || is_unread(finding, session);
        let errors = build.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.filter(unread).for_each(|finding| findings.push(finding.clone()));
        let named =
            |path: &&PathBuf| path.file_name().is_some_and(|name| FILE_NAMES.iter().any(|known| name == *known));
        let is_layer = |path: &&PathBuf| store.load(path).is_ok_and(|loaded| layers.contains(&loaded.file));
        files.extend(build.reads.iter().filter(named).filter(is_layer).map(|path| store.files().resolve(path)));
    }
    files
}

/// Whether a kustomization is no YAML.
fn is_unread(finding: &Finding, session: &Session) -> bool {
    let Some(label) = finding.primary.as_ref().filter(|_| finding.rule.starts_with("yaml/")) else { return false };
    let file = session.store().map().place(label.at).file;
    FILE_NAMES.iter().any(|name| file.rsplit('/').next() == Some(*name))
}

/// Finds the largest part of the rewrites that changes no build.
struct Search<'a> {
    proof: &'a Proof<'a>,
    store: &'a Arc<Store>,
    vars: bool,
    findings: &'a mut Findings,
}

impl Search<'_> {
    fn proven(&mut self, mut units: Vec<Rewrite>) -> Vec<Rewrite> {
        let broken = self.broken(&units);
        if broken.is_empty() {
            return units;
        }
        // Each alone tells which one it is; files that share placeholders stand and fall together.
        let mut kept = Vec::new();
        for group in groups(units) {
            kept.extend(self.alone(group));
        }
        units = kept;
        loop {
            let broken = self.broken(&units);
            let Some(first) = broken.first() else { return units };
            // Several that are harmless alone and not together: all that the build reads stay as they are.
            let (out, rest): (Vec<_>, Vec<_>) =
                units.into_iter().partition(|unit| self.proof.reads(&first.folder, &unit.path));
            if out.is_empty() {
                return Vec::new();
            }
            out.iter().for_each(|unit| self.findings.push(refused(unit, first)));
            units = rest;
        }
    }

    fn broken(&self, units: &[Rewrite]) -> Vec<Broken> {
        let changed = texts(self.store, units).into_iter().map(|file| (file.path, file.after)).collect();
        self.proof.broken(changed)
    }

    /// The group as it is, or in the manner in which kustomize applies patches, or nothing.
    fn alone(&mut self, group: Vec<Rewrite>) -> Vec<Rewrite> {
        let broken = self.broken(&group);
        let Some(first) = broken.first() else { return group };
        let options = FixOptions { manner: Manner::AsApplied, vars: self.vars, only: None };
        let again = |unit: &Rewrite| rewrite(self.store, &unit.path, options).ok().flatten();
        let other: Vec<Rewrite> = group.iter().filter_map(again).collect();
        if other != group && other.len() == group.len() && self.broken(&other).is_empty() {
            return other;
        }
        for unit in &group {
            let (unit, broken) = self.guilty(unit).unwrap_or_else(|| (unit.clone(), first.clone()));
            self.findings.push(refused(&unit, &broken));
        }
        Vec::new()
    }

    /// The one field of a rewrite that breaks a build by itself.
    fn guilty(&self, unit: &Rewrite) -> Option<(Rewrite, Broken)> {
        unit.fields.iter().filter(|_| unit.fields.len() > 1).find_map(|(field, _)| {
            let options = FixOptions { manner: Manner::AsApplied, vars: self.vars, only: Some(field) };
            let alone = rewrite(self.store, &unit.path, options).ok().flatten()?;
            let broken = self.broken(std::slice::from_ref(&alone)).into_iter().next()?;
            Some((alone, broken))
        })
    }
}

/// Rewrites that edit one further file belong together.
fn groups(units: Vec<Rewrite>) -> Vec<Vec<Rewrite>> {
    let mut groups: Vec<Vec<Rewrite>> = Vec::new();
    for unit in units {
        let shares =
            |group: &Vec<Rewrite>| group.iter().any(|it| it.others.keys().any(|path| unit.others.contains_key(path)));
        let (mine, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(shares);
        groups = rest;
        groups.push(mine.into_iter().flatten().chain([unit]).collect());
    }
    groups
}

/// The files that the rewrites change, with their texts. Edits that do not fit together leave a file as it is, and
/// then the proof fails.
fn texts(store: &Store, units: &[Rewrite]) -> Vec<FixedFile> {
    let mut edits: BTreeMap<PathBuf, Edits> = BTreeMap::new();
    let mut after: BTreeMap<PathBuf, String> =
        units.iter().map(|unit| (unit.path.clone(), unit.text.clone())).collect();
    for unit in units {
        unit.others.iter().for_each(|(path, more)| edits.entry(store.files().resolve(path)).or_default().merge(more));
    }
    for (path, edits) in edits {
        let text = store.load(&path).ok().and_then(|loaded| edits.apply(loaded.text.as_deref()?).ok());
        after.extend(text.map(|text| (path, text)));
    }
    let before = |path: &Path| store.load(path).ok().and_then(|loaded| loaded.text.clone());
    let file = |(path, after): (PathBuf, String)| Some(FixedFile { before: before(&path)?, path, after });
    after.into_iter().filter_map(file).filter(|file| *file.before != file.after).collect()
}

/// The fields of a rewrite in words, and the first of them.
fn fields(unit: &Rewrite) -> (String, crate::source::Location) {
    let names: Vec<String> = unit.fields.iter().map(|(name, _)| format!("`{name}`")).collect();
    (names.join(", "), unit.fields.first().map(|(_, at)| *at).unwrap_or_default())
}

fn refused(unit: &Rewrite, broken: &Broken) -> Finding {
    let (names, at) = fields(unit);
    let message = format!("{names} cannot be rewritten: the build of `{}` would change", broken.name);
    let finding = Finding::error("fix/would-change", message).at(at, "stays as it is");
    broken
        .difference
        .describe(finding)
        .help("rewrite it by hand, and see with `kollate diff` that the change is what you want")
}

fn unproven(unit: &Rewrite, failure: Option<Finding>) -> Finding {
    let (names, at) = fields(unit);
    let message =
        format!("{names} cannot be rewritten: no build that reads this file succeeds, so nothing can be proved");
    let finding = Finding::error("fix/unproven", message).at(at, "stays as it is");
    let finding = match failure {
        Some(Finding { message, primary: Some(label), secret, .. }) => {
            Finding { secret, ..finding.related(label.at, message) }
        }
        Some(Finding { message, .. }) => finding.note(message),
        None => finding,
    };
    finding.help("mend the build first, or rewrite without a proof with `--unproven`")
}
