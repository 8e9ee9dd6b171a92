//! Two texts side by side: hunks of lines, and the words that differ. The algorithm is Patience throughout, which keeps
//! blocks of configuration together.

use similar::{Algorithm, ChangeTag, TextDiff};

use super::style::{Role, Style, clean};

/// A line of a hunk, without its line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// `@@ -1,2 +1,3 @@`
    Head(String),
    /// In both.
    Same(String),
    /// Only before: pieces, each with whether it differs from the line after.
    Before(Vec<(bool, String)>),
    /// Only after.
    After(Vec<(bool, String)>),
}

/// The hunks of two texts, with `context` lines around each.
pub fn hunks(before: &str, after: &str, context: usize) -> Vec<Line> {
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(before, after);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(context) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let (old, new) = (first.old_range().start..last.old_range().end, first.new_range().start..last.new_range().end);
        lines.push(Line::Head(format!("@@ -{} +{} @@", range(&old), range(&new))));
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let mut pieces: Vec<_> =
                change.iter_strings_lossy().map(|(differs, text)| (differs, clean(&text).into_owned())).collect();
            if let Some((_, last)) = pieces.last_mut() {
                last.truncate(last.trim_end_matches('\n').len());
            }
            lines.push(match change.tag() {
                ChangeTag::Equal => Line::Same(pieces.into_iter().map(|(_, text)| text).collect()),
                ChangeTag::Delete => Line::Before(pieces),
                ChangeTag::Insert => Line::After(pieces),
            });
        }
    }
    lines
}

fn range(lines: &std::ops::Range<usize>) -> String {
    match lines.len() {
        // A range of no lines is named by the line before it.
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        many => format!("{},{many}", lines.start + 1),
    }
}

impl Line {
    /// The line with its sign, without colour.
    pub fn plain(&self) -> String {
        let joined = |pieces: &[(bool, String)]| pieces.iter().map(|(_, text)| text.as_str()).collect::<String>();
        match self {
            Line::Head(head) => head.clone(),
            Line::Same(text) => format!(" {text}"),
            Line::Before(pieces) => format!("-{}", joined(pieces)),
            Line::After(pieces) => format!("+{}", joined(pieces)),
        }
    }

    /// The line with its sign; words that differ are underlined where there is colour.
    pub fn styled(&self, style: &Style) -> String {
        match self {
            Line::Head(_) => style.paint(Role::Dim, &self.plain()),
            Line::Same(_) => self.plain(),
            Line::Before(pieces) => painted("-", pieces, Role::Removed, Role::RemovedWords, style),
            Line::After(pieces) => painted("+", pieces, Role::Added, Role::AddedWords, style),
        }
    }
}

fn painted(sign: &str, pieces: &[(bool, String)], role: Role, words: Role, style: &Style) -> String {
    let pieces = pieces.iter().map(|(differs, text)| style.paint(if *differs { words } else { role }, text));
    std::iter::once(style.paint(role, sign)).chain(pieces).collect()
}

/// Two long texts of one line each, the words that differ marked: by colour and underline, else as `[-before-]` and
/// `{+after+}`. Texts that have little in common are not marked.
pub fn mark_words(before: &str, after: &str, style: &Style) -> (String, String) {
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_words(before, after);
    let alike = diff.ratio() > 0.4;
    let mut sides = (vec![], vec![]);
    for change in diff.iter_all_changes() {
        let text = change.value().to_owned();
        match change.tag() {
            ChangeTag::Equal => {
                sides.0.push((false, text.clone()));
                sides.1.push((false, text));
            }
            ChangeTag::Delete => sides.0.push((alike, text)),
            ChangeTag::Insert => sides.1.push((alike, text)),
        }
    }
    let marked = |pieces: Vec<(bool, String)>, open: &str, close: &str| -> Vec<(bool, String)> {
        if style.color {
            return joined(pieces);
        }
        let mark = |(differs, text)| (differs, if differs { format!("{open}{text}{close}") } else { text });
        joined(pieces).into_iter().map(mark).collect()
    };
    (
        painted("- ", &marked(sides.0, "[-", "-]"), Role::Removed, Role::RemovedWords, style),
        painted("+ ", &marked(sides.1, "{+", "+}"), Role::Added, Role::AddedWords, style),
    )
}

/// Neighbours of one kind as one piece.
fn joined(pieces: Vec<(bool, String)>) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    for (differs, text) in pieces {
        match out.last_mut() {
            Some((last, kept)) if *last == differs => kept.push_str(&text),
            _ => out.push((differs, text)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_have_context_and_line_numbers() {
        let before = "a\nb\nc\nd\ne\nf\n";
        let lines = hunks(before, "a\nb\nc\nD\ne\nf\n", 1);
        let plain: Vec<_> = lines.iter().map(Line::plain).collect();
        assert_eq!(plain, ["@@ -3,3 +3,3 @@", " c", "-d", "+D", " e"]);
    }

    #[test]
    fn long_lines_mark_their_words() {
        let style = Style::plain(80);
        let (before, after) =
            mark_words("serve --port 80 --verbose --cache", "serve --port 8080 --verbose --cache", &style);
        assert_eq!(before, "- serve --port [-80-] --verbose --cache");
        assert_eq!(after, "+ serve --port {+8080+} --verbose --cache");
    }
}
