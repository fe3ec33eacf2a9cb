//! The one clock: `CLOCK_MONOTONIC`, in nanoseconds.

/// Nanoseconds of `CLOCK_MONOTONIC`, or a span of them.
pub type Nanos = u64;

/// An instant that never comes.
pub const NEVER: Nanos = Nanos::MAX;
/// One second.
pub const SECOND: Nanos = 1_000_000_000;
/// One millisecond.
pub const MILLISECOND: Nanos = 1_000_000;
/// One microsecond.
pub const MICROSECOND: Nanos = 1_000;

/// The present instant.
#[inline]
pub fn now() -> Nanos {
    read(libc::CLOCK_MONOTONIC)
}

/// The present time of `CLOCK_REALTIME`, which can be set: only for what the kernel tells in it.
#[inline]
pub fn real() -> Nanos {
    read(libc::CLOCK_REALTIME)
}

#[inline]
fn read(clock: libc::clockid_t) -> Nanos {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec for the whole call.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec as Nanos * SECOND + time.tv_nsec as Nanos
}

/// Nanoseconds of a non-negative number of seconds, rounded.
pub fn nanos(seconds: f64) -> Nanos {
    (seconds * 1e9).round() as Nanos
}

/// Seconds of a span.
pub fn seconds(span: Nanos) -> f64 {
    span as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_goes_back() {
        let mut before = now();
        for _ in 0..10_000 {
            let after = now();
            assert!(after >= before);
            before = after;
        }
    }

    #[test]
    fn seconds_and_nanoseconds_are_one_scale() {
        assert_eq!(nanos(1.5), 1_500_000_000);
        assert_eq!(nanos(0.000_000_001), 1);
        assert!((seconds(250_000_000) - 0.25).abs() < 1e-15);
    }
}
