//! `nameSuffix`: a text behind the name of every resource; references follow in the link step.

use super::Transformer;
use super::affix::Affix;

/// The field `nameSuffix`.
pub static NAME_SUFFIX: Transformer = Transformer {
    field: "nameSuffix",
    kind: "SuffixTransformer",
    apply: |value, work| Affix::Suffix.apply(value, work),
    configured: |config, work| Affix::Suffix.configured(config, &["suffix", "fieldSpecs"], work),
};
