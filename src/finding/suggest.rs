//! Did you mean: the known word most like one that is not known.

use crate::source::Mapping;

/// The one of `known` that differs from `wrong` by the fewest typing slips, if those are few for its length. Of equally
/// near ones the first.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: Vec<char> = wrong.chars().collect();
    // Names as long as a sentence are not slips, and the distance takes the product of the lengths.
    if wrong.len() > MOST_LETTERS {
        return None;
    }
    let letters = Letters::of(wrong.iter().copied());
    let (mut chars, mut rows) = (Vec::new(), Rows::default());
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        if name.len() > 8 * MOST_LETTERS {
            continue;
        }
        chars.clear();
        chars.extend(name.chars());
        let allowed = (1 + wrong.len().min(chars.len()) / 4).min(chars.len().max(2) - 1);
        let allowed = match best {
            Some((0, _)) => break,
            Some((slips, _)) => allowed.min(slips - 1),
            None => allowed,
        };
        let far = chars.len().abs_diff(wrong.len()) > allowed
            || letters.strangers(&Letters::of(chars.iter().copied())) > allowed;
        let slips = if far { usize::MAX } else { rows.slips(&wrong, &chars) };
        if slips <= allowed {
            best = Some((slips, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The key of `mapping` that is nearest to `wrong`.
pub fn nearest_key<'a>(wrong: &str, mapping: &'a Mapping) -> Option<&'a str> {
    nearest(wrong, mapping.iter().take(MOST_KEYS).map(|entry| entry.key.name.as_str()))
}

/// How many keys of one mapping are compared: a patch may ask for as many that are not there.
const MOST_KEYS: usize = 1_000;

/// How long a word may be for which one is looked for.
const MOST_LETTERS: usize = 64;

/// Which letters a word has, without regard to case; several letters may share a bit.
struct Letters(u64);

impl Letters {
    fn of(chars: impl Iterator<Item = char>) -> Self {
        Letters(chars.fold(0, |bits, char| bits | 1 << (char.to_ascii_lowercase() as u32 % 64)))
    }

    /// How many letters one word has at least that the other lacks. It takes as many slips to come from one to the other.
    fn strangers(&self, other: &Letters) -> usize {
        (self.0 & !other.0).count_ones().max((other.0 & !self.0).count_ones()) as usize
    }
}

/// Rows of the table of distances: they are kept, since there are many words to compare with.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    row: Vec<usize>,
    next: Vec<usize>,
}

impl Rows {
    /// Letters to add, drop, replace or swap with their neighbour; another case counts as nothing.
    fn slips(&mut self, a: &[char], b: &[char]) -> usize {
        let same = |x: char, y: char| x == y || x.eq_ignore_ascii_case(&y);
        self.row.clear();
        self.row.extend(0..=b.len());
        for i in 1..=a.len() {
            self.next.clear();
            self.next.push(i);
            for j in 1..=b.len() {
                let replaced = self.row[j - 1] + usize::from(!same(a[i - 1], b[j - 1]));
                let mut best = replaced.min(self.row[j] + 1).min(self.next[j - 1] + 1);
                if i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]) {
                    best = best.min(self.before[j - 2] + 1);
                }
                self.next.push(best);
            }
            std::mem::swap(&mut self.before, &mut self.row);
            std::mem::swap(&mut self.row, &mut self.next);
        }
        self.row[b.len()]
    }
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
