//! Keys that stand twice in a mapping of a resource or a patch. Kustomize looks at the first one, and refuses both where
//! they are written: what a patch deletes or replaces on the way may hold them.

use crate::finding::{Finding, Findings, Severity};
use crate::resource::Resource;
use crate::source::{Document, Entry, Location, Mapping, Node};

const RULE: &str = "yaml/duplicate-key";

/// The documents as written, with both; but for lists that kustomize decodes as a whole to take them apart.
pub fn kept(documents: impl IntoIterator<Item = Document>) -> Vec<Document> {
    let keep = |mut document: Document| {
        if document.doubled && !is_list(&document) {
            document.root = document.root.map(|root| root.with_doubles());
        }
        document
    };
    documents.into_iter().map(keep).collect()
}

/// Whether it is a list by the first `kind` that stands in it.
fn is_list(document: &Document) -> bool {
    let root = document.root.as_ref().map(Node::with_doubles);
    let mapping = root.as_ref().and_then(Node::as_mapping);
    let kind = mapping.and_then(|mapping| mapping.iter().find(|entry| entry.key.name == "kind")?.value.text());
    kind.is_some_and(|kind| kind.ends_with("List") && !(kind == "List" && document.alone))
}

/// Where documents are that may not have them.
pub fn strict(documents: &[Document]) -> Vec<Location> {
    documents.iter().filter(|document| document.doubled && is_list(document)).map(|it| it.location).collect()
}

/// Makes a warning of what was said about them since `start`, for a file of which the last ones count.
pub fn warn(start: usize, findings: &mut Findings) {
    findings.change_since(start, |finding| match finding.rule == RULE {
        true => Finding { severity: Severity::Warning, ..finding },
        false => finding,
    });
}

/// The same where the first ones count, and some may be left in the end; but not in what is `strict`.
pub fn tolerate(start: usize, strict: &[Location], findings: &mut Findings) {
    let is_strict = |finding: &Finding| {
        let within = |at: Location, outer: &Location| {
            outer.file == at.file && (outer.span.start..outer.span.end).contains(&at.span.start)
        };
        finding.primary.as_ref().is_some_and(|label| strict.iter().any(|outer| within(label.at, outer)))
    };
    findings.change_since(start, |finding| match finding.rule == RULE && !is_strict(&finding) {
        true => {
            let finding = finding.help("remove one of them; here the first one counts");
            Finding { severity: Severity::Warning, ..finding }
        }
        false => finding,
    });
}

/// Leaves the first ones in a resource that is put together anew.
pub fn keep_firsts(resource: &mut Resource) {
    if std::mem::take(&mut resource.doubled) {
        resource.root = resource.root.without_doubles();
    }
}

/// Kustomize takes its notes out of the annotations by making them anew. Of two in one mapping the last one counts, and
/// what stands under a second `annotations` stays under what is in the first.
fn join_annotations(resource: &mut Resource) {
    let Some(metadata) = resource.root.get("metadata").and_then(Node::as_mapping) else { return };
    let all = || metadata.iter().filter(|entry| entry.key.name == "annotations").map(|entry| &entry.value);
    // Those that hold nothing are cleared first.
    let is_bare = |node: &&Node| node.as_mapping().is_none_or(Mapping::is_empty);
    let bare = all().take_while(is_bare).count().min(all().count().saturating_sub(1));
    let mut rest = all().skip(bare);
    let Some(first) = rest.next() else { return };
    let second = rest.next();
    let mut joined: Vec<Entry> = Vec::new();
    for entry in first.as_mapping().into_iter().flat_map(Mapping::iter) {
        match joined.iter_mut().find(|known| known.key.name == entry.key.name) {
            Some(known) => known.clone_from(entry),
            None => joined.push(entry.clone()),
        }
    }
    let more = second.and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter);
    joined.extend(more.filter(|entry| first.get(entry.key.name).is_none()).cloned());
    let joined = Node::read_mapping(joined, second.unwrap_or(first).location());
    let mut cleared = bare + usize::from(second.is_some());
    let mut put = false;
    let keep = |entry: &Entry| {
        if entry.key.name != "annotations" {
            return Some(entry.clone());
        }
        if cleared > 0 {
            cleared -= 1;
            return None;
        }
        let value = if std::mem::replace(&mut put, true) { entry.value.clone() } else { joined.clone() };
        Some(Entry { key: entry.key, value })
    };
    let entries = metadata.iter().filter_map(keep).collect();
    if let Some(place) = resource.root.get_mut("metadata") {
        *place = place.holding(entries);
    }
}

/// Notes which of the resources have them.
pub fn mark(resources: &mut [Resource]) {
    for resource in resources {
        resource.doubled = !resource.root.doubles().is_empty();
    }
}

/// Reports those that are left in a resource at the end.
pub fn check_last(resource: &mut Resource, findings: &mut Findings) {
    if resource.doubled {
        join_annotations(resource);
        check(resource, findings);
    }
}

/// Reports those that are left in a resource that is written now.
pub fn check(resource: &mut Resource, findings: &mut Findings) {
    if !std::mem::take(&mut resource.doubled) {
        return;
    }
    for (first, again) in resource.root.doubles() {
        let told = |finding: &Finding| {
            finding.rule == RULE && finding.primary.as_ref().is_some_and(|label| label.at == again.location)
        };
        if findings.iter().any(told) {
            findings.change_since(0, |finding| match told(&finding) {
                true => Finding { severity: Severity::Error, ..finding.help("remove one of them") },
                false => finding,
            });
            continue;
        }
        findings.push(
            Finding::error(RULE, format!("key `{}` stands twice in this mapping", again.name))
                .at(again.location, "and again here")
                .related(first.location, "first here")
                .help("remove one of them"),
        );
    }
}
