//! `changed-value`.

use crate::check::Context;
use crate::check::context::{is_secret, mark, named};
use crate::check::rule::declare_rule;
use crate::finding::{Findings, Severity};
use crate::resource::Resource;
use crate::source::yaml::{folded, scalar};
use crate::source::{Entry, FieldPath, Node, PathStep, ScalarKind, Style, View};

declare_rule! {
    /// A value must mean what it looks like.
    ///
    /// Kustomize reads every value and writes it anew. `0123` comes out as `83`, since a leading zero makes it octal; a
    /// date without quotes becomes a time; `1.10` is the number 1.1; and a folded text (`>`) with indented lines or
    /// blank lines at its end gets more line breaks than it had. The file looks right, and the cluster gets another
    /// value. File modes (`defaultMode: 0644`) are octal by intent and not reported.
    ///
    /// ```yaml bad
    /// apiVersion: example.com/v1
    /// kind: Plan
    /// metadata:
    ///   name: plan
    /// spec:
    ///   account: 0123 # <-
    ///   size: 1_000 # <-
    ///   from: 2026-01-31 # <-
    ///   text: > # <-
    ///     one
    ///       two
    ///     three
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: example.com/v1
    /// kind: Plan
    /// metadata:
    ///   name: plan
    /// spec:
    ///   account: "0123"
    ///   size: 1000
    ///   from: "2026-01-31"
    ///   text: |
    ///     one
    ///       two
    ///     three
    /// ```
    "changed-value": Reliability, Warning, since "0.1.0", Resource(check)
}

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    look(&resource.root, &mut FieldPath::root(), &mut |node, path| report(node, path, resource, findings));
}

/// Visits the scalars that are printed otherwise than they were written.
fn look(node: &Node, path: &mut FieldPath, see: &mut impl FnMut(&Node, &FieldPath)) {
    match node.view() {
        View::Scalar(text, kind) => {
            if is_suspect(node, text, kind) {
                see(node, path);
            }
        }
        View::Sequence(items) => items.iter().enumerate().for_each(|(index, item)| {
            path.push(PathStep::Index(index));
            look(item, path, see);
            path.pop();
        }),
        View::Mapping(mapping) => mapping.iter().filter(|entry| !is_file_mode(entry)).for_each(|entry| {
            path.push(PathStep::Key(entry.key.name));
            look(&entry.value, path, see);
            path.pop();
        }),
    }
}

/// Whether this is the mode of a file or of all files of a volume.
fn is_file_mode(entry: &Entry) -> bool {
    matches!(entry.key.name.as_str(), "mode" | "defaultMode") && entry.value.kind() == ScalarKind::Int
}

/// Whether it is worth to look at what a scalar becomes.
fn is_suspect(node: &Node, text: &str, kind: ScalarKind) -> bool {
    match kind {
        ScalarKind::Int => {
            text.starts_with(['0', '+', '-']) && text != "0" || !text.bytes().all(|b| b.is_ascii_digit())
        }
        ScalarKind::Float | ScalarKind::Timestamp => true,
        ScalarKind::String => node.style() == Style::Folded,
        _ => false,
    }
}

/// What a scalar is printed as, if that is something else; `None` also for what cannot be printed.
fn printed(node: &Node) -> Option<String> {
    let text = node.text()?;
    let printed = match node.kind() {
        ScalarKind::Int => scalar::int_value(text)?.to_string(),
        ScalarKind::Float => scalar::printed_float(scalar::float_value(text)?)?,
        ScalarKind::Timestamp => scalar::timestamp_text(text)?,
        _ => folded::printed_again(text),
    };
    (printed != text).then_some(printed)
}

fn report(node: &Node, path: &FieldPath, resource: &Resource, findings: &mut Findings) {
    let Some(printed) = printed(node) else { return };
    let text = node.text().unwrap_or_default();
    let path = named(&resource.root, path);
    let (message, label) = match node.style() {
        Style::Folded => {
            (format!("`{path}` gets more line breaks than it was written with"), "kustomize folds it anew".to_owned())
        }
        _ if is_secret(resource, &path) => {
            (format!("`{path}` is printed as another text than it was written"), String::new())
        }
        _ => (format!("`{text}` is printed as `{printed}`"), format!("means {}", words(node.kind()))),
    };
    let mut finding = mark(RULE.finding(message), resource, &path, &label);
    // The number is the same, and only who reads it as a text, such as a version, is in for a surprise.
    if node.kind() == ScalarKind::Float && scalar::float_value(text) == printed.parse().ok() {
        finding.severity = Severity::Info;
    }
    findings.push(match node.style() {
        Style::Folded => finding.help("write it as a literal block: `|` in place of `>`"),
        _ if is_secret(resource, &path) => finding.help("put it in quotes"),
        _ => finding.help(format!("write `\"{text}\"` if it is a text, `{printed}` if not")),
    });
}

fn words(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Timestamp => "a time",
        ScalarKind::Float => "a number",
        _ => "a whole number",
    }
}
