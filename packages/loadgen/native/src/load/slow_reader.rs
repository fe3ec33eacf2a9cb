//! Connections that read slowly: a small receive buffer, and no more bytes than a token bucket grants (method, section 19, items 17 and 18).
//!
//! The poll is edge-triggered: bytes left unread give no second event, so that a slow reader comes back by the loop's own clock.

use std::cmp::Reverse;
use std::io::{ErrorKind as IoKind, Read};

use super::connection::State;
use super::errors::ErrorKind;
use super::worker::Worker;
use crate::clock::{self, MILLISECOND, Nanos, SECOND};
use crate::job::Reader;

/// What a reader takes at once is worth this long: a longer time is less even, a shorter one wakes the loop more often.
const TURN: Nanos = 20 * MILLISECOND;

/// The bucket of one connection. It holds at most two turns, so that a late wake-up costs nothing; over any span a connection reads no more than
/// rate times span and these.
#[derive(Debug)]
pub struct Bucket {
    rate: u64,
    /// Bytes of a turn.
    turn: u64,
    /// When it was empty, or would have been.
    empty_at: Nanos,
    /// Whether the loop comes back to it by the clock.
    is_awaited: bool,
    /// Whether the server has ended the connection.
    is_ending: bool,
    /// Bytes read in the window, and in all phases: head and framing included.
    pub read: (u64, u64),
}

impl From<Reader> for Bucket {
    fn from(reader: Reader) -> Self {
        let rate = reader.bytes_per_second;
        let turn = (rate * TURN / SECOND).max(1);
        Self { rate, turn, empty_at: 0, is_awaited: false, is_ending: false, read: (0, 0) }
    }
}

impl Bucket {
    /// Bytes that may be read now.
    fn available(&mut self, now: Nanos) -> usize {
        self.empty_at = self.empty_at.max(now.saturating_sub(self.time_of(2 * self.turn)));
        (u128::from(now.saturating_sub(self.empty_at)) * u128::from(self.rate) / u128::from(SECOND)) as usize
    }

    fn take(&mut self, bytes: u64) {
        self.empty_at += self.time_of(bytes);
    }

    /// When a turn's bytes are there.
    fn ready_at(&self) -> Nanos {
        self.empty_at + self.time_of(self.turn)
    }

    /// Rounded up: what is read is never dearer than what was granted.
    fn time_of(&self, bytes: u64) -> Nanos {
        (u128::from(bytes) * u128::from(SECOND)).div_ceil(u128::from(self.rate)) as Nanos
    }

    /// The connection is replaced.
    pub fn close(&mut self) {
        self.is_ending = false;
    }
}

impl Worker {
    /// Reads what the bucket grants; what is left waits for the next turn.
    pub(super) fn receive_slowly(&mut self, index: usize, is_ending: bool, mut now: Nanos) -> Nanos {
        loop {
            let connection = &mut self.connections[index];
            let (Some(bucket), Some(stream)) = (&mut connection.bucket, &mut connection.stream) else { return now };
            bucket.is_ending |= is_ending;
            if bucket.is_awaited {
                return now;
            }
            let most = bucket.available(now).min(self.piece.len());
            if most == 0 {
                bucket.is_awaited = true;
                let at = bucket.ready_at();
                self.turns.push(Reverse((at, index)));
                self.next_due = self.next_due.min(at);
                return now;
            }
            let (result, is_ending) = (stream.read(&mut self.piece[..most]), bucket.is_ending);
            now = clock::now();
            let count = match result {
                Ok(0) => {
                    self.lose(index, now, ErrorKind::Closed(self.progress_of(index)));
                    return now;
                }
                Ok(count) => count,
                Err(error) if error.kind() == IoKind::WouldBlock => return now,
                Err(error) if error.kind() == IoKind::Interrupted => continue,
                Err(_) => {
                    self.lose(index, now, ErrorKind::Reset(self.progress_of(index)));
                    return now;
                }
            };
            bucket.take(count as u64);
            bucket.read.0 += if self.window.holds(now) { count as u64 } else { 0 };
            bucket.read.1 += count as u64;
            if !self.digest(index, count, most, is_ending, None, now) {
                return now;
            }
        }
    }

    /// Slow readers whose turn has come.
    pub(super) fn take_turns(&mut self, now: Nanos) {
        while let Some(&Reverse((at, index))) = self.turns.peek()
            && at <= now
        {
            self.turns.pop();
            let connection = &mut self.connections[index];
            if let Some(bucket) = &mut connection.bucket {
                bucket.is_awaited = false;
            }
            if connection.state == State::Open {
                self.receive_slowly(index, false, now);
                self.pump(self.connections[index].class);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn what_is_read_keeps_the_rate_whatever_the_pieces_and_however_late_within_a_turn() {
        let mut random = Random::new(6, &[]);
        for rate in [1, 49, 1_000, 65_536, 12_345_678, 1 << 30] {
            let mut bucket = Bucket::from(Reader { receive_buffer_bytes: 4096, bytes_per_second: rate });
            let begun = 5 * SECOND;
            let (mut now, mut read) = (begun, 0);
            while now < begun + 30 * SECOND {
                let granted = bucket.available(now);
                if granted > 0 {
                    // A full socket: all that is granted, in pieces.
                    let piece = (granted as u64).min(1 + random.bits() % 70_000);
                    bucket.take(piece);
                    read += piece;
                } else {
                    let at = bucket.ready_at();
                    assert!(at > now && bucket.available(at) as u64 >= bucket.turn);
                    now = at + random.bits() % TURN;
                }
                let most =
                    u128::from(now - begun) * u128::from(rate) / u128::from(SECOND) + 2 * u128::from(bucket.turn);
                assert!(u128::from(read) <= most, "rate {rate}: {read} of {most}");
            }
            let least = u128::from(now - begun) * u128::from(rate) / u128::from(SECOND);
            assert!(u128::from(read) + 3 * u128::from(bucket.turn) >= least, "rate {rate}: {read} of {least}");
        }
    }
}
