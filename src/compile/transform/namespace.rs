//! `namespace`: puts every resource that may have one into a namespace.

use std::collections::HashMap;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

use super::super::fields::{Fields, string, wrong_type};
use super::super::link::HELM_GENERATED;
use super::super::{Step, Work};
use super::Transformer;
use super::write::{own_specs, visit, warn_of_unknown, wrong_kind};
use crate::finding::{Finding, Findings};
use crate::resource::{
    Compat, FieldSpec, Gvk, Missing, Resource, ResourceId, ResourceSet, SpecIndex, WrongKind, scope,
};
use crate::source::{FieldPath, Location, Node, PathStep, Signature, Style};

/// The field `namespace`.
pub static NAMESPACE: Transformer = Transformer { field: "namespace", kind: "NamespaceTransformer", apply, configured };

/// Which subjects of a `RoleBinding` or `ClusterRoleBinding` follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subjects {
    /// Those named `default`, of whatever kind.
    NamedDefault,
    /// All of kind `ServiceAccount`.
    ServiceAccounts,
    /// None.
    None,
}

const MODES: [(&str, Subjects); 3] = [
    ("defaultOnly", Subjects::NamedDefault),
    ("allServiceAccounts", Subjects::ServiceAccounts),
    ("none", Subjects::None),
];

/// Which namespaces are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overwrite {
    All,
    UnsetOnly,
}

struct Namespace<'a> {
    name: &'a str,
    at: Location,
    sign: Signature,
    subjects: Subjects,
    overwrite: Overwrite,
    specs: &'a [FieldSpec],
    compat: Compat,
}

fn apply(value: &Node, work: &mut Work<'_>) {
    let Some(name) = string(value) else {
        if !value.is_null() {
            work.findings.push(wrong_type(value, "namespace", "text"));
        }
        return;
    };
    let (subjects, overwrite) = (Subjects::NamedDefault, Overwrite::All);
    let (specs, compat) = (&work.specs.namespace, work.compat);
    set(
        Namespace { name, at: value.location(), sign: sign(value), subjects, overwrite, specs, compat },
        work.set,
        work.findings,
    );
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "a NamespaceTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["fieldSpecs", "unsetOnly", "setRoleBindingSubjects"], work.findings);
    let Some(subjects) = subjects(&fields, work.findings) else {
        return;
    };
    let overwrite = if fields.flag("unsetOnly", work.findings) { Overwrite::UnsetOnly } else { Overwrite::All };
    let specs = &own_specs(&fields, work.findings);
    let metadata = fields.fields("metadata", work.findings);
    let Some((name, value)) = metadata.and_then(|metadata| metadata.text("namespace", work.findings)) else {
        return;
    };
    let compat = work.compat;
    set(
        Namespace { name, at: value.location(), sign: sign(value), subjects, overwrite, specs, compat },
        work.set,
        work.findings,
    );
}

fn sign(value: &Node) -> Signature {
    Step::transform("namespace").sign(value.location())
}

fn subjects(fields: &Fields<'_>, findings: &mut Findings) -> Option<Subjects> {
    let Some((mode, node)) = fields.nonempty("setRoleBindingSubjects", findings) else {
        return Some(Subjects::NamedDefault);
    };
    let known = MODES.iter().find(|(name, _)| *name == mode).map(|&(_, subjects)| subjects);
    if known.is_none() {
        findings.push(
            Finding::error("build/field-value", format!("`{mode}` is no value of `setRoleBindingSubjects`"))
                .at(node.location(), "not known")
                .help("write `defaultOnly`, `allServiceAccounts` or `none`"),
        );
    }
    known
}

fn set(namespace: Namespace<'_>, set: &mut ResourceSet, findings: &mut Findings) {
    if namespace.name.is_empty() {
        return;
    }
    let keeps_charts = namespace.compat.tells_charts_the_namespace();
    let wrong = set.rename_each(
        || SpecIndex::new(namespace.specs),
        |index, resource| {
            if keeps_charts && is_charted(resource) {
                return None;
            }
            resource.remember_id();
            let wrong = namespace.apply(resource, index).err()?;
            Some(wrong_kind(wrong, resource, "namespace", namespace.at))
        },
    );
    wrong.into_iter().for_each(|finding| findings.push(finding));
    report_conflicts(set, namespace.at, findings);
}

/// Puts one resource into a namespace, without a word of its former one.
pub(super) fn put_on(
    resource: &mut Resource,
    name: &str,
    compat: Compat,
    at: Location,
    sign: Signature,
) -> Result<(), WrongKind> {
    let (subjects, overwrite, specs) = (Subjects::NamedDefault, Overwrite::All, &[]);
    Namespace { name, at, sign, subjects, overwrite, specs, compat }.apply(resource, &mut SpecIndex::new(specs))
}

