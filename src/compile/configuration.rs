//! `configurations:`: field specs that a user adds to kustomize's own.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use super::fields::{Fields, Scalars, listed};
use super::link::{gvk_text, legacy_rank};
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::resource::{
    Compat, FieldSpec, FieldSpecs, Gvk, NameReference, PathPart, default_name_references, default_var_references,
    may_refer,
};
use crate::source::{Location, Node};

/// The tables of a configuration file.
const TABLES: &[&str] = &[
    "namePrefix",
    "nameSuffix",
    "namespace",
    "labels",
    "commonLabels",
    "templateLabels",
    "volumeClaimTemplateLabels",
    "commonAnnotations",
    "nameReference",
    "varReference",
    "images",
    "replicas",
];

const SPEC: &[&str] = &["group", "version", "kind", "path", "create"];

impl FieldSpecs {
    /// Adds what a file of `configurations:` says. What is wrong in it is reported.
    pub fn merge_configuration(&mut self, root: &Node, compat: Compat, findings: &mut Findings) {
        let Some(fields) = Fields::of_object(root, "a configuration", findings) else {
            return;
        };
        let start = findings.len();
        for entry in root.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            let name = entry.key.name;
            if !TABLES.iter().any(|table| table.eq_ignore_ascii_case(&name)) {
                findings.push(unknown_table(&name, entry.key.location));
            }
        }
        let mut standard = FieldSpecs::clone(FieldSpecs::standard(compat));
        for ((name, table), (_, standard)) in self.tables_mut().into_iter().zip(standard.tables_mut()) {
            let mut rows = read_specs(fields.list(name, findings), findings);
            rows.sort_by_cached_key(|(spec, _)| sort_key(&spec.gvk()));
            for (mut spec, at) in rows {
                if name == "varReference" {
                    drop_hints(&mut spec);
                }
                // The defaults are merged later, but only here the place is known.
                merge(standard, spec.clone(), at, name, findings);
                merge(table, spec, at, name, findings);
            }
        }
        for row in fields.list("nameReference", findings) {
            self.merge_name_reference(row, findings);
        }
        // Kustomize reads these files strictly and builds nothing if a field is unknown.
        findings.change_since(start, |mut finding| {
            if finding.rule == "build/unknown-field" {
                finding.severity = Severity::Error;
            }
            finding
        });
    }

    fn merge_name_reference(&mut self, row: &Node, findings: &mut Findings) {
        let Some(fields) = Fields::of_object(row, "a name reference", findings) else {
            return;
        };
        fields.warn_of_unknown(&["group", "version", "kind", "fieldSpecs"], findings);
        let target = read_gvk(&fields, findings);
        let specs = read_specs(fields.list("fieldSpecs", findings), findings);
        for (mut spec, at) in specs {
            drop_hints(&mut spec);
            let (path, create) = (spec.written_path(), spec.create);
            if self.add_name_reference(target, spec).is_err() {
                findings.push(conflict(&path, create, at, "nameReference"));
            }
        }
    }
}

impl FieldSpecs {
    fn is_empty(&self) -> bool {
        *self == FieldSpecs::default()
    }

    /// Takes over what `more` adds, and sorts. Answers with what contradicts what is there.
    fn take(&mut self, more: &mut FieldSpecs) -> Vec<Contradiction> {
        let mut found = Vec::new();
        let mut note = |table, spec: &FieldSpec| found.push(Contradiction { table, path: spec.written_path() });
        for ((name, table), (_, specs)) in self.tables_mut().into_iter().zip(more.tables_mut()) {
            for spec in specs.drain(..) {
                if spec.clone().merge_into(table).is_err() {
                    note(name, &spec);
                }
            }
        }
        for reference in more.name_reference.drain(..) {
            for field in reference.fields {
                if self.add_name_reference(reference.target, field.clone()).is_err() {
                    note("nameReference", &field);
                }
            }
        }
        self.sort();
        found
    }

    fn sort(&mut self) {
        for (_, table) in self.tables_mut() {
            table.sort_by_cached_key(|spec| sort_key(&spec.gvk()));
        }
        self.name_reference.sort_by_cached_key(|reference| sort_key(&reference.target));
    }
}

