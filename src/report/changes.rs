//! A change set for a person at a terminal: what is worst first, then every change under the environments that share it,
//! then the environments.

use std::io::{self, Write};

use super::hunk::{Words, hunks, mark_words};
use super::style::{Role, Style, columns, count, cut, one_line, padded, plural};
use super::{Detail, Report, environments, value, words};
use crate::diff::{Change, ChangeKind, ChangeSet, Impact, Op, ResourceChange, Shown};
use crate::finding::Severity;
use crate::source::SourceMap;

/// Lines of a value that are shown before the rest is only counted.
const MAX_LINES: usize = 24;

/// How far what stands below a change is indented.
const BELOW: usize = 6;

/// Paths up to this long are aligned with their neighbours.
const MAX_PATH: usize = 56;

/// Writes all of it.
pub fn write(report: &Report, set: &ChangeSet, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let screen = Screen { sources: report.sources, set, style };
    let sides = format!("{} → {}", one_line(&set.from.label), one_line(&set.to.label));
    writeln!(out, "{}", style.paint(Role::Strong, &sides))?;
    let rows: Vec<Row> = screen.outstanding();
    if !rows.is_empty() {
        writeln!(out)?;
        screen.rows(&rows, out)?;
    }
    let usual = report.detail == Detail::Usual;
    for entry in set.entries.iter().filter(|entry| !usual || !words::is_silent(entry)) {
        writeln!(out)?;
        screen.entry(entry, report.detail, out)?;
    }
    if let Some(silent) = words::silent(set).filter(|_| usual) {
        writeln!(out, "\n{}", style.paint(Role::Dim, &format!("… {silent} (hidden)")))?;
    }
    environments::write(set, style, out)?;
    writeln!(out, "\n{}", style.paint(Role::Strong, &words::summary(set)))
}

/// One line, perhaps with a place at its right and lines below.
struct Row {
    text: String,
    columns: usize,
    place: Option<String>,
    /// How far the place is indented if it does not fit beside the text.
    indent: usize,
    below: Vec<String>,
}

struct Screen<'a> {
    sources: &'a SourceMap,
    set: &'a ChangeSet,
    style: &'a Style,
}

