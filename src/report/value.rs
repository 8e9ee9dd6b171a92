//! Values as text: on one line, and as YAML. For reading, not for a parser: a masked part is `***`.

use super::style::{clean, one_line};
use crate::diff::{MASK, Shown};
use crate::source::{ScalarKind, Symbol};

/// A value on one line: `2`, `"2"`, `[a, b]`, `{a: 1}`.
pub fn inline(value: &Shown) -> String {
    match value {
        Shown::Scalar { text, kind } => scalar(text, *kind),
        Shown::Masked { text } => one_line(text),
        Shown::Secret { .. } => MASK.to_owned(),
        Shown::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("{}: {}", name(*key), inline(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Shown::List(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
    }
}

fn name(key: Symbol) -> String {
    scalar(&key, ScalarKind::String)
}

fn scalar(text: &str, kind: ScalarKind) -> String {
    match kind {
        ScalarKind::Null => "null".to_owned(),
        ScalarKind::String if needs_quotes(text) => quoted(text),
        _ => one_line(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(&clean(text)).unwrap_or_default()
}

/// Whether `text` without quotes would not read as the same string.
fn needs_quotes(text: &str) -> bool {
    let words = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", ".nan"];
    let number = text.parse::<f64>().is_ok() || text.starts_with("0x") || text.starts_with("0o");
    text.is_empty()
        || number
        || words.iter().any(|word| word.eq_ignore_ascii_case(text))
        || text.starts_with([
            ' ', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`',
        ])
        || text.starts_with("- ")
        || text == "-"
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || text.contains(char::is_control)
}

/// A value as lines of block YAML. Nothing for an absent value.
pub fn yaml(value: &Shown) -> Vec<String> {
    let mut lines = Vec::new();
    match value {
        Shown::Map(entries) if !entries.is_empty() => {
            entries.iter().for_each(|(key, value)| entry(*key, value, 0, &mut lines))
        }
        Shown::List(list) if !list.is_empty() => items(list, 0, &mut lines),
        value => match lines_of(value) {
            Some(text) => lines.extend(block(text, 0)),
            None => lines.push(inline(value)),
        },
    }
    lines
}

fn entry(key: Symbol, value: &Shown, indent: usize, lines: &mut Vec<String>) {
    let (blank, key) = (" ".repeat(indent), name(key));
    match value {
        Shown::Map(entries) if !entries.is_empty() => {
            lines.push(format!("{blank}{key}:"));
            entries.iter().for_each(|(key, value)| entry(*key, value, indent + 2, lines));
        }
        Shown::List(list) if !list.is_empty() => {
            lines.push(format!("{blank}{key}:"));
            items(list, indent, lines);
        }
        value => text_lines(value, &format!("{blank}{key}: "), indent + 2, lines),
    }
}

fn items(list: &[Shown], indent: usize, lines: &mut Vec<String>) {
    for item in list {
        let start = lines.len();
        match item {
            Shown::Map(entries) if !entries.is_empty() => {
                entries.iter().for_each(|(key, value)| entry(*key, value, indent + 2, lines));
            }
            Shown::List(list) if !list.is_empty() => items(list, indent + 2, lines),
            value => text_lines(value, &" ".repeat(indent + 2), indent + 2, lines),
        }
        if let Some(first) = lines.get_mut(start) {
            first.replace_range(indent..indent + 1, "-");
        }
    }
}

/// A scalar after `before`, as a block of its own if it has several lines.
fn text_lines(value: &Shown, before: &str, indent: usize, lines: &mut Vec<String>) {
    let written = lines_of(value).map_or_else(|| vec![inline(value)], |text| block(text, indent));
    let first = lines.len();
    lines.extend(written);
    if let Some(line) = lines.get_mut(first) {
        line.insert_str(0, before);
    }
}

/// A text of several lines as a literal block: its head, then its lines.
fn block(text: &str, indent: usize) -> Vec<String> {
    let kept = text.len() - text.trim_end_matches('\n').len();
    let head = match kept {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let blank = " ".repeat(indent);
    let lines =
        text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{blank}{}", clean(line)) });
    std::iter::once(head.to_owned()).chain(lines).collect()
}

/// The text of a string of several lines.
pub fn lines_of(value: &Shown) -> Option<&str> {
    value.text().filter(|text| text.trim_end_matches('\n').contains('\n'))
}

/// Two values on one line each, shortened where they begin alike and that says nothing: the same image with another tag
/// after it, digests to twelve digits if they still differ.
pub fn pair(before: &Shown, after: &Shown) -> (String, String) {
    let (before, after) = (short_digest(&inline(before)), short_digest(&inline(after)));
    if before.0 == after.0 && before.1 != after.1 {
        return (before.1, after.1);
    }
    match (before.0.rsplit_once(':'), after.0.rsplit_once(':')) {
        (Some((a, _)), Some((b, tag))) if a == b && a.contains('/') && !tag.contains('/') => {
            (before.0.clone(), tag.to_owned())
        }
        _ => (before.0, after.0),
    }
}

/// `text` with a digest in it cut to twelve digits, and `text` itself.
fn short_digest(text: &str) -> (String, String) {
    const HEAD: &str = "sha256:";
    let short = text.find(HEAD).and_then(|at| {
        let digits = &text[at + HEAD.len()..];
        let long = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        long.then(|| format!("{}{HEAD}{}…", &text[..at], &digits[..12]))
    });
    (short.unwrap_or_else(|| text.to_owned()), text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Shown {
        Shown::Scalar { text: text.into(), kind: ScalarKind::String }
    }

    #[test]
    fn strings_that_read_as_something_else_are_quoted() {
        for text in ["", "8080", "1e3", "true", "No", "null", "~", "- a", "a: b", "a #b", "@x", "x:"] {
            assert!(inline(&string(text)).starts_with('"'), "{text:?}");
        }
        for text in ["a", "a:b", "-x", "https://x/y#z", "10Gi", "a b"] {
            assert_eq!(inline(&string(text)), text);
        }
    }

    #[test]
    fn collections_as_block_yaml() {
        let item = Shown::Map(vec![
            ("name".into(), string("a")),
            ("args".into(), Shown::List(vec![string("x"), string("y\nz")])),
        ]);
        let value = Shown::Map(vec![
            ("empty".into(), Shown::Map(vec![])),
            ("list".into(), Shown::List(vec![item])),
            ("text".into(), string("one\n\ntwo\n")),
        ]);
        let expected = "empty: {}\nlist:\n- name: a\n  args:\n  - x\n  - |-\n    y\n    z\ntext: |\n  one\n\n  two";
        assert_eq!(yaml(&value).join("\n"), expected);
    }

    #[test]
    fn images_and_digests_are_shortened() {
        let pair = |a: &str, b: &str| super::pair(&string(a), &string(b));
        assert_eq!(pair("r.io/a/api:1", "r.io/a/api:2"), ("r.io/a/api:1".into(), "2".into()));
        assert_eq!(pair("08:00", "08:30"), ("08:00".into(), "08:30".into()));
        let digest = |c: &str| format!("r.io/api@sha256:{}", c.repeat(64));
        let (a, b) = pair(&digest("a"), &digest("b"));
        assert_eq!((a.as_str(), b.as_str()), ("r.io/api@sha256:aaaaaaaaaaaa…", "bbbbbbbbbbbb…"));
    }
}
