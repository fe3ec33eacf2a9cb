//! What this process has used so far: processor time and memory.

use std::mem::MaybeUninit;
use std::ops::{Add, Sub};

/// Processor time in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CpuTime {
    /// In user code.
    pub user: f64,
    /// In the kernel, on behalf of this process.
    pub system: f64,
}

impl Add for CpuTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { user: self.user + other.user, system: self.system + other.system }
    }
}

impl Sub for CpuTime {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        // The kernel splits an exact sum into user and system by sampled ticks, so that a part may step back a little.
        Self { user: (self.user - other.user).max(0.0), system: (self.system - other.system).max(0.0) }
    }
}

fn read(who: libc::c_int) -> libc::rusage {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: getrusage fills the structure; a zeroed one is valid too, should it refuse.
    unsafe {
        libc::getrusage(who, usage.as_mut_ptr());
        usage.assume_init()
    }
}

fn cpu_time(who: libc::c_int) -> CpuTime {
    let usage = read(who);
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    CpuTime { user: seconds(usage.ru_utime), system: seconds(usage.ru_stime) }
}

/// Processor time of the calling thread; on systems that cannot tell, of the whole process, counted by the first thread only.
pub fn thread_cpu_time(is_first: bool) -> CpuTime {
    if cfg!(target_os = "linux") {
        #[cfg(target_os = "linux")]
        return cpu_time(libc::RUSAGE_THREAD);
    }
    if is_first { cpu_time(libc::RUSAGE_SELF) } else { CpuTime::default() }
}

/// Largest resident set of this process so far, bytes.
pub fn maximum_rss_bytes() -> u64 {
    resident_high_water().unwrap_or_else(|| {
        let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
        read(libc::RUSAGE_SELF).ru_maxrss as u64 * unit
    })
}

/// Linux carries the figure of getrusage over from the process that started this one; that of `/proc` is this program's own.
fn resident_high_water() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix("kB")?;
    Some(kibibytes.trim_end().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows_as_processor_time() {
        let before = thread_cpu_time(true);
        crate::spin::checksum(20_000_000);
        let used = thread_cpu_time(true) - before;
        assert!(used.user + used.system > 0.0);
    }

    #[test]
    fn the_largest_resident_set_grows_with_what_is_touched() {
        let before = maximum_rss_bytes();
        assert!(before > 100_000);
        let touched = std::hint::black_box(vec![1_u8; 64 << 20]);
        assert!(maximum_rss_bytes() >= before.max(touched.len() as u64));
    }
}
