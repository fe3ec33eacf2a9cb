//! Was it the generator, or the host around it? Each gate with what was read, its limit, and whether it holds. The limits of the harness, of
//! `photofinish load` and of this binary used alone are these.

use super::headroom::{Headroom, Need};
use crate::job::{Arrivals, LoadJob};
use crate::result::{Gate, KernelLosses, LoadClassResult};
use crate::time_distribution::TimeDistribution;

/// Occupancy of a loop above which a second counts as saturated, and the largest share of processor time on shared cores.
pub const BUSY: f64 = 0.7;
/// Share of seconds that may.
const BUSY_SECONDS: f64 = 0.01;
/// Least share of the requests due that must have been sent.
const LEAST_SENT: f64 = 0.999;
/// Largest share of requests without answer.
const MOST_CENSORED: f64 = 0.01;
/// Longest single wait for the processor, in either loop. A window of seconds hides one in every mean and percentile; half the pause of the
/// negative control, ten times the worst gap seen on a shared virtual machine.
const LONGEST_LAG: f64 = 0.1;
/// Largest share of descriptors or ports: a fifth on top is for connections that must be opened again.
const MOST_TAKEN: f64 = 1.0 / 1.2;

/// How late a loop may be: an amount that is always allowed, or a share of the time it distorts, whichever is larger.
struct Lateness {
    floor: f64,
    share: f64,
}

impl Lateness {
    fn of(&self, time: f64) -> f64 {
        if time.is_finite() { self.floor.max(self.share * time) } else { self.floor }
    }
}

/// Limits for a typical late wake-up against the median, and for a rare one against p99.
struct Limits {
    typical: Lateness,
    rare: Lateness,
}

/// On cores of its own.
const APART: Limits =
    Limits { typical: Lateness { floor: 0.0002, share: 0.05 }, rare: Lateness { floor: 0.001, share: 0.01 } };
/// On cores that the server uses too: within what a verdict on such a host can see, a factor of 1.5.
const SHARED: Limits =
    Limits { typical: Lateness { floor: 0.002, share: 0.25 }, rare: Lateness { floor: 0.01, share: 0.05 } };

/// How the loops fared in the window.
pub struct Loops<'a> {
    /// Woken minus asked, all threads.
    pub lag: &'a TimeDistribution,
    /// Share of the loops' seconds above `BUSY`.
    pub busy_seconds: f64,
    /// Processor time over the window, a core.
    pub cpu_share: f64,
}

/// What was seen around the load.
pub struct Around {
    /// Before it.
    pub headroom: Headroom,
    /// Over its window; none where the kernel does not tell.
    pub kernel: Option<KernelLosses>,
}

fn gate(name: &str, reading: f64, limit: f64, holds: bool, reason: String) -> Gate {
    Gate { gate: name.into(), passed: holds, reading, limit, reason }
}

fn at_most(name: &str, reading: f64, limit: f64, what: &str) -> Gate {
    gate(name, reading, limit, reading <= limit, format!("{what}: {reading:.6}, at most {limit:.6}"))
}

/// The gates of a load, over all classes and threads.
pub fn judge(
    job: &LoadJob,
    loops: &Loops,
    classes: &[LoadClassResult],
    times: &[(TimeDistribution, TimeDistribution)],
    around: &Around,
) -> Vec<Gate> {
    let mut gates = lateness(job, loops.lag, times);
    gates.extend(counts(classes));
    gates.push(occupancy(job, loops));
    gates.extend(headroom(&around.headroom));
    gates.extend(around.kernel.as_ref().map(|losses| kernel(losses, has_kept_connections(job, classes))));
    gates
}

/// In an open loop every late wake-up moves arrivals: its percentiles count. A user of a closed loop waits for its own answer: a late wake-up
/// only lengthens the cycle, by the mean in throughput and typical response time. A long pause counts in both.
fn lateness(job: &LoadJob, lag: &TimeDistribution, times: &[(TimeDistribution, TimeDistribution)]) -> Vec<Gate> {
    let longest = "longest time in seconds by which the loop woke late";
    if lag.count() == 0 {
        let reason = format!("{longest}: unknown, no timed wait fell into the window");
        return vec![gate("scheduler-lag-longest", 0.0, LONGEST_LAG, false, reason)];
    }
    let limits = if job.shared_cores { &SHARED } else { &APART };
    let least = |of: &dyn Fn(&(TimeDistribution, TimeDistribution)) -> Option<f64>| {
        times.iter().filter_map(of).fold(f64::INFINITY, f64::min)
    };
    let typical = limits.typical.of(least(&|(service, _)| service.quantile_seconds(0.5)));
    let rare = limits.rare.of(least(&|(_, response)| response.quantile_seconds(0.99)));
    let read = |q: f64| lag.quantile_seconds(q).unwrap_or(0.0);
    let is_open = job.classes.iter().any(|class| !matches!(class.arrivals, Arrivals::Closed { .. }));
    let mut gates = if is_open {
        vec![
            at_most("scheduler-lag-p99", read(0.99), typical, "seconds by which the loop woke late, p99"),
            at_most("scheduler-lag-p999", read(0.999), rare, "seconds by which the loop woke late, p99.9"),
        ]
    } else {
        vec![at_most("scheduler-lag-mean", lag.mean_seconds(), typical, "seconds by which the loop woke late, mean")]
    };
    // A server that computes on the same core keeps the loop waiting as long as its processes take turns.
    let share = if job.shared_cores { 0.5 } else { 0.0 };
    let limit = Lateness { floor: LONGEST_LAG, share }.of(least(&|(service, _)| service.quantile_seconds(0.5)));
    gates.push(at_most("scheduler-lag-longest", lag.maximum_seconds(), limit, longest));
    gates
}

