//! What may be secret in a text, found without reading it as YAML: a frame shows lines as they stand in the file, with
//! the values beside the one that is spoken of, and with comments that may hold what a value encodes.

use crate::source::Span;

/// Keys of an object whose values are no secret.
const PLAIN: [&str; 5] = ["apiVersion", "kind", "name", "namespace", "type"];

/// One line of a text.
struct Line<'a> {
    start: usize,
    indent: usize,
    content: &'a str,
}

impl Line<'_> {
    fn span(&self, from: usize) -> Option<Span> {
        let start = self.start + self.indent;
        (from < self.content.len()).then(|| Span::new((start + from) as u32, (start + self.content.len()) as u32))
    }

    /// The key, and where in the content the value begins.
    fn key(&self) -> Option<(&str, usize)> {
        let (key, rest) = self.content.split_once(':')?;
        let is_key = !key.contains(char::is_whitespace) && (rest.is_empty() || rest.starts_with([' ', '\t']));
        is_key.then(|| (key, key.len() + 1 + (rest.len() - rest.trim_start().len())))
    }

    fn value(&self) -> Option<Span> {
        self.span(self.key().map_or(0, |(_, from)| from))
    }

    fn comment(&self) -> Option<Span> {
        let at = if self.content.starts_with('#') { 0 } else { self.content.find(" #")? + 1 };
        self.span(at)
    }

    fn says_secret(&self) -> bool {
        let bare: String = self.content.chars().filter(|c| !c.is_whitespace() && !"\"',-{".contains(*c)).collect();
        bare == "kind:Secret" || bare.starts_with("kind:Secret#") || bare.contains("kind:Secret}")
    }
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        Line { start, indent: line.len() - line.trim_start().len(), content: line.trim() }
    })
}

/// Whether a Secret is in the text.
pub fn names_secret(text: &str) -> bool {
    text.contains("Secret") && lines(text).any(|line| line.says_secret())
}

/// Of each line all but its key, for a text that cannot be read, where a value may stand anywhere.
pub fn all_values(text: &str) -> impl Iterator<Item = Span> {
    lines(text).filter_map(|line| match line.key() {
        Some((key, _)) if PLAIN.contains(&key) => line.comment(),
        _ => line.value(),
    })
}

/// The values of the Secrets in a text, and the comments beside them.
pub fn secret_values(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    if text.contains("secretGenerator") {
        found.extend(literals(text));
    }
    if !names_secret(text) {
        return found;
    }
    let all: Vec<Line<'_>> = lines(text).collect();
    for document in all.split(|line| line.indent == 0 && line.content.starts_with("---")) {
        let heads: Vec<usize> = document.iter().filter(|line| line.says_secret()).map(column).collect();
        if heads.is_empty() {
            continue;
        }
        let mut block: Option<usize> = None;
        for line in document.iter().filter(|line| !line.content.is_empty()) {
            if block.is_some_and(|above| column(line) <= above) {
                block = None;
            }
            let key = line.content.trim_start_matches("- ").split([':', ' ']).next().unwrap_or_default();
            let opens = ["data", "stringData"].contains(&key) && heads.contains(&column(line));
            let in_flow = line.content.starts_with('{') || line.content.starts_with('"');
            match block {
                None if opens => {
                    block = Some(column(line));
                    found.extend(line.value().or(line.comment()));
                }
                None if in_flow => found.extend(line.span(0)),
                None => found.extend(line.comment()),
                Some(_) => found.extend(line.value().or(line.comment())),
            }
        }
    }
    found
}

/// The values that stand below `secretGenerator:`, as `key=value`.
fn literals(text: &str) -> impl Iterator<Item = Span> {
    let mut block: Option<usize> = None;
    lines(text).filter(|line| !line.content.is_empty()).filter_map(move |line| {
        let inside =
            block.is_some_and(|above| line.indent > above || line.indent == above && line.content.starts_with('-'));
        if !inside {
            block = line.content.trim_start_matches(['"', '\'']).starts_with("secretGenerator").then_some(line.indent);
        }
        let from = line.content.find('=').map(|at| at + 1).or(line.content.starts_with('#').then_some(0));
        if block.is_some() { line.span(from?) } else { None }
    })
}

/// What a JSON patch of a Secret writes or tests for: whatever stands behind `value`.
pub fn patch_values(text: &str) -> Vec<Span> {
    let mut block: Option<usize> = None;
    let values = lines(text).filter(|line| !line.content.is_empty()).filter_map(|line| {
        let at = column(&line);
        if block.is_some_and(|above| at > above) {
            return line.span(0);
        }
        let bare = line.content.trim_start_matches("- ");
        block = bare.starts_with("value:").then_some(at);
        match block {
            Some(_) => line.span(line.content.len() - bare.len() + "value:".len() + 1),
            None => line.content.contains("\"value\"").then(|| line.span(0))?,
        }
    });
    values.collect()
}

/// Where the keys of a line's mapping stand: behind the dash of a list item.
fn column(line: &Line<'_>) -> usize {
    line.indent + (line.content.len() - line.content.trim_start_matches("- ").len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> String {
        let mut out = text.to_owned();
        for span in secret_values(text).into_iter().rev() {
            out.replace_range(span.range(), "*");
        }
        out
    }

    #[test]
    fn values_and_comments_of_secrets_only() {
        let text = "kind: Secret\nmetadata:\n  name: a # x\ndata:\n  # x\n  a: x # x\n  b: |\n    x\n    y: x\ntype: T\n---\nkind: ConfigMap\ndata:\n  a: b # c\n";
        let expected = "kind: Secret\nmetadata:\n  name: a *\ndata:\n  *\n  a: *\n  b: *\n    *\n    y: *\ntype: T\n---\nkind: ConfigMap\ndata:\n  a: b # c\n";
        assert_eq!(blanked(text), expected);
    }

    #[test]
    fn literals_of_secret_generators() {
        let text = "secretGenerator:\n- name: a\n  # x\n  literals:\n  - A=x\n  - B=x # x\nimages:\n  - name: a=b\n";
        let expected = "secretGenerator:\n- name: a\n  *\n  literals:\n  - A=*\n  - B=*\nimages:\n  - name: a=b\n";
        assert_eq!(blanked(text), expected);
    }

    #[test]
    fn a_secret_within_another_file() {
        let text =
            "patches:\n  - patch: |-\n      kind: Secret\n      stringData: {a: x}\n      metadata:\n        name: b\n";
        let expected =
            "patches:\n  - patch: |-\n      kind: Secret\n      stringData: *\n      metadata:\n        name: b\n";
        assert_eq!(blanked(text), expected);
    }
}
