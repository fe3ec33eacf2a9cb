//! How busy and how late the loop of one thread was in the window.

use super::window::Window;
use crate::clock::{Nanos, SECOND, seconds};
use crate::time_distribution::TimeDistribution;
use crate::usage::CpuTime;

/// One second of the loop.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoopSecond {
    waited: Nanos,
    /// Latest wake-up.
    pub lag_maximum: Nanos,
}

/// Readings of one loop.
#[derive(Debug, Default)]
pub struct Meters {
    /// Woken minus asked.
    pub lag: TimeDistribution,
    /// The window, second by second.
    pub seconds: Vec<LoopSecond>,
    /// Processor time at the edges of the window.
    pub cpu: (CpuTime, CpuTime),
}

impl Meters {
    /// Makes room for the seconds of the window.
    pub fn make_room(&mut self, seconds: usize) {
        if self.seconds.len() < seconds {
            self.seconds.resize(seconds, LoopSecond::default());
        }
    }

    /// An instant that was asked for came, and the loop saw it now.
    #[inline]
    pub fn woken(&mut self, asked: Nanos, now: Nanos, window: &Window) {
        if window.holds(asked) {
            let lag = now - asked;
            self.lag.record(lag);
            let second = &mut self.seconds[window.second_of(asked)];
            second.lag_maximum = second.lag_maximum.max(lag);
        }
    }

    /// The loop waited.
    #[inline]
    pub fn waited(&mut self, from: Nanos, to: Nanos, window: &Window) {
        let (mut from, to) = (from.max(window.start), to.min(window.end));
        while from < to {
            let second = window.second_of(from);
            let until = to.min(window.start + (second as Nanos + 1) * SECOND);
            self.seconds[second].waited += until - from;
            from = until;
        }
    }

    /// In how many of its seconds the loop was busy above a share, and how many there were; a last second of less than half is left out.
    pub fn seconds_above(&self, share: f64, window: &Window) -> (u32, u32) {
        let length = window.end - window.start;
        let (mut above, mut all) = (0, 0);
        for (index, second) in self.seconds.iter().take(window.seconds()).enumerate() {
            let length = (length - index as Nanos * SECOND).min(SECOND);
            if length >= SECOND / 2 {
                all += 1;
                above += u32::from(1.0 - seconds(second.waited) / seconds(length) > share);
            }
        }
        (above, all)
    }

    /// Share of the window not spent waiting: of all of it, and of its busiest second. A last second of less than half is left out of the
    /// latter.
    pub fn occupancy(&self, window: &Window) -> (f64, f64) {
        let length = window.end - window.start;
        let busy = |waited: Nanos, length: Nanos| 1.0 - (seconds(waited) / seconds(length)).min(1.0);
        let waited: Nanos = self.seconds.iter().map(|second| second.waited).sum();
        let mean = busy(waited, length);
        let of_second = |(index, second): (usize, &LoopSecond)| {
            let length = (length - index as Nanos * SECOND).min(SECOND);
            if length < SECOND / 2 { 0.0 } else { busy(second.waited, length) }
        };
        let largest = self.seconds.iter().take(window.seconds()).enumerate().map(of_second).fold(0.0, f64::max);
        (mean, largest.max(mean))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_booked_to_the_seconds_it_lies_in() {
        let window = Window { start: 10 * SECOND, end: 13 * SECOND, is_closed: true };
        let mut meters = Meters::default();
        meters.make_room(window.seconds());
        meters.waited(9 * SECOND, 10 * SECOND + SECOND / 2, &window);
        meters.waited(11 * SECOND, 14 * SECOND, &window);
        let (mean, maximum) = meters.occupancy(&window);
        assert!((mean - 0.5 / 3.0).abs() < 1e-9);
        assert!((maximum - 0.5).abs() < 1e-9);
        assert_eq!(meters.seconds_above(0.4, &window), (1, 3));
        assert_eq!(meters.seconds_above(0.5, &window), (0, 3));
    }

    #[test]
    fn only_waits_asked_for_in_the_window_have_a_lag() {
        let window = Window { start: SECOND, end: 2 * SECOND, is_closed: false };
        let mut meters = Meters::default();
        meters.make_room(1);
        meters.woken(SECOND - 1, SECOND + 5, &window);
        assert_eq!(meters.lag.count(), 0);
        meters.woken(SECOND, SECOND + 7, &window);
        meters.woken(SECOND + 9, SECOND + 11, &window);
        assert_eq!((meters.lag.count(), meters.seconds[0].lag_maximum), (2, 7));
    }
}
