//! `labels`: pairs put on every resource, and on selectors and templates if asked to.

use std::cell::Cell;

use super::super::configuration::{conflict, read_specs};
use super::super::fields::{Fields, as_text, items};
use super::super::made_labels::Unlabelled;
use super::super::quoted::in_quotes;
use super::super::shared_label::{Followers, restyle};
use super::super::{Step, Work};
use super::Transformer;
use super::write::{open_for, own_specs, warn_of_unknown, wrong_kind};
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::resource::{Compat, FieldSpec, FieldSpecs, Missing, Resource, SpecIndex, WrongKind};
use crate::source::{Location, Node, Signature, Style};

/// The field `labels`.
pub static LABELS: Transformer = Transformer { field: "labels", kind: "LabelTransformer", apply, configured };

fn apply(value: &Node, work: &mut Work<'_>) {
    let mut earlier = Vec::new();
    for entry in items(value, "labels", work.findings) {
        let Some(fields) = Fields::of(entry, "an entry of labels", work.findings) else {
            continue;
        };
        let start = work.findings.count(Severity::Error);
        let own = read_specs(fields.list("fields", work.findings), work.findings);
        let specs = chosen_specs(&fields, &own, work.specs, work.compat, work.findings);
        let pairs = fields.pairs("pairs", work.findings);
        overwritten(&pairs, &specs, &earlier, work.findings);
        put_pairs(&pairs, "labels", &specs, work);
        earlier.push((pairs, specs));
        if work.findings.count(Severity::Error) == start {
            own.iter().for_each(|(spec, at)| warn_of_no_match(spec, *at, work));
        }
    }
}

/// What an entry puts, and where.
type Put<'a> = (Vec<(&'a str, &'a Node)>, Vec<FieldSpec>);

