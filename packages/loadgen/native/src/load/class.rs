//! One request class in one thread.

use std::collections::VecDeque;

use super::tally::Tally;
use crate::clock::{NEVER, Nanos, nanos};
use crate::job::{Address, Arrivals, LoadJob, RequestClass, Think, ThinkLaw};
use crate::random::Random;
use crate::response::{Expectation, KnownHead};
use crate::schedule::{Pattern, Sequence, Share, arrivals, replay};

/// Purposes of random streams, so that none is used twice.
mod stream {
    pub const WARMUP: u64 = 1;
    pub const WINDOW: u64 = 2;
    pub const THINK: u64 = 3;
}

/// A class as one thread drives it.
#[derive(Debug)]
pub struct Class {
    /// The bytes of the request.
    pub request: Vec<u8>,
    /// What must come back.
    pub expected: Expectation,
    /// The head that came last.
    pub known: KnownHead,
    /// Share of bodies compared, of 2^64.
    pub sample: u64,
    /// When requests are due.
    pub arrivals: Loop,
    /// The counts.
    pub tally: Tally,
    /// Requests sent and not done.
    pub in_flight: u64,
    /// Connections open.
    pub open: u64,
    /// Size of the receive buffer of its connections, bytes; none: what the kernel gives.
    pub receive_buffer: Option<u32>,
    /// Whether the kernel tells when answers came. A user of a closed loop, and a slow reader, has its answer when it has read it.
    pub is_stamped: bool,
    /// The largest body so far.
    pub largest_body: Option<u64>,
}

/// When requests are due.
#[derive(Debug)]
pub enum Loop {
    /// After the answer before.
    Closed(ClosedLoop),
    /// When the schedule says so.
    Open(OpenLoop),
}

/// Users who enter one by one.
#[derive(Debug)]
pub struct ClosedLoop {
    /// Gap between entries where service times are longer.
    pub longest_gap: Nanos,
    /// Whether the entries of this thread's connections are set.
    pub has_entered: bool,
    /// Connections of this thread, with their position in the order of entry.
    pub positions: Vec<(usize, u64)>,
    /// Time between an answer and the next request.
    think: Option<(Think, Random)>,
}

impl ClosedLoop {
    /// How long a user waits before its next request.
    #[inline]
    pub fn think(&mut self) -> Nanos {
        match &mut self.think {
            None => 0,
            Some((Think { law: ThinkLaw::Constant, mean_seconds }, _)) => nanos(*mean_seconds),
            Some((Think { law: ThinkLaw::Exponential, mean_seconds }, random)) => {
                nanos(-(1.0 - random.unit()).ln() * *mean_seconds)
            }
        }
    }
}

/// A request that is due and not sent.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// Its intended start.
    pub intended: Nanos,
    /// When the loop noticed that it was due.
    pub noticed: Nanos,
}

/// A schedule, and a pool that serves it.
#[derive(Debug)]
pub struct OpenLoop {
    warmup: Sequence,
    window: Sequence,
    is_in_window: bool,
    /// Due and not sent, in the order of their intended starts.
    pub backlog: VecDeque<Due>,
    /// Connections without request, the longest unused first: a server with several processes gets work on all its connections.
    pub free: VecDeque<usize>,
    /// Most requests that are due at one instant.
    most_at_once: usize,
}

impl OpenLoop {
    /// The next intended start. `window_start` is `NEVER` until it is known: the window's own schedule begins there.
    pub fn next(&mut self, window_start: Nanos) -> Nanos {
        if !self.is_in_window && window_start != NEVER && self.warmup.peek() >= window_start {
            self.is_in_window = true;
            self.window.begin_at(window_start);
        }
        if self.is_in_window { self.window.peek() } else { self.warmup.peek() }
    }

    /// The intended start of the same phase that is later than the next, as far as it is known.
    #[inline]
    pub fn later(&self) -> Nanos {
        if self.is_in_window { self.window.peek_later() } else { self.warmup.peek_later() }
    }

    /// The next one is due: it joins the backlog.
    pub fn release(&mut self, intended: Nanos, noticed: Nanos) {
        if self.is_in_window {
            self.window.advance();
        } else {
            self.warmup.advance();
        }
        self.backlog.push_back(Due { intended, noticed });
    }

    /// Whether nothing waits for a connection, and nothing will at the next instant, whatever has come until then.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.backlog.is_empty() && self.free.len() >= self.most_at_once
    }

    /// Warm-up begins.
    pub fn begin(&mut self, at: Nanos) {
        self.warmup.begin_at(at);
    }
}

/// The bytes of a request: the headers of the class, and of the core's own those that it does not give.
fn request(class: &RequestClass, address: &Address) -> String {
    let own = [
        ("Host", format!("{}:{}", address.host, address.port)),
        ("User-Agent", "photofinish".into()),
        ("Accept", "*/*".into()),
    ];
    let is_given = |name: &str| class.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name));
    let own = own.iter().filter(|(name, _)| !is_given(name)).map(|(name, value)| (*name, value));
    let given = class.headers.iter().map(|header| (header.name.as_str(), &header.value));
    let headers: String = own.chain(given).map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("GET {} HTTP/1.1\r\n{headers}\r\n", class.path)
}

