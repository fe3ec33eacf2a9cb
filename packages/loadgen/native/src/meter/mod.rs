//! `meter`: how fast each core is, second by second, while it is measured (method, section 14).
//!
//! The kernel does not see a neighbour on the sibling hyper-thread or in the shared caches: it books the slower core as the process's own
//! work. A canary of fixed work in short bursts on the same core does see it.

mod canary;
mod readings;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use lexopt::ValueExt;

use crate::arguments::OnCores;
use crate::clock::{self, MICROSECOND, MILLISECOND, NEVER, Nanos, SECOND, nanos};
use crate::failure::Failure;
use crate::{abandoned, affinity};

pub use canary::{Canary, Kind};
use readings::Bursts;
pub use readings::{CoreReadings, Second};

const HELP: &str = "\
Example: photofinish-native meter --cores 1 --seconds 10

Interprets a small fixed program in bursts of 75 to 230 us on each core, beside whatever is measured there, and prints as
JSON how long a burst took, second by second, over the calm level: 1 is calm, 1.1 a tenth slower. Uses at most 0.5 % of
a core. The kernel cannot tell this: a neighbour on the sibling hyper-thread is booked as one's own work.

  --cores 0,1      the measured cores
  --seconds S      how long; without it until standard input ends
  --calm S         calm level of a burst, seconds, as `calmSeconds` of an earlier call told it since this machine was
                   started; the lowest second of this call where that is lower
  --idle           burst after burst, for cores on which nothing is measured now: a reading takes 50 ms
  --each           the bursts one by one too: when each began (CLOCK_MONOTONIC) and what it took, seconds
  --canary NAME    interpreter, or what was tried beside it: varying, chain, multiply, chase
  --operations N   timed operations of a burst
";

/// Largest share of a core that the meter may use, kept by the gap that follows each burst.
pub const LARGEST_SHARE: f64 = 0.005;
/// Share aimed at, so that what surrounds a burst (waking, two readings of a clock) fits below the largest too.
const SHARE: f64 = 0.0042;
/// Shortest time between two bursts beside a measurement.
const SHORTEST_GAP: Nanos = 5 * MILLISECOND;
/// Longest nap: a word to stop is heard after that.
const NAP: Nanos = 50 * MILLISECOND;

/// What a metering is to do.
#[derive(Debug, Clone, Copy)]
pub struct Metering {
    /// How long.
    pub length: Nanos,
    /// Calm level known before, seconds a burst.
    pub calm: Option<f64>,
    /// Whether the cores are free for it, so that no gap is needed.
    pub is_idle: bool,
    /// Whether every burst is told.
    pub each: bool,
    /// The canary.
    pub kind: Kind,
    /// Timed operations of a burst.
    pub operations: u32,
}

impl Default for Metering {
    fn default() -> Self {
        let kind = Kind::Interpreter;
        Self { length: NEVER, calm: None, is_idle: false, each: false, kind, operations: kind.operations() }
    }
}

/// Processor time of the calling thread.
fn thread_time() -> Nanos {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec for the whole call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as Nanos * SECOND + time.tv_nsec as Nanos
}

