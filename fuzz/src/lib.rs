//! Bodies of the fuzz targets, for libFuzzer and for `cargo test`.

pub mod json_patch;
pub mod kustomization;
pub mod reader;
pub mod strategic_merge;
mod tree;
pub mod whole_build;

/// A target's body.
pub type Check = fn(&[u8]);

/// All targets, by name.
pub const TARGETS: [(&str, Check); 5] = [
    ("reader", reader::check),
    ("kustomization", kustomization::check),
    ("strategic_merge", strategic_merge::check),
    ("json_patch", json_patch::check),
    ("whole_build", whole_build::check),
];
