//! Findings from what the reader found wrong in a text.

use super::{Finding, Findings};
use crate::source::{FileId, Location, Parsed, Span};

/// Reports what is wrong in a YAML text.
pub fn report_problems(parsed: &Parsed, findings: &mut Findings) {
    let errors = parsed.errors.iter().map(|problem| ("yaml/syntax", problem));
    let warnings = parsed.warnings.iter().map(|problem| ("yaml/duplicate-key", problem));
    for (rule, problem) in errors.chain(warnings) {
        let mut finding = Finding::error(rule, problem.message.clone()).at(problem.location, "");
        if let Some((at, text)) = &problem.related {
            finding = finding.related(*at, text.clone());
        }
        if let Some(help) = &problem.help {
            finding = finding.help(help.clone());
        }
        findings.push(finding);
    }
}

/// Reports what is wrong in the text of a file of manifests. A file that cannot be read as YAML may still be a Secret,
/// whose values must not be shown.
pub fn report_problems_in(parsed: &Parsed, file: FileId, text: &str, findings: &mut Findings) {
    let start = findings.len();
    report_problems(parsed, findings);
    if findings.len() == start || !text.lines().any(says_secret) {
        return;
    }
    let values: Vec<Location> = values(text).map(|span| Location::new(file, span)).collect();
    findings.change_since(start, |mut finding| {
        finding.message = without_quotes_of(text, &finding.message);
        finding.help = finding.help.map(|help| without_quotes_of(text, &help));
        finding.secret.clone_from(&values);
        finding
    });
}

fn says_secret(line: &str) -> bool {
    let bare: String = line.chars().filter(|c| !c.is_whitespace() && !"\"',-{".contains(*c)).collect();
    bare == "kind:Secret" || bare.starts_with("kind:Secret#")
}

/// What may be secret in a text that cannot be read: of each line all but its key.
fn values(text: &str) -> impl Iterator<Item = Span> {
    const PLAIN: [&str; 5] = ["apiVersion", "kind", "name", "namespace", "type"];
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let key = content
            .split_once(':')
            .filter(|(key, rest)| !key.contains(char::is_whitespace) && (rest.is_empty() || rest.starts_with(' ')));
        let from = match key {
            Some((key, rest)) if rest.trim().is_empty() || PLAIN.contains(&key) => return None,
            Some((key, rest)) => key.len() + 1 + (rest.len() - rest.trim_start().len()),
            None => 0,
        };
        let end = start + indent + content.len();
        (from < content.len()).then(|| Span::new((start + indent + from) as u32, end as u32))
    })
}

/// `words` with those in backticks blanked that repeat the text.
fn without_quotes_of(text: &str, words: &str) -> String {
    let parts = words.split('`').enumerate().map(|(i, part)| {
        let repeats = i % 2 == 1 && part.chars().count() > 2 && (text.contains(part) || part.contains(": "));
        if repeats { "••••" } else { part }
    });
    parts.collect::<Vec<_>>().join("`")
}