/// A field spec that is known already, and says otherwise of missing fields.
#[derive(Clone, Debug)]
pub struct Contradiction {
    table: &'static str,
    path: String,
}

impl Contradiction {
    /// The finding; `at` is what brings the second spec.
    pub fn finding(&self, at: Location) -> Finding {
        let Contradiction { table, path } = self;
        let message = format!("the field spec `{path}` of `{table}` is there twice, with and without `create`");
        Finding::error("build/field-spec-conflict", message)
            .at(at, "this brings the second one")
            .help("let both say the same of `create`, or speak of different kinds")
    }
}

/// The field specs in force in a layer. Kustomize's own are made only when something asks for them, since a small
/// build asks for few and is over sooner than they are made.
#[derive(Clone, Debug, Default)]
pub enum LayerSpecs {
    /// None yet.
    #[default]
    Empty,
    /// Kustomize's own.
    Standard(Compat),
    /// Those, and others that layers add.
    Extended(Arc<FieldSpecs>),
}

/// All tables but those of references, which have methods of their own.
impl Deref for LayerSpecs {
    type Target = FieldSpecs;

    fn deref(&self) -> &FieldSpecs {
        static EMPTY: LazyLock<FieldSpecs> = LazyLock::new(FieldSpecs::default);
        match self {
            LayerSpecs::Empty => &EMPTY,
            &LayerSpecs::Standard(compat) => FieldSpecs::standard_without_references(compat),
            LayerSpecs::Extended(specs) => specs,
        }
    }
}

impl LayerSpecs {
    /// Names that follow a renamed resource.
    pub fn name_reference(&self) -> &[NameReference] {
        match self {
            LayerSpecs::Standard(_) => default_name_references(),
            specs => &specs.name_reference,
        }
    }

    /// Whether resources of this kind may hold one of [`name_reference`](Self::name_reference).
    pub fn may_refer(&self, kind: &Gvk) -> bool {
        match self {
            LayerSpecs::Standard(_) => may_refer(&kind.kind),
            specs => specs.name_reference.iter().flat_map(|table| &table.fields).any(|spec| spec.selects(kind)),
        }
    }

    /// Whether the user has added to [`name_reference`](Self::name_reference).
    pub fn has_own_references(&self) -> bool {
        match self {
            LayerSpecs::Empty | LayerSpecs::Standard(_) => false,
            LayerSpecs::Extended(specs) => {
                let count = |tables: &[NameReference]| tables.iter().map(|table| table.fields.len()).sum::<usize>();
                count(&specs.name_reference) != count(default_name_references())
            }
        }
    }

    /// Where `$(VAR)` is resolved.
    pub fn var_reference(&self) -> &[FieldSpec] {
        match self {
            LayerSpecs::Standard(_) => default_var_references(),
            specs => &specs.var_reference,
        }
    }

    /// All tables, the references too.
    fn whole(&self) -> FieldSpecs {
        match self {
            &LayerSpecs::Standard(compat) => FieldSpecs::standard(compat).clone(),
            specs => FieldSpecs::clone(specs),
        }
    }

    /// Both sets. Where they contradict each other `self` counts, and `found` tells.
    ///
    /// Kustomize brings its tables into order after each merge, kinds first and what is for any kind last. So a
    /// default for any kind gives way to a spec for one kind if both meet in one merge.
    pub fn union(&self, other: &LayerSpecs, found: &mut Vec<Contradiction>) -> LayerSpecs {
        match (self, other) {
            (LayerSpecs::Empty, LayerSpecs::Extended(specs)) => {
                let mut both = FieldSpecs::default();
                found.append(&mut both.take(&mut FieldSpecs::clone(specs)));
                // As a rule nothing changes, and what is shared is quickly found equal later.
                if both == **specs { other.clone() } else { LayerSpecs::Extended(Arc::new(both)) }
            }
            (LayerSpecs::Empty, specs) | (specs, LayerSpecs::Empty) => specs.clone(),
            (LayerSpecs::Standard(_), LayerSpecs::Standard(_)) => self.clone(),
            (LayerSpecs::Extended(a), LayerSpecs::Extended(b)) if Arc::ptr_eq(a, b) => self.clone(),
            _ => {
                let (mut both, mut more) = (self.whole(), other.whole());
                found.append(&mut both.take(&mut more));
                LayerSpecs::Extended(Arc::new(both))
            }
        }
    }

