//! What `helm template` printed, as resources that the entry declares.

use crate::compile::{Step, from_documents, report_problems};
use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::{Document, FileId, Node, Parsed, Problem, yaml};

/// The resources in `text`. Their place, and that of all that is wrong with them, is `entry`.
pub fn resources(text: &str, entry: &Node, findings: &mut Findings) -> Vec<Resource> {
    let parsed = yaml::parse(text, FileId::default());
    let at = entry.location();
    let sign = Step::generate(super::FIELD).sign(at);
    // The printed text is no file of the user's, and may hold secrets: its lines are counted but not shown.
    let told = |problem: &Problem| {
        let start = problem.location.span.start as usize;
        let line = 1 + text.as_bytes().iter().take(start).filter(|&&byte| byte == b'\n').count();
        Problem {
            location: at,
            message: format!("{} (line {line} of what the chart renders)", problem.message),
            help: Some("mend the chart or its values".into()),
            related: None,
        }
    };
    let errors: Vec<Problem> = parsed.errors.iter().map(told).collect();
    let warnings = parsed.warnings.iter().map(told).collect();
    let issued = |document: &Document| Document {
        root: document.root.as_ref().map(|root| root.issued(&sign)),
        location: at,
        ..document.clone()
    };
    let documents: Vec<Document> = parsed.documents.iter().map(issued).collect();
    let failed = !errors.is_empty();
    report_problems(&Parsed { errors, warnings, ..Parsed::default() }, findings);
    if failed {
        return Vec::new();
    }
    let start = findings.len();
    let mut resources = from_documents(&documents, findings);
    // There is no file of the user's that could be mended.
    findings.change_since(start, |finding| {
        let message = format!("{} (in what the chart renders)", finding.message);
        Finding { message, ..finding }.at(at, "this chart").help("mend the chart or its values")
    });
    resources.iter_mut().for_each(|resource| resource.declared = at);
    resources
}
