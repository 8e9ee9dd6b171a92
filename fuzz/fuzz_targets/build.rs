//! See `kollate_fuzz::build`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kollate_fuzz::build::check(data));
