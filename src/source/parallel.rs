//! Work on all cores, with results in a fixed order.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rayon_core::{ThreadPool, ThreadPoolBuilder};

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

thread_local! {
    /// Whether this thread does a share of some work now. What it shares out itself it does alone: others would take it
    /// up while they wait, and might then want what is held by those who wait for them.
    static SHARES: Cell<bool> = const { Cell::new(false) };
}

/// On how many threads to do `items` pieces of work.
fn threads(items: usize) -> usize {
    if items < 2 || SHARES.get() { 1 } else { items.min(cores()) }
}

fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    // Asking for the number of cores reads several files, which a small build would feel.
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Does a share of some work.
fn share<R>(work: impl FnOnce() -> R) -> R {
    let before = SHARES.replace(true);
    let done = work();
    SHARES.set(before);
    done
}

/// Runs `take` on so many threads at most, and brings the numbered results of all into their order.
fn in_order<R: Send>(threads: usize, take: impl Fn() -> Vec<(usize, R)> + Sync) -> Vec<R> {
    let results = Mutex::new(Vec::new());
    let run = || {
        let done = share(&take);
        results.lock().unwrap_or_else(PoisonError::into_inner).extend(done);
    };
    match pool() {
        Some(pool) => pool.in_place_scope(|scope| {
            (1..threads).for_each(|_| scope.spawn(|_| run()));
            run();
        }),
        None => run(),
    }
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Does `here` on this thread, and meanwhile `aside` on all others. `aside` must not wait for what `here` holds: if no
/// other thread is free it is done on this one, in the middle of `here` or after it.
pub fn alongside<R>(aside: impl Fn() + Sync, here: impl FnOnce() -> R) -> R {
    let threads = threads(usize::MAX);
    match pool().filter(|_| threads > 1) {
        Some(pool) => pool.in_place_scope(|scope| {
            (1..threads).for_each(|_| scope.spawn(|_| share(&aside)));
            here()
        }),
        None => here(),
    }
}

/// The threads of the process, started when there is first something to share, and kept: a thread that is up takes its
/// share at once, and a share that none took is done by the one that gave it.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let start = || ThreadPoolBuilder::new().num_threads(cores()).use_current_thread().stack_size(STACK_BYTES).build();
    POOL.get_or_init(|| start().ok()).as_ref()
}

/// As much stack as the main thread has; trees are walked recursively, to a depth that the reader bounds.
const STACK_BYTES: usize = 8 << 20;
