//! `secretGenerator`: a Secret of literals, env files and files.

use super::options::Options;
use super::pairs::pairs;
use super::{Generator, Identity, absorb, entry, field, resource, wishes};
use crate::compile::{Step, Work};
use crate::source::{Entry, Node};

/// `secretGenerator`.
pub static SECRET: Generator = Generator {
    field: "secretGenerator",
    kind: "SecretGenerator",
    generate: generate_secret,
    configured: |config, work| generate_secret(config, None, work),
};

fn generate_secret(spec: &Node, global: Option<&Node>, work: &mut Work<'_>) {
    let step = Step::generate(SECRET.field);
    let Some(identity) = Identity::read(spec, "Secret", work.findings) else {
        return;
    };
    let options = Options::read(spec, global);
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
