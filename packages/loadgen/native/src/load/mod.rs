//! The load generator: one thread for each core, phases shared, one result.
//!
//! A request belongs to the window in which its *intended* start falls. Response time is done minus intended, service time done minus sent,
//! send delay sent minus intended. Nothing is back-filled, and nothing is dropped: what is not answered is an error or censored.

mod class;
mod closed_loop;
pub mod command;
mod connection;
mod dial;
mod due;
mod errors;
mod gates;
mod in_flight;
mod meters;
mod open_loop;
mod outcome;
mod phases;
mod tally;
#[cfg(test)]
mod tests;
mod traffic;
mod window;
mod worker;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::clock::{self, nanos};
use crate::failure::Failure;
use crate::job::{LoadJob, Pacing};
use crate::poller::Poller;
use crate::random::Random;
use crate::result::LoadResult;
use crate::schedule::Share;
use crate::{affinity, descriptors};
use class::Class;
use connection::Connection;
use phases::{Message, Phases};
use worker::{Assignment, Report, Worker};

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

/// Asks for the window.
#[derive(Clone)]
pub struct Remote(Arc<Phases>);

impl Remote {
    /// The window begins at once, or as soon as warm-up is over. Without effect where the job has no handshake.
    pub fn measure(&self) {
        self.0.measure(clock::now());
    }
}

/// A job ready to be driven.
pub struct Load {
    job: LoadJob,
    workers: Vec<Worker>,
    phases: Arc<Phases>,
    messages: Receiver<Message>,
}

impl Load {
    /// Makes schedules and pollers, and room for the descriptors. The calling thread, and what it starts, is confined to the job's cores.
    pub fn prepare(job: LoadJob) -> Result<Self, Failure> {
        let connections: u64 = job.classes.iter().map(|class| u64::from(class.arrivals.connections())).sum();
        descriptors::make_room(connections + 8 * job.cores.len() as u64)?;
        affinity::confine(&job.cores).map_err(|error| {
            Failure::environment(
                "E_CORE",
                format!("cores {:?} cannot be used: {error}", job.cores),
                "give cores this process may use (taskset -p $$ shows them)",
            )
        })?;
        let threads = (job.cores.len().max(1) as u64).min(connections) as usize;
        let poller = || match job.pacing {
            Pacing::Sleep => Poller::new(false),
            Pacing::EpollPwait2 => Poller::with_pwait2(),
            Pacing::Spin => Poller::new(true),
        };
        let made = (0..threads).map(|_| poller()).collect::<io::Result<Vec<Poller>>>();
        let pollers = made.map_err(|error| Failure::system("epoll_create", &error))?;
        let wakers = pollers.iter().map(Poller::waker).collect::<io::Result<_>>();
        let wakers = wakers.map_err(|error| Failure::system("eventfd", &error))?;
        let (sender, messages) = channel();
        let phases = Arc::new(Phases::new(&job, threads, sender, wakers));
        let assign = |(index, poller)| Worker::from(assignment(&job, threads, index, poller, Arc::clone(&phases)));
        let workers = pollers.into_iter().enumerate().map(assign).collect();
        Ok(Self { job, workers, phases, messages })
    }

    /// A handle that asks for the window.
    pub fn remote(&self) -> Remote {
        Remote(Arc::clone(&self.phases))
    }

    /// Drives the load to its end.
    pub fn drive(self, mut tell: impl FnMut(Event)) -> Result<LoadResult, Failure> {
        let Self { job, workers, phases, messages } = self;
        let mut not_ready = workers.len();
        let threads: Vec<_> = workers.into_iter().map(|worker| thread::spawn(move || worker.drive())).collect();
        let failure = loop {
            match messages.recv() {
                Ok(Message::Ready) => {
                    not_ready -= 1;
                    if not_ready == 0 {
                        phases.begin(clock::now());
                    }
                }
                Ok(Message::Warm) => tell(Event::Warm),
                Ok(Message::WindowEnd) => {
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
            (None, Some(reports)) => Ok(outcome::result(&job, phases.begun(), &reports)),
            (Some(failure), _) => Err(failure),
            (None, None) => unreachable!("a thread without report has told why"),
        }
    }
}

/// The part of the job that falls to one thread. Connections are dealt in turn, and each class begins where the one before ended, so that
/// classes of one connection do not all fall to the first thread.
fn assignment(job: &LoadJob, threads: usize, index: usize, poller: Poller, phases: Arc<Phases>) -> Assignment {
    let mut connections = Vec::new();
    let mut classes = Vec::new();
    let mut dealt = 0;
    for (position, class) in job.classes.iter().enumerate() {
        let total = class.arrivals.connections() as usize;
        let parts = threads.min(total);
        let part = (index + threads - dealt % threads) % threads;
        let own = if part < parts { (total - part).div_ceil(parts) } else { 0 };
        let range: Vec<usize> = (connections.len()..connections.len() + own).collect();
        connections.resize_with(connections.len() + own, || Connection::new(position));
        classes.push(Class::new(job, position, Share { part, parts }, &range));
        dealt += total;
    }
    Assignment {
        index,
        core: job.cores.get(index).copied(),
        poller,
        classes,
        connections,
        address: SocketAddr::from((job.address.host, job.address.port)),
        sources: dial::sources(job),
        timeout: nanos(job.timeout_seconds),
        sampler: Random::new(job.seed, &[SAMPLE_STREAM, index as u64]),
        phases,
    }
}
