//! See `kollate_fuzz::json_patch`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kollate_fuzz::json_patch::check(data));
