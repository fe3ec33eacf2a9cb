//! The load generator: one thread for each core, phases shared, one result.
//!
//! A request belongs to the window in which its *intended* start falls. Response time is done minus intended, service time done minus sent,
//! send delay sent minus intended. Nothing is back-filled, and nothing is dropped: what is not answered is an error or censored.

mod assignment;
mod class;
mod closed_loop;
pub mod command;
mod connection;
mod dial;
mod due;
mod errors;
mod failing;
mod gates;
mod headroom;
mod in_flight;
mod interruption;
mod kernel;
mod linger;
mod meters;
mod open_loop;
mod outcome;
mod phases;
mod slow_reader;
mod tally;
#[cfg(test)]
mod tests;
mod traffic;
mod window;
mod worker;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::affinity;
use crate::clock::{self, nanos};
use crate::failure::Failure;
use crate::job::{LoadJob, Pacing};
use crate::poller::Bell;
use crate::random::Random;
use crate::result::LoadResult;
use crate::schedule::Share;
use assignment::Assignment;
use class::Class;
use connection::Connection;
use gates::Around;
use headroom::Headroom;
use phases::{Message, Phases};
use worker::Report;

/// Random stream of the body sample; the schedules use their class's number.
const SAMPLE_STREAM: u64 = u64::MAX;

/// What is told while the load is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Warm-up is over.
    Warm,
    /// The window is over; the drain goes on.
    WindowEnd,
}

/// Asks for the window, or for its end.
#[derive(Clone)]
pub struct Remote(Arc<Phases>);

impl Remote {
    /// The window begins at once, or as soon as warm-up is over. Without effect where the job has no handshake.
    pub fn measure(&self) {
        self.0.measure(clock::now());
    }

    /// The window ends at once, what is in flight gets a second, and the result is of what was measured until then. Fails the load with
    /// `E_STOPPED` where the window has not begun.
    pub fn stop(&self) {
        self.0.stop(clock::now());
    }
}

/// A job ready to be driven.
pub struct Load {
    job: LoadJob,
    threads: Vec<Assignment>,
    tables: usize,
    phases: Arc<Phases>,
    messages: Receiver<Message>,
    headroom: Headroom,
}

impl Load {
    /// Makes schedules, and room for the descriptors. The calling thread, and what it starts, is confined to the job's cores.
    pub fn prepare(job: LoadJob) -> Result<Self, Failure> {
        if job.classes.iter().any(|class| class.reader.is_some()) && !dial::CAN_DIAL_WITH {
            let what = "this system cannot give a connection a receive buffer before it is asked for";
            return Err(Failure::environment("E_READER", what, "drive slow readers on Linux"));
        }
        let connections: u64 = job.classes.iter().map(|class| u64::from(class.arrivals.connections())).sum();
        let (headroom, tables) = headroom::make_room(&job)?;
        affinity::confine(&job.cores).map_err(|error| {
            Failure::environment(
                "E_CORE",
                format!("cores {:?} cannot be used: {error}", job.cores),
                "give cores this process may use (taskset -p $$ shows them)",
            )
        })?;
        let cores = job.cores.len().max(1);
        // Where one thread a core has too few descriptors each core is shared by as many as are needed.
        let threads = (cores * tables.div_ceil(cores)).min(connections as usize);
        let (sender, messages) = channel();
        let bell = Bell::new().map_err(|error| Failure::system("eventfd", &error))?;
        let phases = Arc::new(Phases::new(&job, threads, sender, bell));
        let assign = |index| assignment(&job, threads, index, tables > 1, Arc::clone(&phases));
        let threads = (0..threads).map(assign).collect();
        Ok(Self { job, threads, tables, phases, messages, headroom })
    }

    /// A handle that asks for the window.
    pub fn remote(&self) -> Remote {
        Remote(Arc::clone(&self.phases))
    }

    /// Drives the load to its end.
    pub fn drive(self, mut tell: impl FnMut(Event)) -> Result<LoadResult, Failure> {
        let Self { job, threads, tables, phases, messages, headroom } = self;
        let (mut first, mut last) = (None, None);
        let server = SocketAddr::new(job.address.host, job.address.port);
        let mut not_ready = threads.len();
        // With a table of its own each thread opens what it needs itself.
        let tables = if tables > 1 { not_ready } else { 1 };
        let threads: Vec<_> = threads.into_iter().map(|assignment| thread::spawn(move || assignment.drive())).collect();
        let failure = loop {
            match messages.recv() {
                Ok(Message::Ready) => {
                    not_ready -= 1;
                    if not_ready == 0 {
                        phases.begin(clock::now());
                    }
                }
                Ok(Message::Warm) => {
                    first = kernel::read();
                    tell(Event::Warm);
                }
                Ok(Message::WindowEnd) => {
                    last = kernel::read();
                    tell(Event::WindowEnd);
                    break None;
                }
                Ok(Message::Failed(failure)) => break Some(failure),
                Err(_) => break None,
            }
        };
        let reports: Vec<Option<Report>> =
            threads.into_iter().map(|thread| thread.join().expect("a generating thread panicked")).collect();
        let late = messages.try_iter().find_map(|message| match message {
            Message::Failed(failure) => Some(failure),
            _ => None,
        });
        match (failure.or(late), reports.into_iter().collect::<Option<Vec<Report>>>()) {
            (None, Some(reports)) => {
                let around = Around { headroom, kernel: kernel::losses(first, last, server) };
                Ok(outcome::result(&job, phases.begun(), tables, &reports, &around))
            }
            (Some(failure), _) => Err(failure),
            (None, None) => unreachable!("a thread without report has told why"),
        }
    }
}

/// The part of the job that falls to one thread. Connections are dealt in turn, and each class begins where the one before ended, so that
/// classes of one connection do not all fall to the first thread.
fn assignment(job: &LoadJob, threads: usize, index: usize, has_own_table: bool, phases: Arc<Phases>) -> Assignment {
    let mut connections = Vec::new();
    let mut classes = Vec::new();
    let mut dealt = 0;
    for (position, class) in job.classes.iter().enumerate() {
        let total = class.arrivals.connections() as usize;
        let parts = threads.min(total);
        let part = (index + threads - dealt % threads) % threads;
        let own = if part < parts { (total - part).div_ceil(parts) } else { 0 };
        let range: Vec<usize> = (connections.len()..connections.len() + own).collect();
        connections.resize_with(connections.len() + own, || Connection::new(position, class.reader));
        classes.push(Class::new(job, position, Share { part, parts }, &range));
        dealt += total;
    }
    Assignment {
        index,
        core: job.cores.get(index % job.cores.len().max(1)).copied(),
        // Threads that share a core must not spin: each would keep the others from it.
        pacing: if threads > job.cores.len().max(1) { Pacing::Sleep } else { job.pacing },
        has_own_table,
        classes,
        connections,
        address: SocketAddr::new(job.address.host, job.address.port),
        sources: dial::sources(job),
        timeout: nanos(job.timeout_seconds),
        sampler: Random::new(job.seed, &[SAMPLE_STREAM, index as u64]),
        phases,
    }
}
