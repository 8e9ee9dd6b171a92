//! `replicas`: how many pods a workload has.

use super::super::fields::{Fields, Scalars, items, listed};
use super::super::{Step, Work};
use super::Transformer;
use super::write::{own_specs, visit, warn_of_unknown, wrong_kind};
use crate::finding::{Finding, Findings, Severity, nearest};
use crate::resource::{FieldSpec, Missing, ResourceId, ResourceSet, WrongKind};
use crate::source::{Location, Node, ScalarKind, Style};

/// The field `replicas`.
pub static REPLICAS: Transformer =
    Transformer { field: "replicas", kind: "ReplicaCountTransformer", apply, configured };

fn apply(value: &Node, work: &mut Work<'_>) {
    let specs = work.specs;
    for entry in items(value, "replicas", work.findings) {
        set(entry, Scalars::Strict, &specs.replicas, work);
    }
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "a ReplicaCountTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["replica", "fieldSpecs"], work.findings);
    let specs = own_specs(&fields, work.findings);
    match fields.node("replica") {
        Some(entry) => set(entry, Scalars::Lenient, &specs, work),
        None => set(&Node::read_mapping(Vec::new(), config.location()), Scalars::Lenient, &specs, work),
    }
}

fn set(entry: &Node, scalars: Scalars, specs: &[FieldSpec], work: &mut Work<'_>) {
    let Some(fields) = Fields::of(entry, "an entry of replicas", work.findings) else {
        return;
    };
    let fields = fields.with(scalars);
    let (name, name_at) =
        fields.text("name", work.findings).map_or(("", entry.location()), |(n, node)| (n, node.location()));
    // A count that is not written counts as zero, in Go's way.
    let (count, at) = match (fields.node("count"), fields.number("count", work.findings)) {
        (Some(_), None) => return,
        (_, found) => found.map_or((0, entry.location()), |(count, node)| (count, node.location())),
    };
    let sign = Step::transform("replicas").sign(at);
    let number = Node::new_scalar(count.to_string(), ScalarKind::Int, &sign);
    let mut found = false;
    // The first count that was the same, and whether one was another.
    let (mut same, mut changed) = (None, false);
    let named = work.set.named(name).to_vec();
    for spec in specs {
        for &index in &named {
            let Some(resource) = work.set.get_mut(index as usize) else {
                continue;
            };
            let is_meant = |id: &ResourceId| id.name == name && spec.selects(&id.gvk);
            if !is_meant(&resource.id()) && !resource.previous.iter().any(is_meant) {
                continue;
            }
            found = true;
            if !spec.selects(&resource.gvk()) {
                continue;
            }
            let missing = Missing::Value(number.clone());
            let visited = visit(spec, resource, &missing, &sign, &mut |node| {
                if !node.is_scalar() {
                    return Err(WrongKind::new(node, "a single value"));
                }
                // A field that was missing has been made with the count.
                match node.same_value(&number) && node.location() != at {
                    true => same = same.or(Some(node.location())),
                    false => changed = true,
                }
                // Quotes stay, and what is in them is a text.
                let style = node.style();
                let is_text = !node.is_null() && !matches!(style, Style::Plain | Style::Tagged);
                let new = if is_text { number.respelled(style, ScalarKind::String) } else { number.clone() };
                node.set(new, &sign);
                Ok(())
            });
            if let Err(wrong) = visited {
                work.findings.push(wrong_kind(wrong, resource, "replicas", at));
            }
        }
    }
    if !found {
        report_unknown(name, name_at, specs, work.set, work.findings);
    } else if let Some(same) = same.filter(|_| !changed) {
        let finding =
            Finding::new("replicas/no-change", Severity::Info, format!("`{name}` has {count} replicas already"));
        let finding = finding.at(at, "changes nothing").related(same, "is so already");
        work.findings.push(finding.help("remove the entry, or correct its `count`"));
    }
}

fn report_unknown(name: &str, at: Location, specs: &[FieldSpec], set: &ResourceSet, findings: &mut Findings) {
    let message = format!("`replicas` names `{name}`, and no resource that has replicas has this name");
    let finding = Finding::error("replicas/no-match", message).at(at, "not in this build");
    let other = set.named(name).first().and_then(|&index| set.get(index as usize));
    let finding = match other {
        Some(other) => finding.related(other.named_at(), format!("a {} has the name", other.kind())),
        None => finding,
    };
    if !findings.may_look_through(set.len()) {
        findings.push(finding.help("correct the name, or remove the entry"));
        return;
    }
    let scaled = |id: &ResourceId| specs.iter().any(|spec| spec.selects(&id.gvk));
    let mut known: Vec<&str> =
        set.iter().filter(|resource| scaled(&resource.id())).map(|resource| resource.name()).collect();
    known.sort_unstable();
    known.dedup();
    let mut kinds: Vec<&str> = specs.iter().map(|spec| spec.kind.as_str()).filter(|kind| !kind.is_empty()).collect();
    kinds.dedup();
    findings.push(match nearest(name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => finding.help(format!("replicas are set on {}; the build has none", listed(&kinds))),
        None => finding.help(format!("those with replicas are {}", listed(&known))),
    });
}
