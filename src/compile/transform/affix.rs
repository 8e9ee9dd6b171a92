//! What `namePrefix` and `nameSuffix` share: a text put before or behind names.

use super::super::configuration::read_specs;
use super::super::fields::{Fields, string, wrong_type};
use super::super::{Step, Work};
use super::Transformer;
use super::write::{new_untagged, set_untagged, visit, warn_of_unknown, wrong_kind};
use crate::finding::Finding;
use crate::resource::{FieldSpec, FieldSpecs, Gvk, Missing, Resource, SpecIndex, WrongKind};
use crate::source::Node;

/// Where the text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affix {
    Prefix,
    Suffix,
}

/// The kind `PrefixSuffixTransformer`: both at once.
pub(super) static PREFIX_SUFFIX: Transformer =
    Transformer { field: "", kind: "PrefixSuffixTransformer", apply: |_, _| {}, configured: both };

fn both(config: &Node, work: &mut Work<'_>) {
    for affix in [Affix::Prefix, Affix::Suffix] {
        affix.configured(config, &["prefix", "suffix", "fieldSpecs"], work);
    }
}

impl Affix {
    fn field(self) -> &'static str {
        match self {
            Affix::Prefix => "namePrefix",
            Affix::Suffix => "nameSuffix",
        }
    }

    fn specs(self, specs: &FieldSpecs) -> &[FieldSpec] {
        match self {
            Affix::Prefix => &specs.name_prefix,
            Affix::Suffix => &specs.name_suffix,
        }
    }

    fn join(self, affix: &str, name: &str) -> String {
        match self {
            Affix::Prefix => format!("{affix}{name}"),
            Affix::Suffix => format!("{name}{affix}"),
        }
    }

    /// Does what the field asks for.
    pub(super) fn apply(self, value: &Node, work: &mut Work<'_>) {
        match string(value) {
            Some(text) => self.put(text, value, self.specs(work.specs), work),
            None if value.is_null() => {}
            None => work.findings.push(wrong_type(value, self.field(), "text")),
        }
    }

    /// Does what a configuration object asks for.
    pub(super) fn configured(self, config: &Node, known: &[&str], work: &mut Work<'_>) {
        let Some(fields) = Fields::of_object(config, "a transformer of names", work.findings) else {
            return;
        };
        warn_of_unknown(&fields, known, work.findings);
        if fields.node("fieldSpecs").is_none() {
            work.findings.push(
                Finding::error("build/field-value", "a transformer of names needs `fieldSpecs`")
                    .at(fields.location(), "no `fieldSpecs` here")
                    .help("write `fieldSpecs: [{path: metadata/name}]`"),
            );
            return;
        }
        // Kustomize passes over a null among them here, and nowhere else.
        let rows = fields.list("fieldSpecs", work.findings).iter().filter(|row| !row.is_null());
        let specs: Vec<FieldSpec> = read_specs(rows, work.findings).into_iter().map(|(spec, _)| spec).collect();
        let name = if self == Affix::Prefix { "prefix" } else { "suffix" };
        if let Some((text, value)) = fields.text(name, work.findings) {
            self.put(text, value, &specs, work);
        }
    }

    fn put(self, text: &str, value: &Node, specs: &[FieldSpec], work: &mut Work<'_>) {
        if text.is_empty() {
            return;
        }
        let wrong = work.set.rename_each(
            || SpecIndex::new(specs),
            |index, resource| {
                let original = resource.previous.first().map_or_else(|| resource.gvk(), |id| id.gvk);
                if keeps_its_name(&original) {
                    return None;
                }
                let mut wrong = Vec::new();
                for spec in index.of(original).iter() {
                    if let Err(found) = self.rename(text, value, spec, resource) {
                        wrong.push(wrong_kind(found, resource, self.field(), value.location()));
                    }
                }
                (!wrong.is_empty()).then_some(wrong)
            },
        );
        wrong.into_iter().flatten().for_each(|finding| work.findings.push(finding));
    }

    fn rename(self, text: &str, value: &Node, spec: &FieldSpec, resource: &mut Resource) -> Result<(), WrongKind> {
        if spec.is_path(&["metadata", "name"]) {
            resource.remember_id();
            match self {
                Affix::Prefix => resource.prefixes.push(text.into()),
                Affix::Suffix => resource.suffixes.push(text.into()),
            }
        }
        // The spec was chosen by the original kind; a patch may have changed it.
        if !spec.selects(&resource.gvk()) {
            return Ok(());
        }
        let sign = Step::transform(self.field()).sign(value.location());
        let missing = Missing::Value(new_untagged(text, &sign));
        visit(spec, resource, &missing, &sign, &mut |node| match node.text() {
            Some(name) => {
                let name = self.join(text, name);
                set_untagged(node, name, &sign);
                Ok(())
            }
            None => Err(WrongKind::new(node, "a single value")),
        })
    }
}

/// Kinds whose names mean something to the cluster.
fn keeps_its_name(gvk: &Gvk) -> bool {
    gvk.kind == "CustomResourceDefinition" || gvk.kind == "Namespace" || gvk.is("apiregistration.k8s.io", "APIService")
}
