//! `targets::sse`, over and over.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| wire_fuzz::sse(input));
