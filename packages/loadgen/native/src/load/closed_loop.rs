//! Closed loop: users who enter one by one and each wait for their answer.

use std::cmp::Reverse;

use super::class::Loop;
use super::worker::Worker;
use crate::clock::{MILLISECOND, NEVER, Nanos};

/// Longest wait before a user comes back to a server that does not answer.
const LONGEST_BACKOFF: Nanos = 100 * MILLISECOND;

/// How long a user waits after so many failures in a row: not at all after the first, then 1 ms and doubling, so that a dead server is asked
/// again soon but not in a spin.
pub fn backoff(failures: u32) -> Nanos {
    match failures {
        0 | 1 => 0,
        more => (MILLISECOND << (more - 2).min(20)).min(LONGEST_BACKOFF),
    }
}

impl Worker {
    /// Warm-up begins: the first connection of each class enters alone.
    pub(super) fn begin_ramps(&mut self, now: Nanos) {
        for class in &self.classes {
            let Loop::Closed(closed) = &class.arrivals else { continue };
            self.ramps_pending += 1;
            if let Some(&(connection, 0)) = closed.positions.first() {
                self.entries.push(Reverse((now, connection)));
            }
        }
    }

    /// The others enter at even gaps of the first one's service time, or of an even share of the ramp where that is shorter.
    pub(super) fn enter_ramps(&mut self, now: Nanos) {
        let begun = self.phases.begun();
        for (index, class) in self.classes.iter_mut().enumerate() {
            let Loop::Closed(closed) = &mut class.arrivals else { continue };
            if closed.has_entered {
                continue;
            }
            if now >= begun + closed.longest_gap {
                self.phases.decide_ramp_gap(index, closed.longest_gap);
            }
            let gap = self.phases.ramp_gap(index);
            if gap == NEVER {
                continue;
            }
            closed.has_entered = true;
            self.ramps_pending -= 1;
            for &(connection, position) in closed.positions.iter().filter(|(_, position)| *position > 0) {
                let at = begun + position * gap;
                self.entries.push(Reverse((at, connection)));
                self.next_due = self.next_due.min(at);
            }
        }
    }

    /// The first request of a class is over: its service time decides the gap.
    #[cold]
    pub(super) fn judge_ramp(&mut self, connection: usize, service: Nanos) {
        let index = self.connections[connection].class;
        if let Loop::Closed(closed) = &self.classes[index].arrivals
            && closed.positions.first() == Some(&(connection, 0))
        {
            self.phases.decide_ramp_gap(index, service.min(closed.longest_gap));
        }
    }

    /// Latest instant at which a gap that is still open is decided.
    pub(super) fn next_ramp(&self) -> Nanos {
        if self.ramps_pending == 0 {
            return NEVER;
        }
        let begun = self.phases.begun();
        let pending = self.classes.iter().filter_map(|class| match &class.arrivals {
            Loop::Closed(closed) if !closed.has_entered => Some(begun + closed.longest_gap),
            _ => None,
        });
        pending.min().unwrap_or(NEVER)
    }

    /// Users whose time to enter has come, or to enter again.
    pub(super) fn enter_due(&mut self, now: Nanos) {
        while let Some(&Reverse((at, connection))) = self.entries.peek()
            && at <= now
        {
            self.entries.pop();
            self.noticed(at, now);
            self.issue(connection, at, now);
        }
    }

    /// A user has its answer: its next request, after its think time.
    #[inline]
    pub(super) fn go_on(&mut self, connection: usize, done: Nanos) {
        let class = self.connections[connection].class;
        let Loop::Closed(closed) = &mut self.classes[class].arrivals else { return };
        match closed.think() {
            0 => self.issue(connection, done, done),
            pause => {
                self.entries.push(Reverse((done + pause, connection)));
                self.next_due = self.next_due.min(done + pause);
            }
        }
    }

    /// A user's next request. In the drain the users go on until the requests of the window are answered: were they to stop, the last of
    /// these would find an emptier server and be answered faster than any before them.
    #[inline]
    pub(super) fn issue(&mut self, connection: usize, intended: Nanos, now: Nanos) {
        if self.window.is_closed && self.outstanding == 0 {
            return;
        }
        if self.window.holds(intended) {
            self.outstanding += 1;
            let class = self.connections[connection].class;
            self.classes[class].tally.intend(intended, &self.window);
        }
        self.dispatch(connection, intended, NEVER, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_server_is_asked_ever_less_often_but_at_least_ten_times_a_second() {
        assert_eq!([0, 1, 2, 3, 4].map(backoff), [0, 0, MILLISECOND, 2 * MILLISECOND, 4 * MILLISECOND]);
        assert_eq!(backoff(1000), LONGEST_BACKOFF);
    }
}
