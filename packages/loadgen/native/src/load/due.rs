//! What a thread does at instants: edges of phases, arrivals, entries, and its tick.

use std::cmp::Reverse;

use super::class::Loop;
use super::errors::ErrorKind;
use super::worker::{TICK, Worker};
use crate::clock::{NEVER, Nanos};
use crate::usage::thread_cpu_time;

impl Worker {
    /// Does what is due, if anything is.
    #[inline]
    pub(super) fn observe(&mut self, now: Nanos) {
        if self.window.start == NEVER {
            self.learn(now);
        }
        if now >= self.next_due {
            if now >= self.asked {
                self.meters.woken(self.asked, now, &self.window);
            }
            self.do_due(now);
        }
    }

    /// An instant has been noticed that came after the one that was asked for: a pause is as long as all that fell into it, and not one late
    /// wake-up.
    #[inline]
    pub(super) fn noticed(&mut self, instant: Nanos, now: Nanos) {
        if instant != self.asked {
            self.meters.woken(instant, now, &self.window);
        }
    }

    /// What other threads have decided.
    fn learn(&mut self, now: Nanos) {
        let window = self.phases.window();
        if window.start != NEVER {
            self.window = window;
            self.make_room(window.seconds());
            self.next_due = self.next_due.min(window.start);
            self.next_edge = self.next_edge.min(window.start);
        }
        if self.ramps_pending > 0 && self.next_due != NEVER {
            self.enter_ramps(now);
        }
    }

    #[inline(never)]
    fn do_due(&mut self, now: Nanos) {
        if !self.has_window_begun && now >= self.window.start {
            self.has_window_begun = true;
            self.meters.cpu.0 = thread_cpu_time(self.index == 0);
        }
        self.settle_end(now);
        if self.ramps_pending > 0 {
            self.enter_ramps(now);
        }
        self.release_arrivals(now);
        self.enter_due(now);
        self.take_turns(now);
        if now >= self.next_tick {
            self.tick(now);
        }
        let coming = self.coming();
        self.asked = coming.first;
        self.next_due = coming.first;
        self.poller.foresee(coming.then);
    }

    /// At the end of the window: the end moves, or it is final.
    #[inline]
    pub(super) fn settle_end(&mut self, now: Nanos) {
        if now >= self.window.end && !self.window.is_closed {
            self.window = self.phases.settle_end(now);
            self.make_room(self.window.seconds());
            if self.window.is_closed {
                self.meters.cpu.1 = thread_cpu_time(self.index == 0);
                self.drain_end = self.phases.drain_end(&self.window);
            }
            self.next_due = self.next_due.min(now);
        }
    }

    fn tick(&mut self, now: Nanos) {
        while self.next_tick <= now {
            self.noticed(self.next_tick, now);
            self.next_tick += TICK;
        }
        self.expire(now);
        for class in &mut self.classes {
            class.tally.note_in_flight(now, class.in_flight, &self.window);
            if let Loop::Open(open) = &class.arrivals {
                class.tally.note_backlog(now, open.backlog.len() as u64, &self.window);
            }
        }
        if self.window.start == NEVER {
            self.phases.judge_warmup(now);
        } else if self.window.is_closed {
            self.drain_end = self.phases.drain_end(&self.window);
        } else {
            // Earlier than it was known when the load was stopped.
            self.window.end = self.window.end.min(self.phases.window().end);
        }
    }

    /// Gives up what has waited too long.
    fn expire(&mut self, now: Nanos) {
        while let Some((connection, since)) = self.in_flight.oldest()
            && since + self.timeout <= now
        {
            let is_sent = self.connections[connection].request.is_some_and(|request| request.sent != 0);
            let kind = if is_sent { ErrorKind::Timeout(self.progress_of(connection)) } else { ErrorKind::Connect };
            self.fail(connection, now, kind);
            self.pump(self.connections[connection].class);
        }
    }

    /// When something is due next, and after that.
    fn coming(&mut self) -> Coming {
        let mut coming = Coming::NOTHING;
        coming.add(self.next_tick);
        if !self.has_window_begun {
            coming.add(self.window.start);
        }
        coming.add(if self.window.is_closed { self.drain_end } else { self.window.end });
        self.next_edge = coming.first;
        if let Some(Reverse((at, _))) = self.entries.peek() {
            coming.add(*at);
        }
        if let Some(Reverse((at, _))) = self.turns.peek() {
            coming.add(*at);
        }
        if !self.window.is_closed {
            coming.add(self.next_ramp());
            self.add_arrivals(&mut coming);
        }
        coming
    }
}

/// The two earliest of the instants at which something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coming {
    /// The earliest; `NEVER` of nothing.
    pub first: Nanos,
    /// The earliest after it.
    pub then: Nanos,
}

impl Coming {
    /// Nothing is due.
    pub const NOTHING: Self = Self { first: NEVER, then: NEVER };

    /// Something is due at this instant.
    #[inline]
    pub fn add(&mut self, instant: Nanos) {
        if instant < self.first {
            self.then = self.first;
            self.first = instant;
        } else if instant > self.first {
            self.then = self.then.min(instant);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_earliest_instants_are_kept_in_whatever_order_they_are_told() {
        let cases: [(&[Nanos], Nanos, Nanos); 5] = [
            (&[], NEVER, NEVER),
            (&[7], 7, NEVER),
            (&[9, 7, 8, NEVER], 7, 8),
            (&[7, 7, 7, 9], 7, 9),
            (&[NEVER, 3, 2, 1], 1, 2),
        ];
        for (instants, first, then) in cases {
            let mut coming = Coming::NOTHING;
            instants.iter().for_each(|&instant| coming.add(instant));
            assert_eq!(coming, Coming { first, then }, "{instants:?}");
        }
    }
}
