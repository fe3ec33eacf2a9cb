//! A bell that ends the waits of all pollers that heed it, rung from any thread.
//!
//! On Linux it is one eventfd in every poll: threads with descriptor tables of their own keep it under the same number, which a waker made in
//! one table and called from another would not have.

use std::io;

use mio::Registry;

use super::BELL;

#[cfg(target_os = "linux")]
pub use linux::Bell;
#[cfg(not(target_os = "linux"))]
pub use other::Bell;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

    use mio::Interest;
    use mio::unix::SourceFd;

    use super::{BELL, Registry, io};

    /// The bell. It is never read: each ring is an edge of its own.
    pub struct Bell(OwnedFd);

    impl Bell {
        /// A bell nobody heeds yet.
        pub fn new() -> io::Result<Self> {
            // SAFETY: eventfd takes two numbers; the descriptor it gives is owned by nobody else.
            unsafe {
                let raw = libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK);
                if raw < 0 { Err(io::Error::last_os_error()) } else { Ok(Self(OwnedFd::from_raw_fd(raw))) }
            }
        }

        /// Ends the waits of all that heed it.
        pub fn ring(&self) -> io::Result<()> {
            let one = 1_u64;
            // SAFETY: the number lives through the call, which reads eight bytes of it.
            let written = unsafe { libc::write(self.0.as_raw_fd(), (&raw const one).cast(), size_of::<u64>()) };
            if written < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
        }

        /// Its descriptor: a thread that takes a table of its own must keep it.
        pub fn descriptor(&self) -> RawFd {
            self.0.as_raw_fd()
        }

        pub(in super::super) fn register(&self, registry: &Registry) -> io::Result<()> {
            registry.register(&mut SourceFd(&self.0.as_raw_fd()), BELL, Interest::READABLE)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use std::sync::Mutex;

    use mio::Waker;

    use super::{BELL, Registry, io};

    /// The bell: a waker for each that heeds it.
    #[derive(Default)]
    pub struct Bell(Mutex<Vec<Waker>>);

    impl Bell {
        /// A bell nobody heeds yet.
        pub fn new() -> io::Result<Self> {
            Ok(Self::default())
        }

        /// Ends the waits of all that heed it.
        pub fn ring(&self) -> io::Result<()> {
            self.0.lock().expect("no thread panics while it rings").iter().try_for_each(Waker::wake)
        }

        /// No descriptor of its own.
        pub fn descriptor(&self) -> i32 {
            -1
        }

        pub(in super::super) fn register(&self, registry: &Registry) -> io::Result<()> {
            let waker = Waker::new(registry, BELL)?;
            self.0.lock().expect("no thread panics while it rings").push(waker);
            Ok(())
        }
    }
}
