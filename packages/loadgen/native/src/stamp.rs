//! When bytes arrived: the kernel's own time of the last of them.
//!
//! `SO_TIMESTAMPNS` on a TCP socket tells with each read when the last of the bytes read came from the network (from the other end, on one
//! host). Whoever reads later than that, because he slept or did something else, does not move the time by it. The stamps are of
//! `CLOCK_REALTIME`, which somebody may set; both clocks run at one rate, so that their distance changes only then.

use std::io;

use mio::net::TcpStream;

use crate::clock::{self, MICROSECOND, Nanos};

/// Clocks this far apart from where they were have been set.
const TOLERANCE: i64 = 5 * MICROSECOND as i64;
/// Two readings of a clock this close together have nothing in between.
const CLOSE: Nanos = 2 * MICROSECOND;
/// Attempts at two close readings.
const ATTEMPTS: u32 = 16;

/// When an answer was whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// The instant.
    pub at: Nanos,
    /// Whether it is the kernel's; else the end of the read that brought the last bytes.
    pub is_stamped: bool,
}

/// Translates stamps into instants of the one clock.
#[derive(Debug)]
pub struct StampClock {
    /// `CLOCK_REALTIME` minus `CLOCK_MONOTONIC`.
    distance: i64,
    /// When a clock was last found set: what was sent before may have been stamped before.
    trusted_since: Nanos,
}

impl Default for StampClock {
    /// The distance of the clocks as it is now.
    fn default() -> Self {
        let (distance, _) = distance(&mut readings);
        Self { distance, trusted_since: 0 }
    }
}

impl StampClock {
    /// The instant of a stamp on bytes that came after `sent` and were read just before `now`; none where it cannot be trusted.
    #[inline]
    pub fn instant(&mut self, stamp: Nanos, sent: Nanos, now: Nanos) -> Option<Nanos> {
        self.settle(clock::real() as i64 - now as i64, &mut readings);
        self.translate(stamp, sent, now)
    }

    /// Learns from the distance just read, which may be too large by whatever came between its two readings.
    #[inline]
    fn settle(&mut self, distance_read: i64, readings: &mut dyn FnMut() -> (Nanos, Nanos, Nanos)) {
        if (distance_read - self.distance).abs() > TOLERANCE {
            let (distance, now) = distance(readings);
            if (distance - self.distance).abs() > TOLERANCE {
                self.distance = distance;
                self.trusted_since = now;
            }
        }
    }

    #[inline]
    fn translate(&self, stamp: Nanos, sent: Nanos, now: Nanos) -> Option<Nanos> {
        let at = stamp as i64 - self.distance;
        let is_possible = at + TOLERANCE >= sent as i64 && at - TOLERANCE <= now as i64;
        (is_possible && sent >= self.trusted_since).then(|| (at.max(0) as Nanos).clamp(sent, now))
    }
}

/// The one clock, the other, and the one clock again.
fn readings() -> (Nanos, Nanos, Nanos) {
    (clock::now(), clock::real(), clock::now())
}

/// The distance of the clocks, and when it was read.
#[cold]
fn distance(readings: &mut dyn FnMut() -> (Nanos, Nanos, Nanos)) -> (i64, Nanos) {
    let mut best = (i64::MAX, 0, 0);
    for _ in 0..ATTEMPTS {
        let (before, real, after) = readings();
        let between = (after - before) as i64;
        if between < best.0 {
            best = (between, real as i64 - (before as i64 + between / 2), after);
        }
        if between <= CLOSE as i64 {
            break;
        }
    }
    (best.1, best.2)
}

/// Asks for stamps on what a connection receives. Whether they are granted.
#[cfg(target_os = "linux")]
pub fn ask(stream: &TcpStream) -> bool {
    use std::os::fd::AsRawFd;

    let yes: libc::c_int = 1;
    // SAFETY: the option is read during the call only.
    let result = unsafe {
        let length = size_of::<libc::c_int>() as libc::socklen_t;
        let option = (&raw const yes).cast();
        libc::setsockopt(stream.as_raw_fd(), libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, option, length)
    };
    result == 0
}

/// Asks for stamps on what a connection receives. Whether they are granted.
#[cfg(not(target_os = "linux"))]
pub fn ask(_stream: &TcpStream) -> bool {
    false
}

