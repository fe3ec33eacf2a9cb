//! Events of an epoll, taken with a deadline in nanoseconds.

use std::io;
use std::os::fd::RawFd;
use std::ptr;

use mio::Token;

use crate::clock::{self, NEVER, Nanos, SECOND};

/// What happened to one source. The same meaning as in `mio`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Event(libc::epoll_event);

impl Event {
    const NONE: Self = Self(libc::epoll_event { events: 0, u64: 0 });

    #[inline]
    fn has(&self, flags: libc::c_int) -> bool {
        self.0.events & flags as u32 != 0
    }

    /// The token of the source.
    #[inline]
    pub fn token(&self) -> Token {
        Token(self.0.u64 as usize)
    }

    /// Whether bytes can be read, or the end.
    #[inline]
    pub fn is_readable(&self) -> bool {
        self.has(libc::EPOLLIN | libc::EPOLLPRI)
    }

    /// Whether bytes can be written.
    #[inline]
    pub fn is_writable(&self) -> bool {
        self.has(libc::EPOLLOUT)
    }

    /// Whether the other side sends no more.
    #[inline]
    pub fn is_read_closed(&self) -> bool {
        self.has(libc::EPOLLHUP) || self.has(libc::EPOLLIN) && self.has(libc::EPOLLRDHUP)
    }

    /// Whether the source has failed.
    #[inline]
    pub fn is_error(&self) -> bool {
        self.has(libc::EPOLLERR)
    }
}

/// The events of one wait.
pub struct Events {
    slots: Box<[Event]>,
    count: usize,
}

impl Events {
    /// Room for so many at once.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { slots: vec![Event::NONE; capacity].into_boxed_slice(), count: 0 }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// The events in the order in which the kernel gave them.
    pub fn iter(&self) -> std::slice::Iter<'_, Event> {
        self.slots[..self.count].iter()
    }

    #[inline]
    fn set(&mut self, result: libc::c_long) -> io::Result<()> {
        self.count = usize::try_from(result).unwrap_or(0);
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Takes what is there, or waits until something is.
    #[inline]
    pub fn take(&mut self, poll: RawFd, is_at_once: bool) -> io::Result<()> {
        let timeout = if is_at_once { 0 } else { -1 };
        // SAFETY: the slots are as many as told, and have the layout of the kernel's.
        let result =
            unsafe { libc::epoll_wait(poll, self.slots.as_mut_ptr().cast(), self.slots.len() as libc::c_int, timeout) };
        self.set(result.into())
    }

    /// Waits until something is there, or the deadline is.
    #[inline]
    pub fn wait_until(&mut self, poll: RawFd, deadline: Nanos) -> io::Result<()> {
        // The timeout counts from the call: an older reading of the clock would make it late.
        let left = deadline.saturating_sub(clock::now());
        let timeout =
            libc::timespec { tv_sec: (left / SECOND) as libc::time_t, tv_nsec: (left % SECOND) as libc::c_long };
        let timeout = if deadline == NEVER { ptr::null() } else { &raw const timeout };
        let result = epoll_pwait2(poll, &mut self.slots, timeout);
        self.set(result)
    }
}

impl<'a> IntoIterator for &'a Events {
    type Item = &'a Event;
    type IntoIter = std::slice::Iter<'a, Event>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[inline]
fn epoll_pwait2(poll: RawFd, slots: &mut [Event], timeout: *const libc::timespec) -> libc::c_long {
    // SAFETY: the slots are as many as told, and have the layout of the kernel's; the timeout is null or lives through the call. Called by its
    // number, because older C libraries have no name for it.
    unsafe {
        libc::syscall(
            libc::SYS_epoll_pwait2,
            poll,
            slots.as_mut_ptr(),
            slots.len() as libc::c_int,
            timeout,
            ptr::null::<libc::sigset_t>(),
            size_of::<u64>(),
        )
    }
}

/// Whether the kernel has `epoll_pwait2` and nothing (a container's filter) refuses it: tried on a descriptor that is none.
pub fn is_granted() -> bool {
    let timeout = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let result = epoll_pwait2(-1, &mut [Event::NONE], &raw const timeout);
    result < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EBADF)
}
