//! See `kollate_fuzz::strategic_merge`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kollate_fuzz::strategic_merge::check(data));