impl Screen<'_> {
    /// Rows whose places stand in one column, as far as the width allows.
    fn rows(&self, rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
        let fits = |row: &&Row| row.place.as_ref().is_some_and(|at| row.columns + 3 + columns(at) <= self.style.width);
        let widest = rows.iter().filter_map(|row| row.place.as_ref()).map(|at| columns(at)).max().unwrap_or(0);
        let limit = self.style.width.saturating_sub(widest);
        let column = rows.iter().filter(fits).map(|row| row.columns + 3).filter(|&at| at <= limit).max().unwrap_or(0);
        for row in rows {
            match &row.place {
                Some(place) if fits(&row) => {
                    let gap = column.saturating_sub(row.columns).max(3);
                    writeln!(out, "{}{}{}", row.text, " ".repeat(gap), self.style.paint(Role::Dim, place))?;
                }
                Some(place) => {
                    let place = self.style.paint(Role::Dim, place);
                    writeln!(out, "{}\n{}{place}", row.text, " ".repeat(row.indent))?;
                }
                None => writeln!(out, "{}", row.text)?,
            }
            for line in &row.below {
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }

    fn place(&self, change: &Change) -> Option<String> {
        change.cause.map(|at| words::place(at, self.sources))
    }

    /// The block at the top: all impacts but everyday rollouts, each with what happens, then what makes it happen.
    fn outstanding(&self) -> Vec<Row> {
        let wanted: Vec<_> = self.set.impacts().filter(|(_, impact)| words::is_outstanding(impact)).collect();
        let class = |impact: &Impact| words::class(impact.class).to_uppercase();
        let name = |entry: &ResourceChange| words::environments(&entry.environments, self.set);
        let class_width = wanted.iter().map(|(_, impact)| columns(&class(impact))).max().unwrap_or(0);
        let name_width = wanted.iter().map(|(entry, _)| columns(&name(entry))).max().unwrap_or(0).min(24);
        let rows = |(entry, impact): (&ResourceChange, &Impact)| {
            let head = self.style.paint(severity_role(impact.severity), &padded(&class(impact), class_width));
            let names = if name_width == 0 { String::new() } else { format!("  {}", padded(&name(entry), name_width)) };
            let resource = self.style.paint(Role::Strong, &one_line(&entry.resource.to_string()));
            let text = format!("{head}{names}  {resource}: {}", one_line(&impact.message));
            let indent = class_width + 2;
            let what = Row { text, columns: 0, place: None, indent, below: vec![] };
            std::iter::once(what).chain(self.reason(entry, impact, indent))
        };
        wanted.into_iter().flat_map(rows).collect()
    }

    /// What makes the impact: `spec.replicas 6 → 4`.
    fn reason(&self, entry: &ResourceChange, impact: &Impact, indent: usize) -> Option<Row> {
        let (change, more) = words::source_of(entry, impact)?;
        let reason = if change.path.is_root() {
            words::happened(&entry.kind).unwrap_or_default()
        } else {
            format!("{}{}", one_line(&change.path.to_string()), summary_of(change))
        };
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let text = format!("{}{}{more}", " ".repeat(indent), cut(&reason, 200));
        Some(Row { columns: columns(&text), text, place: self.place(change), indent, below: vec![] })
    }

    fn entry(&self, entry: &ResourceChange, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
        let whole = entry.changes.iter().find(|change| change.path.is_root() && change.op != Op::Modified);
        self.rows(&[self.heading(entry, whole)], out)?;
        let hidden = |change: &&Change| detail == Detail::Usual && change.follows;
        let shown: Vec<&Change> = entry.changes.iter().filter(|change| !hidden(change)).collect();
        let paths = shown.iter().map(|change| columns(&change.path.to_string())).filter(|&width| width <= MAX_PATH);
        let width = paths.max().unwrap_or(0);
        let rows: Vec<Row> = shown.into_iter().map(|change| self.change(change, width)).collect();
        self.rows(&rows, out)?;
        match entry.changes.iter().filter(hidden).count() {
            0 => Ok(()),
            hidden => {
                let words = plural(hidden, "reference follows", "references follow");
                writeln!(out, "  {}", self.style.paint(Role::Dim, &format!("… {words} a new name (hidden)")))
            }
        }
    }

    fn heading(&self, entry: &ResourceChange, whole: Option<&Change>) -> Row {
        let names = words::environments(&entry.environments, self.set);
        let names = if names.is_empty() { names } else { format!("{names}   ") };
        let resource = format!("{} {}", words::sign(&entry.kind), one_line(&entry.resource.to_string()));
        let happened = words::happened(&entry.kind).map(|words| format!("   {words}")).unwrap_or_default();
        let rollout = entry.impacts.iter().filter(|impact| !words::is_outstanding(impact));
        let rollout: String =
            rollout.map(|impact| format!("   {}: {}", words::class(impact.class), one_line(&impact.message))).collect();
        let role = match entry.kind {
            ChangeKind::Added => Role::Added,
            ChangeKind::Removed => Role::Removed,
            _ => Role::Strong,
        };
        Row {
            columns: columns(&names) + columns(&resource) + columns(&happened) + columns(&rollout),
            text: format!(
                "{}{}{happened}{}",
                self.style.paint(Role::Info, &names),
                self.style.paint(role, &resource),
                self.style.paint(Role::Dim, &rollout)
            ),
            place: whole.and_then(|change| self.place(change)),
            indent: BELOW,
            below: vec![],
        }
    }

    fn change(&self, change: &Change, path_width: usize) -> Row {
        if change.path.is_root() && change.op != Op::Modified {
            let (role, sign) = if change.op == Op::Removed { (Role::Removed, "-") } else { (Role::Added, "+") };
            let mut lines = change.before.iter().chain(&change.after).flat_map(|value| self.block(value, role, sign));
            let text = lines.next().unwrap_or_default();
            return Row { columns: 0, text, place: None, indent: BELOW, below: lines.collect() };
        }
        let (role, sign) = match change.op {
            Op::Added => (Role::Added, "+"),
            Op::Removed => (Role::Removed, "-"),
            Op::Modified => (Role::Strong, "~"),
            Op::Moved => (Role::Strong, "↕"),
        };
        let path = padded(&one_line(&change.path.to_string()), path_width);
        let head = columns(&path) + 6;
        let (value, below) = self.values(change, self.style.width.saturating_sub(head));
        let value = if value.is_empty() { value } else { format!("  {value}") };
        let path = if value.is_empty() { path.trim_end().to_owned() } else { path };
        Row {
            columns: 4 + columns(&path) + columns(&value),
            text: format!("  {} {path}{}", self.style.paint(role, sign), self.values_painted(change, &value)),
            place: self.place(change),
            indent: BELOW,
            below,
        }
    }

    fn values_painted(&self, change: &Change, value: &str) -> String {
        match (change.op, value.split_once(" → ")) {
            (Op::Added, _) => self.style.paint(Role::Added, value),
            (Op::Removed, _) => self.style.paint(Role::Removed, value),
            (_, Some((before, after))) => {
                format!("{} → {}", self.style.paint(Role::Removed, before), self.style.paint(Role::Added, after))
            }
            _ => value.to_owned(),
        }
    }

    /// The values of a change: on its line if they fit, else below it.
    fn values(&self, change: &Change, room: usize) -> (String, Vec<String>) {
        let line = summary_of(change).trim_start().to_owned();
        let several = |value: &Option<Shown>| value.as_ref().is_some_and(|value| value::lines_of(value).is_some());
        if columns(&line) <= room && !several(&change.before) && !several(&change.after) {
            return (line, vec![]);
        }
        match (&change.before, &change.after) {
            (Some(before), Some(after)) => (String::new(), self.both(before, after)),
            (Some(before), None) => (String::new(), self.block(before, Role::Removed, "-").collect()),
            (None, Some(after)) => (String::new(), self.block(after, Role::Added, "+").collect()),
            (None, None) => (String::new(), vec![]),
        }
    }

    fn both(&self, before: &Shown, after: &Shown) -> Vec<String> {
        if before == after {
            return vec!["      (what differs is masked)".to_owned()];
        }
        let texts = (before.text(), after.text());
        if let (Some(old), Some(new)) = texts {
            if value::lines_of(before).is_some() || value::lines_of(after).is_some() {
                return self.hunks(old, new);
            }
            let (old, new) = mark_words(&one_line(old), &one_line(new), self.style);
            return vec![format!("      {old}"), format!("      {new}")];
        }
        let lines = |value| value::yaml(value).iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
        self.hunks(&lines(before), &lines(after))
    }

    fn hunks(&self, before: &str, after: &str) -> Vec<String> {
        let words = if self.style.color { Words::Compared } else { Words::Ignored };
        capped(hunks(before, after, 2, words).iter().map(|line| format!("      {}", line.styled(self.style))).collect())
    }

    fn block(&self, value: &Shown, role: Role, sign: &str) -> impl Iterator<Item = String> {
        let paint = |line: &String| format!("      {}", self.style.paint(role, &format!("{sign} {line}")));
        capped(value::yaml(value).iter().map(paint).collect()).into_iter()
    }
}

fn severity_role(severity: Severity) -> Role {
    match severity {
        Severity::Error => Role::Error,
        Severity::Warning => Role::Warning,
        Severity::Info => Role::Info,
    }
}

/// The values of a change on one line, with a blank before: ` 6 → 4`.
pub fn summary_of(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if before == after => format!(" {} (masked, changed)", value::inline(after)),
        (Some(before), Some(after)) => {
            let (before, after) = value::pair(before, after);
            format!(" {before} → {after}")
        }
        (Some(one), None) | (None, Some(one)) => format!(" {}", value::inline(one)),
        (None, None) => String::new(),
    }
}

fn capped(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MAX_LINES {
        let more = lines.len() - MAX_LINES + 1;
        lines.truncate(MAX_LINES - 1);
        lines.push(format!("      … {} more (--format unified shows all)", count(more, "line")));
    }
    lines.iter().map(|line| cut_plain(line)).collect()
}

/// A line without colour is cut where it is longer than any screen; one with colour codes is left alone.
fn cut_plain(line: &str) -> String {
    if line.contains('\x1b') { line.to_owned() } else { cut(line, 400) }
}
