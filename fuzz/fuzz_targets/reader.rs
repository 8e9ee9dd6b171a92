//! See `kollate_fuzz::reader`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kollate_fuzz::reader::check(data));