fn counts(classes: &[LoadClassResult]) -> [Gate; 2] {
    let sum = |of: fn(&LoadClassResult) -> u64| classes.iter().map(of).sum::<u64>() as f64;
    let intended = sum(|class| class.intended);
    let sent = if intended == 0.0 { 1.0 } else { sum(|class| class.sent) / intended };
    let reason = format!("share of the requests due that were sent: {sent:.6}, at least {LEAST_SENT}");
    let censored = sum(|class| class.censored) / intended.max(1.0);
    [
        gate("achieved-sends", sent, LEAST_SENT, sent >= LEAST_SENT, reason),
        at_most("censored", censored, MOST_CENSORED, "share of requests without answer when the drain ended"),
    ]
}

/// On shared cores a loop that the server keeps from the processor looks busy: what it used of it counts instead.
fn occupancy(job: &LoadJob, loops: &Loops) -> Gate {
    if job.shared_cores {
        return at_most("occupancy", loops.cpu_share, BUSY, "share of the window for which a loop used its processor");
    }
    at_most("occupancy", loops.busy_seconds, BUSY_SECONDS, "share of seconds in which a loop was busy above 70 %")
}

fn headroom(headroom: &Headroom) -> Vec<Gate> {
    let of = |name: &str, need: Need, what: &str| {
        let reason = format!("{what}: {} of {}, at most {:.0} %", need.wanted, need.available, MOST_TAKEN * 100.0);
        gate(name, need.share(), MOST_TAKEN, need.share() <= MOST_TAKEN, reason)
    };
    let ports = headroom.ports.map(|need| of("ports", need, "ports towards the server that the load takes"));
    [of("descriptors", headroom.descriptors, "file descriptors that the load takes")].into_iter().chain(ports).collect()
}

/// Whether every connection lived from before warm-up to the end: a closed one has taken what it lost with it.
fn has_kept_connections(job: &LoadJob, classes: &[LoadClassResult]) -> bool {
    let asked = job.classes.iter().map(|class| u64::from(class.arrivals.connections())).sum::<u64>();
    classes.iter().map(|class| class.connections_opened).sum::<u64>() <= asked
}

