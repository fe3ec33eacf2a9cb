//! `hiccup`: how long the given cores are taken away from a spinning loop.
//!
//! A loop that does nothing but read the clock sees every interruption as a gap: the hypervisor, interrupts, other processes. One thread
//! spins on each core, all at the same time, as a measured server would use them.

use std::thread;

use serde::Serialize;

use crate::affinity;
use crate::arguments::OnCores;
use crate::clock::{self, MICROSECOND, Nanos, nanos, seconds};
use crate::failure::Failure;

const HELP: &str = "\
Example: photofinish-native hiccup --cores 0,1 --seconds 0.05

Spins on each core for so long and prints, as JSON, the gaps it saw between two readings of the clock:
the longest, the share of time lost to gaps over 50 us, and their number.
";

/// A shorter gap is the loop's own work and the cache's.
const GAP: Nanos = 50 * MICROSECOND;

/// What was seen on one core.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hiccups {
    /// Number of the core.
    pub core: usize,
    /// Longest gap, of any length.
    pub maximum_seconds: f64,
    /// Share of the time in gaps over 50 us.
    pub lost_share: f64,
    /// Number of such gaps.
    pub gaps_over50us: u64,
}

/// Spins on the cores, all at once, for this long.
pub fn measure(cores: &[usize], length: Nanos) -> Result<Vec<Hiccups>, Failure> {
    let spinning: Vec<_> = cores.iter().map(|&core| thread::spawn(move || spin(core, length))).collect();
    spinning.into_iter().map(|thread| thread.join().expect("a spinning thread panicked")).collect()
}

fn spin(core: usize, length: Nanos) -> Result<Hiccups, Failure> {
    affinity::confine(&[core]).map_err(|error| {
        Failure::environment(
            "E_CORE",
            format!("core {core} cannot be used: {error}"),
            "give cores this process may use",
        )
    })?;
    let begun = clock::now();
    let (mut before, mut longest, mut lost, mut gaps) = (begun, 0, 0, 0);
    while before - begun < length {
        let now = clock::now();
        let gap = now - before;
        longest = longest.max(gap);
        if gap > GAP {
            lost += gap;
            gaps += 1;
        }
        before = now;
    }
    Ok(Hiccups {
        core,
        maximum_seconds: seconds(longest),
        lost_share: seconds(lost) / seconds(before - begun),
        gaps_over50us: gaps,
    })
}

/// Measures and prints.
pub fn main(arguments: lexopt::Parser) -> Result<(), Failure> {
    let Some(given) = OnCores::read(arguments, HELP, |_, _| Ok(false))? else { return Ok(()) };
    let length = nanos(given.seconds.unwrap_or(0.05));
    println!("{}", serde_json::json!({ "cores": measure(&given.cores, length)? }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_core_is_read_and_the_readings_agree_with_each_other() {
        let length = 20_000_000;
        let core = affinity::allowed().first().copied().unwrap_or(0);
        let read = measure(&[core], length).unwrap();
        assert_eq!(read.len(), 1);
        let Hiccups { maximum_seconds, lost_share, gaps_over50us, .. } = read[0];
        assert!((0.0..=1.0).contains(&lost_share));
        assert!(maximum_seconds > 0.0);
        assert_eq!(gaps_over50us > 0, maximum_seconds > 50e-6);
        assert_eq!(lost_share > 0.0, gaps_over50us > 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_core_that_is_not_there_is_named() {
        assert!(measure(&[1023], 1).unwrap_err().what.contains("1023"));
    }
}
