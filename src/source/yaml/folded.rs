//! What kustomize does to the text of a folded scalar (`>`).
//!
//! A value written folded is written folded again before it is printed, and go-yaml v3 does that wrongly: a line break
//! next to a line that begins with blanks is doubled, and so are those at the end. The bytes of kustomize are the
//! contract, so the damage is done here as well.

use super::quote::{analyze, is_break};

/// `text` as go-yaml v3 reads it after writing it folded.
pub(crate) fn printed_again(text: &str) -> String {
    if text.is_empty() || !analyze(text).block_v3 {
        // Written in double quotes, without harm.
        return text.to_owned();
    }
    read(&write(text), text)
}

/// The lines that the emitter writes, without their indentation.
fn write(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // The emitter means to look at the next word, and looks at the first of the text.
    let starts_blank = text.trim_start_matches(is_break).chars().next().is_none_or(|c| c == ' ' || c == '\t');
    let mut after_break = true;
    let mut blank_line = true;
    for c in text.chars() {
        if is_break(c) {
            if !after_break && !blank_line && c == '\n' && !starts_blank {
                out.push('\n');
            }
            out.push(c);
            after_break = true;
        } else {
            if after_break {
                blank_line = c == ' ' || c == '\t';
            }
            out.push(c);
            after_break = false;
        }
    }
    out
}

/// Reads folded lines; `value` tells which indicator the emitter wrote for the end.
fn read(written: &str, value: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut lead = String::new();
    let mut trail = String::new();
    let mut after_blank = false;
    for line in written.split_inclusive(is_break) {
        let words = line.trim_end_matches(is_break);
        if words.is_empty() {
            trail.push_str(line);
            continue;
        }
        let blank = words.starts_with([' ', '\t']);
        if !after_blank && !blank && lead.starts_with('\n') {
            if trail.is_empty() {
                out.push(' ');
            }
        } else {
            out.push_str(&lead);
        }
        out.push_str(&trail);
        trail.clear();
        out.push_str(words);
        lead.clear();
        lead.push_str(&line[words.len()..]);
        after_blank = blank;
    }
    let mut end = value.chars().rev();
    if end.next().is_some_and(is_break) {
        out.push_str(&lead);
        if end.next().is_none_or(is_break) {
            out.push_str(&trail);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_doubled_where_kustomize_doubles_them() {
        assert_eq!(printed_again("one two\n"), "one two\n");
        assert_eq!(printed_again("a\n b\n"), "a\n\n b\n");
        assert_eq!(printed_again("a\n\n"), "a\n\n\n");
        assert_eq!(printed_again("a\nb"), "a\nb");
        assert_eq!(printed_again("a \nb"), "a \nb");
    }
}