/// The counters are everybody's in the namespace. Where the sockets of the server lost nothing in all their life, it was somebody else's.
fn kernel(losses: &KernelLosses, has_kept_connections: bool) -> Gate {
    let total = losses.counts.lost();
    let lost = match losses.server {
        Some(server) if server.listen_drops == 0 && server.retransmissions == 0 && has_kept_connections => 0,
        _ => total,
    };
    let others = if lost == total { "" } else { ", none of it by this load" };
    let reason = format!(
        "of the generator's network namespace: ListenOverflows {}, ListenDrops {}, TCPTimeouts {}, RetransSegs {} ({} of them needlessly){others}; none allowed",
        losses.counts.listen_overflows,
        losses.counts.listen_drops,
        losses.counts.timeouts,
        losses.counts.retransmissions,
        losses.counts.duplicates
    );
    gate("kernel", lost as f64, 0.0, lost == 0, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{MILLISECOND, Nanos};
    use crate::load::tests;
    use crate::result::{KernelCounts, ServerSockets};

    const ROOMY: Around =
        Around { headroom: Headroom { descriptors: Need { wanted: 72, available: 1024 }, ports: None }, kernel: None };

    fn distribution(times: impl IntoIterator<Item = Nanos>) -> TimeDistribution {
        let mut distribution = TimeDistribution::default();
        for time in times {
            distribution.record(time);
        }
        distribution
    }

    /// Lateness of a window of 5 s: a tick every 10 ms, each this late, and one pause.
    fn lag(each: Nanos, pause: Nanos) -> TimeDistribution {
        distribution((0..499).map(|_| each).chain([pause]))
    }

    fn job(is_open: bool, shared_cores: bool) -> LoadJob {
        let mut job = tests::job(80);
        job.shared_cores = shared_cores;
        if is_open {
            job.classes[0].arrivals =
                Arrivals::Open { process: crate::job::Process::Constant, rate: 100.0, burst: 1, connections: 8 };
        }
        job
    }

    /// Names of the gates that do not hold.
    fn failed(job: &LoadJob, lag: &TimeDistribution, median: Nanos, cpu_share: f64, around: &Around) -> Vec<String> {
        let loops = Loops { lag, busy_seconds: cpu_share, cpu_share };
        let times = [(distribution([median]), distribution([median]))];
        let gates = judge(job, &loops, &[], &times, around);
        gates.into_iter().filter(|gate| !gate.passed).map(|gate| gate.gate).collect()
    }

    #[test]
    fn a_loop_that_wakes_in_time_passes_every_gate() {
        for (is_open, shared) in [(false, false), (false, true), (true, false), (true, true)] {
            assert!(failed(&job(is_open, shared), &lag(20_000, 50_000), MILLISECOND, 0.0, &ROOMY).is_empty());
        }
    }

    #[test]
    fn lateness_is_judged_by_percentiles_in_an_open_loop_and_by_the_mean_in_a_closed_one() {
        let late = lag(500_000, 500_000);
        assert_eq!(failed(&job(true, false), &late, MILLISECOND, 0.0, &ROOMY), ["scheduler-lag-p99"]);
        assert_eq!(failed(&job(false, false), &late, MILLISECOND, 0.0, &ROOMY), ["scheduler-lag-mean"]);
        // 5 % of the median response time is allowed.
        assert!(failed(&job(true, false), &late, 20 * MILLISECOND, 0.0, &ROOMY).is_empty());
        // Shared cores have ten times the floor.
        assert!(failed(&job(true, true), &late, MILLISECOND, 0.0, &ROOMY).is_empty());
        let rarely = distribution((0..997).map(|_| 20_000).chain([3 * MILLISECOND; 3]));
        assert_eq!(failed(&job(true, false), &rarely, MILLISECOND, 0.0, &ROOMY), ["scheduler-lag-p999"]);
        assert!(failed(&job(false, false), &rarely, MILLISECOND, 0.0, &ROOMY).is_empty());
    }

    #[test]
    fn one_pause_of_200_ms_counts_in_either_loop_however_rare() {
        let paused = distribution((0..100_000).map(|_| 20_000).chain([200 * MILLISECOND]));
        for (is_open, shared) in [(false, false), (false, true), (true, false), (true, true)] {
            let failed = failed(&job(is_open, shared), &paused, MILLISECOND, 0.0, &ROOMY);
            assert_eq!(failed, ["scheduler-lag-longest"], "open {is_open}, shared {shared}");
        }
    }

    #[test]
    fn a_lag_that_nothing_is_known_of_does_not_pass() {
        let failed = failed(&job(false, false), &TimeDistribution::default(), MILLISECOND, 0.0, &ROOMY);
        assert_eq!(failed, ["scheduler-lag-longest"]);
    }

    #[test]
    fn a_busy_loop_counts_by_seconds_and_on_shared_cores_by_its_processor_time() {
        let punctual = lag(20_000, 20_000);
        assert_eq!(failed(&job(false, false), &punctual, MILLISECOND, 0.2, &ROOMY), ["occupancy"]);
        assert!(failed(&job(false, true), &punctual, MILLISECOND, 0.2, &ROOMY).is_empty());
        assert_eq!(failed(&job(false, true), &punctual, MILLISECOND, 0.71, &ROOMY), ["occupancy"]);
    }

    #[test]
    fn what_the_kernel_lost_and_what_is_nearly_used_up_are_named() {
        let punctual = lag(20_000, 20_000);
        let counts =
            KernelCounts { listen_overflows: 1, listen_drops: 1, timeouts: 0, retransmissions: 2, duplicates: 0 };
        let lossy = |server| Around { kernel: Some(KernelLosses { counts, server }), ..ROOMY };
        let job_failed = |around: &Around| failed(&job(false, false), &punctual, MILLISECOND, 0.0, around);
        assert_eq!(job_failed(&lossy(None)), ["kernel"]);
        assert_eq!(job_failed(&lossy(Some(ServerSockets { retransmissions: 1, listen_drops: 0 }))), ["kernel"]);
        assert_eq!(job_failed(&lossy(Some(ServerSockets { retransmissions: 0, listen_drops: 1 }))), ["kernel"]);
        let late =
            KernelCounts { listen_overflows: 0, listen_drops: 0, timeouts: 0, retransmissions: 2, duplicates: 2 };
        let needless = Around { kernel: Some(KernelLosses { counts: late, server: None }), ..ROOMY };
        assert!(job_failed(&needless).is_empty());
        // What others lost in the same network namespace is theirs.
        assert!(job_failed(&lossy(Some(ServerSockets { retransmissions: 0, listen_drops: 0 }))).is_empty());
        let descriptors = Need { wanted: 1000, available: 1024 };
        let ports = Some(Need { wanted: 90, available: 100 });
        let narrow = Around { headroom: Headroom { descriptors, ports }, kernel: None };
        assert_eq!(failed(&job(false, false), &punctual, MILLISECOND, 0.0, &narrow), ["descriptors", "ports"]);
    }
}
