//! `commonLabels`: labels on everything, selectors and templates included.

use super::super::fields::{Scalars, pairs};
use super::Transformer;
use super::labels::{LABELS, put_pairs};

/// The field `commonLabels`.
pub static COMMON_LABELS: Transformer = Transformer {
    field: "commonLabels",
    kind: LABELS.kind,
    apply: |value, work| {
        let pairs = pairs(value, "commonLabels", Scalars::Strict, work.findings);
        let specs = work.specs;
        put_pairs(&pairs, "commonLabels", &specs.common_labels, work);
    },
    configured: LABELS.configured,
};
