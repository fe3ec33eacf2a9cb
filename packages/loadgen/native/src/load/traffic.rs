//! One request from the socket's side: connect, send, receive, done or failed.

use std::io::{ErrorKind as IoKind, Read, Write};

use mio::{Interest, Token};

use super::class::Loop;
use super::connection::State;
use super::dial::{dial, lack_of_the_machine};
use super::errors::{ErrorKind, Progress};
use super::tally::Request;
use super::worker::Worker;
use crate::clock::{self, NEVER, Nanos};
use crate::poller::Event;
use crate::response::{Answer, Flaw, Reading};
use crate::stamp::{self, Done};

/// Most pieces read from one connection in its turn.
const MOST_PIECES: u32 = 16;

impl Worker {
    /// Reads on where the last turn left bytes.
    pub(super) fn read_on(&mut self, mut now: Nanos) -> Nanos {
        for _ in 0..self.unread.len() {
            let Some((index, is_ending)) = self.unread.pop_front() else { break };
            if self.connections[index].state == State::Open {
                self.observe(now);
                now = self.receive(index, is_ending, now);
                self.pump(self.connections[index].class);
            }
        }
        now
    }

    /// Takes an event of a connection. Gives the last reading of the clock.
    #[inline]
    pub(super) fn take(&mut self, index: usize, event: &Event, now: Nanos) -> Nanos {
        let connection = &self.connections[index];
        let class = connection.class;
        let now = match connection.state {
            State::Closed => now,
            State::Connecting => self.finish_connect(index, now),
            State::Open => {
                if connection.partly_written.is_some() && event.is_writable() {
                    self.write(index, now);
                }
                let is_ending = event.is_read_closed() || event.is_error();
                if event.is_readable() || is_ending { self.receive(index, is_ending, now) } else { now }
            }
        };
        self.pump(class);
        now
    }

    /// Puts a request on a connection, which is opened first where it is not.
    #[inline]
    pub(super) fn dispatch(&mut self, index: usize, intended: Nanos, waited_since: Nanos, now: Nanos) {
        let in_window = self.window.holds(intended);
        let connection = &mut self.connections[index];
        let sample = self.classes[connection.class].sample;
        let compare = sample != 0 && self.sampler.bits() <= sample;
        connection.request = Some(Request { intended, waited_since, sent: 0, in_window, compare });
        match connection.state {
            State::Open => self.send(index),
            State::Closed => self.connect(index, now),
            State::Connecting => {}
        }
    }

    pub(super) fn connect(&mut self, index: usize, now: Nanos) {
        let source = self.sources.get(index % self.sources.len().max(1)).copied();
        let class = &mut self.classes[self.connections[index].class];
        let opened = dial(self.address, source, class.receive_buffer).and_then(|mut stream| {
            stream.set_nodelay(true)?;
            if class.is_stamped {
                class.is_stamped = stamp::ask(&stream);
            }
            let both = Interest::READABLE | Interest::WRITABLE;
            self.poller.registry().register(&mut stream, Token(index), both)?;
            Ok(stream)
        });
        match opened {
            Ok(stream) => {
                let connection = &mut self.connections[index];
                connection.stream = Some(stream);
                connection.state = State::Connecting;
                self.connecting += 1;
                self.in_flight.begin(index, now);
            }
            Err(error) => {
                if let Some(failure) = lack_of_the_machine(&error) {
                    self.phases.fail(failure);
                }
                self.fail(index, now, ErrorKind::Connect);
            }
        }
    }

    fn finish_connect(&mut self, index: usize, now: Nanos) -> Nanos {
        let connection = &mut self.connections[index];
        let Some(stream) = connection.stream.as_mut() else { return now };
        let outcome = match stream.take_error() {
            Ok(None) => stream.peer_addr().map(drop),
            Ok(Some(error)) | Err(error) => Err(error),
        };
        let outcome = match outcome {
            // An event of the connection that had this place before.
            Err(error) if error.kind() == IoKind::NotConnected => return now,
            Err(error) => Err(error),
            Ok(()) => self.poller.registry().reregister(stream, Token(index), Interest::READABLE),
        };
        let now = clock::now();
        if outcome.is_err() {
            self.fail(index, now, ErrorKind::Connect);
            return now;
        }
        connection.state = State::Open;
        self.connecting -= 1;
        self.in_flight.end(index);
        let class = &mut self.classes[connection.class];
        class.open += 1;
        class.tally.connections_opened += 1;
        class.tally.connections_high_water = class.tally.connections_high_water.max(class.open);
        if connection.request.is_some() {
            self.send(index);
        } else {
            self.set_free(index);
        }
        now
    }

    #[inline]
    fn send(&mut self, index: usize) {
        let sent = clock::now();
        let connection = &mut self.connections[index];
        let Some(request) = connection.request.as_mut() else { return };
        request.sent = sent;
        let class = &mut self.classes[connection.class];
        class.in_flight += 1;
        class.tally.sent += u64::from(request.in_window);
        if !self.is_catching_up {
            class.tally.note_in_flight(sent, class.in_flight, &self.window);
        }
        connection.partly_written = Some(0);
        self.in_flight.begin(index, sent);
        self.write(index, sent);
    }

