//! See `kollate_fuzz::whole_build`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kollate_fuzz::whole_build::check(data));
