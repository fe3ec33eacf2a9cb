//! The canary that is used: a small bytecode interpreter.
//!
//! It loads what a runtime loads: the front end and the branch predictor (an indirect jump for each operation), and the first caches (two
//! words read and one written of 16 KiB for each operation, at addresses that depend on the data).
//!
//! The program is short and repeats, so that the predictor knows it when the timed operations begin, as it knows the loop of a real program.

use std::hint::black_box;

use crate::random::Random;

/// Operations of the program: 2 KiB, two bytes each.
const OPERATIONS: usize = 1024;
/// Words of data: 16 KiB.
const WORDS: usize = 2048;
/// Words of a cache line.
const LINE: usize = 8;
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The interpreter with its program and data.
pub struct Interpreter {
    program: [(u8, u8); OPERATIONS],
    data: [u64; WORDS],
    position: usize,
    state: u64,
    noise: u64,
}

impl Default for Interpreter {
    fn default() -> Self {
        let mut random = Random::new(0x5EED, &[]);
        let program = [(); OPERATIONS].map(|()| ((random.bits() % 8) as u8, random.bits() as u8));
        let data = [(); WORDS].map(|()| random.bits());
        Self { program, data, position: 0, state: 1, noise: random.bits() | 1 }
    }
}

impl Interpreter {
    /// Reads every line of the data once.
    #[inline(never)]
    pub fn touch(&self) {
        black_box(self.data.iter().step_by(LINE).fold(0, |sum, word| sum ^ word));
    }

    /// Interprets so many operations; with `VARYING` the data has a say in which one is next.
    #[inline(never)]
    pub fn interpret<const VARYING: bool>(&mut self, operations: u32) {
        let Self { program, data, position, state, noise } = self;
        for _ in 0..operations {
            let (operation, operand) = program[*position % OPERATIONS];
            *position += 1;
            *noise ^= *noise << 13;
            *noise ^= *noise >> 7;
            *noise ^= *noise << 17;
            let varied = if VARYING { *noise >> 40 } else { 0 };
            let left = data[(*state ^ u64::from(operand)) as usize % WORDS];
            let right = data[(*state >> 20) as usize % WORDS];
            let value = match (u64::from(operation) + varied) % 8 {
                0 => left.wrapping_add(right),
                1 => left.wrapping_mul(MULTIPLIER) ^ right,
                2 => left.wrapping_sub(right).rotate_left(13),
                3 => {
                    *position += 1 + usize::from(operand >> 6);
                    left ^ right
                }
                4 => left ^ (right >> (operand & 31)),
                5 => {
                    data[usize::from(operand)] = right;
                    left.rotate_right(7)
                }
                6 => left.swap_bytes().wrapping_add(u64::from(operand)),
                _ => {
                    data.swap(usize::from(operand), usize::from(operand) + 256);
                    right
                }
            };
            *state = state.wrapping_mul(MULTIPLIER).wrapping_add(value);
            data[(*state >> 40) as usize % WORDS] = value;
        }
        black_box(&self.state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_the_same_work_every_time_however_it_is_cut() {
        let (mut whole, mut cut) = (Interpreter::default(), Interpreter::default());
        whole.interpret::<false>(100_000);
        for _ in 0..10 {
            cut.interpret::<false>(10_000);
        }
        assert_eq!((whole.state, whole.noise, whole.position), (cut.state, cut.noise, cut.position));
        assert_eq!(whole.data, cut.data);
    }

    #[test]
    fn all_of_its_data_is_used_and_every_operation_is_in_its_program() {
        let mut one = Interpreter::default();
        let before = one.data;
        one.interpret::<false>(50_000);
        assert!(one.data.iter().zip(&before).filter(|(now, then)| now != then).count() > WORDS * 9 / 10);
        assert!((0..8).all(|operation| one.program.iter().any(|(this, _)| *this == operation)));
    }

    #[test]
    fn the_data_has_a_say_only_where_it_is_asked() {
        let (mut varying, mut repeating) = (Interpreter::default(), Interpreter::default());
        varying.interpret::<true>(1000);
        repeating.interpret::<false>(1000);
        assert_ne!(varying.state, repeating.state);
    }
}
