//! The kind `HashTransformer`: hash suffixes in the middle of a build, without a field of its own.

use super::Transformer;
use super::replacements::{Writing, check_fit};
use crate::compile::link;

/// `HashTransformer`.
pub(super) static HASH: Transformer = Transformer {
    field: "",
    kind: "HashTransformer",
    apply: |_, _| {},
    configured: |config, work| {
        let hashed = work.set.iter_mut().filter(|resource| link::hash::needs_hash(resource));
        hashed.for_each(|resource| check_fit(resource, Writing::Last, work.findings));
        link::add_suffixes(work.set, Some(config.location()), work.loader.store.map());
    },
};
