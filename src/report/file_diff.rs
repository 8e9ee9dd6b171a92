//! The text of a file before and after, as a unified diff.

use super::hunk::{Line, Words, hunks};
use super::style::{Style, one_line};

/// The unified diff of a file called `name`; no more than its head if both texts are the same.
pub fn file_diff(name: &str, before: &str, after: &str, style: &Style) -> String {
    let words = if style.color { Words::Compared } else { Words::Ignored };
    let changed = hunks(before, after, 3, words);
    let head = |sign: &str, side: &str| vec![(false, format!("{sign} {side}/{}", one_line(name)))];
    let heads = [Line::Before(head("--", "a")), Line::After(head("++", "b"))];
    heads.iter().chain(&changed).map(|line| line.styled(style) + "\n").collect()
}
