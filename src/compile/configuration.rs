//! `configurations:`: field specs that a user adds to kustomize's own.

use super::fields::{Fields, listed};
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{FieldSpec, FieldSpecs, Gvk, NameReference};
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
        for &table in TABLES {
            for row in fields.list(table, findings) {
                if table == "nameReference" {
                    self.merge_name_reference(row, findings);
                } else if let Some(spec) = read_spec(row, "a field spec", SPEC, findings) {
                    merge(self.table_mut(table), spec, row.location(), table, findings);
                }
            }
        }
    }

    fn table_mut(&mut self, name: &str) -> &mut Vec<FieldSpec> {
        match name {
            "namePrefix" => &mut self.name_prefix,
            "nameSuffix" => &mut self.name_suffix,
            "namespace" => &mut self.namespace,
            "labels" => &mut self.labels,
            "commonLabels" => &mut self.common_labels,
            "templateLabels" => &mut self.template_labels,
            "commonAnnotations" => &mut self.common_annotations,
            "images" => &mut self.images,
            "replicas" => &mut self.replicas,
            _ => &mut self.var_reference,
        }
    }

    fn merge_name_reference(&mut self, row: &Node, findings: &mut Findings) {
        let Some(fields) = Fields::of(row, "a name reference", findings) else {
            return;
        };
        fields.warn_of_unknown(&["group", "version", "kind", "fieldSpecs"], findings);
        let target = read_gvk(&fields, findings);
        let specs = read_specs(fields.list("fieldSpecs", findings), findings);
        for (spec, at) in specs {
            self.add_name_reference(target, spec, at, findings);
        }
    }

    /// Adds a field that holds the name of a resource of the kind `target`.
    pub(super) fn add_name_reference(&mut self, target: Gvk, spec: FieldSpec, at: Location, findings: &mut Findings) {
        let index = self.name_reference.iter().position(|known| known.target == target).unwrap_or_else(|| {
            self.name_reference.push(NameReference { target, fields: Vec::new() });
            self.name_reference.len() - 1
        });
        merge(&mut self.name_reference[index].fields, spec, at, "nameReference", findings);
    }

    /// Adds all specs of another layer's configuration; conflicts are reported at `at`.
    pub fn merge_specs(&mut self, other: &FieldSpecs, at: Location, findings: &mut Findings) {
        let mut other = other.clone();
        for &table in TABLES.iter().filter(|&&table| table != "nameReference") {
            for spec in std::mem::take(other.table_mut(table)) {
                merge(self.table_mut(table), spec, at, table, findings);
            }
        }
        for reference in other.name_reference {
            for spec in reference.fields {
                self.add_name_reference(reference.target, spec, at, findings);
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
        let message = format!("the field spec `{path}` of `{table}` is known already, with `create: {}`", !create);
        findings.push(
            Finding::error("build/field-spec-conflict", message)
                .at(at, format!("here it is `create: {create}`"))
                .help(format!("write `create: {}`, or narrow the spec to a kind that has none yet", !create)),
        );
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
