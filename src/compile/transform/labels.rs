//! `labels`: pairs put on every resource, and on selectors and templates if asked to.

use super::super::configuration::{conflict, read_specs};
use super::super::fields::{Fields, as_text, items};
use super::super::shared_label::Followers;
use super::super::{Step, Work};
use super::Transformer;
use super::write::{open_for, own_specs, warn_of_unknown, wrong_kind};
use crate::finding::Findings;
use crate::resource::{Compat, FieldSpec, FieldSpecs, Missing, SpecIndex, WrongKind};
use crate::source::{Location, Node, Signature};

/// The field `labels`.
pub static LABELS: Transformer = Transformer { field: "labels", kind: "LabelTransformer", apply, configured };

fn apply(value: &Node, work: &mut Work<'_>) {
    for entry in items(value, "labels", work.findings) {
        let Some(fields) = Fields::of(entry, "an entry of labels", work.findings) else {
            continue;
        };
        let specs = chosen_specs(&fields, work.specs, work.compat, work.findings);
        let pairs = fields.pairs("pairs", work.findings);
        put_pairs(&pairs, "labels", &specs, work);
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
fn chosen_specs(fields: &Fields<'_>, known: &FieldSpecs, compat: Compat, findings: &mut Findings) -> Vec<FieldSpec> {
    let own = read_specs(fields.list("fields", findings), findings);
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
            for spec in index.of(resource.gvk()).iter() {
                open_for(spec, resource, &sign);
                let mut put = |node: &mut Node| put_in(node, &values, &mut followers);
                let visited = spec.visit_mut(&mut resource.root, &Missing::Mapping, &sign, &mut put);
                if let Err(found) = visited {
                    wrong.push(wrong_kind(found, resource, field, at));
                }
            }
            followers.settle(&mut resource.root);
            (!wrong.is_empty()).then_some(wrong)
        },
    );
    wrong.into_iter().flatten().for_each(|finding| work.findings.push(finding));
}

struct Pair<'a> {
    key: &'a str,
    node: Node,
    sign: Signature,
}

impl<'a> Pair<'a> {
    fn new(key: &'a str, value: &Node, field: &'static str) -> Self {
        let sign = Step::transform(field).sign(value.location());
        Pair { key, node: Node::new_string(as_text(value), &sign), sign }
    }
}

fn put_in(node: &mut Node, pairs: &[Pair<'_>], followers: &mut Followers) -> Result<(), WrongKind> {
    if node.is_null() {
        return Ok(());
    }
    let Some(mapping) = node.as_mapping_mut() else {
        return Err(WrongKind::new(node, "a mapping"));
    };
    for Pair { key, node: new, sign } in pairs {
        let Some(place) = mapping.get_mut(key) else {
            mapping.set_key(key, new.clone(), sign);
            continue;
        };
        if let Some(known) = followers.successor(place) {
            *place = known.clone();
            continue;
        }
        let old = place.clone();
        place.set(new.clone(), sign);
        followers.note(&old, place);
    }
    Ok(())
}
