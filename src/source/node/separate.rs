//! Nodes that share the record of a write, and how they are parted.

use std::sync::Arc;

use super::{Node, Origin};

/// How many writes back a node is parted from others: who shares an older one has been written to since.
const SEPARATED: usize = 16;

impl Node {
    /// Gives the node a record of its own, where it shares that of another write, and likewise what it was before.
    pub fn separate(&mut self) {
        self.separate_back_to(SEPARATED);
    }

    fn separate_back_to(&mut self, writes: usize) {
        if let Some(origin) = self.origin.as_mut().filter(|_| writes > 0) {
            let Origin { at, by, was, from } = &**origin;
            let mut was = was.clone();
            was.iter_mut().for_each(|was| was.separate_back_to(writes - 1));
            *origin = Arc::new(Origin { at: *at, by: *by, was, from: from.clone() });
        }
    }
}
