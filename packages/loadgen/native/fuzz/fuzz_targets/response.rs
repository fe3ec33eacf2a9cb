//! The bytes of a server, cut in any way: the judgement is the same, nothing but an unfinished head is kept, and nothing panics.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| photofinish_native::response::exercise::exercise(input));
