//! `apiVersion` and `kind`, where they are missing: at the top, where people look for them.

use super::file::{File, text};
use super::{Change, Context, Refusal, Stage};
use crate::source::edit::{EditError, Edits};

pub(super) const STAGE: Stage = Stage { field: "apiVersion", change };

fn change(file: &File, _: &Context<'_>) -> Result<Change, Refusal> {
    let mut edits = Edits::new();
    let layout = file.layout();
    let (version, kind) = (file.entry("apiVersion"), file.entry("kind"));
    let wanted = match text(&file.root, "kind") {
        "Component" => "kustomize.config.k8s.io/v1alpha1",
        _ => "kustomize.config.k8s.io/v1beta1",
    };
    let Some(first) = file.root.as_mapping().and_then(|mapping| mapping.iter().next()) else {
        return Ok(Change::default());
    };
    if version.is_some() && kind.is_some() {
        return Ok(Change::default());
    }
    if layout.is_flow(&file.root) {
        let words = "a kustomization in brackets";
        return Err(EditError::Unusual(file.root.location().span, words).into());
    }
    let indent = " ".repeat(layout.column(first.key.location.span.start));
    let line = |words: String| format!("{indent}{words}{}", layout.eol());
    let kind_line = line("kind: Kustomization".to_owned());
    match (version, kind) {
        (None, None) => {
            let at = layout.with_comments(first.key.location.span.start);
            edits.insert(at, line(format!("apiVersion: {wanted}")) + &kind_line);
        }
        (None, Some(kind)) => {
            edits.insert(layout.line_start(kind.key.location.span.start), line(format!("apiVersion: {wanted}")));
        }
        (Some(version), None) => {
            let end = layout.line_end(version.value.location().span.end.max(version.key.location.span.end));
            let words = if layout.text()[..end as usize].ends_with('\n') {
                kind_line
            } else {
                format!("{}{}", layout.eol(), kind_line.trim_end())
            };
            edits.insert(end, words);
        }
        (Some(_), Some(_)) => {}
    }
    Ok(Change { edits, ..Change::default() })
}
