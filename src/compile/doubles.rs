//! Keys that stand twice in a mapping of a resource or a patch. Kustomize looks at the first one, and refuses both where
//! they are written: what a patch deletes or replaces on the way may hold them.

use crate::finding::{Finding, Findings, Severity};
use crate::resource::Resource;
use crate::source::Document;

const RULE: &str = "yaml/duplicate-key";

/// The documents as written, with both.
pub fn kept(documents: impl IntoIterator<Item = Document>) -> Vec<Document> {
    let keep = |mut document: Document| {
        if document.doubled {
            document.root = document.root.map(|root| root.with_doubles());
        }
        document
    };
    documents.into_iter().map(keep).collect()
}

/// Makes a warning of what was said about them since `start`.
pub fn tolerate(start: usize, findings: &mut Findings) {
    findings.change_since(start, |mut finding| {
        if finding.rule != RULE {
            return finding;
        }
        finding.severity = Severity::Warning;
        finding.help("remove one of them; here the first one counts")
    });
}

/// Notes which of the resources have them.
pub fn mark(resources: &mut [Resource]) {
    for resource in resources {
        resource.doubled = !resource.root.doubles().is_empty();
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
