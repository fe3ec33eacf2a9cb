//! Waiting for sockets and for an instant.
//!
//! `mio` rounds a timeout up to whole milliseconds on Linux (`epoll_wait`), so an instant is awaited through a timerfd in the same poll:
//! exact to the kernel's high-resolution timers. It is set again only when the instant changes. Elsewhere `mio`'s own timeout is used, which
//! kqueue takes in nanoseconds.

use std::io;
use std::time::Duration;

use mio::event::Event;
use mio::{Events, Poll, Registry, Token, Waker};

use crate::clock::Nanos;

/// Token of wake-ups from other threads.
const WAKER: Token = Token(usize::MAX);
/// Token of the timer.
const TIMER: Token = Token(usize::MAX - 1);
/// Most events taken at once.
const MOST_EVENTS: usize = 1024;

/// A poll with a deadline.
pub struct Poller {
    poll: Poll,
    is_spinning: bool,
    #[cfg(target_os = "linux")]
    timer: timer::Timer,
}

impl Poller {
    /// A poller that sleeps until its deadline, or one that never sleeps.
    pub fn new(is_spinning: bool) -> io::Result<Self> {
        let poll = Poll::new()?;
        Ok(Self {
            #[cfg(target_os = "linux")]
            timer: timer::Timer::new(poll.registry())?,
            poll,
            is_spinning,
        })
    }

    /// Room for the events of one wait.
    pub fn events() -> Events {
        Events::with_capacity(MOST_EVENTS)
    }

    /// Wakes this poller from another thread. At most one for each poller.
    pub fn waker(&self) -> io::Result<Waker> {
        Waker::new(self.poll.registry(), WAKER)
    }

    /// Where sockets are registered.
    pub fn registry(&self) -> &Registry {
        self.poll.registry()
    }

    /// Waits for events, at most until the deadline.
    #[inline]
    pub fn wait(&mut self, events: &mut Events, now: Nanos, deadline: Nanos) -> io::Result<()> {
        let result = if self.is_spinning || deadline <= now {
            self.poll.poll(events, Some(Duration::ZERO))
        } else {
            self.sleep(events, now, deadline)
        };
        match result {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                events.clear();
                Ok(())
            }
            other => other,
        }
    }

    #[cfg(target_os = "linux")]
    #[inline]
    fn sleep(&mut self, events: &mut Events, _now: Nanos, deadline: Nanos) -> io::Result<()> {
        self.timer.set(deadline)?;
        self.poll.poll(events, None)
    }

    #[cfg(not(target_os = "linux"))]
    fn sleep(&mut self, events: &mut Events, now: Nanos, deadline: Nanos) -> io::Result<()> {
        let timeout = (deadline != crate::clock::NEVER).then(|| Duration::from_nanos(deadline - now));
        self.poll.poll(events, timeout)
    }
}

/// The token of a socket's event; none for those of the timer and of wake-ups, which have done their work by ending the wait.
#[inline]
pub fn socket_token(event: &Event) -> Option<usize> {
    let token = event.token();
    (token < TIMER).then_some(token.0)
}

#[cfg(target_os = "linux")]
mod timer {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{MICROSECOND, MILLISECOND, NEVER, now};

    #[test]
    fn a_wait_ends_at_its_deadline_and_not_before() {
        let mut poller = Poller::new(false).unwrap();
        let mut events = Poller::events();
        for span in [50 * MICROSECOND, 300 * MICROSECOND, 1_700 * MICROSECOND, 300 * MICROSECOND] {
            let deadline = now() + span;
            poller.wait(&mut events, now(), deadline).unwrap();
            assert!(now() >= deadline, "woken early for {span}");
            assert!(events.iter().all(|event| socket_token(event).is_none()));
        }
    }

    #[test]
    fn a_deadline_in_the_past_and_spinning_do_not_wait() {
        let mut events = Poller::events();
        let mut poller = Poller::new(false).unwrap();
        poller.wait(&mut events, now(), 0).unwrap();
        poller.wait(&mut events, now(), now()).unwrap();
        Poller::new(true).unwrap().wait(&mut events, now(), NEVER).unwrap();
        assert!(events.is_empty());
    }

    #[test]
    fn another_thread_can_end_a_wait_without_deadline() {
        let mut poller = Poller::new(false).unwrap();
        let waker = poller.waker().unwrap();
        let waking = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_nanos(2 * MILLISECOND));
            waker.wake().unwrap();
            waker
        });
        let mut events = Poller::events();
        poller.wait(&mut events, now(), NEVER).unwrap();
        // The waker must outlive the wait: closing it takes its event back.
        waking.join().unwrap();
        assert!(events.iter().all(|event| socket_token(event).is_none()));
    }
}
