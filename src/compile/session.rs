//! One run of compile over any number of environments, which share their documents and their bases.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::accumulate::{Gathered, accumulate};
use super::layer::{Layer, Trail};
use super::link::{self, Order};
use super::patch::MergeSchema;
use super::{
    Compat, Functions, Helm, LoadRestrictor, Sharing, bare_containers, consequence, key_comments, metadata, openapi,
    resources,
};
use crate::finding::{Finding, Findings, report_problems_in};
use crate::project::LayerKind;
use crate::resource::{Resource, ResourceSet};
use crate::source::remote::Remotes;
use crate::source::{FileId, Location, Parsed, Store, in_parallel, yaml};

/// How to build, beyond what the kustomizations say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which files a layer may read.
    pub restrictor: LoadRestrictor,
    /// The kustomize whose output a build equals.
    pub compat: Compat,
    /// Whether to keep what several builds may share.
    pub sharing: Sharing,
    /// The order of the output, unless the root's `sortOptions` says.
    pub order: Order,
    /// Label every resource as managed by kustomize, as the root's `buildMetadata` can ask for, too.
    pub managed_by_label: bool,
    /// What fetches bases and files from elsewhere; without it nothing is fetched.
    pub remotes: Option<Arc<Remotes>>,
    /// How charts are rendered; `None` if no `helm` may be run.
    pub helm: Option<Helm>,
    /// Which KRM functions may run.
    pub functions: Functions,
}

/// The compiled output of one environment.
#[derive(Clone, Debug)]
pub struct Build {
    /// The resources in output order.
    pub resources: ResourceSet,
    /// Resources that patches deleted.
    pub deleted: Vec<Resource>,
    /// What is wrong. A build with an error in it is not to be used.
    pub findings: Findings,
    /// Every file read.
    pub reads: BTreeSet<PathBuf>,
    /// The kustomization files of its layers, bases first.
    pub layers: Vec<Location>,
    /// Whether resources are missing from it, since what names or makes them could not be read.
    pub incomplete: bool,
}

/// Shares documents and bases between the builds of a run. Bases are compiled once, however many overlays use them.
pub struct Session {
    store: Arc<Store>,
    options: Options,
    bases: Mutex<HashMap<PathBuf, Arc<Gathered>>>,
    merge_schema: Arc<MergeSchema>,
    /// The bases of a build that is alone.
    met: Mutex<HashSet<PathBuf>>,
    pulls: Mutex<()>,
}

impl Session {
    /// A session over the files of `store`.
    pub fn new(store: Arc<Store>, options: Options) -> Self {
        Session {
            store,
            options,
            bases: Mutex::default(),
            merge_schema: Arc::new(MergeSchema::built_in()),
            met: Mutex::default(),
            pulls: Mutex::default(),
        }
    }

    /// The files and documents.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// How to build.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Held while a chart is pulled.
    pub(super) fn pulls(&self) -> &Mutex<()> {
        &self.pulls
    }

    /// Compiles the kustomization in `folder`.
    pub fn build(&self, folder: &Path) -> Build {
        let mut gathered = self.nothing(self.merge_schema.clone());
        let real = self.store.files().resolve(folder);
        let Some(layer) = Layer::read(self, &real, None, &mut gathered.findings) else {
            gathered.incomplete = true;
            return gathered.into_build();
        };
        let trail = Trail::root();
        let mut gathered = accumulate(self, &layer, &trail.with(&layer), gathered);
        let start = gathered.findings.len();
        let Gathered { set, specs, vars, findings, .. } = &mut gathered;
        link::link(set, specs, vars, self.options.compat, self.store.map(), findings);
        set.iter().for_each(|resource| key_comments::check(resource, self.store.map(), findings));
        link::order(set, layer.kustomization.get("sortOptions"), self.options.order, findings);
        if let Err(error) = metadata::annotate(&layer, self.options.managed_by_label, self.options.compat, set) {
            // What is written into the notes stands nowhere.
            let at = if error.location == Location::default() { layer.location } else { error.location };
            findings.push(Finding::error("build/metadata", error.message).at(at, "").help(error.help));
        }
        metadata::warn_of_unknown(&layer, &mut gathered.findings);
        bare_containers::warn(&gathered.set, &mut gathered.findings);
        consequence::drop_consequences(&mut gathered, start);
        if layer.kustomization.kind == LayerKind::Component {
            consequence::drop_absences(&mut gathered.findings);
        }
        let mut build = gathered.into_build();
        let layers = &build.layers;
        build.findings.change_since(start, |finding| self.with_way(finding, layers));
        build
    }

