//! `targets::xml`, over and over.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| wire_fuzz::xml(input));
