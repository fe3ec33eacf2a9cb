//! What one thread counts for one request class.

use super::errors::ErrorKind;
use super::window::Window;
use crate::clock::{NEVER, Nanos};
use crate::response::Answer;
use crate::result::{LoadErrorDetails, LoadErrors};
use crate::stamp::Done;
use crate::time_distribution::{Moments, SLOTS, TimeDistribution, recorded_microseconds, slot_of};

/// A request from its intended start on.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// When it should have been sent.
    pub intended: Nanos,
    /// When it was noticed that it was due, where no connection was free then; else `NEVER`.
    pub waited_since: Nanos,
    /// Just before its first byte was written; 0 until then.
    pub sent: Nanos,
    /// Whether the intended start falls in the window.
    pub in_window: bool,
    /// Whether the bytes of its response are compared.
    pub compare: bool,
}

/// One second of the window.
#[derive(Debug, Clone)]
pub struct Second {
    /// Intended in it.
    pub intended: u64,
    /// Completed in it.
    pub completed: u64,
    /// Failed in it.
    pub errors: u64,
    /// Largest number in flight.
    pub in_flight: u64,
    /// Due but not sent at its end.
    pub backlog: u64,
    /// Response times of those intended in it, by slot.
    pub response_slots: Vec<u32>,
}

impl Default for Second {
    fn default() -> Self {
        // Zeroed pages come from the kernel untouched: a slot costs memory only once it is used.
        Self { intended: 0, completed: 0, errors: 0, in_flight: 0, backlog: 0, response_slots: vec![0; SLOTS] }
    }
}

/// All counts of a class in a thread.
#[derive(Debug, Default)]
pub struct Tally {
    /// Intended in the window.
    pub intended: u64,
    /// Of them, sent.
    pub sent: u64,
    /// Of them, answered correctly.
    pub answered: u64,
    /// Of the answered, those whose completion was stamped by the kernel.
    pub stamped: u64,
    /// Of them, in error.
    pub errors: LoadErrors,
    /// The same, more closely.
    pub error_details: LoadErrorDetails,
    /// Of them, unanswered at the end of the drain.
    pub censored: u64,
    /// Correct responses whose completion falls in the window.
    pub completed_in_window: u64,
    /// Time integral of requests in flight over the window, nanoseconds.
    pub in_flight_area: u128,
    /// Bodies compared, over all phases.
    pub bodies_compared: u64,
    /// Bytes read by each connection of a slow reader, in the window and in all phases.
    pub read_bytes: Vec<(u64, u64)>,
    /// Bytes of the bodies of those answered.
    pub body_bytes: u64,
    /// Moments of the response times; the slots are in the seconds.
    pub response: Moments,
    /// Response times known only as "at least".
    pub censored_response: TimeDistribution,
    /// Done minus sent.
    pub service: TimeDistribution,
    /// Sent minus intended.
    pub send_delay: TimeDistribution,
    /// Service time beyond what a fixture says it held the request.
    pub beyond_held: TimeDistribution,
    /// Sent minus noticed, of those that found no free connection.
    pub connection_wait: TimeDistribution,
    /// Error minus intended.
    pub error_time: TimeDistribution,
    /// Connections open at once, largest.
    pub connections_high_water: u64,
    /// Connections opened.
    pub connections_opened: u64,
    /// Correct responses before the window.
    pub warmup_responses: u64,
    /// Errors before the window.
    pub warmup_errors: u64,
    /// The window.
    pub seconds: Vec<Second>,
}

impl Tally {
    /// Makes room for the seconds of the window.
    pub fn make_room(&mut self, seconds: usize) {
        if self.seconds.len() < seconds {
            self.seconds.resize_with(seconds, Second::default);
        }
    }

    /// A request of the window is due.
    #[inline]
    pub fn intend(&mut self, intended: Nanos, window: &Window) {
        self.intended += 1;
        self.seconds[window.second_of(intended)].intended += 1;
    }

    /// A correct response is whole.
    #[inline]
    pub fn answer(&mut self, request: &Request, answer: &Answer, Done { at: done, is_stamped }: Done, window: &Window) {
        if window.holds(done) {
            self.completed_in_window += 1;
            self.seconds[window.second_of(done)].completed += 1;
        } else if done < window.start {
            self.warmup_responses += 1;
        }
        if request.in_window {
            self.answered += 1;
            self.stamped += u64::from(is_stamped);
            self.body_bytes += answer.body_bytes;
            let response = done - request.intended;
            self.response.record(response);
            let second = &mut self.seconds[window.second_of(request.intended)];
            second.response_slots[slot_of(recorded_microseconds(response))] += 1;
            self.service.record(done - request.sent);
            if let Some(held) = answer.held {
                self.beyond_held.record((done - request.sent).saturating_sub(held));
            }
            self.send_delay.record(request.sent - request.intended);
            if request.waited_since != NEVER {
                self.connection_wait.record(request.sent.saturating_sub(request.waited_since));
            }
        }
    }

    /// A request has failed.
    pub fn fail(&mut self, kind: ErrorKind, request: &Request, now: Nanos, window: &Window) {
        if window.holds(now) {
            self.seconds[window.second_of(now)].errors += 1;
        } else if now < window.start {
            self.warmup_errors += 1;
        }
        if request.in_window {
            *kind.counter(&mut self.errors) += 1;
            if let Some(detail) = kind.detail(&mut self.error_details) {
                *detail += 1;
            }
            self.error_time.record(now - request.intended);
        }
    }

    /// A request of the window is without answer at the end of the drain.
    pub fn censor(&mut self, intended: Nanos, now: Nanos) {
        self.censored += 1;
        self.censored_response.record_at_least(now.saturating_sub(intended));
    }

    /// A request that was on its way from `sent` to `until`.
    #[inline]
    pub fn was_in_flight(&mut self, sent: Nanos, until: Nanos, window: &Window) {
        self.in_flight_area += u128::from(window.overlap(sent, until));
    }

    /// Notes how many requests are in flight.
    #[inline]
    pub fn note_in_flight(&mut self, now: Nanos, in_flight: u64, window: &Window) {
        if window.holds(now) {
            let second = &mut self.seconds[window.second_of(now)];
            second.in_flight = second.in_flight.max(in_flight);
        }
    }

    /// Notes how many requests are due and not sent; the last note of a second stands.
    pub fn note_backlog(&mut self, now: Nanos, backlog: u64, window: &Window) {
        if window.holds(now) {
            self.seconds[window.second_of(now)].backlog = backlog;
        }
    }
}
