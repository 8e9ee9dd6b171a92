//! `commonAnnotations`: annotations on every resource and every pod template.

use super::super::Work;
use super::super::fields::{Fields, Scalars, pairs};
use super::Transformer;
use super::labels::put_pairs;
use super::write::{own_specs, warn_of_unknown};
use crate::source::Node;

/// The field `commonAnnotations`.
pub static COMMON_ANNOTATIONS: Transformer =
    Transformer { field: "commonAnnotations", kind: "AnnotationsTransformer", apply, configured };

fn apply(value: &Node, work: &mut Work<'_>) {
    let pairs = pairs(value, "commonAnnotations", Scalars::Strict, work.findings);
    let specs = work.specs;
    put_pairs(&pairs, "commonAnnotations", &specs.common_annotations, work);
}

fn configured(config: &Node, work: &mut Work<'_>) {
    let Some(fields) = Fields::of_object(config, "an AnnotationsTransformer", work.findings) else {
        return;
    };
    warn_of_unknown(&fields, &["annotations", "fieldSpecs"], work.findings);
    let specs = own_specs(&fields, work.findings);
    let pairs = fields.pairs("annotations", work.findings);
    put_pairs(&pairs, "commonAnnotations", &specs, work);
}