impl Namespace<'_> {
    fn apply(&self, resource: &mut Resource, index: &mut SpecIndex<'_>) -> Result<(), WrongKind> {
        let gvk = resource.gvk();
        if !scope::is_left_out_of_namespaces(&gvk, self.compat) {
            self.write(own_place(), resource)?;
        }
        let binding = is_binding(gvk.kind.as_str());
        if binding {
            self.bind(&mut resource.root)?;
        }
        for spec in index.of(gvk).iter().filter(|spec| applies(spec, &gvk, binding)) {
            self.write(spec, resource)?;
        }
        Ok(())
    }

    fn write(&self, spec: &FieldSpec, resource: &mut Resource) -> Result<(), WrongKind> {
        let missing = Missing::Value(Node::new_string(self.name, &self.sign));
        visit(spec, resource, &missing, &self.sign, &mut |node| self.put(node))
    }

    fn put(&self, node: &mut Node) -> Result<(), WrongKind> {
        if !node.is_scalar() {
            return Err(WrongKind::new(node, "a single value"));
        }
        if self.overwrite == Overwrite::UnsetOnly && is_set(node) {
            return Ok(());
        }
        let style = if node.is_null() { Style::Plain } else { node.style() };
        node.set(Node::new_string(self.name, &self.sign).restyled(style), &self.sign);
        Ok(())
    }

    /// Sets the namespace of a binding's subjects.
    fn bind(&self, root: &mut Node) -> Result<(), WrongKind> {
        let (key, wanted) = match self.subjects {
            Subjects::None => return Ok(()),
            Subjects::NamedDefault => ("name", "default"),
            Subjects::ServiceAccounts => ("kind", "ServiceAccount"),
        };
        let Some(subjects) = root.get_mut("subjects").filter(|node| !node.is_null()) else {
            return Ok(());
        };
        let path = FieldPath::root().key("subjects");
        let Some(list) = subjects.as_sequence_mut() else {
            return Err(WrongKind { path, ..WrongKind::new(subjects, "a list") });
        };
        for (index, subject) in list.items_mut().iter_mut().enumerate() {
            if subject.as_mapping().is_none() && !subject.is_null() {
                return Err(WrongKind { path: path.index(index), ..WrongKind::new(subject, "a mapping") });
            }
            let found = subject.get(key);
            if let Some(found) = found.filter(|found| !found.is_scalar()) {
                let path = path.index(index).child(PathStep::Key(key.into()));
                return Err(WrongKind { path, ..WrongKind::new(found, "a single value") });
            }
            if found.and_then(Node::text) != Some(wanted) {
                continue;
            }
            let put = match (subject.get_mut("namespace"), &self.sign) {
                (Some(node), _) => self.put(node),
                (None, sign) => {
                    let name = Node::new_string(self.name, sign);
                    subject.as_mapping_mut().into_iter().for_each(|map| map.set_key("namespace", name.clone(), sign));
                    Ok(())
                }
            };
            put.map_err(|wrong| WrongKind {
                path: path.index(index).child(PathStep::Key("namespace".into())),
                ..wrong
            })?;
        }
        Ok(())
    }
}

/// Whether a chart made the resource, by the mark that kustomize puts on it, which a user may have written too.
fn is_charted(resource: &Resource) -> bool {
    resource.charted || resource.annotation(HELM_GENERATED) == Some("true")
}

/// `metadata.namespace`, which code sets and no spec names.
fn own_place() -> &'static FieldSpec {
    static PLACE: LazyLock<FieldSpec> = LazyLock::new(|| FieldSpec::new("metadata/namespace", true));
    &PLACE
}

fn is_set(node: &Node) -> bool {
    !node.is_null() && node.text().is_some_and(|text| !text.is_empty())
}

fn is_binding(kind: &str) -> bool {
    matches!(kind, "RoleBinding" | "ClusterRoleBinding")
}

/// What code does, specs do not: `metadata.namespace` and the subjects of bindings. A name is a namespace in `v1` only,
/// so that the `Namespace` kind of another group is left alone.
fn applies(spec: &FieldSpec, gvk: &Gvk, binding: bool) -> bool {
    let in_core = gvk.group.is_empty() && gvk.version == "v1";
    let is_subjects = || is_binding(spec.kind.as_str()) && spec.is_path(&["subjects", "namespace"]);
    let by_code = spec.is_path(&["metadata", "namespace"])
        || !in_core && spec.is_path(&["metadata", "name"])
        || binding && is_subjects();
    !by_code
}

/// Resources of one name that stood in different namespaces are one and the same now.
fn report_conflicts(set: &ResourceSet, at: Location, findings: &mut Findings) {
    let mut seen: HashMap<ResourceId, &Resource, FxBuildHasher> = HashMap::default();
    let mut pairs: Vec<(&Resource, &Resource)> = Vec::new();
    for resource in set.iter() {
        let mut id = resource.id();
        id.namespace = id.effective_namespace().into();
        pairs.extend(seen.insert(id, resource).map(|first| (first, resource)));
    }
    let Some((&(first, second), others)) = pairs.split_first() else { return };
    let was = |resource: &Resource| resource.previous.last().unwrap_or(&resource.id()).to_string();
    let message = format!("`namespace` makes two resources the same: `{}`", second.id());
    let mut finding = Finding::error("build/id-conflict", message).at(at, "both are moved here");
    finding = match first.named_at() == second.named_at() {
        true => {
            finding.related(first.named_at(), format!("was `{}`, and in another base `{}`", was(first), was(second)))
        }
        false => finding
            .related(first.named_at(), format!("was `{}`", was(first)))
            .related(second.named_at(), format!("was `{}`", was(second))),
    };
    if let Some((_, more)) = others.first() {
        let rest = if others.len() > 1 { format!(" and {} more", others.len() - 1) } else { String::new() };
        finding = finding.note(format!("the same for `{}`{rest}", more.id()));
    }
    findings.push(finding.help("build them in two kustomizations, or rename one").resource(second.id()));
}
