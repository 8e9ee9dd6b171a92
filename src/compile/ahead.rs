//! Files of a large layer that other threads parse while the first takes the resources out of those before them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Loader;
use super::layer::Layer;
use crate::source::{Loaded, Node, Store};

/// How many bytes of files make it worth to start threads.
const WORTH_THREADS: usize = 256 << 10;

/// The files that a layer lists. What is wrong with them is found again, and reported, when their turn comes.
pub(super) struct Ahead {
    /// Each with the number of its entry.
    files: Vec<(usize, Arc<Loaded>)>,
    /// How many files nobody has begun to parse ahead; they are parsed from the last on.
    left: AtomicUsize,
    /// The entry whose turn it is.
    turn: AtomicUsize,
}

impl Ahead {
    /// The files of `layer` if they are worth other threads.
    pub(super) fn of(layer: &Layer, loader: &Loader) -> Option<Self> {
        let listed = layer.kustomization.resources().map(Node::text).enumerate();
        let listed: Vec<_> = listed.filter_map(|(turn, written)| Some((turn, written?))).collect();
        // Looking a file up takes several calls to the system, which one file alone would not repay.
        if listed.len() < 2 {
            return None;
        }
        let peek = |(turn, written)| Some((turn, loader.peek(written)?));
        let files: Vec<_> = listed.into_iter().filter_map(peek).collect();
        let bytes = files.iter().map(|(_, file)| file.bytes().len()).sum::<usize>();
        let (left, turn) = (AtomicUsize::new(files.len()), AtomicUsize::new(0));
        (files.len() > 1 && bytes > WORTH_THREADS).then_some(Ahead { files, left, turn })
    }

    /// Notes that the turn of this entry has come, so that nobody else need parse its file.
    pub(super) fn turn(&self, entry: usize) {
        self.turn.store(entry, Ordering::Relaxed);
    }

    /// Parses files until those are met that have had their turn.
    pub(super) fn parse(&self, store: &Store) {
        loop {
            let left = self.left.fetch_sub(1, Ordering::Relaxed);
            match left.checked_sub(1).and_then(|at| self.files.get(at)) {
                Some((entry, file)) if *entry > self.turn.load(Ordering::Relaxed) => store.parse_ahead(file),
                _ => return,
            }
        }
    }
}
