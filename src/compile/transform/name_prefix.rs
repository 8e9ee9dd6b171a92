//! `namePrefix`: a text before the name of every resource; references follow in the link step.

use super::Transformer;
use super::affix::Affix;

/// The field `namePrefix`.
pub static NAME_PREFIX: Transformer = Transformer {
    field: "namePrefix",
    kind: "PrefixTransformer",
    apply: |value, work| Affix::Prefix.apply(value, work),
    configured: |config, work| Affix::Prefix.configured(config, &["prefix", "fieldSpecs"], work),
};
