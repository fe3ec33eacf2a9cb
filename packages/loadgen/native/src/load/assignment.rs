//! What falls to one generating thread, and how that thread begins.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::class::Class;
use super::connection::Connection;
use super::phases::Phases;
use super::worker::{Report, Worker};
use crate::clock::Nanos;
use crate::descriptors;
use crate::failure::Failure;
use crate::job::Pacing;
use crate::poller::Poller;
use crate::random::Random;

/// What a thread is given.
pub struct Assignment {
    /// Its number.
    pub index: usize,
    /// The core to pin it to.
    pub core: Option<usize>,
    /// How it waits.
    pub pacing: Pacing,
    /// Whether it needs a descriptor table of its own.
    pub has_own_table: bool,
    /// One for each class of the job.
    pub classes: Vec<Class>,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// The server.
    pub address: SocketAddr,
    /// Addresses that connections come from, in turn; empty: what the kernel picks.
    pub sources: Vec<IpAddr>,
    /// A request unanswered for this long is an error.
    pub timeout: Nanos,
    /// Decides which bodies are compared.
    pub sampler: Random,
    /// What it shares.
    pub phases: Arc<Phases>,
}

impl Assignment {
    /// Drives the load on the calling thread; none when a thread failed.
    pub fn drive(self) -> Option<Report> {
        match self.open_poller() {
            Ok(poller) => Worker::new(self, poller).drive(),
            Err(failure) => {
                self.phases.fail(failure);
                None
            }
        }
    }

    fn open_poller(&self) -> Result<Poller, Failure> {
        let bell = &self.phases.bell;
        if self.has_own_table {
            descriptors::own_table(Some(bell.descriptor())).map_err(|error| Failure::system("unshare", &error))?;
        }
        let poller = match self.pacing {
            Pacing::Sleep => Poller::new(false),
            Pacing::EpollPwait2 => Poller::with_pwait2(),
            Pacing::Spin => Poller::new(true),
        };
        let poller = poller.map_err(|error| Failure::system("epoll_create", &error))?;
        poller.heed(bell).map_err(|error| Failure::system("epoll_ctl", &error))?;
        Ok(poller)
    }
}
