//! The values file that a chart is rendered with: `valuesFile`, `valuesInline`, and how they meet.

use super::chart::{Chart, ValuesMerge};
use crate::compile::Step;
use crate::compile::patch::MergeSchema;
use crate::compile::patch::strategic::{Lists, Merged, NewItems, Unknown, merge};
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, ResourceId};
use crate::source::yaml::{self, scalar::bool_value_v2};
use crate::source::{Document, Entry, FileId, Node, ScalarKind, Signature, Style, View};

/// The text of the values file for a chart with values written in place. `file` is the text of the values file that
/// they meet.
pub fn merged(chart: &Chart<'_>, file: Option<&str>, schema: &MergeSchema, findings: &mut Findings) -> Option<String> {
    let inline = chart.values?;
    let sign = Step::generate(super::FIELD).sign(inline.location());
    let inline = as_kustomize_reads(inline, &sign);
    let values = match (chart.merge, file) {
        (ValuesMerge::Replace, _) | (_, None) => inline,
        (ValuesMerge::Override, Some(text)) => {
            lay(&inline, from_file(text, chart, &sign, findings)?, chart, schema, findings)
        }
        (ValuesMerge::Merge, Some(text)) => {
            lay(&from_file(text, chart, &sign, findings)?, inline, chart, schema, findings)
        }
    };
    let mut text = String::new();
    match yaml::print(&values, &mut text) {
        Ok(()) => Some(text),
        Err(error) => {
            let finding = Finding::error("build/helm", format!("the values cannot be passed on: {error}"));
            findings.push(finding.at(sign.at, "").help("write a value that JSON can express"));
            None
        }
    }
}

/// Kustomize's merge without a schema: mappings merge, lists are replaced, `null` deletes.
fn lay(over: &Node, mut base: Node, chart: &Chart<'_>, schema: &MergeSchema, findings: &mut Findings) -> Node {
    // What mistakes are said to be in; values are no resource.
    let id = ResourceId { gvk: Gvk::new("", "chart"), namespace: "".into(), name: chart.name.into() };
    let lists = Lists { schema, root: None, new_items: NewItems::Last, unknown: Unknown::Replace, doubled: false };
    match merge(&mut base, over, &id, lists, findings) {
        Merged::Kept { .. } => base,
        Merged::Deleted => Node::new_mapping(Vec::new(), &Step::generate(super::FIELD).sign(over.location())),
    }
}

/// The values of a file. Whatever is wrong in it is said at the entry: the file may belong to the chart.
fn from_file(text: &str, chart: &Chart<'_>, sign: &Signature, findings: &mut Findings) -> Option<Node> {
    let parsed = yaml::parse(text, FileId::default());
    if let Some(problem) = parsed.errors.first() {
        let at = chart.values_file.unwrap_or(chart.named).location();
        let finding = Finding::error("build/helm", format!("the values file is no YAML: {}", problem.message));
        findings.push(finding.at(at, "").help("mend the values file"));
        return None;
    }
    let root = parsed.documents.iter().find_map(|document: &Document| document.root.as_ref());
    Some(match root.filter(|root| root.as_mapping().is_some()) {
        Some(root) => root.issued(sign),
        // Nothing but comments: a chart need not have values.
        None => Node::new_mapping(Vec::new(), sign),
    })
}

/// `yes` and `off` are booleans in a kustomization file, which kustomize reads as YAML 1.1, and dates are texts.
fn as_kustomize_reads(node: &Node, sign: &Signature) -> Node {
    match node.view() {
        View::Scalar(text, ScalarKind::String) if node.style() == Style::Plain => match bool_value_v2(text) {
            Some(value) => Node::new_scalar(if value { "true" } else { "false" }, ScalarKind::Bool, sign),
            None => node.clone(),
        },
        View::Scalar(text, ScalarKind::Timestamp) => Node::new_string(text, sign),
        View::Scalar(..) => node.clone(),
        View::Sequence(items) => {
            Node::new_sequence(items.iter().map(|item| as_kustomize_reads(item, sign)).collect(), sign)
        }
        View::Mapping(mapping) => {
            let entries =
                mapping.iter().map(|entry| Entry { key: entry.key, value: as_kustomize_reads(&entry.value, sign) });
            Node::new_mapping(entries.collect(), sign)
        }
    }
}
