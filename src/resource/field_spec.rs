//! Field specs: where in which kinds a meaning (image, name, label) lives.

use std::fmt;

use super::Gvk;
use crate::source::Symbol;

/// Where a meaning lives: a path through mappings (lists on the way are walked item by item) in the kinds selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSpec {
    /// Selects by group; empty selects any.
    pub group: Symbol,
    /// Selects by version; empty selects any.
    pub version: Symbol,
    /// Selects by kind; empty selects any.
    pub kind: Symbol,
    /// The fields from the root.
    pub path: Vec<PathPart>,
    /// Whether a missing field is made.
    pub create: bool,
}

/// One field on the path of a [`FieldSpec`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathPart {
    /// The key.
    pub key: Symbol,
    /// Whether the field is a list, which is written with `[]` after the key.
    pub list: bool,
}

impl PathPart {
    /// A part as configurations write it.
    pub fn new(written: &str) -> Self {
        let (key, list) = written.strip_suffix("[]").map_or((written, false), |key| (key, true));
        PathPart { key: Symbol::new(key), list }
    }

    /// The key, for those who walk lists wherever they stand.
    pub fn key_alone(self) -> Symbol {
        Symbol::new(self.key.trim_end_matches("[]"))
    }
}

impl fmt::Display for PathPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.key, if self.list { "[]" } else { "" })
    }
}

/// Two specs of one field, one of which makes a missing field and one of which does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateConflict;

impl FieldSpec {
    /// A spec for every kind, its path written as in a configuration.
    pub fn new(path: &str, create: bool) -> Self {
        FieldSpec { path: FieldSpec::split_path(path), create, ..FieldSpec::default() }
    }

    /// The parts of a path as configurations write it: `/` between the parts, `\/` for a slash in a part, and a slash
    /// in front counts for nothing.
    pub fn split_path(path: &str) -> Vec<PathPart> {
        if path.contains('\\') {
            return split_escaped(path, '/').iter().map(|part| PathPart::new(part)).collect();
        }
        path.strip_prefix('/').unwrap_or(path).split('/').map(PathPart::new).collect()
    }

    /// The path as configurations write it.
    pub fn written_path(&self) -> String {
        let parts: Vec<String> = self.path.iter().map(|part| part.to_string().replace('/', "\\/")).collect();
        parts.join("/")
    }

    /// Whether this is the path `parts`.
    pub fn is_path(&self, parts: &[&str]) -> bool {
        self.path.iter().map(|part| (part.key.as_str(), part.list)).eq(parts.iter().map(|&key| (key, false)))
    }

    /// Whether the spec speaks of this kind.
    pub fn selects(&self, gvk: &Gvk) -> bool {
        let fits = |wanted: Symbol, found: Symbol| wanted.is_empty() || wanted == found;
        fits(self.kind, gvk.kind) && fits(self.group, gvk.group) && fits(self.version, gvk.version)
    }

    /// Adds this spec to `specs`, unless it selects what a spec of the same path stands for already.
    ///
    /// A spec for any kind therefore gives way to one for a single kind that came first (kustomize's
    /// `FsSlice.MergeOne`).
    pub fn merge_into(self, specs: &mut Vec<FieldSpec>) -> Result<(), CreateConflict> {
        let known = specs.iter().find(|known| known.path == self.path && self.selects(&known.gvk()));
        match known {
            Some(known) if known.create != self.create => Err(CreateConflict),
            Some(_) => Ok(()),
            None => {
                specs.push(self);
                Ok(())
            }
        }
    }

    /// The kind it speaks of; empty parts mean any.
    pub fn gvk(&self) -> Gvk {
        Gvk { group: self.group, version: self.version, kind: self.kind }
    }
}

/// Splits `path` at `mark`, except where a backslash stands before it; a mark in front counts for nothing.
pub fn split_escaped(path: &str, mark: char) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.strip_prefix(mark).unwrap_or(path).split(mark) {
        match parts.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(mark);
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

/// Fields that hold the name of a resource of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameReference {
    /// The kind referred to: group, version, kind; empty parts mean any.
    pub target: Gvk,
    /// The fields that refer to it.
    pub fields: Vec<FieldSpec>,
}

