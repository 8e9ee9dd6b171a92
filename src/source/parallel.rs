//! Work on all cores, with results in a fixed order.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does `work` for every item on all cores; results come in the order of the items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    // Asking for the number of cores reads several files, which a small build would feel.
    let threads =
        if items.len() < 2 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(items.len()) };
    if threads <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, take);
        // Whatever cannot be given to a thread is done here.
        let handles: Vec<_> = (1..threads).filter_map(|i| spawn(i).ok()).collect();
        let mut results = take();
        for handle in handles {
            results.extend(handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// As much stack as the main thread has; trees are walked recursively, to a depth that the reader bounds.
const STACK_BYTES: usize = 8 << 20;
