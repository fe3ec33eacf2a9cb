//! Open loop: a schedule that does not wait, and a pool of connections that serves it.

use super::class::Loop;
use super::connection::State;
use super::due::Coming;
use super::errors::ErrorKind;
use super::worker::{TICK, Worker};
use crate::clock::{self, NEVER, Nanos};
use crate::poller::Events;

/// Connections asked for at once while a pool opens: well under any listen backlog.
const OPENING_AT_ONCE: usize = 64;

impl Worker {
    /// Opens all connections, before warm-up: a server that accepts one between two requests (libuv does) would take seconds to accept those of
    /// a closed loop while it computes. A connection that cannot be had is asked for again by the request that needs it.
    pub(super) fn open_pools(&mut self, events: &mut Events) {
        let mut waiting: Vec<usize> = (0..self.connections.len()).rev().collect();
        let deadline = clock::now() + self.timeout;
        while !self.phases.is_aborted() && (self.connecting > 0 || !waiting.is_empty()) {
            let now = clock::now();
            if now >= deadline {
                self.give_up_opening(&waiting, now);
                return;
            }
            while self.connecting < OPENING_AT_ONCE
                && let Some(connection) = waiting.pop()
            {
                self.connect(connection, now);
            }
            self.poll(events, now + TICK);
        }
    }

    fn give_up_opening(&mut self, waiting: &[usize], now: Nanos) {
        for connection in 0..self.connections.len() {
            if self.connections[connection].state == State::Connecting {
                self.fail(connection, now, ErrorKind::Connect);
            }
        }
        for &connection in waiting {
            self.set_free(connection);
        }
    }

    /// Warm-up begins.
    pub(super) fn begin_schedules(&mut self, now: Nanos) {
        for class in &mut self.classes {
            if let Loop::Open(open) = &mut class.arrivals {
                open.begin(now);
            }
        }
    }

    /// Requests whose instant has come join the backlog, and leave it where a connection is free.
    pub(super) fn release_arrivals(&mut self, now: Nanos) {
        for index in 0..self.classes.len() {
            loop {
                let class = &mut self.classes[index];
                let Loop::Open(open) = &mut class.arrivals else { break };
                let intended = open.next(self.window.start);
                if intended > now || intended >= self.window.end {
                    break;
                }
                open.release(intended, now);
                if self.window.holds(intended) {
                    self.outstanding += 1;
                    class.tally.intend(intended, &self.window);
                    self.noticed(intended, now);
                }
            }
            self.pump_released(index, now);
        }
    }

    /// Sends what is due while connections are free, in the order of intended starts.
    #[inline]
    pub(super) fn pump(&mut self, index: usize) {
        self.pump_released(index, NEVER);
    }

    /// The same; those noticed just now have not waited for a connection.
    #[inline]
    fn pump_released(&mut self, index: usize, released: Nanos) {
        while let Loop::Open(open) = &mut self.classes[index].arrivals
            && let Some(&due) = open.backlog.front()
            && let Some(connection) = open.free.pop_front()
        {
            open.backlog.pop_front();
            let waited_since = if due.noticed == released { NEVER } else { due.noticed };
            self.dispatch(connection, due.intended, waited_since, clock::now());
        }
    }

    /// A connection of a pool has no request.
    #[inline]
    pub(super) fn set_free(&mut self, connection: usize) {
        let class = self.connections[connection].class;
        if let Loop::Open(open) = &mut self.classes[class].arrivals {
            open.free.push_back(connection);
        }
    }

    /// The next two intended starts of each class before the end of the window.
    pub(super) fn add_arrivals(&mut self, coming: &mut Coming) {
        for class in &mut self.classes {
            if let Loop::Open(open) = &mut class.arrivals {
                for intended in [open.next(self.window.start), open.later()] {
                    if intended < self.window.end {
                        coming.add(intended);
                    }
                }
            }
        }
    }
}
