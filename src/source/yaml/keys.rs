//! The order of keys in printed mappings: go-yaml v2's natural order, where `a2` comes before `a10`.

use super::MAX_KEY;
use std::cmp::Ordering;

use crate::source::Entry;

/// Sorts entries by key. A merge sort of our own: the order is not always a total one, and the standard library may
/// panic at those.
pub(crate) fn sort(entries: &mut Vec<&Entry>) {
    const RUN: usize = 16;
    for run in entries.chunks_mut(RUN) {
        for end in 1..run.len() {
            let mut at = end;
            while at > 0 && compare(&run[at].key.name, &run[at - 1].key.name).is_lt() {
                run.swap(at, at - 1);
                at -= 1;
            }
        }
    }
    let mut width = RUN;
    while width < entries.len() {
        let mut merged = Vec::with_capacity(entries.len());
        for pair in entries.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut merged);
        }
        *entries = merged;
        width *= 2;
    }
}

fn merge<'a>(mut left: &[&'a Entry], mut right: &[&'a Entry], out: &mut Vec<&'a Entry>) {
    while let ([a, after_a @ ..], [b, after_b @ ..]) = (left, right) {
        if compare(&b.key.name, &a.key.name).is_lt() {
            out.push(b);
            right = after_b;
        } else {
            out.push(a);
            left = after_a;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
}

/// Compares two keys. By the first character that differs: letters by code point, others before letters, runs of
/// digits by their value. Not a total order for odd mixes, just as the original.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let (Some(&x), Some(&y)) = (a.as_bytes().get(same), b.as_bytes().get(same)) else {
        return a.len().cmp(&b.len());
    };
    if x.is_ascii() && y.is_ascii() {
        match (x.is_ascii_alphabetic(), y.is_ascii_alphabetic()) {
            (true, true) => return x.cmp(&y),
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) if !x.is_ascii_digit() && !y.is_ascii_digit() => return x.cmp(&y),
            (false, false) => {}
        }
    }
    compare_slow(a, b, same)
}

fn compare_slow(a: &str, b: &str, mut same: usize) -> Ordering {
    while !a.is_char_boundary(same) {
        same -= 1;
    }
    let (mut rest_a, mut rest_b) = (a[same..].chars().peekable(), b[same..].chars().peekable());
    let (Some(&x), Some(&y)) = (rest_a.peek(), rest_b.peek()) else { return a.len().cmp(&b.len()) };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let mut start = 0;
    if x == '0' || y == '0' {
        // Zeros after other digits belong to the number that these began.
        let digits = a[..same].chars().rev().take_while(|&c| digit(c).is_some());
        start = i64::from(digits.into_iter().any(|c| c != '0'));
    }
    let (value_a, length_a) = number(start, &mut rest_a);
    let (value_b, length_b) = number(start, &mut rest_b);
    value_a.cmp(&value_b).then(length_a.cmp(&length_b)).then(x.cmp(&y))
}

fn number(start: i64, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> (i64, usize) {
    let mut value = start;
    let mut length = 0;
    while let Some(c) = chars.next_if(|&c| digit(c).is_some()) {
        value = value.wrapping_mul(10).wrapping_add(i64::from(c as u32) - i64::from(b'0'));
        length += 1;
    }
    (value, length)
}

/// Go counts decimal digits of all scripts, and their distance from `0` as their value.
fn digit(c: char) -> Option<u32> {
    if c.is_ascii() { c.to_digit(10) } else { (c.is_numeric() && !c.is_alphabetic()).then_some(c as u32) }
}

/// Whether go-yaml cannot read the key again when it is written as JSON: with its quotes it has more characters than a
/// key may have.
pub(super) fn is_too_long(name: &str) -> bool {
    let width = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => LONGEST_ESCAPE,
        _ => 1,
    };
    name.len() > MAX_KEY / LONGEST_ESCAPE - 1 && 2 + name.chars().map(width).sum::<usize>() > MAX_KEY
}

/// How many characters Go writes in JSON for one: `\u003c`.
const LONGEST_ESCAPE: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_natural_order() {
        let sorted = ["", "-", ".", "_", "0", "9", "10", "A", "B", "a", "a-b", "a1", "a2", "a02", "a10", "ab", "é"];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a} {b}");
            }
        }
    }
}
