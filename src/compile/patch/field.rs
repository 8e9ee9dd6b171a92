//! The fields `patches`, `patchesStrategicMerge` and `patchesJson6902`, and the kinds of `transformers:` entries that
//! ask for the same.

use std::collections::HashSet;
use std::sync::Arc;

use super::advice;
use super::apply::{self, Allowed, Gone};
use super::identity;
use super::json6902::JsonPatch;
use super::merge_schema::{BuiltIn, has_known_scope};
use super::objects::objects;
use super::target::{self, Target};
use super::text::{Inline, Text, field, first};
use crate::compile::clash::settle;
use crate::compile::transform::Transformer;
use crate::compile::{Work, doubles, metadata};
use crate::finding::{Finding, Severity, nearest};
use crate::resource::Resource;
use crate::source::{Document, Entry, Location, Node, ScalarKind, Style};

/// `patches`
pub static PATCHES: Transformer = Transformer {
    field: "patches",
    kind: "PatchTransformer",
    apply: |value, work| each(value, work, patch),
    configured: |config, work| once(config, work, patch),
};

/// `patchesStrategicMerge`
pub static PATCHES_STRATEGIC_MERGE: Transformer = Transformer {
    field: "patchesStrategicMerge",
    kind: "PatchStrategicMergeTransformer",
    apply: |value, work| {
        if value.as_sequence().is_some_and(|paths| !paths.is_empty()) {
            once(value, work, |value, gone, work| strategic_merge(Some(value), None, value, gone, work));
        }
    },
    configured: |config, work| {
        once(config, work, |config, gone, work| {
            strategic_merge(field(config, "paths"), field(config, "patches"), config, gone, work);
        });
    },
};

/// `patchesJson6902`
pub static PATCHES_JSON6902: Transformer = Transformer {
    field: "patchesJson6902",
    kind: "PatchJson6902Transformer",
    apply: |value, work| each(value, work, |entry, _, work| json6902(entry, Inline::JSON_PATCH, work)),
    configured: |config, work| once(config, work, |config, _, work| json6902(config, Inline::JSON_OP, work)),
};

