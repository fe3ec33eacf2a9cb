//! One generating thread: its life from the opening of its connections to its report.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::assignment::Assignment;
use super::class::{Class, Loop};
use super::connection::Connection;
use super::in_flight::InFlight;
use super::meters::Meters;
use super::phases::Phases;
use super::tally::Tally;
use super::window::Window;
use crate::affinity;
use crate::clock::{self, MILLISECOND, NEVER, Nanos, SECOND};
use crate::failure::Failure;
use crate::poller::{Events, Poller, Waiting, socket_token};
use crate::random::Random;
use crate::stamp::StampClock;

/// The loop looks at the clock at least this often, so that a lag is read even where only answers wake it.
pub(super) const TICK: Nanos = 10 * MILLISECOND;
/// Largest piece read at once.
const PIECE: usize = 64 * 1024;

/// What a thread has seen when it ends.
#[derive(Debug)]
pub struct Report {
    /// The window, closed.
    pub window: Window,
    /// When its last request was answered or given up.
    pub drained: Nanos,
    /// How it waited.
    pub waiting: Waiting,
    /// Its loop.
    pub meters: Meters,
    /// One for each class of the job.
    pub tallies: Vec<Tally>,
}

/// A generating thread.
pub struct Worker {
    pub(super) index: usize,
    core: Option<usize>,
    pub(super) poller: Poller,
    pub(super) classes: Vec<Class>,
    pub(super) connections: Vec<Connection>,
    pub(super) in_flight: InFlight,
    /// When closed-loop connections enter, or enter again after an error.
    pub(super) entries: BinaryHeap<Reverse<(Nanos, usize)>>,
    /// When slow readers read again.
    pub(super) turns: BinaryHeap<Reverse<(Nanos, usize)>>,
    pub(super) piece: Box<[u8]>,
    pub(super) window: Window,
    pub(super) meters: Meters,
    pub(super) phases: Arc<Phases>,
    pub(super) address: SocketAddr,
    pub(super) sources: Vec<IpAddr>,
    pub(super) timeout: Nanos,
    pub(super) sampler: Random,
    /// Connections whose turn ended with bytes left to read, and whether the server has ended them.
    pub(super) unread: VecDeque<(usize, bool)>,
    /// Connections asked for and not there yet.
    pub(super) connecting: usize,
    /// Requests of the window that are neither answered nor given up.
    pub(super) outstanding: u64,
    /// Closed-loop classes whose connections have not been told when to enter.
    pub(super) ramps_pending: usize,
    /// The next instant at which something is due.
    pub(super) next_due: Nanos,
    /// The instant the loop waits for; something may fall due before it.
    pub(super) asked: Nanos,
    pub(super) next_tick: Nanos,
    /// The next instant at which something other than an arrival is due.
    pub(super) next_edge: Nanos,
    pub(super) stamps: StampClock,
    /// Until then every event wakes the loop.
    pub(super) alert_until: Nanos,
    /// Whether there may be answers that came before what is done now.
    pub(super) is_catching_up: bool,
    pub(super) has_window_begun: bool,
    pub(super) drain_end: Nanos,
    has_worked: bool,
    idle_since: Nanos,
}

impl Worker {
    pub(super) fn new(given: Assignment, poller: Poller) -> Self {
        let connections = given.connections.len();
        Self {
            index: given.index,
            core: given.core,
            poller,
            classes: given.classes,
            connections: given.connections,
            in_flight: InFlight::new(connections),
            entries: BinaryHeap::with_capacity(2 * connections + 1),
            turns: BinaryHeap::new(),
            piece: vec![0; PIECE].into_boxed_slice(),
            window: Window::default(),
            meters: Meters::default(),
            phases: given.phases,
            address: given.address,
            sources: given.sources,
            timeout: given.timeout,
            sampler: given.sampler,
            unread: VecDeque::new(),
            connecting: 0,
            outstanding: 0,
            ramps_pending: 0,
            next_due: NEVER,
            asked: NEVER,
            next_tick: NEVER,
            next_edge: NEVER,
            stamps: StampClock::default(),
            alert_until: 0,
            is_catching_up: false,
            has_window_begun: false,
            drain_end: NEVER,
            has_worked: true,
            idle_since: 0,
        }
    }
    /// Drives the load from the opening of the pools to the end of the drain; none when a thread failed.
    pub fn drive(mut self) -> Option<Report> {
        if let Err(failure) = self.prepare() {
            self.phases.fail(failure);
            return None;
        }
        let mut events = Poller::events();
        self.open_pools(&mut events);
        self.phases.ready();
        self.await_beginning(&mut events);
        self.begin();
        while !self.is_drained() {
            if self.phases.is_aborted() {
                return None;
            }
            let now = self.poll(&mut events, self.next_due);
            self.observe(now);
        }
        Some(self.finish())
    }

