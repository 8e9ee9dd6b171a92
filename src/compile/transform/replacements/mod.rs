//! `replacements`: values copied from one field into others.

mod mend;
mod path;
mod rewritten;
mod settings;
mod source;
mod structured;
mod target;
mod unfit;
mod walk;

use super::super::fields::{Fields, Scalars, items};
use super::super::{Work, doubles};
use super::Transformer;
use super::write::warn_of_unknown;
use crate::compile::patch::{BuiltIn, has_known_scope};
use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::Node;

pub use path::split;
pub use source::look_up;
pub use unfit::{Writing, check as check_fit};

/// The field `replacements`.
pub static REPLACEMENTS: Transformer = Transformer {
    field: "replacements",
    kind: "ReplacementTransformer",
    apply: |value, work| apply(value, Scalars::Strict, work),
    configured,
};

/// How the parts of `select` and `reject` are compared with those of a resource's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Selection {
    /// Letter by letter, as kustomize 5.5 does.
    Exact,
    /// As regular expressions that must fit from end to end, as newer ones do.
    Pattern,
}

/// Does what the entries of `replacements` ask for.
fn apply(value: &Node, scalars: Scalars, work: &mut Work<'_>) {
    let selection = if work.compat.targets_are_patterns() { Selection::Pattern } else { Selection::Exact };
    for (node, scalars) in entries(items(value, "replacements", work.findings), scalars, work) {
        if let Some(replacement) = settings::read(&node, scalars, selection, work.findings) {
            replace(&replacement, work);
        }
    }
    // A kind may have become one that no schema knows.
    let is_unknown = |resource: &Resource| !has_known_scope(&resource.gvk());
    if *work.built_in == BuiltIn::Untouched && work.set.iter().any(is_unknown) {
        *work.built_in = BuiltIn::AskedFor;
    }
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "a ReplacementTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["replacements"], work.findings);
    if let Some(value) = fields.node("replacements") {
        apply(value, Scalars::Lenient, work);
    }
}

/// The entries with those of the files that they name in their place. All files are read before anything is replaced.
fn entries(list: &[Node], scalars: Scalars, work: &mut Work<'_>) -> Vec<(Node, Scalars)> {
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
            Some((None, _)) => entries.push((node.clone(), scalars)),
            None => {}
        }
    }
    entries
}

fn from_file(written: &str, path: &Node, entries: &mut Vec<(Node, Scalars)>, work: &mut Work<'_>) {
    let start = work.findings.len();
    let parsed = work.loader.whole(written, path.location(), work.findings);
    doubles::warn(start, work.findings);
    let Some(parsed) = parsed else {
        return;
    };
    let root = parsed.documents.first().and_then(|document| document.root.as_ref());
    match root {
        Some(root) if root.as_sequence().is_some() => {
            let items = root.as_sequence().unwrap_or_default();
            entries.extend(items.iter().map(|item| (item.clone(), Scalars::Lenient)));
        }
        Some(root) if root.as_mapping().is_some() => entries.push((root.clone(), Scalars::Lenient)),
        _ => work.findings.push(
            Finding::error("replacements/bad-file", format!("`{written}` holds no replacement"))
                .at(path.location(), "neither a list of replacements nor one")
                .help(match parsed.documents.len() {
                    0 | 1 => "write one mapping with `source` and `targets`, or a list of them",
                    _ => "kustomize reads the first document alone: remove the `---` before the replacements",
                }),
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
