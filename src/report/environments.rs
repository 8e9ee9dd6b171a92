//! What became of each environment, as a table for a terminal.

use std::io::{self, Write};

use super::style::{Role, Style, columns, count, one_line, padded};
use super::words;
use crate::diff::{ChangeSet, Class, FailedSide, Status};

/// Writes a row for each environment that is not unchanged; nothing if only one is compared at all.
pub fn write(set: &ChangeSet, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let told: Vec<_> = set.environments.iter().filter(|e| e.status != Status::Unchanged).collect();
    if set.environments.len() < 2 || told.is_empty() {
        return Ok(());
    }
    let counts = words::impact_counts(set);
    let classes: Vec<Class> =
        Class::ALL.into_iter().filter(|&class| counts.keys().any(|&(_, counted)| counted == class)).collect();
    let mut table = vec![["environment", "+", "~", "-", "→"].map(str::to_owned).to_vec()];
    table[0].extend(classes.iter().map(|&class| words::class(class)));
    for e in &told {
        let mut row = vec![one_line(&e.name)];
        if let Status::Failed(side) = e.status {
            row.push(failed(side).to_owned());
        } else {
            let (c, name) = (e.counts, e.name.as_str());
            row.extend([c.added, c.modified, c.removed, c.renamed].map(|n| n.to_string()));
            row.extend(classes.iter().map(|&class| counts.get(&(name, class)).copied().unwrap_or(0).to_string()));
            row.extend((e.status != Status::Changed).then(|| e.status.as_str().to_owned()));
        }
        table.push(row);
    }
    writeln!(out)?;
    write_table(&table, style, out)?;
    match set.environments.len() - told.len() {
        0 => Ok(()),
        same => writeln!(out, "{}", style.paint(Role::Dim, &format!("{} unchanged", count(same, "environment")))),
    }
}

fn write_table(table: &[Vec<String>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let wide = |row: &&Vec<String>| row.len() > 2;
    let columns_of =
        |i: usize| table.iter().filter(wide).filter_map(|row| row.get(i)).map(|cell| columns(cell)).max().unwrap_or(0);
    let first = table.iter().filter_map(|row| row.first()).map(|cell| columns(cell)).max().unwrap_or(0);
    for (number, row) in table.iter().enumerate() {
        let mut line = row.first().map(|name| padded(name, first)).unwrap_or_default();
        for (i, cell) in row.iter().enumerate().skip(1) {
            let gap = if row.len() > 2 { columns_of(i).saturating_sub(columns(cell)) } else { 0 };
            line.push_str(&format!("  {}{cell}", " ".repeat(gap)));
        }
        let role = if number == 0 { Role::Dim } else { Role::Strong };
        let line = if number == 0 { style.paint(role, &line) } else { line };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Why an environment was not compared.
pub fn failed(side: FailedSide) -> &'static str {
    match side {
        FailedSide::Before => "does not build before, builds after",
        FailedSide::After => "does not build after",
        FailedSide::Both => "does not build, before or after",
    }
}
