//! One request that fails, and the connection that ends with it.

use super::class::Loop;
use super::closed_loop::backoff;
use super::connection::State;
use super::errors::{ErrorKind, Progress};
use super::worker::Worker;
use crate::clock::{NEVER, Nanos};

impl Worker {
    /// Whether the response that a connection waits for has begun.
    pub(super) fn progress_of(&self, index: usize) -> Progress {
        if self.connections[index].reader.has_begun() { Progress::Begun } else { Progress::None }
    }

    /// The connection is gone: an error of the request on it, if there is one.
    pub(super) fn lose(&mut self, index: usize, now: Nanos, kind: ErrorKind) {
        if self.connections[index].request.is_some() {
            self.fail(index, now, kind);
        } else {
            self.close(index);
        }
    }

    /// The request of a connection has failed, or the opening of one without request. The connection is closed.
    pub(super) fn fail(&mut self, index: usize, now: Nanos, kind: ErrorKind) {
        self.settle_end(now);
        self.close(index);
        let connection = &mut self.connections[index];
        connection.failures = connection.failures.saturating_add(1);
        let again = now + backoff(connection.failures);
        let class = &mut self.classes[connection.class];
        if let Some(request) = connection.request.take() {
            if request.sent != 0 {
                class.in_flight -= 1;
                class.tally.was_in_flight(request.sent, now, &self.window);
            }
            class.tally.fail(kind, &request, now, &self.window);
            self.outstanding -= u64::from(request.in_window);
        }
        match &mut class.arrivals {
            Loop::Open(open) => open.free.push_back(index),
            // While the connections are opened nobody has entered yet: the user asks again when its time comes.
            Loop::Closed(_) if self.phases.begun() == NEVER => {}
            Loop::Closed(closed) => {
                let again = again.max(now + closed.think());
                self.entries.push(std::cmp::Reverse((again, index)));
                self.next_due = self.next_due.min(again);
                self.judge_ramp(index, now.saturating_sub(self.phases.begun()));
            }
        }
    }

    /// Closes a connection; the request on it, if there is one, is not touched.
    pub(super) fn close(&mut self, index: usize) {
        let connection = &mut self.connections[index];
        match connection.state {
            State::Open => self.classes[connection.class].open -= 1,
            State::Connecting => self.connecting -= 1,
            State::Closed => {}
        }
        connection.state = State::Closed;
        connection.stream = None;
        connection.partly_written = None;
        connection.reader.reset();
        if let Some(bucket) = &mut connection.bucket {
            bucket.close();
        }
        self.in_flight.end(index);
    }
}
