//! Was it the generator? Each gate with what was read, its limit, and whether it holds.

use crate::job::{Arrivals, LoadJob};
use crate::result::{Gate, LoadClassResult};
use crate::time_distribution::TimeDistribution;

/// Occupancy of a loop above which a second counts as saturated.
pub const BUSY: f64 = 0.7;
/// Share of seconds that may.
const BUSY_SECONDS: f64 = 0.01;
/// Least share of the requests due that must have been sent.
const LEAST_SENT: f64 = 0.999;
/// Largest share of requests without answer.
const MOST_CENSORED: f64 = 0.01;

fn gate(name: &str, reading: f64, limit: f64, holds: bool, reason: String) -> Gate {
    Gate { gate: name.into(), passed: holds, reading, limit, reason }
}

fn at_most(name: &str, reading: f64, limit: f64, what: &str) -> Gate {
    gate(name, reading, limit, reading <= limit, format!("{what}: {reading:.6}, at most {limit:.6}"))
}

/// The gates of a load, over all classes and threads. `busy_seconds` is the share of the loops' seconds above `BUSY`.
pub fn judge(
    job: &LoadJob,
    lag: &TimeDistribution,
    busy_seconds: f64,
    classes: &[LoadClassResult],
    times: &[(TimeDistribution, TimeDistribution)],
) -> Vec<Gate> {
    let is_open = job.classes.iter().any(|class| !matches!(class.arrivals, Arrivals::Closed { .. }));
    let mut gates = Vec::new();
    // A user of a closed loop waits for its own answer: a late wake-up moves no arrival.
    if is_open && lag.count() > 0 {
        let least = |of: &dyn Fn(&(TimeDistribution, TimeDistribution)) -> Option<f64>| {
            times.iter().filter_map(of).fold(f64::INFINITY, f64::min)
        };
        let median = least(&|(service, _)| service.quantile_seconds(0.5));
        let tail = least(&|(_, response)| response.quantile_seconds(0.99));
        let share = |of: f64, share: f64| if of.is_finite() { of * share } else { 0.0 };
        let read = |q: f64| lag.quantile_seconds(q).unwrap_or(0.0);
        let limit = share(median, 0.05).max(0.0002);
        gates.push(at_most("scheduler-lag-p99", read(0.99), limit, "seconds by which the loop woke late, p99"));
        let limit = share(tail, 0.01).max(0.001);
        gates.push(at_most("scheduler-lag-p999", read(0.999), limit, "seconds by which the loop woke late, p99.9"));
    }
    let sum = |of: fn(&LoadClassResult) -> u64| classes.iter().map(of).sum::<u64>() as f64;
    let intended = sum(|class| class.intended).max(1.0);
    let sent = if sum(|class| class.intended) == 0.0 { 1.0 } else { sum(|class| class.sent) / intended };
    let reason = format!("share of the requests due that were sent: {sent:.6}, at least {LEAST_SENT}");
    gates.push(gate("achieved-sends", sent, LEAST_SENT, sent >= LEAST_SENT, reason));
    gates.push(at_most(
        "occupancy",
        busy_seconds,
        BUSY_SECONDS,
        "share of seconds in which a loop was busy above 70 %",
    ));
    let censored = sum(|class| class.censored) / intended;
    gates.push(at_most("censored", censored, MOST_CENSORED, "share of requests without answer when the drain ended"));
    gates
}
