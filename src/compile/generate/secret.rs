//! `secretGenerator`: a Secret of literals, env files and files.

use super::options::Options;
use super::pairs::pairs;
use super::{Generator, Identity, SECRET_FIELDS, absorb, entry, field, resource, wishes};
use crate::compile::{Step, Work};
use crate::finding::Finding;
use crate::source::{Entry, Node};

/// `secretGenerator`.
pub static SECRET: Generator = Generator {
    field: "secretGenerator",
    kind: "SecretGenerator",
    fields: SECRET_FIELDS,
    generate: generate_secret,
    configured: |config, work| generate_secret(config, None, work),
};

fn generate_secret(spec: &Node, global: Option<&Node>, work: &mut Work<'_>) {
    let start = work.findings.len();
    make(spec, global, work);
    work.findings.change_since(start, without_values);
}

/// A finding of a literal or of a line of an env file, without the value.
fn without_values(mut finding: Finding) -> Finding {
    if !["generator/literal", "generator/env-line", "generator/duplicate-key", "generator/no-change"]
        .contains(&finding.rule)
    {
        return finding;
    }
    if !["generator/duplicate-key", "generator/no-change"].contains(&finding.rule) {
        finding.message = blanked(&finding.message);
        finding.help = finding.help.map(|help| blanked(&help));
    }
    let places: Vec<_> = finding.primary.iter().chain(&finding.related).map(|label| label.at).collect();
    places.into_iter().fold(finding, Finding::secret)
}

/// What stands in backticks repeats the user's text, but for the pattern to follow.
fn blanked(words: &str) -> String {
    let part = |(i, part): (usize, &str)| {
        let keep = i % 2 == 0 || ["key=value", "=", "files"].contains(&part);
        if keep { part.to_owned() } else { "••••".to_owned() }
    };
    words.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
}

fn make(spec: &Node, global: Option<&Node>, work: &mut Work<'_>) {
    let step = Step::generate(SECRET.field);
    let Some(identity) = Identity::read(spec, "Secret", work.findings) else {
        return;
    };
    let options = Options::read(spec, global);
    if let Some(at) = options.nameless() {
        let message = "options hold a pair without a name, and so no labels or annotations are put on";
        let finding = Finding::warning("build/nameless-label", message).at(at, "its name is empty");
        work.findings.push(finding.help("write a name before the colon, or remove the pair"));
    }
    let pairs = pairs(spec, "Secret", work);
    let sign = step.sign(spec.location());
    let kind = match field(spec, "type").filter(|node| node.text().is_some_and(|text| !text.is_empty())) {
        Some(node) => Node::new_string(node.text().unwrap_or_default(), &step.sign(node.location())),
        None => Node::new_string("Opaque", &sign),
    };
    // Unlike a ConfigMap's, `data` is there even if it is empty: LoadMapIntoSecretData
    let data: Vec<Entry> = pairs.iter().map(|pair| pair.as_base64(step)).collect();
    let mut fields = vec![
        entry("apiVersion", Node::new_string("v1", &sign), &sign),
        entry("kind", Node::new_string("Secret", &sign), &sign),
        entry("metadata", options.metadata(&identity, step, &sign), &sign),
        entry("type", kind, &sign),
        entry("data", Node::new_mapping(data, &sign), &sign),
    ];
    fields.extend(options.immutable(step));
    let generated = wishes(spec, options.needs_hash(), work.findings);
    absorb(resource(Node::new_mapping(fields, &sign), spec, generated), step, work);
}
