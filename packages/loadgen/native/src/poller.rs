//! Waiting for sockets and for an instant.
//!
//! `mio` rounds a timeout up to whole milliseconds on Linux (`epoll_wait`), so there its registry is used with waits of our own: timerfds in
//! the same poll, set again only when the instant changes; or, when asked for, `epoll_pwait2`, which takes nanoseconds (Linux 5.11) and saves
//! the setting, but arms and disarms a timer at each wait. An open loop waits at least twice for one instant (for it, and for the answer
//! before), and arming is dear in a virtual machine: there the timerfds are the cheaper ones. Elsewhere `mio`'s own timeout is used, which
//! kqueue takes in nanoseconds.

use std::io;

use mio::{Poll, Registry, Token};
use serde::{Deserialize, Serialize};

use crate::clock::{NEVER, Nanos};

mod bell;
#[cfg(target_os = "linux")]
mod epoll;
#[cfg(target_os = "linux")]
mod timer;

pub use bell::Bell;
#[cfg(target_os = "linux")]
pub use epoll::{Event, Events};
#[cfg(not(target_os = "linux"))]
pub use mio::{Events, event::Event};

/// Token of the bell.
const BELL: Token = Token(usize::MAX);
/// Token of the timer.
const TIMER: Token = Token(usize::MAX - 1);
/// Most events taken at once.
const MOST_EVENTS: usize = 1024;

/// How the loop waits for an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waiting {
    /// Not at all.
    Spin,
    /// `epoll_pwait2`, whose timeout is in nanoseconds.
    EpollPwait2,
    /// `epoll_wait`, and timerfds that end it.
    Timerfd,
    /// The poll's own timeout: kqueue.
    Timeout,
}

/// A poll with a deadline.
pub struct Poller {
    poll: Poll,
    waiting: Waiting,
    /// The instant after the next deadline, as far as it is known.
    then: Nanos,
    #[cfg(target_os = "linux")]
    timer: Option<timer::Timer>,
}

impl Poller {
    /// A poller that sleeps until its deadline, or one that never sleeps.
    pub fn new(is_spinning: bool) -> io::Result<Self> {
        Self::waiting(if is_spinning { Waiting::Spin } else { sleeping() })
    }