type Act = fn(&Node, &mut Gone, &mut Work<'_>);

fn each(value: &Node, work: &mut Work<'_>, act: Act) {
    let mut gone = Gone::default();
    for entry in value.as_sequence().unwrap_or_default() {
        act(entry, &mut gone, work);
        metadata::transformed(work.set, work.maker.as_ref());
    }
    gone.sweep(work);
}

fn once(value: &Node, work: &mut Work<'_>, act: Act) {
    let mut gone = Gone::default();
    act(value, &mut gone, work);
    gone.sweep(work);
}

fn empty(severity: fn(&'static str, &'static str) -> Finding, entry: &Node, words: &'static str) -> Finding {
    severity("patch/empty", "this patch is empty")
        .at(entry.location(), words)
        .help("write the patch, or remove the entry")
}

/// One entry of `patches`: of which kind it is, its content tells.
fn patch(entry: &Node, gone: &mut Gone, work: &mut Work<'_>) {
    let target = match field(entry, "target") {
        Some(node) => match Target::read(node, work.findings) {
            Some(target) => Some(target),
            None => return,
        },
        None => None,
    };
    let Some(allowed) = allowed(entry, work) else { return };
    let Some(Text { parsed, notation, starts_empty }) = Text::of(entry, Inline::PATCH, work) else { return };
    let Some(root) = first(&parsed) else {
        if parsed.errors.is_empty() {
            work.findings.push(empty(Finding::warning, entry, "older versions of kustomize refuse it"));
        }
        return;
    };
    let is_list = |root: &Node| root.as_sequence().is_some();
    // A list behind another document is no JSON patch, of which the first document alone is read.
    if !is_list(root)
        || parsed.documents.first().and_then(|first| first.root.as_ref()).is_some_and(|root| !is_list(root))
    {
        return strategic(target.as_ref(), allowed, &parsed.documents, gone, work);
    }
    if starts_empty {
        let finding =
            Finding::warning("patch/empty", "this JSON patch has no effect: an empty document stands before it")
                .at(root.location(), "kustomize reads the first document alone")
                .help("remove the `---` that is too many");
        work.findings.push(finding);
        return;
    }
    let Some(patch) = JsonPatch::read(root, notation, work.findings) else { return };
    let Some(target) = target else {
        work.findings.push(
            Finding::error("patch/no-target", "this JSON patch has no target")
                .at(entry.location(), "")
                .help("say which resources it is for: `target: {kind: Deployment, name: web}`"),
        );
        return;
    };
    let positions = selected(&target, gone, work);
    json(&patch, &positions, true, &target, work);
}

/// Applies a JSON patch to the resources at these positions, and says so if it changes none of them.
fn json(patch: &JsonPatch, positions: &[usize], remember: bool, target: &Target, work: &mut Work<'_>) {
    let start = work.findings.len();
    let before: Vec<Node> = positions.iter().filter_map(|&at| Some(work.set.get(at)?.root.clone())).collect();
    apply::json(patch, positions, remember, work);
    let same = positions.iter().zip(&before).all(|(&at, before)| !differs(before, at, work));
    let idle = positions.first().filter(|_| same && !patch.only_tests() && work.findings.len() == start);
    if let Some(first) = idle.and_then(|&at| work.set.get(at)) {
        work.findings.push(advice::no_change(target.location(), first));
    }
}

/// The positions a target selects; none are worth a warning.
fn selected(target: &Target, gone: &Gone, work: &mut Work<'_>) -> Vec<usize> {
    let positions = target.positions(work.set, gone.positions());
    if positions.is_empty() {
        let finding = target.no_match(work.set, work.findings);
        work.findings.push(finding);
    }
    positions
}

fn strategic(target: Option<&Target>, allowed: Allowed, documents: &[Document], gone: &mut Gone, work: &mut Work<'_>) {
    let before = work.findings.count(Severity::Error);
    let patches = objects(documents, work.findings);
    if work.findings.count(Severity::Error) > before {
        return;
    }
    let Some(target) = target else {
        for mut patch in patches {
            if allowed.name || allowed.kind {
                // Kustomize notes what is allowed among the patch's annotations (`Resource.AllowNameChange`).
                patch.root = with_texts(&patch.root, &["annotations"]);
            }
            by_id(&patch, allowed, gone, work);
        }
        return;
    };
    if let [_, second, ..] = &patches[..] {
        work.findings.push(
            Finding::error("patch/several", "a patch with a `target` is one document")
                .at(second.declared, "this is the second")
                .help(
                    "make an entry of each document, or leave out the target so that each is for the resource it names",
                ),
        );
        return;
    }
    let Some(patch) = patches.first().map(|patch| with_texts(&patch.root, &MARKS)) else { return };
    let positions = selected(target, gone, work);
    let allowed = Allowed { takes_version: true, ..allowed };
    lay(&patch, &positions, target.location(), allowed, gone, work);
    put_together(target.location(), work);
}

/// Kustomize gathers all resources anew when it has laid some patches over them.
fn put_together(at: Location, work: &mut Work<'_>) {
    settle(work.set, Some((at, "kustomize looks for this after a patch")), work.findings);
}

/// Lays a patch over the resources at these positions, and says what is odd about it. `at` is what names them.
fn lay(patch: &Node, positions: &[usize], at: Location, allowed: Allowed, gone: &mut Gone, work: &mut Work<'_>) {
    let start = work.findings.len();
    if let Some(first) = positions.first().and_then(|&at| work.set.get(at)) {
        advice::give(patch, first, work.merge_schema, work.findings);
    }
    let mut same: Option<(usize, Node)> = None;
    let mut changed = false;
    for &position in positions {
        let Some(before) = work.set.get(position).map(|resource| resource.root.clone()) else { continue };
        apply::strategic(patch, position, allowed, gone, work);
        if allowed.name || allowed.kind {
            identity::check_id(position, work.set).into_iter().for_each(|finding| work.findings.push(finding));
        }
        changed |= gone.positions().contains(&position) || differs(&before, position, work);
        same = same.or((!changed).then_some((position, before)));
    }
    let idle = same.filter(|_| !changed && work.findings.len() == start);
    if let Some((resource, before)) = idle.and_then(|(at, before)| Some((work.set.get(at)?, before))) {
        work.findings.push(advice::no_change_of(patch, at, resource, &before));
    }
}

/// Whether the resource at a position is no longer as it was. What both share is not looked at.
fn differs(before: &Node, position: usize, work: &Work<'_>) -> bool {
    work.set.get(position).is_some_and(|now| !before.same_value(&now.root))
}

const MARKS: [&str; 2] = ["labels", "annotations"];

/// The patch with its own labels and annotations made texts, and left out if there are none: a null is its text, and a
/// list or mapping is empty. Kustomize copies a patch for each object that a target selects, and those fields by way of
/// string maps (`CopyMergeMetaDataFieldsFrom`).
fn with_texts(patch: &Node, fields: &[&str]) -> Node {
    let text = |entry: &Entry| {
        let value = &entry.value;
        let text = value.text().unwrap_or_default();
        let value = Node::read_scalar(text.into(), ScalarKind::String, Style::Plain, value.location());
        Entry { key: entry.key, value }
    };
    let rebuilt = |node: &Node, change: &dyn Fn(&Entry) -> Option<Entry>| {
        let entries = node.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
        node.holding(entries.filter_map(change).collect())
    };
    let in_metadata = |entry: &Entry| {
        if !fields.contains(&entry.key.name.as_str()) {
            return Some(entry.clone());
        }
        let mapping = entry.value.as_mapping().filter(|mapping| !mapping.is_empty())?;
        // Of two of one name the last one counts.
        let mut seen = HashSet::new();
        let mut texts: Vec<Entry> =
            mapping.iter().rev().filter(|entry| seen.insert(entry.key.name)).map(text).collect();
        texts.reverse();
        Some(Entry { key: entry.key, value: Node::read_mapping(texts, entry.value.location()) })
    };
    rebuilt(patch, &|entry| match entry.key.name.as_str() {
        "metadata" => Some(Entry { key: entry.key, value: rebuilt(&entry.value, &in_metadata) }),
        _ => Some(entry.clone()),
    })
}

fn by_id(patch: &Resource, allowed: Allowed, gone: &mut Gone, work: &mut Work<'_>) {
    if !has_known_scope(&patch.gvk()) {
        *work.built_in = BuiltIn::AskedFor.max(*work.built_in);
    }
    match target::by_id(patch, work.set, gone.positions(), work.findings) {
        Ok(at) => lay(&patch.root, &[at], target::name_of(patch), allowed, gone, work),
        Err(finding) => work.findings.push(*finding),
    }
}

const OPTIONS: [&str; 2] = ["allowNameChange", "allowKindChange"];

/// What the options of an entry allow. `None` if there is an unknown one among them, which is reported; an older
/// kustomize passes over it, and over one in another letter case.
fn allowed(entry: &Node, work: &mut Work<'_>) -> Option<Allowed> {
    let strict = work.compat.knows_all_patch_options();
    let is = |name: &str, known: &str| if strict { name.eq_ignore_ascii_case(known) } else { name == known };
    let options = field(entry, "options").and_then(Node::as_mapping);
    let entries = || options.into_iter().flat_map(|options| options.iter());
    let unknown: Vec<&Entry> =
        entries().filter(|entry| !OPTIONS.iter().any(|known| is(entry.key.name.as_str(), known))).collect();
    for entry in &unknown {
        let name = entry.key.name.as_str();
        let severity = if strict { Finding::error } else { Finding::warning };
        let finding = severity("patch/unknown-option", format!("`{name}` is no option of a patch"));
        let near = nearest(name, OPTIONS).or(OPTIONS.into_iter().find(|known| known.eq_ignore_ascii_case(name)));
        let help = near.map_or("the options are `allowNameChange` and `allowKindChange`".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        work.findings.push(finding.at(entry.key.location, "not known").help(help));
    }
    let set =
        |known: &str| entries().any(|entry| is(entry.key.name.as_str(), known) && entry.value.text() == Some("true"));
    (unknown.is_empty() || !strict).then(|| Allowed {
        name: set(OPTIONS[0]),
        kind: set(OPTIONS[1]),
        takes_version: false,
    })
}

/// `patchesStrategicMerge`: paths of files, or patches written in place; and the one text of the transformer kind.
fn strategic_merge(paths: Option<&Node>, text: Option<&Node>, at: &Node, gone: &mut Gone, work: &mut Work<'_>) {
    let mut patches = Vec::new();
    let (start, before) = (work.findings.len(), work.findings.count(Severity::Error));
    for entry in paths.and_then(Node::as_sequence).unwrap_or_default() {
        let written = entry.text().unwrap_or_default();
        if entry.is_null() || written.trim().is_empty() {
            continue;
        }
        // Kustomize reads each as YAML first: what is a mapping is the patch itself.
        let inline = written.contains('\n') || written.trim_start().starts_with('{');
        let parsed = if inline {
            work.loader.embedded(entry, work.findings).map(Arc::new)
        } else {
            work.loader.documents(written, entry.location(), work.findings)
        };
        patches.extend(parsed.into_iter().flat_map(|parsed| objects(&parsed.documents, work.findings)));
    }
    if let Some(parsed) = text.and_then(|text| work.loader.embedded(text, work.findings)) {
        patches.extend(objects(&parsed.documents, work.findings));
    }
    doubles::tolerate(start, &[], work.findings);
    if patches.is_empty() && work.findings.count(Severity::Error) == before {
        work.findings.push(
            Finding::error("patch/empty", "there is no patch in here")
                .at(at.location(), "")
                .help("write a patch, or remove the field"),
        );
    }
    for mut patch in patches {
        patch.root = with_texts(&patch.root, &MARKS);
        by_id(&patch, Allowed { takes_version: true, ..Allowed::default() }, gone, work);
        put_together(at.location(), work);
    }
}

/// One entry of `patchesJson6902`.
fn json6902(entry: &Node, inline: Inline, work: &mut Work<'_>) {
    let node = field(entry, "target");
    let target = match node {
        Some(node) => match Target::read(node, work.findings) {
            Some(target) => Some(target),
            None => return,
        },
        None => None,
    };
    let Some(target) = target.filter(Target::is_named) else {
        work.findings.push(
            Finding::error("patch/no-target", "this JSON patch does not say for which resource it is")
                .at(node.unwrap_or(entry).location(), "")
                .help("here a target needs a `name`; under `patches:` a target without one selects all of a kind"),
        );
        return;
    };
    let Some(Text { parsed, notation, starts_empty }) = Text::of(entry, inline, work) else { return };
    let Some(root) = first(&parsed).filter(|_| !starts_empty) else {
        work.findings.push(empty(Finding::error, entry, "nothing to apply"));
        return;
    };
    let Some(patch) = JsonPatch::read(root, notation, work.findings) else { return };
    let positions = selected(&target, &Gone::default(), work);
    json(&patch, &positions, false, &target, work);
}
