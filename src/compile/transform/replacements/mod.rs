//! `replacements`: values copied from one field into others.

mod path;
mod settings;
mod source;
mod structured;
mod target;
mod walk;

use super::super::Work;
use super::super::fields::{Fields, items};
use super::Transformer;
use super::write::warn_of_unknown;
use crate::finding::{Finding, Findings};
use crate::source::Node;

pub use path::split;

/// The field `replacements`.
pub static REPLACEMENTS: Transformer = Transformer {
    field: "replacements",
    kind: "ReplacementTransformer",
    apply: |value, work| apply(value, SELECTION, work),
    configured,
};

/// How the parts of `select` and `reject` are compared with those of a resource's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Letter by letter, as engine 5.5 does.
    Exact,
    /// As regular expressions that must fit from end to end, as newer engines do.
    Pattern,
}

/// That of the engine whose output ours equals.
const SELECTION: Selection = Selection::Exact;

/// Does what the entries of `replacements` ask for.
pub fn apply(value: &Node, selection: Selection, work: &mut Work<'_>) {
    for node in entries(items(value, "replacements", work.findings), work) {
        if let Some(replacement) = settings::read(&node, selection, work.findings) {
            replace(&replacement, work);
        }
    }
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "a ReplacementTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["replacements"], work.findings);
    if let Some(value) = fields.node("replacements") {
        apply(value, SELECTION, work);
    }
}

/// The entries with those of the files that they name in their place. All files are read before anything is replaced.
fn entries(list: &[Node], work: &mut Work<'_>) -> Vec<Node> {
    let mut entries = Vec::with_capacity(list.len());
    for node in list {
        let path = Fields::of(node, "a replacement", work.findings).map(|fields| {
            let inline = fields.node("source").is_some() || fields.node("targets").is_some();
            (fields.nonempty("path", work.findings), inline)
        });
        match path {
            Some((Some((_, path)), true)) => work.findings.push(
                Finding::error("replacements/two-sources", "`path` and an inline replacement exclude each other")
                    .at(path.location(), "this file is not read")
                    .help("remove `path`, or move `source` and `targets` into the file"),
            ),
            Some((Some((written, path)), false)) => from_file(written, path, &mut entries, work),
            Some((None, _)) => entries.push(node.clone()),
            None => {}
        }
    }
    entries
}

fn from_file(written: &str, path: &Node, entries: &mut Vec<Node>, work: &mut Work<'_>) {
    let Some(parsed) = work.loader.documents(written, path.location(), work.findings) else {
        return;
    };
    let root = parsed.documents.iter().find_map(|document| document.root.as_ref());
    match root {
        Some(root) if root.as_sequence().is_some() => entries.extend_from_slice(root.as_sequence().unwrap_or_default()),
        Some(root) if root.as_mapping().is_some() => entries.push(root.clone()),
        _ => work.findings.push(
            Finding::error("replacements/bad-file", format!("`{written}` holds no replacement"))
                .at(path.location(), "neither a list of replacements nor one")
                .help("write one mapping with `source` and `targets`, or a list of them"),
        ),
    }
}

fn replace(replacement: &settings::Replacement<'_>, work: &mut Work<'_>) {
    let value = match &replacement.value {
        settings::Value::Literal(node) => Some(source::Value::of((*node).clone())),
        settings::Value::Source(source) => source.value(work.set, work.findings),
    };
    let Some(mut value) = value else {
        return;
    };
    for target in &replacement.targets {
        target.write(&mut value, work.set, work.findings);
    }
}

/// Reports a path that cannot be read.
fn bad_path(path: (&str, crate::source::Location), problem: &str, findings: &mut Findings) {
    findings.push(
        Finding::error("replacements/bad-path", format!("`{}` is no field path: {problem}", path.0))
            .at(path.1, "cannot be read")
            .help("write it as `spec.template.spec.containers.[name=web].image`"),
    );
}
