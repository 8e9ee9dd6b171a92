//! Keys that stand twice in a mapping of a resource or a patch. Kustomize looks at the first one, and refuses both where
//! they are written: what a patch deletes or replaces on the way may hold them.

pub mod annotations;

use crate::finding::{Finding, Findings, Severity};
use crate::resource::Resource;
use crate::source::{Document, Location, Node};

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

/// Notes which of the resources have them.
pub fn mark(resources: &mut [Resource]) {
    for resource in resources {
        resource.doubled = !resource.root.doubles().is_empty();
    }
}

/// Reports those that are left in a resource at the end. One that had several `annotations` stays marked: they are what
/// the end of a build makes of them.
pub fn check_last(resource: &mut Resource, findings: &mut Findings) {
    if resource.doubled {
        let several = annotations::make_anew_at_the_end(resource, findings);
        check(resource, findings);
        resource.doubled = several;
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
