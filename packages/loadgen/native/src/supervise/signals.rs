//! What wakes the supervisor: signals through a pipe, and the end of its standard input.

use std::io;
use std::mem;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicI32, Ordering};

/// Why the supervisor woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// A child has ended, the main one or an adopted one.
    ChildEnded,
    /// SIGTERM or SIGINT.
    AskedToEnd,
    /// Standard input is at its end.
    Abandoned,
}

/// Where the handler writes; one for the process, as handlers are.
static PIPE: AtomicI32 = AtomicI32::new(-1);

/// The handlers and their pipe.
pub struct Signals {
    pipe: RawFd,
}

extern "C" fn note(signal: libc::c_int) {
    // SAFETY: write is safe in a handler; errno is put back. A full pipe holds enough wake-ups already.
    unsafe {
        #[cfg(target_os = "linux")]
        let errno = libc::__errno_location();
        #[cfg(not(target_os = "linux"))]
        let errno = libc::__error();
        let before = *errno;
        let byte = signal as u8;
        libc::write(PIPE.load(Ordering::Relaxed), (&raw const byte).cast(), 1);
        *errno = before;
    }
}

impl Signals {
    /// Handles SIGCHLD, SIGTERM, SIGINT, and survives SIGHUP. Handlers, unlike ignored signals, are not inherited by the command.
    pub fn install() -> io::Result<Self> {
        let mut ends = [0; 2];
        // SAFETY: pipe fills two descriptors, fcntl takes numbers, sigaction reads a structure that is valid when zeroed.
        unsafe {
            if libc::pipe(ends.as_mut_ptr()) != 0 {
                return Err(io::Error::last_os_error());
            }
            for end in ends {
                libc::fcntl(end, libc::F_SETFD, libc::FD_CLOEXEC);
                libc::fcntl(end, libc::F_SETFL, libc::O_NONBLOCK);
            }
            PIPE.store(ends[1], Ordering::Relaxed);
            for signal in [libc::SIGCHLD, libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
                let mut action: libc::sigaction = mem::zeroed();
                action.sa_sigaction = note as extern "C" fn(libc::c_int) as usize;
                action.sa_flags = libc::SA_RESTART;
                if libc::sigaction(signal, &action, std::ptr::null_mut()) != 0 {
                    return Err(io::Error::last_os_error());
                }
            }
        }
        Ok(Self { pipe: ends[0] })
    }

    /// Sleeps until something happens.
    pub fn wait(&self) -> Wake {
        loop {
            if let Some(wake) = self.noted() {
                return wake;
            }
            let watch = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
            let mut watched = [watch(self.pipe), watch(libc::STDIN_FILENO)];
            // SAFETY: poll reads and writes the two structures.
            unsafe { libc::poll(watched.as_mut_ptr(), watched.len() as libc::nfds_t, -1) };
            if watched[1].revents != 0 && input_has_ended() {
                return Wake::Abandoned;
            }
        }
    }

    fn noted(&self) -> Option<Wake> {
        let mut signal = 0_u8;
        // SAFETY: reads one byte into a byte.
        while unsafe { libc::read(self.pipe, (&raw mut signal).cast(), 1) } == 1 {
            match libc::c_int::from(signal) {
                libc::SIGCHLD => return Some(Wake::ChildEnded),
                libc::SIGTERM | libc::SIGINT => return Some(Wake::AskedToEnd),
                _ => {}
            }
        }
        None
    }
}

/// Reads away what was written to standard input; tells whether it is over.
fn input_has_ended() -> bool {
    let mut bytes = [0_u8; 512];
    // SAFETY: reads into a buffer of the given length.
    let count = unsafe { libc::read(libc::STDIN_FILENO, bytes.as_mut_ptr().cast(), bytes.len()) };
    let is_interrupted = || {
        let kind = io::Error::last_os_error().kind();
        matches!(kind, io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
    };
    count == 0 || count < 0 && !is_interrupted()
}
