//! `parse` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| gmbot_fuzz::parse::run(data));
