//! `configMapGenerator`: a ConfigMap of literals, env files and files.

use super::options::Options;
use super::pairs::{Pair, pairs};
use super::{CONFIG_MAP_FIELDS, Generator, Identity, absorb, entry, resource, wishes};
use crate::compile::transform::nameless_label;
use crate::compile::{Step, Work};
use crate::source::{Entry, Node};

/// `configMapGenerator`.
pub static CONFIG_MAP: Generator = Generator {
    field: "configMapGenerator",
    kind: "ConfigMapGenerator",
    fields: CONFIG_MAP_FIELDS,
    generate: generate_config_map,
    configured: |config, work| generate_config_map(config, None, work),
};

fn generate_config_map(spec: &Node, global: Option<&Node>, work: &mut Work<'_>) {
    let step = Step::generate(CONFIG_MAP.field);
    let Some(identity) = Identity::read(spec, "ConfigMap", work.findings) else {
        return;
    };
    let options = Options::read(spec, global);
    options.nameless().into_iter().for_each(|at| work.findings.push(nameless_label(at, CONFIG_MAP.field)));
    let pairs = pairs(spec, "ConfigMap", work);
    let sign = step.sign(spec.location());
    let mut fields = vec![
        entry("apiVersion", Node::new_string("v1", &sign), &sign),
        entry("kind", Node::new_string("ConfigMap", &sign), &sign),
        entry("metadata", options.metadata(&identity, step, &sign), &sign),
    ];
    // What is not UTF-8 goes to `binaryData`; a field without entries is left out.
    let (data, binary): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|pair| pair.text().is_some());
    let data: Vec<Entry> = data.iter().map(|pair| pair.as_text(step)).collect();
    let binary: Vec<Entry> = binary.iter().map(|pair| pair.as_base64(step)).collect();
    for (name, entries) in [("data", data), ("binaryData", binary)] {
        if !entries.is_empty() {
            fields.push(entry(name, Node::new_mapping(entries, &sign), &sign));
        }
    }
    fields.extend(options.immutable(step));
    let generated = wishes(spec, options.needs_hash(), work.findings);
    absorb(resource(Node::new_mapping(fields, &sign), spec, generated), step, work);
}
