//! YAML inside a text, written anew as kustomize writes it: two spaces an indent, lists not indented, one line for what
//! is in brackets, no blank lines; quotes as they were.
//!
//! Only for texts without comments, anchors, tags and folded scalars. Others keep their layout, see `structured`.

use crate::source::yaml::{Parsed, scalar};
use crate::source::{Entry, Node, ScalarKind, Style, View};

/// The text of `root`, which was read from `source` and then changed. `None` if there is something in it that this does
/// not write.
pub(super) fn rewritten(root: &Node, source: &str, parsed: &Parsed) -> Option<String> {
    let unusual = source.contains(['\\', '\t', '\r']) || source.starts_with('%') || has_properties(source);
    if !parsed.comments.is_empty() || unusual {
        return None;
    }
    let mut out = String::with_capacity(source.len());
    let text = Text { source };
    match text.is_inline(root) {
        true => text.inline(root, &mut out)?,
        false => text.block(root, 0, &mut out)?,
    }
    Some(out.trim().to_owned())
}

/// Whether an anchor, an alias, a tag, a merge or a key of its own line may stand in the text.
fn has_properties(source: &str) -> bool {
    let begins = |at: usize| source[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "[{,-".contains(c));
    source.match_indices(['&', '*', '!', '?', '<']).any(|(at, _)| begins(at))
}

struct Text<'a> {
    source: &'a str,
}

impl Text<'_> {
    /// What stands in the source for a node that was not changed.
    fn written(&self, node: &Node) -> Option<&str> {
        self.source.get(node.location().span.range()).filter(|_| node.origin().is_none())
    }

    /// Whether a node is written on the line of its key: scalars, what is empty, what was in brackets.
    fn is_inline(&self, node: &Node) -> bool {
        match node.view() {
            View::Scalar(..) => true,
            View::Sequence([]) => true,
            View::Mapping(mapping) if mapping.is_empty() => true,
            _ => {
                self.source.get(node.location().span.range()).is_some_and(|text| text.starts_with(['{', '[']))
                    && node.origin().is_none()
            }
        }
    }

    fn inline(&self, node: &Node, out: &mut String) -> Option<()> {
        match node.view() {
            View::Scalar(..) => self.scalar(node, None, out)?,
            View::Sequence(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    self.inline(item, out)?;
                }
                out.push(']');
            }
            View::Mapping(mapping) => {
                out.push('{');
                for (index, entry) in mapping.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    out.push_str(&self.key(entry)?);
                    out.push_str(": ");
                    self.inline(&entry.value, out)?;
                }
                out.push('}');
            }
        }
        Some(())
    }

    /// A collection that begins here and goes on in lines of this indent.
    fn block(&self, node: &Node, indent: usize, out: &mut String) -> Option<()> {
        match node.view() {
            View::Scalar(..) => return None,
            View::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    next_line(index, indent, out);
                    out.push_str("- ");
                    self.value(item, indent + 2, out)?;
                }
            }
            View::Mapping(mapping) => {
                for (index, entry) in mapping.iter().enumerate() {
                    next_line(index, indent, out);
                    out.push_str(&self.key(entry)?);
                    out.push(':');
                    if self.is_inline(&entry.value) {
                        out.push(' ');
                        self.value(&entry.value, indent + 2, out)?;
                        continue;
                    }
                    let below = if entry.value.as_sequence().is_some() { indent } else { indent + 2 };
                    next_line(1, below, out);
                    self.block(&entry.value, below, out)?;
                }
            }
        }
        Some(())
    }

    fn value(&self, node: &Node, indent: usize, out: &mut String) -> Option<()> {
        match node.view() {
            View::Scalar(..) => self.scalar(node, Some(indent), out),
            _ if self.is_inline(node) => self.inline(node, out),
            _ => self.block(node, indent, out),
        }
    }

    /// A scalar; one of several lines is written only where lines have an indent.
    fn scalar(&self, node: &Node, indent: Option<usize>, out: &mut String) -> Option<()> {
        let text = node.text()?;
        if node.style() == Style::Literal {
            return literal(text, indent?, out);
        }
        if node.style() == Style::Folded || text.contains('\n') {
            return None;
        }
        if let Some(written) = self.written(node) {
            // A null without a word has no place in brackets.
            let fits = !written.contains('\n') && (indent.is_some() || !written.is_empty());
            out.push_str(Some(written).filter(|_| fits)?);
            return Some(());
        }
        match node.style() {
            Style::SingleQuoted => out.push_str(&format!("'{}'", text.replace('\'', "''"))),
            Style::Plain if node.kind() != ScalarKind::String || scalar::resolve(text) == ScalarKind::String => {
                out.push_str(&quoted(text));
            }
            _ => out.push_str(&serde_json::to_string(text).ok()?),
        }
        Some(())
    }

    fn key(&self, entry: &Entry) -> Option<String> {
        let name = entry.key.name.as_str();
        let written = self.source.get(entry.key.location.span.range()).filter(|text| {
            let bare = text.strip_prefix(['"', '\'']).and_then(|text| text.strip_suffix(['"', '\'']));
            *text == name || bare == Some(name)
        });
        let new = || Some(quoted(name)).filter(|_| scalar::resolve(name) == ScalarKind::String);
        written.map(str::to_owned).or_else(new)
    }
}

fn next_line(index: usize, indent: usize, out: &mut String) {
    if index > 0 {
        while out.ends_with(' ') {
            out.pop();
        }
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// A text without quotes if it needs none wherever it stands, else in single ones.
fn quoted(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

fn is_plain(text: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || "/._-+$()=~<>;^@%&*!?'\"".contains(c);
    let starts = text.starts_with(|c: char| c.is_alphanumeric() || "/._$(".contains(c));
    let fits = |(at, c): (usize, char)| {
        let after = text[at + c.len_utf8()..].chars().next();
        is_word(c) || c == ':' && after.is_some_and(is_word) || c == ' ' && after.is_some_and(is_word)
    };
    starts && !text.starts_with("...") && text.char_indices().all(fits)
}

fn literal(text: &str, indent: usize, out: &mut String) -> Option<()> {
    if text.starts_with([' ', '\n']) || text.contains(" \n") || text.ends_with(' ') || text.is_empty() {
        return None;
    }
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => return None,
    });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
        }
        out.push_str(line);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::rewritten;
    use crate::source::{FileId, yaml};

    #[track_caller]
    fn check(source: &str, expected: Option<&str>) {
        let parsed = yaml::parse(source, FileId::default());
        let root = parsed.documents[0].root.as_ref().expect("there is a document");
        assert_eq!(rewritten(root, source, &parsed).as_deref(), expected);
    }

    #[test]
    fn layout_is_that_of_kustomize() {
        check(
            "a:\n    b: 'x'\n\n    c:\n      - \"y\"\n      -   d: yes\n          e:\n",
            Some("a:\n  b: 'x'\n  c:\n  - \"y\"\n  - d: yes\n    e:"),
        );
        check("a: {\n  b: [1,2],\n  c: {},\n}\n", Some("a: {b: [1, 2], c: {}}"));
        check("a:\n- - 1\n  - 2\nb: |\n    two\n    lines\n", Some("a:\n- - 1\n  - 2\nb: |\n  two\n  lines"));
        check("a: 1 # why\n", None);
        check("a: &x 1\n", None);
    }
}
