//! `unified`: `---` and `+++` for each resource, with the hunks of its YAML before and after. Secrets are masked.

use std::io::{self, Write};

use crate::diff::{ChangeSet, ResourceChange, Shown};
use crate::report::hunk::{Line, hunks};
use crate::report::style::one_line;
use crate::report::{Format, Outcome, Payload, Report, Style, value};

/// The format.
pub static FORMAT: Format = Format {
    name: "unified",
    summary: "a unified diff of the printed resources, secrets masked",
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
    let text = |side: &Option<Shown>| {
        side.iter().flat_map(value::yaml).flat_map(|line| [line, "\n".to_owned()]).collect::<String>()
    };
    let hunks = hunks(&text(&entry.before), &text(&entry.after), 3);
    let name = |side: &Option<Shown>, label: &str| match side {
        Some(_) => one_line(&format!("{label}/{}", entry.resource)),
        None => "/dev/null".to_owned(),
    };
    let mut lines = Vec::new();
    if !entry.environments.is_empty() {
        lines.push(Line::Head(format!("# {}", one_line(&entry.environments.join(" ")))));
    }
    let pieces = |text: String| vec![(false, text)];
    lines.push(Line::Before(pieces(format!("-- {}", name(&entry.before, &set.from.label)))));
    lines.push(Line::After(pieces(format!("++ {}", name(&entry.after, &set.to.label)))));
    lines.extend(hunks);
    lines
}
