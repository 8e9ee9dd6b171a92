//! See `kollate_fuzz::kustomization`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kollate_fuzz::kustomization::check(data));
