//! What one layer gathers, in kustomize's order: resources, generators, components, transformers.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::ahead::Ahead;
use super::bounds;
use super::brought::Brought;
use super::clash::{clash, settle};
use super::configuration::LayerSpecs;
use super::layer::{Layer, Trail};
use super::patch::{BuiltIn, MergeSchema, has_known_scope};
use super::remote::{self, Entry};
use super::{
    Compat, Loader, Session, Work, consequence, doubles, extensions, generate, helm, link, metadata, openapi,
    resources, transform,
};
use crate::finding::{Finding, Findings};
use crate::project::LayerKind;
use crate::resource::{Resource, ResourceSet};
use crate::source::remote::redacted;
use crate::source::{EntryKind, Location, Node, alongside};

/// What a layer has gathered.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The resources in order.
    pub set: ResourceSet,
    /// Resources that patches deleted.
    pub deleted: Vec<Resource>,
    /// Where names, labels and images live: defaults, and what the layers' configurations add.
    pub specs: LayerSpecs,
    /// How lists merge; set by the first layer that has `openapi`.
    pub merge_schema: Arc<MergeSchema>,
    /// What is wrong in the document that `openapi` names.
    pub schema_faults: Findings,
    /// What the layer, and those below it, have made of the built-in schema.
    pub built_in: BuiltIn,
    /// The same of what came before, in the layers above.
    pub built_in_before: BuiltIn,
    /// The kustomize whose output to equal.
    pub compat: Compat,
    /// The `vars` entries of all layers.
    pub vars: Vec<Node>,
    /// What is wrong so far.
    pub findings: Findings,
    /// Every file read so far.
    pub reads: BTreeSet<PathBuf>,
    /// The kustomization files of the layers, bases first.
    pub layers: Vec<Location>,
    /// Where the layers hold credentials, which are not to be shown.
    pub secrets: Vec<Location>,
    /// Whether what stands above the layer has a say in what it gathers.
    pub depends_on_trail: bool,
    /// Whether resources are missing, since what names or makes them could not be read.
    pub incomplete: bool,
    /// Whether a bound is reached, so that nothing more is built.
    pub full: bool,
}

impl Gathered {
    /// Nothing yet, with the merge keys in force.
    pub fn new(merge_schema: Arc<MergeSchema>, compat: Compat) -> Self {
        Gathered {
            set: ResourceSet::new(),
            deleted: Vec::new(),
            specs: LayerSpecs::Empty,
            merge_schema,
            schema_faults: Findings::new(),
            built_in: BuiltIn::default(),
            built_in_before: BuiltIn::default(),
            compat,
            vars: Vec::new(),
            findings: Findings::new(),
            reads: BTreeSet::new(),
            layers: Vec::new(),
            secrets: Vec::new(),
            depends_on_trail: false,
            incomplete: false,
            full: false,
        }
    }

    /// Adds a resource; one whose id is taken is reported and left out.
    pub(super) fn add(&mut self, resource: Resource) {
        match self.set.with_current_id(&resource.id()) {
            None => self.set.push(resource),
            Some(at) => {
                let known = self.set.get(at).map_or(resource.declared, Resource::named_at);
                self.findings.push(clash(&resource, known));
            }
        }
    }

    /// Adds what a layer below, which `entry` names, has gathered.
    pub(super) fn absorb(&mut self, below: Gathered, entry: &Node) {
        self.full |= below.full;
        if !self.full && self.layers.len() + below.layers.len() > bounds::MAX_LAYERS {
            self.stop(bounds::too_many_layers(entry));
        } else if !self.full && self.set.len() + below.set.len() > bounds::MAX_RESOURCES {
            self.stop(bounds::too_many_resources(entry));
        }
        if self.full {
            self.findings.extend(below.findings);
            return;
        }
        if self.set.is_empty() {
            self.set = below.set;
            self.settle(entry.location());
        } else {
            below.set.into_iter().for_each(|resource| self.add(resource));
        }
        self.deleted.extend(below.deleted);
        let mut contradictions = Vec::new();
        self.specs = self.specs.union(&below.specs, &mut contradictions);
        contradictions.iter().for_each(|found| self.findings.push(found.finding(entry.location())));
        self.vars.extend(below.vars);
        self.findings.extend(below.findings);
        self.reads.extend(below.reads);
        self.layers.extend(below.layers);
        self.secrets.extend(below.secrets);
        self.depends_on_trail |= below.depends_on_trail;
        self.incomplete |= below.incomplete;
        self.merge_schema = below.merge_schema;
        self.schema_faults.extend(below.schema_faults);
        self.built_in = self.built_in.max(below.built_in);
    }

    /// Looks for resources that have come to bear one id, as kustomize does where it hands them on: at the end of a base
    /// or component. `at` is the entry that leads to it.
    pub(super) fn settle(&mut self, at: Location) {
        settle(&mut self.set, Some((at, "in what this entry brings")), &mut self.findings);
    }