    /// `finding` with the layers that led to its place, if it was found when all layers were one.
    pub fn with_way(&self, mut finding: Finding, layers: &[Location]) -> Finding {
        let (Some(label), Some(&root)) = (&finding.primary, layers.last()) else { return finding };
        let folder = |at: Location| {
            let file = self.store.map().place(at).file;
            file.rsplit_once('/').map_or_else(|| ".".to_owned(), |(folder, _)| folder.to_owned())
        };
        let place = folder(label.at);
        let around = |layer: &String| place == *layer || place.starts_with(&format!("{layer}/"));
        // The innermost folder around a file is that of the layer it belongs to.
        if let Some(own) = layers.iter().map(|&layer| folder(layer)).filter(around).max_by_key(String::len) {
            finding.ways.pass(&own);
            finding.ways.pass(&folder(root));
        }
        finding
    }

    /// Takes the objects of a file of manifests as they are.
    pub fn build_file(&self, file: &Path) -> Build {
        let mut gathered = self.nothing(self.merge_schema.clone());
        gathered.reads.insert(file.to_path_buf());
        match self.store.load(file) {
            Ok(loaded) => {
                let parsed = self.store.parse(&loaded);
                let (file, text) = loaded.as_read();
                gathered.take(&parsed, file, text);
            }
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", self.store.shown(file));
                gathered.findings.push(
                    Finding::error("build/unreadable-file", message).help("check the path and the file's permissions"),
                );
            }
        }
        gathered.into_build()
    }

    /// Takes the objects of a text of manifests as they are; places in it are shown in a file called `name`.
    pub fn build_text(&self, name: &str, text: &str) -> Build {
        let mut gathered = self.nothing(self.merge_schema.clone());
        if let Some(file) = self.store.map().add(name, text) {
            gathered.take(&yaml::parse(text, file), file, text);
        }
        gathered.into_build()
    }

    /// Compiles the kustomizations in `folders`, on all cores. Builds come in the order of the folders.
    pub fn build_all(&self, folders: &[PathBuf]) -> Vec<Build> {
        in_parallel(folders, |folder| self.build(folder))
    }

    fn nothing(&self, merge_schema: Arc<MergeSchema>) -> Gathered {
        Gathered::new(merge_schema, self.options.compat)
    }

    /// What the base `layer` gathers, taken from the shelf if an overlay has asked for it before.
    pub(super) fn base(&self, layer: &Layer, trail: &Trail<'_>, above: &Gathered) -> Gathered {
        // Field specs never flow downwards; merge keys do, since kustomize keeps them for the whole process.
        // A book of who made what names the way from the root, which is not the same for all.
        let shared = Arc::ptr_eq(&above.merge_schema, &self.merge_schema) && layer.from_root.is_none();
        if shared && let Some(known) = self.shelf().get(&layer.folder) {
            return (**known).clone();
        }
        let mut empty = self.nothing(above.merge_schema.clone());
        empty.built_in_before = above.built_in.max(above.built_in_before);
        let gathered = accumulate(self, layer, trail, empty);
        let stands = shared && !gathered.depends_on_trail && Arc::ptr_eq(&gathered.merge_schema, &self.merge_schema);
        if stands && self.is_worth_keeping(layer) {
            self.shelf().insert(layer.folder.clone(), Arc::new(gathered.clone()));
        }
        gathered
    }

    /// Whether the base is likely to be asked for again: always among many builds; in a single one if it was before.
    fn is_worth_keeping(&self, layer: &Layer) -> bool {
        let met = || self.met.lock().unwrap_or_else(PoisonError::into_inner).insert(layer.folder.clone());
        self.options.sharing == Sharing::Many || !met()
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<Gathered>>> {
        self.bases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gathered {
    /// Adds the objects of a text, which stand for themselves.
    fn take(&mut self, parsed: &Parsed, file: FileId, text: &str) {
        report_problems_in(parsed, file, text, &mut self.findings);
        if !parsed.errors.is_empty() {
            self.incomplete = true;
            resources::missing_kinds(file, text, &mut self.findings);
        }
        let read = resources::from_documents(&parsed.documents, &mut self.findings);
        read.into_iter().for_each(|resource| self.add(resource));
    }

    fn into_build(mut self) -> Build {
        openapi::judge_faults(&mut self);
        let Gathered { set, deleted, mut findings, reads, layers, secrets, incomplete, .. } = self;
        // Keeps credentials in the kustomizations from being shown with a finding.
        if !secrets.is_empty() {
            let mut blanked = Findings::new();
            for mut finding in findings {
                finding.secret.extend_from_slice(&secrets);
                blanked.push(finding);
            }
            findings = blanked;
        }
        Build { resources: set, deleted, findings, reads, layers, incomplete }
    }
}
