//! Instants as events of a poll.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use mio::unix::SourceFd;
use mio::{Interest, Registry};

use super::TIMER;
use crate::clock::{NEVER, Nanos, SECOND};

/// Two alarms, so that the instant after the next is set before the next has come.
///
/// The kernel holds its processor's timer at the earliest instant of any alarm. With one alarm that timer is set three times for each instant:
/// when the alarm is, when it has gone off (to the kernel's own tick), and again when the processor leaves its idle state. In a virtual machine
/// each setting leaves the guest. Where a later alarm is there already, it is set once: as the first goes off, to the second.
pub struct Timer {
    alarms: [Alarm; 2],
}

impl Timer {
    pub fn new(registry: &Registry) -> io::Result<Self> {
        Ok(Self { alarms: [Alarm::new(registry)?, Alarm::new(registry)?] })
    }

    /// Goes off at the deadline, and later at `then`, unless that is `NEVER`. An alarm that nobody waits for any more may go off too.
    #[inline]
    pub fn set(&mut self, deadline: Nanos, then: Nanos) -> io::Result<()> {
        self.set_both(deadline, then).map(drop)
    }

    /// The same, and waits for the deadline, or a signal.
    #[inline]
    pub fn sleep(&mut self, deadline: Nanos, then: Nanos) -> io::Result<()> {
        self.set_both(deadline, then)?.sleep()
    }

    /// Gives the alarm of the deadline.
    #[inline]
    fn set_both(&mut self, deadline: Nanos, then: Nanos) -> io::Result<&mut Alarm> {
        let [first, second] = &mut self.alarms;
        let (near, far) = if first.set_to == deadline || second.set_to != deadline && first.is_before(second) {
            (first, second)
        } else {
            (second, first)
        };
        near.set(deadline)?;
        if then > deadline && then != NEVER {
            far.set(then)?;
        }
        Ok(near)
    }
}

/// A timerfd. Setting it again takes back an expiry that was not noticed.
struct Alarm {
    descriptor: OwnedFd,
    set_to: Nanos,
}

impl Alarm {
    fn new(registry: &Registry) -> io::Result<Self> {
        // SAFETY: timerfd_create takes two numbers; the descriptor it gives is owned by nobody else.
        let descriptor = unsafe {
            let raw = libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC);
            if raw < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(raw)
        };
        registry.register(&mut SourceFd(&descriptor.as_raw_fd()), TIMER, Interest::READABLE)?;
        Ok(Self { descriptor, set_to: NEVER })
    }

    /// Whether it went off, or will, before the other one. One that is not set has nothing left to do.
    #[inline]
    fn is_before(&self, other: &Self) -> bool {
        self.set_to.wrapping_add(1) <= other.set_to.wrapping_add(1)
    }

    #[inline]
    fn set(&mut self, instant: Nanos) -> io::Result<()> {
        if instant == self.set_to {
            return Ok(());
        }
        let value = match instant {
            NEVER => libc::timespec { tv_sec: 0, tv_nsec: 0 },
            _ => libc::timespec {
                tv_sec: (instant / SECOND) as libc::time_t,
                tv_nsec: (instant % SECOND) as libc::c_long,
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
        self.set_to = instant;
        Ok(())
    }

    /// Waits until it goes off, or for a signal.
    #[inline]
    fn sleep(&mut self) -> io::Result<()> {
        let mut expiries = 0_u64;
        // SAFETY: the number lives through the call, which writes eight bytes into it.
        let count = unsafe { libc::read(self.descriptor.as_raw_fd(), (&raw mut expiries).cast(), size_of::<u64>()) };
        if count < 0 {
            return Err(io::Error::last_os_error());
        }
        // It would not go off again: whoever waits for the same instant must set it anew.
        self.set_to = NEVER;
        Ok(())
    }
}
