//! `crds:`: OpenAPI definitions whose `x-kubernetes-*` extensions say what a field means.
//!
//! This is the form of the old `openapi-gen`: type names to `Schema`, whose properties refer to other types by `$ref`.

use super::configuration::{conflict, merge};
use crate::finding::Findings;
use crate::resource::{FieldSpec, FieldSpecs, Gvk, PathPart};
use crate::source::{Location, Node, Symbol};

impl FieldSpecs {
    /// Adds what a file of `crds:` says of its kinds: names that refer to other resources, labels, annotations.
    pub fn merge_crds(&mut self, root: &Node, findings: &mut Findings) {
        let types = root.as_mapping();
        for entry in types.into_iter().flat_map(|types| types.iter()) {
            let properties = properties(&entry.value);
            let is_kind = ["kind", "apiVersion", "metadata"]
                .iter()
                .all(|key| properties.is_some_and(|properties| properties.get(key).is_some()));
            if is_kind {
                let kind = entry.key.name.rsplit('.').next().unwrap_or_default();
                let gvk = Gvk { kind: Symbol::new(kind), ..Gvk::default() };
                let mut reader = Reader { budget: MAX_PROPERTIES, specs: self, types: root, gvk, findings };
                reader.read(&entry.key.name, &mut Vec::new(), &mut Vec::new());
            }
        }
    }
}

/// The properties of a type. `Schema` may stand in any letter case.
fn properties(definition: &Node) -> Option<&Node> {
    let fields = definition.as_mapping()?;
    let schema = fields.iter().rfind(|entry| entry.key.name.eq_ignore_ascii_case("Schema"))?;
    schema.value.get("properties")
}

/// Types within types that are followed; no API nests deeper.
const MAX_DEPTH: usize = 64;

/// Properties read for one kind, so that types that share types many times over end in good time.
const MAX_PROPERTIES: usize = 100_000;

struct Reader<'a> {
    budget: usize,
    specs: &'a mut FieldSpecs,
    types: &'a Node,
    gvk: Gvk,
    findings: &'a mut Findings,
}

impl<'a> Reader<'a> {
    /// Reads the type `name`, whose fields stand below `path`. `open` are the types being read, so that one that
    /// holds itself ends.
    fn read(&mut self, name: &str, path: &mut Vec<Symbol>, open: &mut Vec<String>) {
        let types: &'a Node = self.types;
        let properties = types.get(name).and_then(|schema| properties(schema)?.as_mapping());
        let Some(properties) = properties.filter(|_| open.len() < MAX_DEPTH && !open.iter().any(|known| known == name))
        else {
            return;
        };
        open.push(name.to_owned());
        for entry in properties.iter() {
            let Some(budget) = self.budget.checked_sub(1) else {
                break;
            };
            self.budget = budget;
            path.push(entry.key.name);
            self.property(&entry.value, path, entry.key.location);
            if let Some(reference) = entry.value.get("$ref").and_then(Node::as_str) {
                self.read(reference, path, open);
            }
            path.pop();
        }
        open.pop();
    }

    fn property(&mut self, property: &Node, path: &[Symbol], at: Location) {
        let spec = FieldSpec {
            kind: self.gvk.kind,
            path: path.iter().map(|key| PathPart::new(key)).collect(),
            ..FieldSpec::default()
        };
        let says = |name: &str| property.get(name).and_then(Node::as_str);
        if says("x-kubernetes-annotation").is_some() {
            merge(&mut self.specs.common_annotations, spec.clone(), at, "commonAnnotations", self.findings);
        }
        if says("x-kubernetes-label-selector").is_some() {
            merge(&mut self.specs.common_labels, spec.clone(), at, "commonLabels", self.findings);
        }
        if says("x-kubernetes-identity").is_some() {
            merge(&mut self.specs.name_prefix, spec.clone(), at, "namePrefix", self.findings);
        }
        let version = says("x-kubernetes-object-ref-api-version");
        if let (Some(version), Some(kind)) = (version, says("x-kubernetes-object-ref-kind")) {
            let mut spec = spec;
            spec.path.push(PathPart::new(says("x-kubernetes-object-ref-name-key").unwrap_or("name")));
            let target = Gvk { group: Symbol::default(), version: Symbol::new(version), kind: Symbol::new(kind) };
            let path = spec.written_path();
            if self.specs.add_name_reference(target, spec).is_err() {
                self.findings.push(conflict(&path, false, at, "nameReference"));
            }
        }
    }
}
