//! Pairs the items of two stretches of a list, none of which are equal, by likeness and in order.

use super::likeness::{Leaves, leaves_of, share};
use crate::source::Node;

/// The part of their leaves that two items must share to be one item that changed.
const THRESHOLD: f64 = 0.3;

/// With more pairs of items than this, the items pair one by one.
const MOST_PAIRS: usize = 10_000;

/// The pairs of items that are one item that changed, by their indexes, in order. Where as many are left on both sides
/// between two such pairs, they pair one by one: a value that was replaced.
pub(super) fn in_order(before: &[Node], after: &[Node]) -> Vec<(usize, usize)> {
    let common = before.len().min(after.len());
    let mappings = before.iter().chain(after).all(|item| item.as_mapping().is_some());
    if !mappings || before.len() == 1 && after.len() == 1 || before.len() * after.len() > MOST_PAIRS {
        return (0..common).map(|i| (i, i)).collect();
    }
    let leaves = |items: &[Node]| items.iter().map(leaves_of).collect::<Vec<_>>();
    let mut anchors = best(&leaves(before), &leaves(after));
    anchors.push((before.len(), after.len()));
    let mut pairs = Vec::new();
    let (mut old, mut new) = (0, 0);
    for (next_old, next_new) in anchors {
        if next_old - old == next_new - new {
            pairs.extend((old..next_old).zip(new..next_new));
        }
        pairs.push((next_old, next_new));
        (old, new) = (next_old + 1, next_new + 1);
    }
    pairs.pop();
    pairs
}

/// The pairs in order whose likeness is greatest in sum.
fn best(before: &[Leaves], after: &[Leaves]) -> Vec<(usize, usize)> {
    let width = after.len() + 1;
    // `sums[i * width + j]`: the greatest sum for the items from `i` and `j` on.
    let mut sums = vec![0.0_f64; (before.len() + 1) * width];
    let score = |i: usize, j: usize| Some(share(&before[i], &after[j])).filter(|score| *score >= THRESHOLD);
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            let skip = sums[(i + 1) * width + j].max(sums[i * width + j + 1]);
            let take = score(i, j).map_or(0.0, |score| score + sums[(i + 1) * width + j + 1]);
            sums[i * width + j] = skip.max(take);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < before.len() && j < after.len() {
        let here = sums[i * width + j];
        if here <= sums[(i + 1) * width + j] {
            i += 1;
        } else if here <= sums[i * width + j + 1] {
            j += 1;
        } else {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        }
    }
    pairs
}
