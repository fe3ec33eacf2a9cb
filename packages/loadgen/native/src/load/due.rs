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

    /// What other threads have decided.
    fn learn(&mut self, now: Nanos) {
        let window = self.phases.window();
        if window.start != NEVER {
            self.window = window;
            self.make_room(window.seconds());
            self.next_due = self.next_due.min(window.start);
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
        if now >= self.next_tick {
            self.tick(now);
        }
        self.asked = self.earliest_due();
        self.next_due = self.asked;
    }

    /// At the end of the window: the end moves, or it is final.
    #[inline]
    pub(super) fn settle_end(&mut self, now: Nanos) {
        if now >= self.window.end && !self.window.is_closed {
            self.window = self.phases.settle_end(now);
            self.make_room(self.window.seconds());
            if self.window.is_closed {
                self.meters.cpu.1 = thread_cpu_time(self.index == 0);
                self.drain_end = self.window.end + self.phases.drain_maximum;
            }
            self.next_due = self.next_due.min(now);
        }
    }

    fn tick(&mut self, now: Nanos) {
        self.next_tick += TICK * ((now - self.next_tick) / TICK + 1);
        self.expire(now);
        for class in &mut self.classes {
            class.tally.note_in_flight(now, class.in_flight, &self.window);
            if let Loop::Open(open) = &class.arrivals {
                class.tally.note_backlog(now, open.backlog.len() as u64, &self.window);
            }
        }
        if self.window.start == NEVER {
            self.phases.judge_warmup(now);
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

    fn earliest_due(&mut self) -> Nanos {
        let mut due = self.next_tick;
        if !self.has_window_begun {
            due = due.min(self.window.start);
        }
        if let Some(Reverse((at, _))) = self.entries.peek() {
            due = due.min(*at);
        }
        if self.window.is_closed {
            return due.min(self.drain_end);
        }
        due = due.min(self.window.end);
        due.min(self.next_arrival()).min(self.next_ramp())
    }
}
