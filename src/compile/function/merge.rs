//! Takes over what a function changed, and nothing else: what it left alone keeps its history.

use std::collections::BTreeSet;

use super::answer::{Answer, clean};
use super::spec::Spec;
use super::{failure, resource};
use crate::compile::accumulate::Gathered;
use crate::resource::{Resource, ResourceSet};
use crate::source::{Node, Signature};

/// Brings the set to what the function gave back. As in kustomize resources meet by their ids: those that are gone
/// are deleted, those that are new come last.
pub fn take_over(answer: &Answer, spec: &Spec, sign: &Signature, gathered: &mut Gathered) {
    let mut kept = BTreeSet::new();
    let mut new: Vec<Resource> = Vec::new();
    for item in &answer.items {
        let Some(made) = resource(item, spec, sign, &mut gathered.findings) else { continue };
        let id = made.id();
        let at = gathered.set.with_current_id(&id);
        if at.is_some_and(|at| !kept.insert(at)) || new.iter().any(|other| other.id().same(&id)) {
            let finding = failure(format!("the function `{}` gives `{id}` twice", spec.path), spec.path_at);
            gathered.findings.push(finding.help("mend the function").resource(id));
            continue;
        }
        match at.and_then(|at| Some((gathered.set.get_mut(at)?, answer.given.get(at)?))) {
            Some((old, given)) => change(&mut old.root, given, &made.root, sign),
            None => new.push(renamed(&made, answer.given_as(item), answer, &gathered.set, sign).unwrap_or(made)),
        }
    }
    delete_others(&kept, sign, gathered);
    new.into_iter().for_each(|resource| gathered.set.push(resource));
}

/// A resource that the function gave another id: what is known of it stays.
fn renamed(
    made: &Resource,
    index: Option<usize>,
    answer: &Answer,
    set: &ResourceSet,
    sign: &Signature,
) -> Option<Resource> {
    let index = index?;
    let mut resource = set.get(index)?.clone();
    change(&mut resource.root, answer.given.get(index)?, &made.root, sign);
    Some(resource)
}

fn delete_others(kept: &BTreeSet<usize>, sign: &Signature, gathered: &mut Gathered) {
    if (0..gathered.set.len()).all(|at| kept.contains(&at)) {
        return;
    }
    for (at, mut resource) in std::mem::take(gathered.set.rename_mut()).into_iter().enumerate() {
        if kept.contains(&at) {
            gathered.set.push(resource);
        } else {
            let tombstone = resource.root.copied(sign);
            resource.root.set(tombstone, sign);
            gathered.deleted.push(resource);
        }
    }
}

/// Writes into `root` what distinguishes `made` from what the function was given for it.
fn change(root: &mut Node, given: &Node, made: &Node, sign: &Signature) {
    let mut given = given.clone();
    clean(&mut given, sign);
    lay(root, &given, made, sign);
}

/// `given` is `node` as printed and read again, so the two can differ in how a value is written.
fn lay(node: &mut Node, given: &Node, made: &Node, sign: &Signature) {
    if made.same_value(given) {
        return;
    }
    if let (Some(before), Some(after), true) = (given.as_mapping(), made.as_mapping(), node.as_mapping().is_some()) {
        let Some(mapping) = node.as_mapping_mut() else { return };
        for entry in before.iter().filter(|entry| after.get(entry.key.name).is_none()) {
            mapping.remove(&entry.key.name, sign);
        }
        for entry in after.iter() {
            match (mapping.get_mut(entry.key.name), before.get(entry.key.name)) {
                (Some(node), Some(given)) => lay(node, given, &entry.value, sign),
                _ => mapping.set(entry.key, entry.value.clone(), sign),
            }
        }
        return;
    }
    match (given.as_sequence(), made.as_sequence(), node.as_sequence().map(<[Node]>::len)) {
        (Some(before), Some(after), Some(count)) if before.len() == count => lay_list(node, before, after, sign),
        _ => node.set(made.clone(), sign),
    }
}

/// Items at both ends that are as they were stay; what is between them meets in order.
fn lay_list(node: &mut Node, before: &[Node], after: &[Node], sign: &Signature) {
    let shorter = before.len().min(after.len());
    let head = before.iter().zip(after).take_while(|(a, b)| a.same_value(b)).count();
    let tail = before.iter().rev().zip(after.iter().rev()).take(shorter - head).take_while(|(a, b)| a.same_value(b));
    let tail = tail.count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let Some(sequence) = node.as_sequence_mut() else { return };
    for (offset, (given, made)) in old.iter().zip(new).enumerate() {
        if let Some(item) = sequence.items_mut().get_mut(head + offset) {
            lay(item, given, made, sign);
        }
    }
    for index in (new.len()..old.len()).rev() {
        sequence.remove(head + index, &(head + index).to_string(), sign);
    }
    for (offset, made) in new.iter().enumerate().skip(old.len()) {
        sequence.insert(head + offset, made.clone(), sign);
    }
}
