//! A change set as plain text, everything in it.

use std::fmt::Write;

use kollate::diff::{Change, ChangeKind, ChangeSet, Impact, Shown};
use kollate::source::{Location, SourceMap};

pub fn write(set: &ChangeSet, map: &SourceMap) -> String {
    let mut out = String::new();
    for environment in &set.environments {
        let counts = environment.counts;
        let (name, status) = (&environment.name, environment.status.as_str());
        if set.environments.len() > 1 || counts.total() == 0 {
            let (a, m, r, n) = (counts.added, counts.modified, counts.removed, counts.renamed);
            writeln!(out, "{name}: {status} +{a} ~{m} -{r} >{n}").unwrap();
        }
    }
    for entry in &set.entries {
        let environments = entry.environments.join(" ");
        write!(out, "{environments}: {} {}", entry.kind.as_str(), entry.resource).unwrap();
        if let ChangeKind::Renamed { from, .. } = &entry.kind {
            write!(out, " from {from}").unwrap();
        }
        out.push('\n');
        entry.changes.iter().for_each(|change| write_change(&mut out, change, map));
    }
    out
}

fn write_change(out: &mut String, change: &Change, map: &SourceMap) {
    let follows = if change.follows { " (follows)" } else { "" };
    let place = |at: Option<Location>| {
        at.map_or_else(String::new, |at| {
            let place = map.place(at);
            format!(" {}:{}", place.file, place.line)
        })
    };
    let path = change.path.to_string();
    let path = if path.is_empty() { "." } else { &path };
    write!(out, "  {path} {}", change.op.as_str()).unwrap();
    let side = |shown: &Option<Shown>| shown.as_ref().map_or_else(|| "-".to_owned(), show);
    writeln!(out, " {} → {}{follows}{}", side(&change.before), side(&change.after), place(change.cause)).unwrap();
    for Impact { class, severity, message } in &change.impacts {
        writeln!(out, "    {severity} {class}: {message}").unwrap();
    }
}

pub fn show(shown: &Shown) -> String {
    match shown {
        Shown::Scalar { text, kind: kollate::source::ScalarKind::String } => format!("{text:?}"),
        Shown::Scalar { text, .. } => text.clone(),
        Shown::Masked { text } => format!("masked {text:?}"),
        Shown::Secret { changed } => format!("secret{}", if *changed { "!" } else { "" }),
        Shown::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {}", show(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Shown::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
    }
}