    fn prepare(&mut self) -> Result<(), Failure> {
        let cores: Vec<usize> = self.core.into_iter().collect();
        affinity::confine(&cores).map_err(|error| {
            Failure::environment(
                "E_CORE",
                format!("core {cores:?} cannot be used: {error}"),
                "give cores this process may use (taskset -p $$ shows them)",
            )
        })?;
        affinity::wake_on_time();
        self.make_room(self.phases.window_step().div_ceil(SECOND) as usize);
        Ok(())
    }

    pub(super) fn make_room(&mut self, seconds: usize) {
        self.meters.make_room(seconds);
        for class in &mut self.classes {
            class.tally.make_room(seconds);
        }
    }

    fn await_beginning(&mut self, events: &mut Events) {
        while self.phases.begun() == NEVER && !self.phases.is_aborted() {
            self.poll(events, clock::now() + TICK);
        }
    }

    fn begin(&mut self) {
        let now = self.phases.begun();
        self.begin_schedules(now);
        self.begin_ramps(now);
        self.next_tick = now + TICK;
        self.next_due = now;
    }

    /// Waits and takes what has come. What falls due in between is done in between. Gives the last reading of the clock.
    pub(super) fn poll(&mut self, events: &mut Events, until: Nanos) -> Nanos {
        if self.has_worked {
            self.has_worked = false;
            self.idle_since = clock::now();
        }
        let until = if self.unread.is_empty() { until } else { 0 };
        if self.may_linger(self.idle_since, until) {
            self.has_worked = true;
            return self.linger(events, self.idle_since, until);
        }
        if let Err(error) = self.poller.wait(events, self.idle_since, until) {
            self.phases.fail(Failure::system("epoll_wait", &error));
        }
        let mut now = clock::now();
        if !events.is_empty() || !self.unread.is_empty() || now >= self.next_due {
            self.has_worked = true;
            self.meters.waited(self.idle_since, now, &self.window);
        }
        if !self.unread.is_empty() {
            now = self.read_on(now);
        }
        for event in &*events {
            if let Some(connection) = socket_token(event) {
                self.observe(now);
                now = self.take(connection, event, now);
            }
        }
        now
    }

    fn is_drained(&self) -> bool {
        self.window.is_closed && (self.outstanding == 0 || clock::now() >= self.drain_end)
    }

    /// What is unanswered now is known only as "at least".
    fn finish(mut self) -> Report {
        let now = clock::now();
        for connection in &mut self.connections {
            if let Some(bucket) = &connection.bucket {
                self.classes[connection.class].tally.read_bytes.push(bucket.read);
            }
            let Some(request) = connection.request.take() else { continue };
            let tally = &mut self.classes[connection.class].tally;
            if request.sent != 0 {
                tally.was_in_flight(request.sent, now, &self.window);
            }
            if request.in_window {
                tally.censor(request.intended, now);
            }
        }
        for class in &mut self.classes {
            if let Loop::Open(open) = &class.arrivals {
                for due in open.backlog.iter().filter(|due| self.window.holds(due.intended)) {
                    class.tally.censor(due.intended, now);
                }
            }
        }
        Report {
            window: self.window,
            drained: now,
            waiting: self.poller.how(),
            meters: self.meters,
            tallies: self.classes.into_iter().map(|class| class.tally).collect(),
        }
    }
}
