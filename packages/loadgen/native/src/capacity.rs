//! `capacity`: how much faster this host computes on several cores than on one (parallel capacity).
//!
//! The spin kernel in as many independent processes as cores, one pinned to each, against one process alone. Order alone, together, together,
//! alone: a host that slowly changes its speed favours neither.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use serde::Serialize;

use crate::arguments::OnCores;
use crate::clock::{self, MILLISECOND, NEVER, Nanos, nanos, seconds};
use crate::failure::Failure;
use crate::{affinity, spin};

const HELP: &str = "\
Example: photofinish-native capacity --cores 0,1 --seconds 0.3

Spins the fixed kernel in one process for each core, alone and together, twice each in the order alone, together,
together, alone, and prints as JSON the rates (kernel steps a second) and the capacity: the sum of the rates together
over the mean rate alone. Takes about four times --seconds.
";

/// Time for all processes to be there before they begin together.
const HEAD_START: Nanos = 20 * MILLISECOND;
/// Steps between two looks at the clock: well under a millisecond.
const STEPS: u64 = 100_000;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// Number of cores.
    pub cores: usize,
    /// Steps a second of one process alone, once a round, on the first core and on the last.
    pub alone_rate: Vec<f64>,
    /// Steps a second of each process, all together, mean of the rounds, in the order of the cores.
    pub together_rates: Vec<f64>,
    /// Sum of the rates together over the mean rate alone.
    pub capacity: f64,
}

/// Measures with rounds of this length.
pub fn measure(cores: &[usize], length: Nanos) -> Result<Capacity, Failure> {
    let (first, last) = (&cores[..1], &cores[cores.len() - 1..]);
    let mut alone_rate = rates(first, length)?;
    let mut together_rates = rates(cores, length)?;
    for (sum, rate) in together_rates.iter_mut().zip(rates(cores, length)?) {
        *sum = (*sum + rate) / 2.0;
    }
    alone_rate.extend(rates(last, length)?);
    let mean_alone = alone_rate.iter().sum::<f64>() / alone_rate.len() as f64;
    let capacity = together_rates.iter().sum::<f64>() / mean_alone;
    Ok(Capacity { cores: cores.len(), alone_rate, together_rates, capacity })
}

/// Rates of one process on each core, all at once.
fn rates(cores: &[usize], length: Nanos) -> Result<Vec<f64>, Failure> {
    let start = clock::now() + HEAD_START;
    let refused = |error| Failure::system("fork", &error);
    let spinning: Vec<_> =
        cores.iter().map(|&core| fork(core, start, length)).collect::<std::io::Result<_>>().map_err(refused)?;
    let mut read = Vec::with_capacity(cores.len());
    for (process, mut results) in spinning {
        let mut bytes = [0; 8];
        let is_told = results.read_exact(&mut bytes).is_ok();
        // SAFETY: the process is our child and is waited for once; its status is not wanted.
        unsafe { libc::waitpid(process, std::ptr::null_mut(), 0) };
        read.push(is_told.then(|| f64::from_le_bytes(bytes)));
    }
    read.into_iter().collect::<Option<_>>().ok_or_else(|| {
        Failure::environment(
            "E_CORE",
            format!("a process pinned to one of {cores:?} ended"),
            "give cores this process may use",
        )
    })
}

fn fork(core: usize, start: Nanos, length: Nanos) -> std::io::Result<(libc::pid_t, UnixStream)> {
    let (results, mut told) = UnixStream::pair()?;
    // SAFETY: the child only pins itself, computes, writes to its socket and leaves through _exit.
    match unsafe { libc::fork() } {
        -1 => Err(std::io::Error::last_os_error()),
        0 => {
            let is_told =
                affinity::confine(&[core]).is_ok() && told.write_all(&spin_rate(start, length).to_le_bytes()).is_ok();
            // SAFETY: leaves the child without the parent's exit handlers.
            unsafe { libc::_exit(i32::from(!is_told)) }
        }
        process => Ok((process, results)),
    }
}

fn spin_rate(start: Nanos, length: Nanos) -> f64 {
    let (mut steps, mut begun) = (0, NEVER);
    loop {
        let now = clock::now();
        // Spinning before the start too: the core is awake and at speed when it comes.
        if begun == NEVER && now >= start {
            (begun, steps) = (now, 0);
        }
        if begun != NEVER && now - begun >= length {
            return steps as f64 / seconds(now - begun);
        }
        spin::checksum(STEPS);
        steps += STEPS;
    }
}

/// Measures and prints.
pub fn main(arguments: lexopt::Parser) -> Result<(), Failure> {
    let Some(given) = OnCores::read(arguments, HELP, |_, _| Ok(false))? else { return Ok(()) };
    let capacity = measure(&given.cores, nanos(given.seconds.unwrap_or(0.3)))?;
    println!("{}", serde_json::to_string(&capacity).expect("rates are plain data"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capacity_is_the_sum_of_the_rates_together_over_the_mean_alone() {
        let cores = crate::affinity::allowed();
        let cores = if cores.is_empty() { vec![0] } else { cores };
        let measured = measure(&cores, 10 * MILLISECOND).unwrap();
        assert_eq!((measured.alone_rate.len(), measured.together_rates.len()), (2, cores.len()));
        let alone = (measured.alone_rate[0] + measured.alone_rate[1]) / 2.0;
        let expected = measured.together_rates.iter().sum::<f64>() / alone;
        assert!((measured.capacity - expected).abs() < 1e-9);
        assert!(measured.capacity > 0.0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_core_that_cannot_be_used_is_an_error() {
        assert_eq!(measure(&[1023], MILLISECOND).unwrap_err().code, "E_CORE");
    }
}