impl Class {
    /// The part of class `index` of the job that falls to one of the threads that share it.
    pub fn new(job: &LoadJob, index: usize, share: Share, connections: &[usize]) -> Self {
        let class = &job.classes[index];
        let request = request(class, &job.address);
        let arrivals = match class.arrivals {
            Arrivals::Closed { connections: users, ramp_seconds, think } => Loop::Closed(ClosedLoop {
                think: think
                    .map(|think| (think, Random::new(job.seed, &[index as u64, stream::THINK, share.part as u64]))),
                longest_gap: nanos(ramp_seconds / f64::from(users)),
                has_entered: false,
                positions: (0_u64..)
                    .zip(connections)
                    .map(|(position, &connection)| (connection, position * share.parts as u64 + share.part as u64))
                    .collect(),
            }),
            Arrivals::Open { process, rate, burst, .. } => {
                let pattern = Pattern { process, rate, burst };
                Loop::Open(OpenLoop::new(job, index as u64, pattern, share, connections.len()))
            }
            Arrivals::Replay { ref starts_seconds, repeat_seconds, .. } => {
                let longest = job.warmup.maximum_seconds.max(job.window.maximum_seconds);
                let passes = (longest / repeat_seconds).ceil().max(1.0);
                let sequence = Sequence::new(replay(starts_seconds, share), 0, nanos(repeat_seconds));
                Loop::Open(OpenLoop {
                    backlog: VecDeque::with_capacity((sequence.len() as f64 * passes) as usize + 1),
                    free: VecDeque::with_capacity(connections.len()),
                    is_in_window: false,
                    most_at_once: sequence.most_at_once(),
                    warmup: sequence.clone(),
                    window: sequence,
                })
            }
        };
        Self {
            request: request.into_bytes(),
            expected: Expectation::from(class),
            known: KnownHead::default(),
            sample: (class.body_sample * 2_f64.powi(64)) as u64,
            arrivals,
            tally: Tally::default(),
            in_flight: 0,
            open: 0,
            receive_buffer: class.reader.map(|reader| reader.receive_buffer_bytes),
            is_stamped: class.reader.is_none() && !matches!(class.arrivals, Arrivals::Closed { .. }),
            largest_body: None,
        }
    }
}

impl OpenLoop {
    fn new(job: &LoadJob, class: u64, pattern: Pattern, share: Share, connections: usize) -> Self {
        let sequence = |purpose: u64, length: Nanos| {
            let random = Random::new(job.seed, &[class, purpose]);
            arrivals(pattern, length, random, share)
        };
        // A warm-up of no length still needs a schedule: with a handshake it lasts until the harness asks for the window.
        let warmup_length = nanos(job.warmup.maximum_seconds.max(1.0));
        let warmup = Sequence::new(sequence(stream::WARMUP, warmup_length), 0, warmup_length);
        let window = Sequence::new(sequence(stream::WINDOW, nanos(job.window.maximum_seconds)), 0, NEVER);
        Self {
            // Room for all, so that nothing is allocated when a server falls behind; unused room costs no memory.
            backlog: VecDeque::with_capacity(warmup.len().max(window.len()) + 1),
            free: VecDeque::with_capacity(connections),
            is_in_window: false,
            most_at_once: warmup.most_at_once().max(window.most_at_once()),
            warmup,
            window,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SECOND;
    use crate::job::{Header, Process};

    #[test]
    fn the_arrivals_of_the_window_do_not_depend_on_the_length_of_warm_up() {
        let mut job = super::super::tests::job(80);
        job.classes[0].arrivals = Arrivals::Open { process: Process::Poisson, rate: 50.0, burst: 1, connections: 4 };
        job.window.maximum_seconds = 1.0;
        let window_arrivals = |start: Nanos| {
            let mut class = Class::new(&job, 0, Share { part: 0, parts: 1 }, &[0, 1, 2, 3]);
            let Loop::Open(open) = &mut class.arrivals else { unreachable!() };
            open.begin(SECOND);
            let mut relative = Vec::new();
            loop {
                let next = open.next(start);
                if next == NEVER {
                    return relative;
                }
                if next >= start {
                    relative.push(next - start);
                }
                open.release(next, next);
            }
        };
        let early = window_arrivals(2 * SECOND);
        assert!(early.len() > 20);
        assert_eq!(early, window_arrivals(37 * SECOND + 123));
    }

    #[test]
    fn threads_take_turns_in_the_order_of_entry() {
        let mut job = super::super::tests::job(80);
        job.classes[0].arrivals = Arrivals::Closed { connections: 5, ramp_seconds: 1.0, think: None };
        let mut entries: Vec<u64> = Vec::new();
        for (part, connections) in [(0, [0, 1, 2].as_slice()), (1, &[0, 1])] {
            let class = Class::new(&job, 0, Share { part, parts: 2 }, connections);
            let Loop::Closed(closed) = class.arrivals else { unreachable!() };
            assert_eq!(closed.longest_gap, SECOND / 5);
            entries.extend(closed.positions.iter().map(|(_, position)| position));
        }
        entries.sort_unstable();
        assert_eq!(entries, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn the_headers_of_a_class_come_with_or_instead_of_the_own() {
        let mut job = super::super::tests::job(8080);
        let plain = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: photofinish\r\nAccept: */*\r\n\r\n";
        assert_eq!(request(&job.classes[0], &job.address), plain);
        let header = |name: &str, value: &str| Header { name: name.into(), value: value.into() };
        job.classes[0].headers = vec![header("host", "shop.example"), header("X-Key", "a b")];
        let given =
            "GET / HTTP/1.1\r\nUser-Agent: photofinish\r\nAccept: */*\r\nhost: shop.example\r\nX-Key: a b\r\n\r\n";
        assert_eq!(request(&job.classes[0], &job.address), given);
    }
}
