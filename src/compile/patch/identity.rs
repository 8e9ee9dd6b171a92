//! What a resource is called, before and after a patch.

use super::apply::Allowed;
use crate::compile::Step;
use crate::compile::transform::untagged_kind;
use crate::finding::{Finding, Findings};
use crate::resource::{Resource, ResourceSet};
use crate::source::{Entry, Location, Node, Style};

/// Kustomize sets name and namespace anew after a patch, with no word of what they are: as they were written before, if
/// the patch names them. An empty namespace goes.
pub fn take_tags_off_names(resource: &mut Resource, before: &Node, patch: &Node) {
    if resource.namespace().is_empty()
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
        && metadata.get("namespace").is_some()
    {
        metadata.remove("namespace", &Step::patch().sign(patch.location()));
    }
    for key in ["name", "namespace"] {
        let Some(now) = resource.root.dig(&["metadata", key]) else { continue };
        let named = patch.dig(&["metadata", key]).and_then(|_| before.get(key));
        let style = named.unwrap_or(now).style();
        let kind = untagged_kind(now.text().unwrap_or_default(), style);
        if (style, kind, true) != (now.style(), now.kind(), now.is_untagged())
            && now.text().is_some_and(|text| !text.is_empty())
            && let Some(place) = resource.root.get_mut("metadata").and_then(|metadata| metadata.get_mut(key))
        {
            *place = place.respelled(style, kind).untagged();
        }
    }
}

/// A patch that is copied for its target takes its `apiVersion` from it, with no word of what it is. It is written as the
/// `old` one was.
pub fn take_version(resource: &mut Resource, old: Option<&Node>, version: &str, at: Location, findings: &mut Findings) {
    if let Some(old) = old.filter(|old| !old.is_scalar()) {
        let id = resource.id();
        findings.push(
            Finding::error("patch/conflict", format!("the `apiVersion` of `{id}` is not a single value"))
                .at(old.location(), "not a text")
                .related(at, "the patch takes it over")
                .help("write a text such as `v1`")
                .resource(id),
        );
        return;
    }
    let style = old.map(Node::style).filter(|style| *style != Style::Tagged).unwrap_or_default();
    let kind = untagged_kind(version, style);
    let sign = Step::patch().sign(at);
    let bracketed = resource.root.is_bracketed();
    let Some(root) = resource.root.as_mapping_mut() else { return };
    match root.get_mut("apiVersion") {
        // It goes on saying what it said, and may say something else when it is written anew.
        Some(place) if place.text() == Some(version) && place.kind() == kind => {
            if style == Style::Plain && !(place.is_untagged() && place.style() == style) {
                *place = place.restyled(style).untagged();
            }
        }
        _ => {
            let new = Node::new_scalar(version, kind, &sign).respelled(style, kind).untagged();
            root.set_key("apiVersion", if bracketed { new.into_brackets() } else { new }, &sign);
        }
    }
}

/// A patch that says its `apiVersion` itself says what it is, too.
pub fn tag_version(resource: &mut Resource, patch: &Node) {
    let said = patch.get("apiVersion").filter(|said| said.is_scalar() && !said.is_null()).map(Node::kind);
    if let (Some(kind), Some(now)) = (said, resource.root.get_mut("apiVersion"))
        && now.is_untagged()
    {
        *now = now.respelled(now.style(), kind);
    }
}

/// A list without items may have no name; kustomize gives it an empty one after a patch.
pub fn name_list(resource: &mut Resource, at: Location) {
    let sign = Step::patch().sign(at);
    if let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) {
        metadata.set_key("name", Node::new_string("", &sign), &sign);
    }
}

/// The part of its identity that a resource no longer has.
pub fn lost_identity(resource: &Resource) -> Option<&'static str> {
    let has = |path: &[&str]| {
        let node = resource.root.dig(path).filter(|node| !node.is_null());
        node.and_then(Node::text).is_some_and(|text| !text.is_empty())
    };
    // A list without items needs no name.
    let is_list = resource.kind().ends_with("List");
    [("kind", has(&["kind"])), ("metadata.name", is_list || has(&["metadata", "name"]))]
        .iter()
        .find(|part| !part.1)
        .map(|part| part.0)
}

/// Reports that the resource at a position has taken the id of another.
pub fn check_id(at: usize, set: &ResourceSet) -> Option<Finding> {
    let resource = set.get(at)?;
    let id = resource.id();
    let same =
        |&&other: &&u32| other as usize != at && set.get(other as usize).is_some_and(|other| other.id().same(&id));
    let other = set.get(*set.named(&id.name).iter().find(same)? as usize)?;
    let name = resource.root.dig(&["metadata", "name"])?;
    Some(
        Finding::error("build/id-conflict", format!("this patch gives a second resource the id `{id}`"))
            .at(name.location(), "the new name")
            .related(other.named_at(), "the first is here")
            .help("give it another name")
            .resource(id),
    )
}

/// The patch without the parts that only say which resource it is for, and those that it may not change.
pub fn without_identity(patch: &Node, allowed: Allowed) -> Node {
    let without = |node: &Node, drop: &dyn Fn(&str) -> bool| {
        let entries = node.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
        let kept = entries.filter(|entry| !drop(&entry.key.name)).cloned();
        node.holding(kept.collect())
    };
    let mut said = without(patch, &|key| key == "apiVersion" || key == "kind" && !allowed.kind);
    if let Some(metadata) = said.get_mut("metadata").filter(|metadata| metadata.as_mapping().is_some()) {
        *metadata = without(metadata, &|key| key == "namespace" || key == "name" && !allowed.name);
    }
    said
}

/// A name or namespace that is no single value cannot take the one by which a patch says which resource it is for.
pub fn identity_conflict(patch: &Node, resource: &Resource) -> Option<Finding> {
    let differ = |key: &str| {
        let said = patch.dig(&["metadata", key])?;
        let known = resource.root.dig(&["metadata", key])?;
        (said.is_scalar() && !said.is_null() && !known.is_scalar()).then_some((said, known))
    };
    let (said, known) = ["name", "namespace"].into_iter().find_map(differ)?;
    let id = resource.id();
    Some(
        Finding::error("patch/conflict", format!("the name or namespace of `{id}` is not a single value"))
            .at(said.location(), "a single value here")
            .related(known.location(), "this is none")
            .help("let the resource have a text there")
            .resource(id),
    )
}

/// Gives a resource its name and namespace back if the patch has taken the whole `metadata` away.
pub fn keep_identity(resource: &mut Resource, before: &Node, patch: Location) {
    let now = resource.root.get("metadata");
    let lost: Vec<Entry> = ["name", "namespace"]
        .iter()
        .filter(|key| now.and_then(|now| now.get(key)).is_none())
        .filter_map(|key| before.as_mapping()?.entry(key).cloned())
        .collect();
    if lost.is_empty() {
        return;
    }
    let entries = now.and_then(Node::as_mapping).into_iter().flat_map(|mapping| mapping.iter()).cloned();
    let at = now.map_or(patch, Node::location);
    let metadata = Node::read_mapping(entries.chain(lost).collect(), at);
    if let Some(root) = resource.root.as_mapping_mut() {
        root.set_key("metadata", metadata, &Step::patch().sign(patch));
    }
}
