//! User text in Markdown: shown as it is, and nothing else. It pings nobody, links nowhere and ends no table, fence or tag.

use crate::report::style::{cut, one_line};

/// Stands between `@` and a name, which so is no mention; browsers show nothing.
const GAP: char = '\u{200b}';

/// A code span of any text.
pub fn code(text: &str) -> String {
    let text = cut(&one_line(text), 300);
    if text.trim().is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    // One blank on each side is not shown, and keeps a backtick at the edge apart.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A code span in a table, where only a backslash keeps `|` from ending the cell.
pub fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A sentence whose user words stand in backticks: those become code spans, the rest plain text.
pub fn prose(text: &str) -> String {
    let text = one_line(text);
    let parts: Vec<_> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(&text);
    }
    parts.iter().enumerate().map(|(i, part)| if i % 2 == 1 { code(part) } else { plain(part) }).collect()
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in cut(text, 1000).replace("://", &format!(":{GAP}//")).replace("www.", &format!("www{GAP}.")).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' | '#' => out.extend([c, GAP]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '!' | '$' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// Text inside of a line of HTML.
pub fn html(text: &str) -> String {
    plain(text)
}

/// A fence longer than any run of backticks in `body`.
pub fn fence(body: &str) -> String {
    "`".repeat((longest_run(body) + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