    #[inline]
    fn write(&mut self, index: usize, now: Nanos) {
        let connection = &mut self.connections[index];
        let (Some(stream), Some(written)) = (connection.stream.as_mut(), connection.partly_written) else { return };
        let rest = &self.classes[connection.class].request[written..];
        let more = match stream.write(rest) {
            Ok(count) if count == rest.len() => {
                connection.partly_written = None;
                return;
            }
            Ok(count) => count,
            Err(error) if matches!(error.kind(), IoKind::WouldBlock | IoKind::Interrupted) => 0,
            Err(_) => return self.fail(index, now, ErrorKind::Reset(Progress::None)),
        };
        connection.partly_written = Some(written + more);
        self.alert_until = NEVER;
        let both = Interest::READABLE | Interest::WRITABLE;
        if self.poller.registry().reregister(stream, Token(index), both).is_err() {
            self.fail(index, now, ErrorKind::Reset(Progress::None));
        }
    }

    /// Reads what has come, but no more than a share: a server that never stops sending must not keep the loop from the other connections and
    /// from the clock. The poll is edge-triggered, so what is left is read in the next turn without an event.
    #[inline]
    pub(super) fn receive(&mut self, index: usize, is_ending: bool, mut now: Nanos) -> Nanos {
        if self.connections[index].bucket.is_some() {
            return self.receive_slowly(index, is_ending, now);
        }
        for _ in 0..MOST_PIECES {
            let connection = &mut self.connections[index];
            let Some(stream) = connection.stream.as_mut() else { return now };
            let result = if self.classes[connection.class].is_stamped {
                stamp::read(stream, &mut self.piece)
            } else {
                stream.read(&mut self.piece).map(|count| (count, None))
            };
            now = clock::now();
            let (count, stamp) = match result {
                Ok((0, _)) => {
                    self.lose(index, now, ErrorKind::Closed(self.progress_of(index)));
                    return now;
                }
                Ok(read) => read,
                Err(error) if error.kind() == IoKind::WouldBlock => return now,
                Err(error) if error.kind() == IoKind::Interrupted => continue,
                Err(_) => {
                    self.lose(index, now, ErrorKind::Reset(self.progress_of(index)));
                    return now;
                }
            };
            // The poll is edge-triggered: only a piece that did not fill the buffer was the last one there.
            if !self.digest(index, count, self.piece.len(), is_ending, stamp, now) {
                return now;
            }
        }
        self.unread.push_back((index, is_ending));
        now
    }

    /// Judges the bytes just read, which could have been `most`, and came when their stamp says. Whether more may be there to be read.
    #[inline]
    pub(super) fn digest(
        &mut self,
        index: usize,
        count: usize,
        most: usize,
        is_ending: bool,
        stamp: Option<Nanos>,
        now: Nanos,
    ) -> bool {
        let connection = &mut self.connections[index];
        // Bytes that nobody asked for leave the connection in an unknown state.
        let Some(request) = connection.request.filter(|request| request.sent != 0) else {
            self.classes[connection.class].tally.error_details.unasked += 1;
            self.lose(index, now, ErrorKind::Malformed(Flaw::Trailing));
            return false;
        };
        let position = connection.class;
        let class = &mut self.classes[position];
        let piece = &self.piece[..count];
        match connection.reader.take(piece, &class.expected, &mut class.known, request.compare) {
            Reading::Partial => count == most || is_ending,
            Reading::Whole(answer) => {
                let keep_alive = answer.keep_alive && !is_ending;
                let done = self.done(position, &request, stamp, now);
                self.complete(index, &request, Answer { keep_alive, ..answer }, done, now);
                false
            }
            Reading::Malformed(flaw) => {
                self.fail(index, now, ErrorKind::Malformed(flaw));
                false
            }
        }
    }

    /// The response is whole.
    #[inline]
    fn complete(&mut self, index: usize, request: &Request, answer: Answer, done: Done, now: Nanos) {
        self.settle_end(now);
        let connection = &mut self.connections[index];
        connection.request = None;
        connection.failures = 0;
        let class = &mut self.classes[connection.class];
        let tally = &mut class.tally;
        class.in_flight -= 1;
        self.in_flight.end(index);
        class.largest_body = class.largest_body.max(Some(answer.body_bytes));
        tally.was_in_flight(request.sent, done.at, &self.window);
        tally.bodies_compared += u64::from(answer.is_compared);
        match answer.mismatch {
            None => tally.answer(request, &answer, done, &self.window),
            Some(mismatch) => tally.fail(ErrorKind::Mismatch(mismatch), request, done.at, &self.window),
        }
        let progress = self.phases.progress(self.index, connection.class);
        progress.publish(tally.warmup_responses, tally.answered);
        self.outstanding -= u64::from(request.in_window);
        if self.ramps_pending > 0 {
            self.judge_ramp(index, done.at - request.sent);
        }
        if !answer.keep_alive {
            self.close(index);
        }
        let connection = &self.connections[index];
        match &mut self.classes[connection.class].arrivals {
            Loop::Open(open) => open.free.push_back(index),
            Loop::Closed(_) => self.go_on(index, done.at),
        }
    }
}
