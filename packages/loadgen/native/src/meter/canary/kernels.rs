//! Canaries that were tried beside the interpreter.

use std::hint::black_box;

use crate::random::Random;

/// A chain of dependent shifts, as benchmark suites use: it stays at full speed beside a neighbour.
#[inline(never)]
pub fn chain(state: &mut u64, operations: u32) {
    let mut value = *state;
    for _ in 0..operations {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
    }
    *state = black_box(value);
}

/// Eight independent chains of multiplications.
#[inline(never)]
pub fn multiply(states: &mut [u64; 8], operations: u32) {
    for _ in 0..operations {
        for (state, step) in states.iter_mut().zip(1..) {
            *state = state.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(step);
        }
        black_box(&mut *states);
    }
}

/// Cache lines of 128 KiB.
const LINES: usize = 2048;
/// Numbers of a cache line.
const LINE: usize = 16;

/// A walk through 128 KiB, one address a line, in one round of random order.
pub struct Chase {
    next: Vec<u32>,
    at: u32,
}

impl Default for Chase {
    fn default() -> Self {
        let mut random = Random::new(0x5EED, &[1]);
        let mut order: Vec<usize> = (0..LINES).collect();
        for last in (1..LINES).rev() {
            order.swap(last, random.bits() as usize % (last + 1));
        }
        let mut next = vec![0; LINES * LINE];
        for (place, &line) in order.iter().enumerate() {
            next[line * LINE] = (order[(place + 1) % LINES] * LINE) as u32;
        }
        Self { next, at: 0 }
    }
}

impl Chase {
    /// Takes so many steps.
    #[inline(never)]
    pub fn walk(&mut self, operations: u32) {
        let mut at = self.at;
        for _ in 0..operations {
            at = self.next[at as usize];
        }
        self.at = black_box(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_visits_every_line_once_a_round() {
        let mut chase = Chase::default();
        let mut seen = vec![false; LINES];
        for _ in 0..LINES {
            chase.walk(1);
            seen[chase.at as usize / LINE] = true;
        }
        assert_eq!((seen.iter().all(|line| *line), chase.at), (true, 0));
    }
}
