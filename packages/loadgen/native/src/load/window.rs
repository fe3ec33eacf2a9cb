//! The measured interval as one thread sees it.

use crate::clock::{NEVER, Nanos, SECOND};

/// The window: open at its end, unknown (`NEVER`) until it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First instant.
    pub start: Nanos,
    /// First instant behind it. It moves when the window is extended.
    pub end: Nanos,
    /// Whether the end is final.
    pub is_closed: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { start: NEVER, end: NEVER, is_closed: false }
    }
}

impl Window {
    /// Whether an instant falls in it.
    #[inline]
    pub fn holds(&self, instant: Nanos) -> bool {
        instant >= self.start && instant < self.end
    }

    /// The second of the window in which an instant of it falls.
    #[inline]
    pub fn second_of(&self, instant: Nanos) -> usize {
        ((instant - self.start) / SECOND) as usize
    }

    /// How much of a span lies in it.
    #[inline]
    pub fn overlap(&self, from: Nanos, to: Nanos) -> Nanos {
        to.min(self.end).saturating_sub(from.max(self.start))
    }

    /// Seconds it touches, the last perhaps in part.
    pub fn seconds(&self) -> usize {
        (self.end - self.start).div_ceil(SECOND) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { start: 10 * SECOND, end: 12 * SECOND + SECOND / 2, is_closed: true };

    #[test]
    fn its_first_instant_is_in_and_its_end_is_out() {
        assert!(WINDOW.holds(WINDOW.start));
        assert!(!WINDOW.holds(WINDOW.start - 1));
        assert!(WINDOW.holds(WINDOW.end - 1));
        assert!(!WINDOW.holds(WINDOW.end));
        assert!(!Window::default().holds(5));
    }

    #[test]
    fn a_part_of_a_second_counts_as_one_of_its_seconds() {
        assert_eq!(WINDOW.seconds(), 3);
        assert_eq!(WINDOW.second_of(WINDOW.start + SECOND), 1);
        assert_eq!(WINDOW.second_of(WINDOW.end - 1), 2);
    }

    #[test]
    fn only_the_part_of_a_request_inside_counts() {
        let cases = [(0, 9, 0), (0, 11, 1), (9, 20, 0), (11, 12, 1), (13, 14, 0)];
        for (from, to, inside) in cases {
            let expected = if (from, to) == (9, 20) { WINDOW.end - WINDOW.start } else { inside * SECOND };
            assert_eq!(WINDOW.overlap(from * SECOND, to * SECOND), expected);
        }
        assert_eq!(Window::default().overlap(0, SECOND), 0);
    }
}
