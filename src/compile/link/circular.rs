//! Sorting by what is no order. Where three things each go before the next in a circle, the result is whatever the
//! algorithm makes of it; kustomize sorts with Go's `sort.Sort`, a pattern-defeating quicksort (Orson Peters, 2021), whose
//! every comparison and swap is therefore repeated here.

/// Up to so many are inserted one by one.
const FEW: usize = 12;

/// From so many on, a pivot is the median of three medians, and single items out of place are shifted.
const MANY: usize = 50;

/// What the samples for a pivot look like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Increasing,
    Decreasing,
    Unknown,
}

/// Sorts the items by `less`, which need not be an order.
pub(super) fn sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    let (all, limit) = (items.len(), bits(items.len()));
    Sorter { items, less }.quicksort(0, all, limit);
}

/// How many bits it takes to write the number.
fn bits(number: usize) -> u32 {
    usize::BITS - number.leading_zeros()
}

struct Sorter<'a, T, L> {
    items: &'a mut [T],
    less: L,
}

impl<T, L: Fn(&T, &T) -> bool> Sorter<'_, T, L> {
    fn less(&self, a: usize, b: usize) -> bool {
        (self.less)(&self.items[a], &self.items[b])
    }

    fn quicksort(&mut self, mut from: usize, mut to: usize, mut limit: u32) {
        let (mut balanced, mut partitioned) = (true, true);
        loop {
            let len = to - from;
            if len <= FEW {
                return self.insert_each(from, to);
            }
            if limit == 0 {
                return self.heap_sort(from, to);
            }
            if !balanced {
                self.break_patterns(from, to);
                limit -= 1;
            }
            let (mut pivot, mut looks) = self.pivot(from, to);
            if looks == Looks::Decreasing {
                self.items[from..to].reverse();
                pivot = (to - 1) - (pivot - from);
                looks = Looks::Increasing;
            }
            if balanced && partitioned && looks == Looks::Increasing && self.shift_few(from, to) {
                return;
            }
            if from > 0 && !self.less(from - 1, pivot) {
                from = self.part_equal(from, to, pivot);
                continue;
            }
            let middle;
            (middle, partitioned) = self.part(from, to, pivot);
            let (left, right) = (middle - from, to - middle);
            balanced = left.min(right) >= len / 8;
            if left < right {
                self.quicksort(from, middle, limit);
                from = middle + 1;
            } else {
                self.quicksort(middle + 1, to, limit);
                to = middle;
            }
        }
    }

    fn insert_each(&mut self, from: usize, to: usize) {
        for end in from + 1..to {
            for at in (from + 1..=end).rev() {
                if !self.less(at, at - 1) {
                    break;
                }
                self.items.swap(at, at - 1);
            }
        }
    }

    fn heap_sort(&mut self, first: usize, to: usize) {
        let len = to - first;
        for root in (0..=(len - 1) / 2).rev() {
            self.sift_down(root, len, first);
        }
        for end in (0..len).rev() {
            self.items.swap(first, first + end);
            self.sift_down(0, end, first);
        }
    }

    fn sift_down(&mut self, mut root: usize, len: usize, first: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= len {
                return;
            }
            if child + 1 < len && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.less(first + root, first + child) {
                return;
            }
            self.items.swap(first + root, first + child);
            root = child;
        }
    }

    /// Swaps some items of the middle with others, so that a bad pattern is not met again.
    fn break_patterns(&mut self, from: usize, to: usize) {
        let len = to - from;
        let (mut random, mask) = (len as u64, (1_usize << bits(len)) - 1);
        let at = from + len / 4 * 2 - 1;
        for i in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let other = random as usize & mask;
            self.items.swap(at + i, from + if other >= len { other - len } else { other });
        }
    }

    fn pivot(&self, from: usize, to: usize) -> (usize, Looks) {
        let len = to - from;
        let mut swaps = 0;
        let mut samples = [1, 2, 3].map(|quarter| from + len / 4 * quarter);
        if len >= MANY {
            samples = samples.map(|at| self.median([at - 1, at, at + 1], &mut swaps));
        }
        let pivot = self.median(samples, &mut swaps);
        match swaps {
            0 => (pivot, Looks::Increasing),
            12 => (pivot, Looks::Decreasing),
            _ => (pivot, Looks::Unknown),
        }
    }

    fn median(&self, [mut a, mut b, mut c]: [usize; 3], swaps: &mut usize) -> usize {
        let mut order = |x: &mut usize, y: &mut usize| {
            if self.less(*y, *x) {
                *swaps += 1;
                std::mem::swap(x, y);
            }
        };
        order(&mut a, &mut b);
        order(&mut b, &mut c);
        order(&mut a, &mut b);
        b
    }

    /// Sorts items of which few are out of place; says whether that was done.
    fn shift_few(&mut self, from: usize, to: usize) -> bool {
        let mut at = from + 1;
        for _ in 0..5 {
            while at < to && !self.less(at, at - 1) {
                at += 1;
            }
            if at == to {
                return true;
            }
            if to - from < MANY {
                return false;
            }
            self.items.swap(at, at - 1);
            // Each of the two goes on to where it belongs.
            if at - from >= 2 {
                let _stays = (1..at).rev().find(|&left| !self.sinks(left));
            }
            if to - at >= 2 {
                let _stays = (at + 1..to).find(|&right| !self.sinks(right));
            }
        }
        false
    }

    /// Swaps an item with the one before it if it belongs there.
    fn sinks(&mut self, at: usize) -> bool {
        let sinks = self.less(at, at - 1);
        if sinks {
            self.items.swap(at, at - 1);
        }
        sinks
    }

    /// Brings what is less than the pivot before it. Gives where the pivot is then, and whether all stood so already.
    fn part(&mut self, from: usize, to: usize, pivot: usize) -> (usize, bool) {
        self.items.swap(from, pivot);
        let (mut left, mut right) = (from + 1, to - 1);
        let mut partitioned = true;
        loop {
            while left <= right && self.less(left, from) {
                left += 1;
            }
            while left <= right && !self.less(right, from) {
                right -= 1;
            }
            if left > right {
                self.items.swap(right, from);
                return (right, partitioned);
            }
            self.items.swap(left, right);
            (left, right, partitioned) = (left + 1, right - 1, false);
        }
    }

    /// Brings what equals the pivot before what is greater; gives where the latter begins.
    fn part_equal(&mut self, from: usize, to: usize, pivot: usize) -> usize {
        self.items.swap(from, pivot);
        let (mut left, mut right) = (from + 1, to - 1);
        loop {
            while left <= right && !self.less(from, left) {
                left += 1;
            }
            while left <= right && self.less(from, right) {
                right -= 1;
            }
            if left > right {
                return left;
            }
            self.items.swap(left, right);
            (left, right) = (left + 1, right - 1);
        }
    }
}