    /// A poller that waits by `epoll_pwait2`, or as any other where that is refused.
    pub fn with_pwait2() -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if epoll::is_granted() {
            return Self::waiting(Waiting::EpollPwait2);
        }
        Self::new(false)
    }

    /// A poller that waits in this way.
    fn waiting(waiting: Waiting) -> io::Result<Self> {
        let poll = Poll::new()?;
        Ok(Self {
            #[cfg(target_os = "linux")]
            timer: (waiting == Waiting::Timerfd).then(|| timer::Timer::new(poll.registry())).transpose()?,
            poll,
            waiting,
            then: NEVER,
        })
    }

    /// How it waits.
    pub fn how(&self) -> Waiting {
        self.waiting
    }

    /// Room for the events of one wait.
    pub fn events() -> Events {
        Events::with_capacity(MOST_EVENTS)
    }

    /// From now on a ring ends this poller's wait; one that was rung before ends the next. At most one bell for each poller.
    pub fn heed(&self, bell: &Bell) -> io::Result<()> {
        bell.register(self.poll.registry())
    }

    /// Where sockets are registered.
    pub fn registry(&self) -> &Registry {
        self.poll.registry()
    }

    /// Tells which deadline comes after the next one, so that it may be prepared; `NEVER`: nobody knows.
    #[inline]
    pub fn foresee(&mut self, then: Nanos) {
        self.then = then;
    }

    /// Waits for events, at most until the deadline. `now` is a reading of the clock, perhaps not the last.
    #[inline]
    pub fn wait(&mut self, events: &mut Events, now: Nanos, deadline: Nanos) -> io::Result<()> {
        let result = self.wait_once(events, if self.waiting == Waiting::Spin { 0 } else { deadline }, now);
        match result {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                events.clear();
                Ok(())
            }
            other => other,
        }
    }

    /// Whether it can sleep whatever comes.
    #[inline]
    pub fn can_sleep(&self) -> bool {
        self.waiting == Waiting::Timerfd
    }

    /// Sleeps until the deadline, or a signal: no event ends it, nor does a bell. Only where it can.
    #[inline]
    pub fn sleep(&mut self, deadline: Nanos) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if let Some(timer) = &mut self.timer {
            return match timer.sleep(deadline, self.then) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
                other => other,
            };
        }
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("no sleep until {deadline} by {:?}", self.waiting)))
    }

    /// Takes the events there are.
    #[inline]
    pub fn take(&mut self, events: &mut Events) -> io::Result<()> {
        self.wait(events, 0, 0)
    }

    #[cfg(target_os = "linux")]
    #[inline]
    fn wait_once(&mut self, events: &mut Events, deadline: Nanos, now: Nanos) -> io::Result<()> {
        use std::os::fd::AsRawFd;

        let poll = self.poll.as_raw_fd();
        match &mut self.timer {
            _ if deadline <= now => events.take(poll, true),
            None => events.wait_until(poll, deadline),
            Some(timer) => {
                timer.set(deadline, self.then)?;
                events.take(poll, false)
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn wait_once(&mut self, events: &mut Events, deadline: Nanos, now: Nanos) -> io::Result<()> {
        use std::time::Duration;

        let left = Duration::from_nanos(deadline.saturating_sub(now));
        self.poll.poll(events, (deadline != NEVER).then_some(left))
    }
}

/// How to sleep where nothing else is asked for.
const fn sleeping() -> Waiting {
    if cfg!(target_os = "linux") { Waiting::Timerfd } else { Waiting::Timeout }
}

/// The token of a socket's event; none for those of the timer and of the bell, which have done their work by ending the wait.
#[inline]
pub fn socket_token(event: &Event) -> Option<usize> {
    let token = event.token();
    (token < TIMER).then_some(token.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{MICROSECOND, MILLISECOND, now};

    /// All ways of sleeping there are here.
    fn pollers() -> [Poller; 2] {
        [Poller::new(false).unwrap(), Poller::with_pwait2().unwrap()]
    }

    #[test]
    fn a_wait_ends_at_its_deadline_and_not_before() {
        let mut events = Poller::events();
        for mut poller in pollers() {
            for span in [50 * MICROSECOND, 300 * MICROSECOND, 1_700 * MICROSECOND, 300 * MICROSECOND] {
                let deadline = now() + span;
                poller.wait(&mut events, now(), deadline).unwrap();
                assert!(now() >= deadline, "woken early for {span} by {:?}", poller.how());
                assert!(events.iter().all(|event| socket_token(event).is_none()));
            }
        }
    }

    #[test]
    fn a_deadline_foreseen_ends_its_own_wait_and_no_earlier_one() {
        let mut events = Poller::events();
        for mut poller in pollers() {
            let start = now();
            let deadlines: Vec<Nanos> = (1..=8).map(|step| start + step * 400 * MICROSECOND).collect();
            for pair in deadlines.windows(2) {
                poller.foresee(pair[1]);
                poller.wait(&mut events, now(), pair[0]).unwrap();
                assert!(now() >= pair[0], "{:?}", poller.how());
            }
            // What was foreseen does not come: an earlier deadline does.
            let (earlier, later) = (now() + MILLISECOND, now() + 3 * MILLISECOND);
            poller.foresee(NEVER);
            while now() < earlier {
                poller.wait(&mut events, now(), earlier).unwrap();
            }
            while now() < later {
                poller.wait(&mut events, now(), later).unwrap();
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_sleep_is_ended_by_its_deadline_alone_and_what_came_meanwhile_is_there() {
        let mut poller = Poller::new(false).unwrap();
        assert!(poller.can_sleep());
        let bell = Bell::new().unwrap();
        poller.heed(&bell).unwrap();
        bell.ring().unwrap();
        let mut events = Poller::events();
        let start = now();
        for step in 1..=4 {
            let deadline = start + step * MILLISECOND;
            poller.foresee(deadline + MILLISECOND);
            poller.sleep(deadline).unwrap();
            assert!(now() >= deadline);
            // A deadline that was slept through, and one waited for otherwise, do not end the next sleep.
            poller.sleep(deadline).unwrap();
        }
        poller.take(&mut events).unwrap();
        assert!(!events.is_empty());
        assert!(!Poller::new(true).unwrap().can_sleep());
    }

    #[test]
    fn a_deadline_in_the_past_and_spinning_do_not_wait() {
        let mut events = Poller::events();
        for mut poller in pollers() {
            poller.wait(&mut events, now(), 0).unwrap();
            poller.wait(&mut events, now(), now()).unwrap();
        }
        Poller::new(true).unwrap().wait(&mut events, now(), NEVER).unwrap();
        assert!(events.is_empty());
    }

    #[test]
    fn a_bell_rung_on_another_thread_ends_the_waits_of_all_that_heed_it() {
        let bell = Bell::new().unwrap();
        std::thread::scope(|scope| {
            for mut poller in pollers() {
                poller.heed(&bell).unwrap();
                scope.spawn(move || {
                    let mut events = Poller::events();
                    poller.wait(&mut events, now(), NEVER).unwrap();
                    assert!(events.iter().all(|event| socket_token(event).is_none()));
                });
            }
            std::thread::sleep(std::time::Duration::from_nanos(2 * MILLISECOND));
            bell.ring().unwrap();
        });
    }

    #[test]
    fn a_bell_rung_before_anybody_waits_is_heard() {
        let bell = Bell::new().unwrap();
        bell.ring().unwrap();
        for mut poller in pollers() {
            poller.heed(&bell).unwrap();
            poller.wait(&mut Poller::events(), now(), NEVER).unwrap();
        }
    }
}
