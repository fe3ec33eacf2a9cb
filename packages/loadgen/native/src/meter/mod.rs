//! `meter`: how fast each core is, second by second, while it is measured (method, section 14).
//!
//! The kernel does not see a neighbour on the sibling hyper-thread or in the shared caches: it books the slower core as the process's own
//! work. A canary of fixed work in short bursts on the same core does see it.

mod canary;
mod readings;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use lexopt::Arg::{Long, Short};
use lexopt::ValueExt;

use crate::clock::{self, MICROSECOND, MILLISECOND, NEVER, Nanos, SECOND, nanos};
use crate::failure::Failure;
use crate::{affinity, arguments};

pub use canary::Canary;
use readings::Bursts;
pub use readings::{CoreReadings, Second};

const HELP: &str = "\
Example: photofinish-native meter --cores 1 --seconds 10

Interprets a small fixed program in bursts of about 40 us on each core, beside whatever is measured there, and prints as
JSON how long a burst took, second by second, over the calm level: 1 is calm, 1.1 a tenth slower. Uses at most 0.5 % of
a core. The kernel cannot tell this: a neighbour on the sibling hyper-thread is booked as one's own work.

  --cores 0,1      the measured cores
  --seconds S      how long; without it until standard input ends
  --calm S         calm level of a burst, seconds, as `calmSeconds` of an earlier call told it since this machine was
                   started; the lowest second of this call where that is lower
";

/// Largest share of a core that the meter may use, kept by the gap that follows each burst.
pub const LARGEST_SHARE: f64 = 0.005;
/// Share aimed at, so that what surrounds a burst (waking, two readings of a clock) fits below the largest too.
const SHARE: f64 = 0.0035;
/// Operations of a burst: about 40 us at a few nanoseconds each.
const BURST: u32 = 12_000;
/// Operations before each burst that are not timed: what was measured meanwhile has the caches, and reloading them is not the core's speed.
const PRELUDE: u32 = 600;
/// Shortest time between two bursts.
const SHORTEST_GAP: Nanos = 5 * MILLISECOND;
/// Longest nap: a word to stop is heard after that.
const NAP: Nanos = 50 * MILLISECOND;

/// Processor time of the calling thread.
fn thread_time() -> Nanos {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec for the whole call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as Nanos * SECOND + time.tv_nsec as Nanos
}

/// Meters the cores, all at once, until the length is over or `is_over` is set.
pub fn measure(
    cores: &[usize],
    length: Nanos,
    calm: Option<f64>,
    is_over: &Arc<AtomicBool>,
) -> Result<Vec<CoreReadings>, Failure> {
    let metering: Vec<_> = cores
        .iter()
        .map(|&core| {
            let is_over = Arc::clone(is_over);
            thread::spawn(move || meter(core, length, calm, &is_over))
        })
        .collect();
    metering.into_iter().map(|thread| thread.join().expect("a metering thread panicked")).collect()
}

fn meter(core: usize, length: Nanos, calm: Option<f64>, is_over: &AtomicBool) -> Result<CoreReadings, Failure> {
    affinity::confine(&[core]).map_err(|error| {
        Failure::environment(
            "E_CORE",
            format!("core {core} cannot be used: {error}"),
            "give cores this process may use",
        )
    })?;
    affinity::wake_on_time();
    let mut canary = Canary::default();
    canary.interpret(BURST);
    let (begun, used_before) = (clock::now(), thread_time());
    let end = begun.saturating_add(length);
    let mut bursts = Bursts::default();
    while clock::now() < end && !is_over.load(Ordering::Acquire) {
        let cycle = thread_time();
        let at = clock::now() - begun;
        canary.interpret(PRELUDE);
        let before = thread_time();
        canary.interpret(BURST);
        let took = thread_time() - before;
        bursts.record(at, took);
        rest(end, gap_after(thread_time() - cycle), is_over);
    }
    Ok(bursts.readings(core, calm, thread_time() - used_before, clock::now() - begun))
}

/// The gap that keeps the share: on a slow core the bursts are longer and rarer.
fn gap_after(cycle: Nanos) -> Nanos {
    ((cycle as f64 / SHARE) as Nanos).max(SHORTEST_GAP)
}

fn rest(end: Nanos, gap: Nanos, is_over: &AtomicBool) {
    let until = clock::now().saturating_add(gap).min(end);
    loop {
        let now = clock::now();
        if now >= until || is_over.load(Ordering::Acquire) {
            return;
        }
        thread::sleep(Duration::from_nanos((until - now).clamp(MICROSECOND, NAP)));
    }
}

/// Meters and prints.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    let (mut cores, mut length, mut calm) = (Vec::new(), None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("cores") => cores = arguments::core_list("--cores", &mut arguments)?,
            Long("seconds") => length = Some(arguments::span("--seconds", &mut arguments)?),
            Long("calm") => calm = Some(arguments.value()?.parse::<f64>()?),
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if cores.is_empty() {
        return Err(Failure::usage("--cores is missing".into(), "give core numbers such as --cores 0,1"));
    }
    if calm.is_some_and(|calm| !(calm > 0.0 && calm < 1.0)) {
        return Err(Failure::usage("--calm is not above 0 and below 1".into(), "give calmSeconds of an earlier call"));
    }
    let is_over = Arc::new(AtomicBool::new(false));
    if length.is_none() {
        let is_over = Arc::clone(&is_over);
        thread::spawn(move || {
            let mut piece = [0; 256];
            while matches!(std::io::stdin().read(&mut piece), Ok(count) if count > 0) {}
            is_over.store(true, Ordering::Release);
        });
    }
    let read = measure(&cores, length.map_or(NEVER, nanos), calm, &is_over)?;
    println!("{}", serde_json::json!({ "cores": read }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_is_metered_within_its_share() {
        let core = affinity::allowed().first().copied().unwrap_or(0);
        let read = measure(&[core], 300 * MILLISECOND, None, &Arc::default()).unwrap();
        assert_eq!(read.len(), 1);
        assert!(read[0].seconds[0].bursts >= 2);
        assert!(read[0].calm_seconds > 0.0 && read[0].ratio >= 1.0 - 1e-9);
    }

    #[test]
    fn the_gap_keeps_the_share_however_slow_the_core_is() {
        for cycle in [1_000, 40_000, 100_000, 5_000_000] {
            let share = cycle as f64 / (cycle + gap_after(cycle)) as f64;
            assert!(share < LARGEST_SHARE, "{cycle}: {share}");
        }
    }

    #[test]
    fn the_meter_ends_when_told() {
        let is_over = Arc::new(AtomicBool::new(true));
        let core = affinity::allowed().first().copied().unwrap_or(0);
        let read = measure(&[core], NEVER / 4, None, &is_over).unwrap();
        assert!(read[0].seconds.is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_core_that_is_not_there_is_named() {
        assert!(measure(&[1023], 1, None, &Arc::default()).unwrap_err().what.contains("1023"));
    }
}
