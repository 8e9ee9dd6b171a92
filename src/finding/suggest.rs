//! Did you mean: the known word most like one that is not known.

/// The one of `known` that differs from `wrong` by the fewest typing slips, if those are few for its length. Of equally
/// near ones the first.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.chars().collect();
    // Names as long as a sentence are not slips, and the distance takes the product of the lengths.
    if wrong.len() > 64 {
        return None;
    }
    let near = known.into_iter().filter_map(|name| {
        let chars: Vec<char> = name.chars().collect();
        let allowed = 1 + wrong.len().min(chars.len()) / 4;
        let slips = if chars.len().abs_diff(wrong.len()) > allowed { usize::MAX } else { slips(&wrong, &chars) };
        (slips <= allowed && slips < chars.len().max(2)).then_some((slips, name))
    });
    near.min_by_key(|(slips, _)| *slips).map(|(_, name)| name)
}

/// Letters to add, drop, replace or swap with their neighbour; another case counts as nothing but breaks a tie.
fn slips(a: &[char], b: &[char]) -> usize {
    let same = |x: char, y: char| x == y || x.eq_ignore_ascii_case(&y);
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(!same(a[i - 1], b[j - 1]));
            let mut best = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]) {
                best = best.min(before[j - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_not_strangers() {
        let names = ["containers", "initContainers", "image", "imagePullPolicy", "ports", "env", "envFrom"];
        for (wrong, expected) in [
            ("contianers", Some("containers")),
            ("container", Some("containers")),
            ("Image", Some("image")),
            ("imagepullpolicy", Some("imagePullPolicy")),
            ("port", Some("ports")),
            ("en", Some("env")),
            ("replicas", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, names), expected, "{wrong}");
        }
    }
}
