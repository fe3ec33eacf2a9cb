//! The canary: a small bytecode interpreter.
//!
//! It loads what a runtime loads: the front end and the branch predictor (an indirect jump for each operation of an irregular program) and
//! the first caches (16 KiB of data at addresses that depend on the data). A dependency chain of arithmetic stays at full speed beside a
//! noisy neighbour and reports a calm host that is not (method, section 14, with the correlations measured).

use crate::random::Random;

/// Operations of the program: 2 KiB, two bytes each.
const OPERATIONS: usize = 1024;
/// Words of data: 16 KiB.
const WORDS: usize = 2048;

/// The interpreter with its program and data.
pub struct Canary {
    program: Vec<(u8, u8)>,
    data: Vec<u64>,
    registers: [u64; 8],
    position: usize,
}

impl Default for Canary {
    /// The one canary: the program never changes, so that calm levels of different versions are of the same work.
    fn default() -> Self {
        let mut random = Random::new(0x5EED, &[]);
        let program = (0..OPERATIONS).map(|_| ((random.bits() % 8) as u8, random.bits() as u8)).collect();
        let data = (0..WORDS).map(|_| random.bits()).collect();
        Self { program, data, registers: [1, 2, 3, 4, 5, 6, 7, 8], position: 0 }
    }
}

impl Canary {
    /// Interprets so many operations and gives a value that depends on all of them.
    #[inline(never)]
    pub fn interpret(&mut self, operations: u32) -> u64 {
        for _ in 0..operations {
            let (operation, operand) = self.program[self.position];
            let (a, b) = ((operand & 7) as usize, (operand >> 3 & 7) as usize);
            let mut next = self.position + 1;
            match operation {
                0 => self.registers[a] = self.registers[a].wrapping_add(self.registers[b]),
                1 => self.registers[a] = self.registers[a].wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.registers[b],
                2 => self.registers[a] = self.data[self.registers[b] as usize % WORDS],
                3 => {
                    let at = self.registers[a] as usize % WORDS;
                    self.data[at] = self.data[at].wrapping_add(self.registers[b]);
                }
                4 if self.registers[a] & 3 == 0 => next += 1 + (operand >> 6) as usize,
                4 => self.registers[a] = self.registers[a].rotate_right(7).wrapping_add(1),
                5 => self.registers[a] ^= self.registers[b] >> (operand >> 6),
                6 => self.registers[a] = self.registers[a].wrapping_sub(self.registers[b]).rotate_left(13),
                _ => self.registers.swap(a, b),
            }
            self.position = next % OPERATIONS;
        }
        std::hint::black_box(self.registers.iter().fold(0, |sum, word| sum ^ word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canary_does_the_same_work_every_time_however_it_is_cut() {
        let (mut whole, mut cut) = (Canary::default(), Canary::default());
        let value = whole.interpret(100_000);
        let pieces: Vec<u64> = (0..10).map(|_| cut.interpret(10_000)).collect();
        assert_eq!(pieces.last(), Some(&value));
        assert_ne!(pieces[0], pieces[1]);
    }

    #[test]
    fn every_operation_is_reached_and_the_data_changes() {
        let mut canary = Canary::default();
        let before = canary.data.clone();
        canary.interpret(50_000);
        assert!(canary.data.iter().zip(&before).filter(|(now, then)| now != then).count() > 100);
        assert!((0..8).all(|operation| canary.program.iter().any(|(one, _)| *one == operation)));
    }
}
