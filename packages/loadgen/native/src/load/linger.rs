//! Letting answers lie until the next arrival.
//!
//! A light open loop would be woken twice for each request: when it is due, and when its answer comes. The second time is not needed where the
//! kernel tells when the answer came (`stamp`): the loop sleeps until the next arrival, sends, and then takes what has come since. Only where
//! nothing suffers by it: no request waits for a connection, answers are small, so that no server waits for room, and the sleep is short.

use super::class::Loop;
use super::phases::LEAD;
use super::tally::Request;
use super::worker::Worker;
use crate::clock::{self, MILLISECOND, Nanos};
use crate::failure::Failure;
use crate::poller::{Events, socket_token};
use crate::stamp::Done;

/// Longest sleep. No longer than the lead with which a window is announced: nothing wakes a loop that lets answers lie.
const LONGEST: Nanos = LEAD;
/// Largest body left unread: well below the smallest buffer a kernel gives.
const LARGEST_BODY: u64 = 16 * 1024;
/// How long the loop is woken by each event after something it had not expected.
const ALERT: Nanos = 100 * MILLISECOND;

impl Worker {
    /// Whether the loop may sleep until this instant whatever comes.
    #[inline]
    pub(super) fn may_linger(&self, now: Nanos, until: Nanos) -> bool {
        until > now
            && until - now <= LONGEST
            && self.poller.can_sleep()
            && now >= self.alert_until
            && self.connecting == 0
            && !self.window.is_closed
            && self.classes.iter().all(|class| {
                class.is_stamped
                    && class.largest_body.is_some_and(|bytes| bytes <= LARGEST_BODY)
                    && matches!(&class.arrivals, Loop::Open(open) if open.has_room())
            })
    }

    /// Sleeps, sends what is due, and takes what has come. Gives the last reading of the clock.
    pub(super) fn linger(&mut self, events: &mut Events, slept_from: Nanos, until: Nanos) -> Nanos {
        if let Err(error) = self.poller.sleep(until) {
            self.phases.fail(Failure::system("read of a timerfd", &error));
        }
        let now = clock::now();
        self.meters.waited(slept_from, now, &self.window);
        self.is_catching_up = true;
        let now = self.catch_up(events, now);
        self.is_catching_up = false;
        for class in &mut self.classes {
            class.tally.note_in_flight(now, class.in_flight, &self.window);
        }
        now
    }

    /// Arrivals go before answers, which can wait; answers go before edges of phases and timeouts, which ask what has been answered.
    fn catch_up(&mut self, events: &mut Events, mut now: Nanos) -> Nanos {
        if now < self.next_edge {
            self.observe(now);
        }
        if let Err(error) = self.poller.take(events) {
            self.phases.fail(Failure::system("epoll_wait", &error));
        }
        for event in &*events {
            if let Some(connection) = socket_token(event) {
                if now < self.next_edge {
                    self.observe(now);
                }
                now = self.take(connection, event, now);
            }
        }
        now
    }

    /// When the answer to a request was whole, whose last bytes were read just before `now`.
    #[inline]
    pub(super) fn done(&mut self, class: usize, request: &Request, stamp: Option<Nanos>, now: Nanos) -> Done {
        if self.classes[class].is_stamped {
            if let Some(at) = stamp.and_then(|stamp| self.stamps.instant(stamp, request.sent, now)) {
                return Done { at, is_stamped: true };
            }
            self.be_alert(now);
        }
        Done { at: now, is_stamped: false }
    }

    /// Something is not as it is as a rule: for a while every event wakes the loop.
    #[cold]
    pub(super) fn be_alert(&mut self, now: Nanos) {
        self.alert_until = now + ALERT;
    }
}
