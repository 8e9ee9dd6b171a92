//! The YAML reader and printer.

use kollate::finding::Finding;
use kollate::source::{Problem, SourceMap, yaml};

use super::tree::shown;

/// One YAML file: both readers agree, what was printed is read and printed as it is, and every problem can be shown.
pub fn check(data: &[u8]) {
    let sources = SourceMap::new();
    let Ok(text) = std::str::from_utf8(data) else {
        let decoded = yaml::decoded(data);
        let file = sources.add("x.yaml", decoded.text.as_str()).expect("the first file has an id");
        let parsed = match decoded.fault {
            Some(fault) => fault.into_parsed(file),
            None => yaml::parse_whole(&decoded.text, file),
        };
        show(&sources, parsed.errors.into_iter().chain(parsed.warnings).collect());
        return;
    };
    for (fast, thorough) in yaml::compare(text) {
        assert!(fast.is_none() || fast == thorough, "the fast reader sees\n{fast:?}\nthe thorough one\n{thorough:?}");
    }
    let file = sources.add("x.yaml", text).expect("the first file has an id");
    let parsed = yaml::parse(text, file);
    let roots: Vec<_> = parsed.documents.iter().filter_map(|document| document.root.as_ref()).collect();
    let mut printed = String::new();
    // Kustomize writes blanks behind these line breaks as they are, and YAML 1.1 and 1.2 read that differently.
    let odd = |text: &str| text.contains(['\u{85}', '\u{2028}', '\u{2029}']);
    if yaml::print_documents(roots, &mut printed).is_ok() && !odd(&printed) {
        let again = yaml::parse(&printed, file);
        if again.errors.is_empty() {
            let roots = again.documents.iter().filter_map(|document| document.root.as_ref());
            let mut twice = String::new();
            let result = yaml::print_documents(roots, &mut twice);
            assert!(result.is_err() || printed == twice, "prints as\n{printed}\nand that as\n{twice}");
        }
    }
    show(&sources, parsed.errors.into_iter().chain(parsed.warnings).collect());
}

fn show(sources: &SourceMap, problems: Vec<Problem>) {
    let finding = |problem: Problem| {
        let finding = Finding::error("yaml/syntax", problem.message).at(problem.location, "");
        match problem.related {
            Some((at, words)) => finding.related(at, words),
            None => finding,
        }
    };
    let findings: Vec<Finding> = problems.into_iter().map(finding).collect();
    drop(shown(sources, &findings));
}