/// Says which of `pairs` take the place of what an earlier entry has put into the same fields.
fn overwritten(pairs: &[(&str, &Node)], specs: &[FieldSpec], earlier: &[Put<'_>], findings: &mut Findings) {
    for &(key, value) in pairs {
        let alike = earlier.iter().rev().filter(|(_, known)| known == specs);
        let Some((_, first)) = alike.flat_map(|(pairs, _)| pairs).find(|(known, _)| *known == key) else { continue };
        if first.text() != value.text() {
            findings.push(
                Finding::warning("labels/overwritten", format!("two entries of `labels` set `{key}`"))
                    .at(value.location(), "this one counts")
                    .related(first.location(), "this one is overwritten")
                    .help("remove one of them"),
            );
        }
    }
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "a LabelTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["labels", "fieldSpecs"], work.findings);
    let specs = own_specs(&fields, work.findings);
    let pairs = fields.pairs("labels", work.findings);
    put_pairs(&pairs, "labels", &specs, work);
}

/// The entry's own `fields` first, then those of the configuration, then what it includes. The order decides which
/// of two specs of one path counts.
fn chosen_specs(
    fields: &Fields<'_>,
    own: &[(FieldSpec, Location)],
    known: &FieldSpecs,
    compat: Compat,
    findings: &mut Findings,
) -> Vec<FieldSpec> {
    let mut specs: Vec<FieldSpec> = own.iter().map(|(spec, _)| spec.clone()).collect();
    let mut add = |more: &[FieldSpec], findings: &mut Findings| {
        for spec in more.iter().filter(|spec| (*spec).clone().merge_into(&mut specs).is_err()) {
            let at = own.iter().find(|(own, _)| own.path == spec.path).map_or(fields.location(), |&(_, at)| at);
            findings.push(conflict(&spec.written_path(), !spec.create, at, "labels"));
        }
    };
    add(&known.labels, findings);
    if fields.flag("includeSelectors", findings) {
        add(&known.common_labels, findings);
        return specs;
    }
    let claims = &known.volume_claim_labels;
    // An older kustomize refuses an entry that says it, so that the newer one is meant.
    let parted = compat.takes_claims_for_templates() && fields.node("includeVolumeClaimTemplates").is_some();
    if fields.flag("includeTemplates", findings) {
        let templates = known.template_labels.iter().filter(|spec| !parted || !claims.contains(spec));
        add(&templates.cloned().collect::<Vec<_>>(), findings);
    }
    if fields.flag("includeVolumeClaimTemplates", findings) {
        add(claims, findings);
    }
    add(&[FieldSpec::new("metadata/labels", true)], findings);
    specs
}

/// What to say of a spec of the user's that leads to no field. Kustomize says nothing.
fn warn_of_no_match(spec: &FieldSpec, at: Location, work: &mut Work<'_>) {
    let set = &*work.set;
    let selected: Vec<&Resource> = set.iter().filter(|resource| spec.selects(&resource.gvk())).collect();
    let mut found = spec.create && !selected.is_empty();
    for resource in &selected {
        spec.visit(&resource.root, &mut |_| found = true);
    }
    if found {
        return;
    }
    let message = format!("no resource has the field `{}`", spec.written_path());
    let finding = Finding::warning("labels/no-match", message).at(at, "these labels go nowhere");
    let kinds = set.iter().map(Resource::kind);
    let near = if selected.is_empty() && work.findings.may_look_through(set.len()) {
        nearest(&spec.kind, kinds.filter(|kind| *kind != spec.kind.as_str()))
    } else {
        None
    };
    work.findings.push(match near {
        Some(near) => finding.help(format!("there is no `{}`; did you mean `{near}`?", spec.kind)),
        _ if selected.is_empty() => finding.help("no resource is of this kind, group and version; remove the entry"),
        _ => finding.help("correct the path, or make the field with `create: true`"),
    });
}

/// Sets `pairs` in every mapping that `specs` select. Each is signed with the place of its value.
pub(super) fn put_pairs(pairs: &[(&str, &Node)], field: &'static str, specs: &[FieldSpec], work: &mut Work<'_>) {
    let Some(&(_, first)) = pairs.first() else {
        return;
    };
    let at: Location = first.location();
    let sign = Step::transform(field).sign(at);
    let wrong = work.set.change_each(
        || SpecIndex::new(specs),
        |index, resource| {
            // One node for all places of a resource, see `shared_label`.
            let values: Vec<Pair<'_>> = pairs.iter().map(|&(key, value)| Pair::new(key, value, field)).collect();
            let (mut followers, mut wrong) = (Followers::default(), Vec::new());
            let unlabelled = Unlabelled::of(resource);
            for spec in index.of(resource.gvk()).iter() {
                open_for(spec, resource, &sign);
                let mut put = |node: &mut Node| put_in(node, &values, &mut followers);
                let visited = spec.visit_mut(&mut resource.root, &Missing::Mapping, &sign, &mut put);
                if let Err(found) = visited {
                    wrong.push(wrong_kind(found, resource, field, at));
                }
            }
            followers.settle(&mut resource.root);
            for pair in &values {
                let style = pair.style.get();
                if style != pair.node.style() {
                    restyle(&mut resource.root, &pair.node, style);
                }
            }
            unlabelled.follow(resource);
            (!wrong.is_empty()).then_some(wrong)
        },
    );
    wrong.into_iter().flatten().for_each(|finding| work.findings.push(finding));
}

struct Pair<'a> {
    key: &'a str,
    node: Node,
    sign: Signature,
    /// As what was overwritten last was written; all places that have been made are written like this.
    style: Cell<Style>,
}

impl<'a> Pair<'a> {
    fn new(key: &'a str, value: &Node, field: &'static str) -> Self {
        let sign = Step::transform(field).sign(value.location());
        let node = Node::new_string(as_text(value), &sign);
        let node = in_quotes(&node).unwrap_or(node);
        Pair { key, style: Cell::new(node.style()), node, sign }
    }
}

fn put_in(node: &mut Node, pairs: &[Pair<'_>], followers: &mut Followers) -> Result<(), WrongKind> {
    if node.is_null() {
        return Ok(());
    }
    let Some(mapping) = node.as_mapping_mut() else {
        return Err(WrongKind::new(node, "a mapping"));
    };
    for Pair { key, node: new, sign, style } in pairs {
        if key.is_empty() {
            return Err(WrongKind::new(new, WrongKind::NO_NAME));
        }
        let Some(place) = mapping.get_mut(key) else {
            mapping.set_key(key, new.clone(), sign);
            continue;
        };
        if let Some(known) = followers.successor(place) {
            *place = known.clone();
            continue;
        }
        let old = place.clone();
        let own = old.style();
        style.set(if own == Style::Tagged { Style::Plain } else { own });
        place.set(new.restyled(style.get()), sign);
        followers.note(&old, place);
    }
    Ok(())
}