    /// Builds nothing more, for the reason that `finding` gives.
    fn stop(&mut self, finding: Finding) {
        self.findings.push(finding);
        (self.full, self.incomplete) = (true, true);
    }

    /// Lends everything to a generator or transformer.
    pub fn work<T>(&mut self, loader: &mut Loader, act: impl FnOnce(&mut Work<'_>) -> T) -> T {
        let specs = self.specs.clone();
        let merge_schema = self.merge_schema.clone();
        act(&mut Work {
            set: &mut self.set,
            deleted: &mut self.deleted,
            specs: &specs,
            merge_schema: &merge_schema,
            built_in: &mut self.built_in,
            loader,
            maker: None,
            compat: self.compat,
            findings: &mut self.findings,
        })
    }
}

/// Gathers what `layer` asks for on top of `gathered`, which is empty but for a component.
pub fn accumulate(session: &Session, layer: &Layer, trail: &Trail<'_>, mut gathered: Gathered) -> Gathered {
    let mut loader = layer.loader(session);
    let start = gathered.findings.len();
    gathered.incomplete |= !layer.flaws.is_empty();
    openapi::openapi(layer, &mut loader, &mut gathered);
    let mut brought = listed(session, layer, trail, &mut loader, &mut gathered);
    extensions::configurations(layer, &mut loader, &mut gathered);
    generators(session, layer, trail, &mut loader, &mut gathered);
    brought.pass(&gathered);
    for entry in layer.kustomization.list("components") {
        gathered = component(session, trail, entry, &mut loader, gathered);
        brought.by(entry, &loader, &mut gathered);
    }
    gathered.incomplete |= consequence::leave_a_gap(gathered.findings.since(start));
    for transformer in transform::TRANSFORMERS {
        if let Some(value) = layer.kustomization.get(transformer.field) {
            let maker = metadata::field(layer, transformer.kind);
            gathered.work(&mut loader, |work| {
                work.maker = maker;
                (transformer.apply)(value, work);
            });
        }
        metadata::transformed_by_field(layer, transformer, &mut gathered.set);
    }
    extensions::transformers(session, layer, trail, &mut loader, &mut gathered);
    extensions::validators(session, layer, trail, &mut loader, &mut gathered);
    let vars = layer.kustomization.list("vars");
    link::claim_vars(&mut gathered.set, vars, &mut gathered.findings);
    gathered.vars.extend_from_slice(vars);
    consequence::drop_consequences(&mut gathered, start);
    consequence::drop_of_flawed(layer, session.store().map(), &mut gathered.findings, start);
    if layer.kustomization.kind == LayerKind::Component {
        consequence::speak_as_component(&mut gathered.findings, start);
    }
    gathered.findings.pass_since(start, || session.store().shown(&layer.folder));
    gathered.reads.append(&mut loader.reads);
    gathered.layers.push(layer.location);
    remote::credentials(&layer.kustomization.root, &mut gathered.secrets);
    gathered
}

/// What the `resources` of a layer lead to. Other threads parse the files of a large layer meanwhile.
fn listed<'a>(
    session: &Session,
    layer: &'a Layer,
    trail: &Trail<'_>,
    loader: &mut Loader,
    gathered: &mut Gathered,
) -> Brought<'a> {
    let ahead = Ahead::of(layer, loader);
    let mut brought = Brought::before(gathered);
    let mut take_all = || {
        for (turn, entry) in layer.kustomization.resources().enumerate() {
            if let Some(ahead) = &ahead {
                ahead.turn(turn);
            }
            let reached = reach(session, layer, trail, entry, loader, gathered);
            if let Some(below) = reached {
                gathered.absorb(below, entry);
            }
            brought.by(entry, loader, gathered);
        }
    };
    match &ahead {
        Some(ahead) => alongside(|| ahead.parse(session.store()), take_all),
        None => take_all(),
    }
    brought
}