    /// The field specs that files add.
    pub fn of_files(files: FieldSpecs) -> LayerSpecs {
        if files.is_empty() { LayerSpecs::Empty } else { LayerSpecs::Extended(Arc::new(files)) }
    }

    /// What the layers below have (`self`), and kustomize's own with what `files` say.
    pub fn of_layer(&self, files: FieldSpecs, compat: Compat, found: &mut Vec<Contradiction>) -> LayerSpecs {
        if files.is_empty() {
            return self.union(&LayerSpecs::Standard(compat), found);
        }
        // What files say against kustomize's own was told when they were read.
        let own = LayerSpecs::Standard(compat).union(&LayerSpecs::of_files(files), &mut Vec::new());
        self.union(&own, found)
    }
}

fn sort_key(gvk: &Gvk) -> (i64, String) {
    (legacy_rank(&gvk.kind), gvk_text(gvk))
}

/// Adds `spec`; a conflict is reported at `at`.
pub(super) fn merge(
    specs: &mut Vec<FieldSpec>,
    spec: FieldSpec,
    at: Location,
    table: &'static str,
    findings: &mut Findings,
) {
    let (path, create) = (spec.written_path(), spec.create);
    if spec.merge_into(specs).is_err() {
        findings.push(conflict(&path, create, at, table));
    }
}

/// Says that the spec at `at`, which says `create`, contradicts one that is known.
pub(super) fn conflict(path: &str, create: bool, at: Location, table: &str) -> Finding {
    let message = format!("the field spec `{path}` of `{table}` is known already, with `create: {}`", !create);
    Finding::error("build/field-spec-conflict", message)
        .at(at, format!("here it is `create: {create}`"))
        .help(format!("write `create: {}`, or narrow the spec to a kind that has none yet", !create))
}

/// References are followed through lists wherever they stand.
fn drop_hints(spec: &mut FieldSpec) {
    for part in &mut spec.path {
        *part = PathPart { key: part.key_alone(), list: false };
    }
}

fn read_gvk(fields: &Fields<'_>, findings: &mut Findings) -> Gvk {
    // Of these kustomize makes no text that they are not.
    let fields = fields.with(Scalars::Strict);
    let mut part = |name| fields.text(name, findings).map_or("", |(text, _)| text).into();
    Gvk { group: part("group"), version: part("version"), kind: part("kind") }
}

/// Reads one field spec.
fn read_spec(row: &Node, findings: &mut Findings) -> Option<FieldSpec> {
    let fields = Fields::of_object(row, "a field spec", findings)?;
    fields.warn_of_unknown(SPEC, findings);
    let Gvk { group, version, kind } = read_gvk(&fields, findings);
    let path = fields.text("path", findings).map_or("", |(path, _)| path);
    if path.is_empty() {
        // Kustomize stumbles over it where it applies.
        findings.push(
            Finding::warning("build/field-spec", "a field spec needs a `path`")
                .at(row.location(), "no `path` here")
                .help("name the field, such as `path: spec/template/metadata/labels`"),
        );
    }
    let create = fields.flag("create", findings);
    Some(FieldSpec { group, version, kind, path: FieldSpec::split_path(path), create })
}

/// Reads a list of field specs, with the place of each.
pub(super) fn read_specs<'a>(
    rows: impl IntoIterator<Item = &'a Node>,
    findings: &mut Findings,
) -> Vec<(FieldSpec, Location)> {
    let mut specs = Vec::new();
    for row in rows {
        specs.extend(read_spec(row, findings).map(|spec| (spec, row.location())));
    }
    specs
}

fn unknown_table(name: &str, at: Location) -> Finding {
    let finding = Finding::error("build/unknown-field", format!("`{name}` is no table of a configuration"))
        .at(at, "kustomize refuses the file");
    match nearest(name, TABLES.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("known are {}", listed(TABLES))),
    }
}
