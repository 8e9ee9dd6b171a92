//! `helmChartInflationGenerator` → `helmCharts` and `helmGlobals`. Fields that kustomize passes over since it has
//! `helmCharts` go.

use super::file::{File, entry, text};
use super::moved::move_list;
use super::{Change, Context, Refusal, Stage};
use crate::source::Node;
use crate::source::edit::{Edits, End, remove_entry, rename_key};

pub(super) const STAGE: Stage = Stage { field: "helmChartInflationGenerator", change };

/// Old names and new ones.
const RENAMED: [(&str, &str); 5] = [
    ("chartName", "name"),
    ("chartVersion", "version"),
    ("chartRepoUrl", "repo"),
    ("values", "valuesFile"),
    ("valuesLocal", "valuesInline"),
];

/// What kustomize reads into `helmGlobals`, or not at all.
const GONE: [&str; 7] =
    ["chartHome", "helmHome", "chartRepoName", "helmBin", "releaseNamespace", "extraArgs", "chartRepo"];

fn change(file: &File, _: &Context<'_>) -> Result<Change, Refusal> {
    let Some(list) = file.entry(STAGE.field) else { return Ok(Change::default()) };
    let charts = list.value.as_sequence().unwrap_or_default();
    let layout = file.layout();
    layout.entry(list)?;
    let mut inner = Edits::new();
    for chart in charts {
        for (old, new) in RENAMED {
            entry(chart, old).into_iter().for_each(|entry| rename_key(entry, new, &mut inner));
        }
        for gone in GONE {
            if let Some(entry) = entry(chart, gone) {
                remove_entry(&layout, entry, &mut inner)?;
            }
        }
    }
    let globals = globals(charts);
    if !globals.is_empty() && file.entry("helmGlobals").is_none() {
        let eol = layout.eol();
        let lines: String = globals.iter().map(|(name, value)| format!("  {name}: {value}{eol}")).collect();
        inner.insert(layout.with_comments(list.key.location.span.start), format!("helmGlobals:{eol}{lines}"));
    }
    // The items move as they read after these edits.
    let text = inner.apply(&file.text)?;
    let turned = File::read(&text, list.key.location.file).ok_or_else(|| Refusal::Words {
        message: "the charts would be no YAML after the edit".to_owned(),
        help: "rewrite it by hand",
    })?;
    let moved = move_list(&turned, STAGE.field, "helmCharts", End::Last, None)?;
    let mut change = Change::default();
    let text = moved.edits.apply(&text)?;
    change.edits.replace(crate::source::Span::new(0, file.text.len() as u32), text);
    Ok(change)
}

/// The homes that the last chart to name one names.
fn globals(charts: &[Node]) -> Vec<(&'static str, String)> {
    let last = |field: &str| {
        let written = |chart: &Node| Some(text(chart, field).to_owned()).filter(|text| !text.is_empty());
        charts.iter().rev().find_map(written)
    };
    let both = [("chartHome", last("chartHome")), ("configHome", last("helmHome"))];
    both.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
