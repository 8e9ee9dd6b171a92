//! Work on all cores, with results in a fixed order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Does `work` for every item on all cores; results come in the order of the items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads(items.len());
    if threads <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    in_order(threads, || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    })
}

/// How many small items are worth a thread's start.
const WORTH_A_THREAD: usize = 256;

/// Changes every item, on all cores if there are many. Each thread has its own `state`. What `work` answers comes in
/// the order of the items.
pub fn each_in_parallel<T: Send, S, R: Send>(
    items: &mut [T],
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize, &mut T) -> Option<R> + Sync,
) -> Vec<R> {
    let pass = |state: &mut S, from: usize, items: &mut [T]| -> Vec<R> {
        items.iter_mut().enumerate().filter_map(|(at, item)| work(state, from + at, item)).collect()
    };
    let threads = threads(items.len() / WORTH_A_THREAD * 2);
    if threads <= 1 {
        return pass(&mut state(), 0, items);
    }
    // Small shares, since some items are far larger than others.
    let share = (items.len() / (threads * 4)).max(32);
    let shares = Mutex::new(items.chunks_mut(share).enumerate());
    let done = in_order(threads, || {
        let (mut state, mut done) = (state(), Vec::new());
        loop {
            let next = shares.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, items)) = next else { return done };
            done.push((at, pass(&mut state, at * share, items)));
        }
    });
    done.into_iter().flatten().collect()
}

/// On how many threads to do `items` pieces of work.
fn threads(items: usize) -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    // Asking for the number of cores reads several files, which a small build would feel.
    if items < 2 {
        1
    } else {
        items.min(*CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from)))
    }
}

/// Runs `take` on each of so many threads, and brings the numbered results of all into their order.
fn in_order<R: Send>(threads: usize, take: impl Fn() -> Vec<(usize, R)> + Sync) -> Vec<R> {
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &take);
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