/// All field specs that are in force in a layer: kustomize's defaults and those that `configurations` and `crds` add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSpecs {
    /// `namePrefix`.
    pub name_prefix: Vec<FieldSpec>,
    /// `nameSuffix`.
    pub name_suffix: Vec<FieldSpec>,
    /// `namespace`.
    pub namespace: Vec<FieldSpec>,
    /// `labels`, whatever it includes. Empty by default.
    pub labels: Vec<FieldSpec>,
    /// `commonLabels`, and `labels` with `includeSelectors`.
    pub common_labels: Vec<FieldSpec>,
    /// `labels` with `includeTemplates`.
    pub template_labels: Vec<FieldSpec>,
    /// `labels` with `includeVolumeClaimTemplates`, of newer kustomize.
    pub volume_claim_labels: Vec<FieldSpec>,
    /// `commonAnnotations`.
    pub common_annotations: Vec<FieldSpec>,
    /// Names that follow a renamed resource.
    pub name_reference: Vec<NameReference>,
    /// Where `$(VAR)` is resolved.
    pub var_reference: Vec<FieldSpec>,
    /// `images`.
    pub images: Vec<FieldSpec>,
    /// `replicas`.
    pub replicas: Vec<FieldSpec>,
}

impl FieldSpecs {
    /// The tables of plain field specs with their names in a configuration: all but `nameReference`.
    pub fn tables_mut(&mut self) -> [(&'static str, &mut Vec<FieldSpec>); 11] {
        [
            ("namePrefix", &mut self.name_prefix),
            ("nameSuffix", &mut self.name_suffix),
            ("namespace", &mut self.namespace),
            ("labels", &mut self.labels),
            ("commonLabels", &mut self.common_labels),
            ("templateLabels", &mut self.template_labels),
            ("volumeClaimTemplateLabels", &mut self.volume_claim_labels),
            ("commonAnnotations", &mut self.common_annotations),
            ("varReference", &mut self.var_reference),
            ("images", &mut self.images),
            ("replicas", &mut self.replicas),
        ]
    }

    /// Adds a field that holds the name of a resource of the kind `target`.
    pub fn add_name_reference(&mut self, target: Gvk, field: FieldSpec) -> Result<(), CreateConflict> {
        let index = self.name_reference.iter().position(|known| known.target == target).unwrap_or_else(|| {
            self.name_reference.push(NameReference { target, fields: Vec::new() });
            self.name_reference.len() - 1
        });
        field.merge_into(&mut self.name_reference[index].fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(path: &str) -> Vec<String> {
        FieldSpec::split_path(path).iter().map(PathPart::to_string).collect()
    }

    #[test]
    fn paths_split_at_slashes_that_are_not_escaped() {
        assert_eq!(parts("spec/containers[]/image"), ["spec", "containers[]", "image"]);
        assert_eq!(parts("/spec/replicas"), ["spec", "replicas"]);
        assert_eq!(parts(r"metadata/annotations/example.com\/owner"), ["metadata", "annotations", "example.com/owner"]);
        assert_eq!(parts(""), [""]);
        assert_eq!(FieldSpec::new(r"a/b\/c", false).written_path(), r"a/b\/c");
    }

    #[test]
    fn an_equal_spec_is_not_added_twice_and_must_agree_on_create() {
        let mut specs = vec![FieldSpec { kind: "Foo".into(), ..FieldSpec::new("spec/labels", true) }];
        assert_eq!(FieldSpec::new("spec/labels", true).merge_into(&mut specs), Ok(()), "any kind selects Foo's");
        assert_eq!(specs.len(), 1);
        let other = FieldSpec { kind: "Bar".into(), ..FieldSpec::new("spec/labels", false) };
        assert_eq!(other.merge_into(&mut specs), Ok(()));
        assert_eq!(specs.len(), 2);
        let conflict = FieldSpec { kind: "Foo".into(), ..FieldSpec::new("spec/labels", false) };
        assert_eq!(conflict.merge_into(&mut specs), Err(CreateConflict));
    }
}