/// What a `resources` entry leads to: a file's resources are added at once, a folder's are returned.
pub(super) fn reach(
    session: &Session,
    layer: &Layer,
    trail: &Trail<'_>,
    entry: &Node,
    loader: &mut Loader,
    gathered: &mut Gathered,
) -> Option<Gathered> {
    let written = entry.text()?;
    if written.is_empty() {
        let finding = Finding::error("build/missing-file", "this entry is empty").at(entry.location(), "names nothing");
        gathered.findings.push(finding.help("name a file or a folder, or remove the entry"));
        return None;
    }
    let meaning = Entry::of(written, loader);
    if meaning == Entry::File || meaning == Entry::Path && loader.kind(written) != Some(EntryKind::Folder) {
        let before = gathered.findings.len();
        if let Some(documents) = loader.own_documents(written, entry.location(), &mut gathered.findings) {
            let start = gathered.findings.len();
            let doubled = documents.iter().any(|document| document.doubled);
            let strict = doubles::strict(&documents);
            let documents = if doubled { doubles::kept(documents) } else { documents };
            let mut read = resources::of_documents(documents, &mut gathered.findings);
            if doubled {
                doubles::mark(&mut read);
                doubles::tolerate(before, &strict, &mut gathered.findings);
            }
            let unknown = |resource: &Resource| !has_known_scope(&resource.gvk());
            if gathered.built_in == BuiltIn::Untouched && read.iter().any(unknown) {
                gathered.built_in = BuiltIn::AskedFor;
            }
            // Whoever listed the wrong file by mistake has to mend the list.
            gathered
                .findings
                .change_since(start, |finding| finding.related(entry.location(), "the file is listed here"));
            if layer.from_root.is_some() {
                read.iter().filter_map(metadata::takes_no_note).for_each(|finding| gathered.findings.push(finding));
            }
            read.into_iter().for_each(|resource| gathered.add(resource));
            metadata::made(&mut gathered.set, metadata::file(layer, written).as_ref());
        } else if let Some(text) = loader.text(written) {
            let (file, text) = text.as_read();
            resources::missing_kinds(file, text, &mut gathered.findings);
        }
        return None;
    }
    let below = enter(session, trail, entry, meaning, loader, gathered)?;
    if below.kustomization.kind == LayerKind::Component {
        gathered.findings.push(
            Finding::error("kustomization/wrong-kind", format!("`{}` is a component", redacted(written)))
                .at(entry.location(), "a component does not stand for itself")
                .help("list it under `components:`"),
        );
        return None;
    }
    Some(session.base(&below, &trail.with(&below), gathered))
}

/// The layer that an entry leads to, here or elsewhere.
fn enter(
    session: &Session,
    trail: &Trail<'_>,
    entry: &Node,
    meaning: Entry,
    loader: &mut Loader,
    gathered: &mut Gathered,
) -> Option<Layer> {
    if gathered.full {
        return None;
    }
    if trail.depth() >= bounds::MAX_NESTED {
        gathered.stop(bounds::too_deep(entry));
        return None;
    }
    if gathered.layers.len() >= bounds::MAX_LAYERS {
        gathered.stop(bounds::too_many_layers(entry));
        return None;
    }
    let written = entry.text()?;
    let findings = &mut gathered.findings;
    let folder = match meaning {
        Entry::Path | Entry::File => {
            let folder = loader.path(written);
            if let Some(tree) = loader.tree().filter(|_| !loader.same_tree(&folder)) {
                findings.push(remote::outside(written, &tree.name, entry.location()));
                return None;
            }
            folder
        }
        Entry::Neither(error) => {
            findings.push(remote::neither(entry, error));
            return None;
        }
        Entry::Repository(_) if trail.remotes(session) >= remote::MAX_DEPTH => {
            findings.push(remote::too_deep(written, entry.location()));
            return None;
        }
        Entry::Repository(spec) => remote::folder(loader, &spec, entry, findings)?,
    };
    trail.enter(session, &folder, entry, findings)
}

fn component(
    session: &Session,
    trail: &Trail<'_>,
    entry: &Node,
    loader: &mut Loader,
    mut gathered: Gathered,
) -> Gathered {
    let Some(written) = entry.text() else { return gathered };
    let meaning = Entry::of(written, loader);
    let Some(below) = enter(session, trail, entry, meaning, loader, &mut gathered) else { return gathered };
    if below.kustomization.kind != LayerKind::Component {
        gathered.findings.push(
            Finding::error("kustomization/wrong-kind", format!("`{}` is not a component", redacted(written)))
                .at(entry.location(), "its kustomization does not say `kind: Component`")
                .help("list it under `resources:`, or give it `kind: Component`"),
        );
        return gathered;
    }
    let mut gathered = accumulate(session, &below, &trail.with(&below), gathered);
    // Kustomize hands on what a component leaves as it does with what a base has.
    gathered.settle(entry.location());
    let mut contradictions = Vec::new();
    gathered.specs = LayerSpecs::Empty.union(&gathered.specs, &mut contradictions);
    contradictions.iter().for_each(|found| gathered.findings.push(found.finding(entry.location())));
    gathered
}

fn generators(session: &Session, layer: &Layer, trail: &Trail<'_>, loader: &mut Loader, gathered: &mut Gathered) {
    let options = layer.kustomization.get("generatorOptions");
    for generator in generate::GENERATORS {
        for entry in layer.kustomization.list(generator.field) {
            gathered.work(loader, |work| (generator.generate)(entry, options, work));
            metadata::made(&mut gathered.set, metadata::field(layer, generator.kind).as_ref());
        }
    }
    helm::charts(session, layer, trail, loader, gathered);
    metadata::made(&mut gathered.set, metadata::field(layer, helm::KIND).as_ref());
    extensions::generators(session, layer, trail, loader, gathered);
}
