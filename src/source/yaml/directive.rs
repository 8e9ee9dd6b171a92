//! Directives before a document, `%YAML 1.1` and `%TAG`: kustomize takes them in texts that it reads as a whole. Manifests
//! it takes apart at `---` lines, so that a directive there has lost its document.

use super::Problem;
use super::lines::{Line, lines_from};
use crate::source::{FileId, Location};

/// Whether a directive stands before anything else.
pub fn begins_with_directive(text: &str) -> bool {
    heads(text).any(|line| line.text.starts_with('%'))
}

/// The lines before the first that says something, with it.
fn heads(text: &str) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut done = false;
    lines_from(text, 0).take_while(move |line| {
        let was_done = done;
        done |= !is_passed_over(line.content()) && !line.text.starts_with('%');
        !was_done
    })
}

fn is_passed_over(content: &str) -> bool {
    content.is_empty() || content.starts_with('#')
}

/// The directive before the first document that kustomize does not take, or takes for none since no `---` follows.
pub(super) fn refused(text: &str, file: FileId) -> Option<Problem> {
    let offset = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() as u32 } else { 0 };
    let problem = |line: Line<'_>, message: &str, help: &str| {
        let span = line.span();
        let span = crate::source::Span::new(span.start + offset, span.end + offset);
        let (location, help) = (Location::new(file, span), Some(help.into()));
        Problem { location, message: message.into(), help, related: None }
    };
    let mut last = None;
    let mut versions = 0;
    for line in heads(text) {
        let words: Vec<&str> = line.content().split_whitespace().take_while(|word| !word.starts_with('#')).collect();
        match words.as_slice() {
            _ if !line.text.starts_with('%') => {
                let begins = is_passed_over(line.content()) || line.text.starts_with("---");
                if let Some(last) = last.filter(|_| !begins) {
                    return Some(problem(last, "no line `---` follows this directive", "put a `---` below it"));
                }
                continue;
            }
            ["%YAML", "1.1"] if versions == 0 => versions = 1,
            ["%YAML", "1.1"] => return Some(problem(line, "a second `%YAML` stands here", "remove the line")),
            ["%YAML", ..] => {
                return Some(problem(line, "kustomize takes no version of YAML but 1.1 here", "remove the line"));
            }
            ["%TAG", _, _] => {}
            _ => return Some(problem(line, "kustomize does not know this directive", "remove the line")),
        }
        last = Some(line);
    }
    None
}
