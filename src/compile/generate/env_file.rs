//! Env files, as kustomize reads them: not as a shell does.

use std::ops::Range;

/// Go's `bufio.Scanner` gives up at a line that does not fit its buffer, and kustomize does not look why it ended.
const LONGEST_LINE: usize = 65_535;

/// One `key=value` line, as byte ranges of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

/// What is odd about an env file, though kustomize takes it without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// A line that begins with `=` is passed over.
    NoKey(Range<usize>),
    /// This line and all after it are passed over.
    TooLong(Range<usize>),
}

/// Reads the lines: leading blanks are dropped, trailing ones kept, quotes kept; `#` begins a comment only at the
/// start of a line; without a `=` the value is empty.
pub(super) fn lines(text: &str) -> (Vec<Line>, Vec<Oddity>) {
    let (mut lines, mut oddities) = (Vec::new(), Vec::new());
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let (at, next) = (start, start + whole.len());
        start = next;
        let line = whole.strip_suffix('\n').unwrap_or(whole);
        if line.len() > LONGEST_LINE {
            oddities.push(Oddity::TooLong(at..at + line.len()));
            break;
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        let words = if at == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
        let words = words.trim_start();
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        let end = at + line.len();
        let begin = end - words.len();
        match words.find('=') {
            Some(0) => oddities.push(Oddity::NoKey(begin..end)),
            Some(equals) => lines.push(Line { key: begin..begin + equals, value: begin + equals + 1..end }),
            None => lines.push(Line { key: begin..end, value: end..end }),
        }
    }
    (lines, oddities)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINE, Oddity, lines};

    fn read(text: &str) -> Vec<(&str, &str)> {
        lines(text).0.into_iter().map(|line| (&text[line.key], &text[line.value])).collect()
    }

    #[test]
    fn lines_are_taken_literally() {
        let text = "\u{feff}A=1\r\n  # comment\n\tB = x \nC=\"q\"\nD=a=b # no comment\nexport E=1\nF\nG=\n";
        let want = vec![
            ("A", "1"),
            ("B ", " x "),
            ("C", "\"q\""),
            ("D", "a=b # no comment"),
            ("export E", "1"),
            ("F", ""),
            ("G", ""),
        ];
        assert_eq!(read(text), want);
    }

    #[test]
    fn a_byte_order_mark_counts_only_on_the_first_line() {
        assert_eq!(read("A=1\n\u{feff}B=2"), vec![("A", "1"), ("\u{feff}B", "2")]);
    }

    #[test]
    fn a_line_without_a_key_is_passed_over() {
        assert_eq!(lines("=x\nA=1\n").1, vec![Oddity::NoKey(0..2)]);
        assert_eq!(read("=x\nA=1\n"), vec![("A", "1")]);
    }

    #[test]
    fn a_line_too_long_ends_the_file() {
        let fits = format!("A={}\nB=1\n", "x".repeat(LONGEST_LINE - 2));
        assert_eq!(read(&fits).len(), 2);
        let long = format!("A=1\nB={}\nC=1\n", "x".repeat(LONGEST_LINE - 1));
        assert_eq!(read(&long), vec![("A", "1")]);
        assert!(matches!(lines(&long).1[..], [Oddity::TooLong(_)]));
    }
}
