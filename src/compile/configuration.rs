//! `configurations:`: field specs that a user adds to kustomize's own.

use super::fields::{Fields, listed};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{FieldSpec, FieldSpecs, Gvk};
use crate::source::{Location, Node};

/// The tables of a configuration file.
const TABLES: &[&str] = &[
    "namePrefix",
    "nameSuffix",
    "namespace",
    "labels",
    "commonLabels",
    "templateLabels",
    "commonAnnotations",
    "nameReference",
    "varReference",
    "images",
    "replicas",
];

const SPEC: &[&str] = &["group", "version", "kind", "path", "create"];

impl FieldSpecs {
    /// Adds what a file of `configurations:` says. What is wrong in it is reported.
    pub fn merge_configuration(&mut self, root: &Node, findings: &mut Findings) {
        let Some(fields) = Fields::of(root, "a configuration", findings) else {
            return;
        };
        // Kustomize reads these files strictly and builds nothing if a field is unknown.
        for entry in root.as_mapping().into_iter().flat_map(|mapping| mapping.iter()) {
            let name = entry.key.name;
            if !TABLES.iter().any(|table| table.eq_ignore_ascii_case(&name)) {
                findings.push(unknown_table(&name, entry.key.location));
            }
        }
        for (name, table) in self.tables_mut() {
            for (mut spec, at) in read_specs(fields.list(name, findings), findings) {
                if name == "varReference" {
                    drop_hints(&mut spec);
                }
                merge(table, spec, at, name, findings);
            }
        }
        for row in fields.list("nameReference", findings) {
            self.merge_name_reference(row, findings);
        }
    }

    fn merge_name_reference(&mut self, row: &Node, findings: &mut Findings) {
        let Some(fields) = Fields::of(row, "a name reference", findings) else {
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

/// Says that a spec contradicts one that is known.
pub(super) fn conflict(path: &str, create: bool, at: Location, table: &str) -> Finding {
    let message = format!("the field spec `{path}` of `{table}` is known already, with `create: {}`", !create);
    Finding::error("build/field-spec-conflict", message)
        .at(at, format!("here it is `create: {create}`"))
        .help(format!("write `create: {}`, or narrow the spec to a kind that has none yet", !create))
}

/// References are followed through lists wherever they stand.
fn drop_hints(spec: &mut FieldSpec) {
    for part in &mut spec.path {
        *part = part.as_str().trim_end_matches("[]").into();
    }
}

fn read_gvk(fields: &Fields<'_>, findings: &mut Findings) -> Gvk {
    let mut part = |name| fields.text(name, findings).map_or("", |(text, _)| text).into();
    Gvk { group: part("group"), version: part("version"), kind: part("kind") }
}

/// Reads one field spec.
pub(super) fn read_spec(row: &Node, what: &'static str, known: &[&str], findings: &mut Findings) -> Option<FieldSpec> {
    let fields = Fields::of(row, what, findings)?;
    fields.warn_of_unknown(known, findings);
    let Gvk { group, version, kind } = read_gvk(&fields, findings);
    let Some((path, _)) = fields.nonempty("path", findings) else {
        findings.push(
            Finding::error("build/field-spec", "a field spec needs a `path`")
                .at(row.location(), "no `path` here")
                .help("name the field, such as `path: spec/template/metadata/labels`"),
        );
        return None;
    };
    let create = fields.flag("create", findings);
    Some(FieldSpec { group, version, kind, path: FieldSpec::split_path(path), create })
}

/// Reads a list of field specs, with the place of each.
pub(super) fn read_specs(rows: &[Node], findings: &mut Findings) -> Vec<(FieldSpec, Location)> {
    let mut specs = Vec::with_capacity(rows.len());
    for row in rows {
        specs.extend(read_spec(row, "a field spec", SPEC, findings).map(|spec| (spec, row.location())));
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
