//! Containers that a patch adds and that have no image in the end: mostly the patch misspells the name of one that is
//! there, and kustomize adds another without a word.

use super::once::Once;
use crate::finding::{Finding, Findings, nearest};
use crate::resource::{Container, ContainerList, Pod, ResourceSet};
use crate::source::{Cause, Node};

/// Warns of them. To be asked when all patches are through, since a later one may give the image.
pub fn warn(set: &ResourceSet, findings: &mut Findings) {
    let mut once = Once::default();
    for resource in set.iter() {
        let Some(pod) = Pod::of(resource) else { continue };
        let containers: Vec<Container<'_>> = pod.containers().collect();
        for bare in containers.iter().filter(|one| is_bare(one)) {
            once.note(named(bare).location(), resource.id(), || finding(bare, &containers));
        }
    }
    once.report(findings);
}

fn is_bare(container: &Container<'_>) -> bool {
    let added = |node: &Node| node.origin().is_some_and(|origin| origin.by == Cause::Patched && origin.was.is_none());
    let list = || container.pod.spec().and_then(|spec| spec.get(container.list.field()));
    // What adds a container to a running pod asks for another image.
    container.list != ContainerList::Ephemeral
        && !container.name().is_empty()
        && container.node.get("image").is_none_or(Node::is_empty)
        && (added(container.node) || container.node.origin().is_none() && list().is_some_and(added))
}

/// Where it says its name.
fn named<'a>(container: &Container<'a>) -> &'a Node {
    container.node.get("name").unwrap_or(container.node)
}

fn finding(bare: &Container<'_>, containers: &[Container<'_>]) -> Finding {
    let (id, name) = (bare.pod.resource.id(), bare.name());
    let message = format!("this patch adds a container `{name}` to `{id}`, and it has no `image`");
    let at = named(bare).location();
    let finding = Finding::warning("patch/container-without-image", message).at(at, "a new container");
    let finding = finding.resource(id).path(bare.path.clone());
    let known: Vec<&Container<'_>> = containers.iter().filter(|one| !is_bare(one) && !one.name().is_empty()).collect();
    let here = |list: bool| known.iter().filter(move |one| (one.list == bare.list) == list);
    if let Some(other) = here(false).find(|one| one.name() == name) {
        let finding = finding.related(named(other).location(), format!("`{name}` is one of `{}`", other.list.field()));
        return finding.help(format!("write it under `{}`", other.list.field()));
    }
    let names = || here(true).map(|one| one.name());
    if let Some(near) = nearest(name, names())
        && let Some(meant) = here(true).find(|one| one.name() == near)
    {
        return finding
            .related(named(meant).location(), format!("`{near}` is here"))
            .help(format!("did you mean `{near}`?"));
    }
    let names: Vec<String> = names().map(|name| format!("`{name}`")).collect();
    finding.help(match names.is_empty() {
        true => "give it an `image`".to_owned(),
        false => format!("give it an `image`, or name the one that is meant: {}", names.join(", ")),
    })
}
