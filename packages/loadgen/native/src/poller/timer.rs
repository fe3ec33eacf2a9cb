//! An instant as an event of a poll.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use mio::unix::SourceFd;
use mio::{Interest, Registry};

use super::TIMER;
use crate::clock::{NEVER, Nanos, SECOND};

/// A timerfd. It is never read: setting it again takes back an expiry that was not noticed.
pub struct Timer {
    descriptor: OwnedFd,
    set_to: Nanos,
}

impl Timer {
    pub fn new(registry: &Registry) -> io::Result<Self> {
        // SAFETY: timerfd_create takes two numbers; the descriptor it gives is owned by nobody else.
        let descriptor = unsafe {
            let raw = libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC | libc::TFD_NONBLOCK);
            if raw < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(raw)
        };
        registry.register(&mut SourceFd(&descriptor.as_raw_fd()), TIMER, Interest::READABLE)?;
        Ok(Self { descriptor, set_to: NEVER })
    }

    #[inline]
    pub fn set(&mut self, deadline: Nanos) -> io::Result<()> {
        if deadline == self.set_to {
            return Ok(());
        }
        let value = match deadline {
            NEVER => libc::timespec { tv_sec: 0, tv_nsec: 0 },
            _ => libc::timespec {
                tv_sec: (deadline / SECOND) as libc::time_t,
                tv_nsec: (deadline % SECOND) as libc::c_long,
            },
        };
        let setting = libc::itimerspec { it_interval: libc::timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
        // SAFETY: the descriptor is a timerfd, the setting is read during the call only, the old one is not wanted.
        let result = unsafe {
            let raw = self.descriptor.as_raw_fd();
            libc::timerfd_settime(raw, libc::TFD_TIMER_ABSTIME, &setting, std::ptr::null_mut())
        };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
        self.set_to = deadline;
        Ok(())
    }
}
