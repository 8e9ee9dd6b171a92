//! `unified`: `---` and `+++` for each entry of the change set, with the hunks of its YAML before and after: the resource's
//! identity and what changes in it. Secrets are masked.

use std::io::{self, Write};

use crate::diff::{ChangeSet, ResourceChange, Shown};
use crate::report::hunk::{Line, hunks};
use crate::report::style::one_line;
use crate::report::{Format, Outcome, Payload, Report, Style, sparse, value};

/// The format.
pub static FORMAT: Format = Format {
    name: "unified",
    summary: "a unified diff of the changed fields as YAML, secrets masked",
    shows: &[Payload::Changes],
    write,
};

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Outcome::Changes(set) = report.result else {
        return Ok(());
    };
    for entry in &set.entries {
        for line in entry_lines(entry, set) {
            writeln!(out, "{}", line.styled(style))?;
        }
    }
    Ok(())
}

fn entry_lines(entry: &ResourceChange, set: &ChangeSet) -> Vec<Line> {
    let (before, after) = sparse::sides(entry);
    let text = |side: &Option<Shown>| {
        side.iter().flat_map(value::yaml).flat_map(|line| [line, "\n".to_owned()]).collect::<String>()
    };
    let name = |side: &Option<Shown>, label: &str| match side {
        Some(_) => one_line(&format!("{label}/{}", entry.resource)),
        None => "/dev/null".to_owned(),
    };
    let mut lines = Vec::new();
    if !entry.environments.is_empty() {
        lines.push(Line::Head(format!("# {}", one_line(&entry.environments.join(" ")))));
    }
    let masked =
        sparse::masked_changes(entry).map(|path| format!("# {} changed (masked)", one_line(&path.to_string())));
    lines.extend(masked.map(Line::Head));
    let pieces = |text: String| vec![(false, text)];
    lines.push(Line::Before(pieces(format!("-- {}", name(&before, &set.from.label)))));
    lines.push(Line::After(pieces(format!("++ {}", name(&after, &set.to.label)))));
    lines.extend(hunks(&text(&before), &text(&after), 3));
    lines
}