/// Reads what has come, with the stamp of its last bytes.
#[cfg(target_os = "linux")]
#[inline]
pub fn read(stream: &mut TcpStream, into: &mut [u8]) -> io::Result<(usize, Option<Nanos>)> {
    use std::mem::{MaybeUninit, zeroed};
    use std::os::fd::AsRawFd;

    /// Room for one stamp, aligned as a control message must be.
    #[repr(align(8))]
    struct Control([MaybeUninit<u8>; 64]);

    let mut control = Control([MaybeUninit::uninit(); 64]);
    let mut part = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    // SAFETY: the message points to a buffer, a list of one buffer and room for control messages, all of which live through the calls. The
    // kernel says how much of that room it has filled, and the walk over it stays within; a stamp is read from where its message lies, which
    // need not be aligned for it.
    unsafe {
        let mut message: libc::msghdr = zeroed();
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = control.0.len() as _;
        let count = libc::recvmsg(stream.as_raw_fd(), &raw mut message, 0);
        if count < 0 {
            return Err(io::Error::last_os_error());
        }
        let mut stamp = None;
        let mut header = libc::CMSG_FIRSTHDR(&raw const message);
        while !header.is_null() {
            if (*header).cmsg_level == libc::SOL_SOCKET && (*header).cmsg_type == libc::SCM_TIMESTAMPNS {
                let time = libc::CMSG_DATA(header).cast::<libc::timespec>().read_unaligned();
                stamp = Some(time.tv_sec as Nanos * clock::SECOND + time.tv_nsec as Nanos);
            }
            header = libc::CMSG_NXTHDR(&raw const message, header);
        }
        Ok((count as usize, stamp))
    }
}

/// Reads what has come.
#[cfg(not(target_os = "linux"))]
pub fn read(stream: &mut TcpStream, into: &mut [u8]) -> io::Result<(usize, Option<Nanos>)> {
    use std::io::Read;

    stream.read(into).map(|count| (count, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{MILLISECOND, SECOND};

    /// Monotonic time at which the clocks of these tests are read.
    const NOW: Nanos = 100 * SECOND;

    /// Readings of clocks this far apart.
    fn apart(distance: i64) -> impl FnMut() -> (Nanos, Nanos, Nanos) {
        move || (NOW, (NOW as i64 + distance) as Nanos, NOW)
    }

    #[test]
    fn a_stamp_becomes_an_instant_between_its_request_and_its_reading() {
        let clock = StampClock { distance: 7 * SECOND as i64, trusted_since: 0 };
        let sent = NOW - MILLISECOND;
        let translate = |at: Nanos| clock.translate(at + 7 * SECOND, sent, NOW);
        assert_eq!(translate(NOW - 300), Some(NOW - 300));
        // Within what the readings of two clocks may differ by.
        assert_eq!(translate(sent - 1_000), Some(sent));
        assert_eq!(translate(NOW + 1_000), Some(NOW));
        // Bytes from before the request, and from the future: a clock that cannot be believed.
        assert_eq!(translate(sent - MILLISECOND), None);
        assert_eq!(translate(NOW + MILLISECOND), None);
    }

    #[test]
    fn a_clock_that_was_set_is_noticed_and_what_was_stamped_before_is_not_trusted() {
        for step in [SECOND as i64, -(SECOND as i64), 20 * MICROSECOND as i64] {
            let was = 7 * SECOND as i64;
            let mut clock = StampClock { distance: was, trusted_since: 0 };
            clock.settle(was + step, &mut apart(was + step));
            assert_eq!((clock.distance, clock.trusted_since), (was + step, NOW));
            let stamp = |at: Nanos| (at as i64 + was + step) as Nanos;
            assert_eq!(clock.translate(stamp(NOW + 50), NOW - 1, NOW + 60), None, "sent before the step");
            assert_eq!(clock.translate(stamp(NOW + 50), NOW + 40, NOW + 60), Some(NOW + 50));
        }
    }

    #[test]
    fn a_pause_between_two_readings_is_no_clock_that_was_set() {
        let was = 7 * SECOND as i64;
        let mut clock = StampClock { distance: was, trusted_since: 0 };
        // The pause came between the loop's two readings only.
        clock.settle(was + MILLISECOND as i64, &mut apart(was));
        assert_eq!((clock.distance, clock.trusted_since), (was, 0));
        // Pauses come again, and once there is none.
        let mut calm = [false, false, true].into_iter();
        clock.settle(was + MILLISECOND as i64, &mut || {
            let pause = if calm.next().unwrap() { 0 } else { MILLISECOND };
            (NOW, (NOW + pause) + was as Nanos, NOW + pause)
        });
        assert_eq!((clock.distance, clock.trusted_since), (was, 0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn bytes_read_late_are_stamped_when_they_came() {
        use std::io::Write;
        use std::net::TcpListener;

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut far, _) = listener.accept().unwrap();
        let mut near = TcpStream::from_std(near);
        assert!(ask(&near));
        let mut clock = StampClock::default();
        let mut piece = [0; 64];
        // The kernel begins to stamp a moment after it was asked.
        for _ in 0..100 {
            let sent = clock::now();
            far.write_all(b"first").unwrap();
            far.write_all(b"last").unwrap();
            let written = clock::now();
            std::thread::sleep(std::time::Duration::from_nanos(5 * MILLISECOND));
            let (count, stamp) = read(&mut near, &mut piece).unwrap();
            let now = clock::now();
            assert_eq!(&piece[..count], b"firstlast");
            if let Some(at) = stamp.and_then(|stamp| clock.instant(stamp, sent, now)) {
                assert!(at >= sent && at <= written + TOLERANCE as Nanos, "{at} of {sent} to {written}, read at {now}");
                return;
            }
        }
        panic!("no stamp came");
    }
}