/// Meters the cores, all at once, until the length is over or `is_over` is set.
pub fn measure(cores: &[usize], metering: Metering, is_over: &Arc<AtomicBool>) -> Result<Vec<CoreReadings>, Failure> {
    let threads: Vec<_> = cores
        .iter()
        .map(|&core| {
            let is_over = Arc::clone(is_over);
            thread::spawn(move || meter(core, metering, &is_over))
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("a metering thread panicked")).collect()
}

fn meter(core: usize, metering: Metering, is_over: &AtomicBool) -> Result<CoreReadings, Failure> {
    affinity::confine(&[core]).map_err(|error| {
        Failure::environment(
            "E_CORE",
            format!("core {core} cannot be used: {error}"),
            "give cores this process may use",
        )
    })?;
    affinity::wake_on_time();
    let mut canary = Canary::new(metering.kind, metering.operations);
    canary.burst();
    let (begun, used_before) = (clock::now(), thread_time());
    let end = begun.saturating_add(metering.length);
    let mut bursts = Bursts::new(begun, metering.each);
    while clock::now() < end && !is_over.load(Ordering::Acquire) {
        let cycle = thread_time();
        let at = clock::now();
        canary.prelude();
        let before = thread_time();
        canary.burst();
        bursts.record(at, thread_time() - before);
        if !metering.is_idle {
            rest(end, gap_after(thread_time() - cycle), is_over);
        }
    }
    Ok(bursts.readings(core, metering.calm, thread_time() - used_before, clock::now() - begun))
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
pub fn main(arguments: lexopt::Parser) -> Result<(), Failure> {
    let (mut metering, mut operations) = (Metering::default(), None);
    let own = |name: &str, arguments: &mut lexopt::Parser| {
        match name {
            "calm" => metering.calm = Some(arguments.value()?.parse::<f64>()?),
            "idle" => metering.is_idle = true,
            "each" => metering.each = true,
            "canary" => metering.kind = kind(arguments)?,
            "operations" => operations = Some(arguments.value()?.parse::<u32>()?),
            _ => return Ok(false),
        }
        Ok(true)
    };
    let Some(OnCores { cores, seconds }) = OnCores::read(arguments, HELP, own)? else { return Ok(()) };
    metering.length = seconds.map_or(metering.length, nanos);
    if metering.calm.is_some_and(|calm| !(calm > 0.0 && calm < 1.0)) {
        return Err(Failure::usage("--calm is not above 0 and below 1".into(), "give calmSeconds of an earlier call"));
    }
    metering.operations = operations.unwrap_or(metering.kind.operations());
    if !(1000..=10_000_000).contains(&metering.operations) {
        return Err(Failure::usage("--operations is not 1000 to 10000000".into(), "leave it out"));
    }
    let is_over = Arc::new(AtomicBool::new(false));
    if metering.length == NEVER {
        let is_over = Arc::clone(&is_over);
        abandoned::at_end_of_input(move || is_over.store(true, Ordering::Release));
    }
    let read = measure(&cores, metering, &is_over)?;
    println!("{}", serde_json::json!({ "canary": canary_name(metering), "cores": read }));
    Ok(())
}

fn kind(arguments: &mut lexopt::Parser) -> Result<Kind, Failure> {
    let name = arguments.value()?.string()?;
    Kind::of(&name).ok_or_else(|| {
        Failure::usage(
            format!("--canary {name}: there is none of that name"),
            "give interpreter, varying, chain, multiply or chase",
        )
    })
}

/// Name of the work of a burst: calm levels of different work cannot be compared.
fn canary_name(Metering { kind, operations, .. }: Metering) -> String {
    format!("{}-{operations}", kind.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_core() -> usize {
        affinity::allowed().first().copied().unwrap_or(0)
    }

    #[test]
    fn a_core_is_metered_within_its_share() {
        // Short bursts, so that the gap after each is short too, however slow the core or the build is.
        let metering = Metering { length: 300 * MILLISECOND, operations: 500, ..Metering::default() };
        let read = measure(&[some_core()], metering, &Arc::default()).unwrap();
        assert_eq!(read.len(), 1);
        assert!(read[0].seconds[0].bursts >= 2);
        assert!(read[0].calm_seconds > 0.0 && read[0].ratio >= 1.0 - 1e-9);
        assert!(read[0].bursts.is_none());
    }

    #[test]
    fn an_idle_core_is_read_without_gaps_and_each_burst_is_told() {
        let metering = Metering { length: 20 * MILLISECOND, is_idle: true, each: true, ..Metering::default() };
        let begun = clock::now();
        let read = measure(&[some_core()], metering, &Arc::default()).unwrap();
        let bursts = read[0].bursts.as_ref().unwrap();
        assert_eq!(bursts.len(), read[0].seconds.iter().map(|second| second.bursts as usize).sum::<usize>());
        assert!(bursts.iter().all(|&[at, took]| at >= clock::seconds(begun) && took > 0.0));
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
        let read = measure(&[some_core()], Metering::default(), &is_over).unwrap();
        assert!(read[0].seconds.is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_core_that_is_not_there_is_named() {
        assert!(measure(&[1023], Metering::default(), &Arc::default()).unwrap_err().what.contains("1023"));
    }
}
