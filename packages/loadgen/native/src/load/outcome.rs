//! From the reports of the threads to one result.

use super::gates::{self, Around, Loops};
use super::tally::Tally;
use super::window::Window;
use super::worker::Report;
use super::{dial, errors};
use crate::clock::{Nanos, seconds};
use crate::job::LoadJob;
use crate::result::{
    GeneratorResult, LoadClassResult, LoadErrorDetails, LoadErrors, LoadResult, LoadSecond, ReaderResult, Span,
    WarmupResult,
};
use crate::time_distribution::{SLOTS, TimeDistribution, quantile_seconds};
use crate::usage::{CpuTime, maximum_rss_bytes};
use crate::version::VERSION;

/// The result of a job whose warm-up began at this instant, over so many descriptor tables.
pub fn result(job: &LoadJob, begun: Nanos, tables: usize, reports: &[Report], around: &Around) -> LoadResult {
    let window = reports[0].window;
    let drained = reports.iter().map(|report| report.drained).max().unwrap_or(window.end);
    let tallies = || reports.iter().flat_map(|report| &report.tallies);
    let classes: Vec<LoadClassResult> =
        (0..job.classes.len()).map(|index| class(job, index, reports, &window)).collect();
    let mut lag = TimeDistribution::default();
    let (mut busy, mut all) = (0, 0);
    for report in reports {
        lag.add(&report.meters.lag);
        let (seconds_above, seconds) = report.meters.seconds_above(gates::BUSY, &window);
        busy += seconds_above;
        all += seconds;
    }
    let times: Vec<_> = (0..job.classes.len()).map(|index| times(index, reports)).collect();
    let generator = generator(job, tables, reports, &window);
    let window_seconds = seconds(window.end - window.start);
    // Threads may share a core.
    let cores = job.cores.len().max(1).min(reports.len()) as f64;
    let loops = Loops {
        lag: &lag,
        busy_seconds: f64::from(busy) / f64::from(all.max(1)),
        cpu_share: (generator.cpu_user_seconds + generator.cpu_system_seconds) / (window_seconds * cores),
    };
    let gates = gates::judge(job, &loops, &classes, &times, around);
    LoadResult {
        gates,
        kernel: around.kernel,
        schema_version: 1,
        generator,
        warmup: WarmupResult {
            seconds: seconds(window.start - begun),
            responses: tallies().map(|tally| tally.warmup_responses).sum(),
            errors: tallies().map(|tally| tally.warmup_errors).sum(),
        },
        window: Span { seconds: window_seconds },
        drain: Span { seconds: seconds(drained.saturating_sub(window.end)) },
        classes,
    }
}

fn generator(job: &LoadJob, tables: usize, reports: &[Report], window: &Window) -> GeneratorResult {
    let mut lag = TimeDistribution::default();
    let mut cpu = CpuTime::default();
    let (mut occupancies, mut largest) = (0.0, 0.0_f64);
    for report in reports {
        lag.add(&report.meters.lag);
        cpu = cpu + (report.meters.cpu.1 - report.meters.cpu.0);
        let (mean, maximum) = report.meters.occupancy(window);
        occupancies += mean;
        largest = largest.max(maximum);
    }
    GeneratorResult {
        version: VERSION.into(),
        threads: reports.len() as u64,
        descriptor_tables: tables as u64,
        waiting: reports[0].waiting,
        source_addresses: dial::sources(job).len().max(1) as u64,
        cpu_user_seconds: cpu.user,
        cpu_system_seconds: cpu.system,
        occupancy_mean: occupancies / reports.len() as f64,
        occupancy_maximum: largest,
        scheduler_lag: lag.encode(),
        maximum_rss_bytes: maximum_rss_bytes(),
    }
}

fn class(job: &LoadJob, index: usize, reports: &[Report], window: &Window) -> LoadClassResult {
    let tallies: Vec<&Tally> = reports.iter().map(|report| &report.tallies[index]).collect();
    let sum = |of: fn(&Tally) -> u64| tallies.iter().map(|tally| of(tally)).sum();
    let distribution = |of: fn(&Tally) -> &TimeDistribution| {
        let mut merged = TimeDistribution::default();
        for tally in &tallies {
            merged.add(of(tally));
        }
        merged.encode()
    };
    let (mut all_errors, mut details) = (LoadErrors::default(), LoadErrorDetails::default());
    for tally in &tallies {
        errors::add(&mut all_errors, &tally.errors);
        errors::add_details(&mut details, &tally.error_details);
    }
    let area: u128 = tallies.iter().map(|tally| tally.in_flight_area).sum();
    let series: Vec<LoadSecond> = (0..window.seconds()).map(|second| load_second(second, &tallies, reports)).collect();
    LoadClassResult {
        id: job.classes[index].id.clone(),
        intended: sum(|tally| tally.intended),
        sent: sum(|tally| tally.sent),
        answered: sum(|tally| tally.answered),
        stamped: sum(|tally| tally.stamped),
        errors: all_errors,
        error_details: details,
        censored: sum(|tally| tally.censored),
        completed_in_window: sum(|tally| tally.completed_in_window),
        mean_in_flight: area as f64 / (window.end - window.start) as f64,
        bodies_compared: sum(|tally| tally.bodies_compared),
        body_bytes: sum(|tally| tally.body_bytes),
        reader: job.classes[index].reader.map(|_| reader(&tallies)),
        response_time: response_time(&tallies).encode(),
        service_time: distribution(|tally| &tally.service),
        send_delay: distribution(|tally| &tally.send_delay),
        beyond_held: Some(distribution(|tally| &tally.beyond_held)).filter(|beyond| beyond.count > 0),
        connection_wait: distribution(|tally| &tally.connection_wait),
        error_time: distribution(|tally| &tally.error_time),
        connections_high_water: sum(|tally| tally.connections_high_water),
        connections_opened: sum(|tally| tally.connections_opened),
        pool_high_water: series.iter().map(|second| second.in_flight).max().unwrap_or(0),
        series,
    }
}

fn reader(tallies: &[&Tally]) -> ReaderResult {
    let read = || tallies.iter().flat_map(|tally| &tally.read_bytes);
    ReaderResult { window_bytes: read().map(|read| read.0).collect(), bytes: read().map(|read| read.1).collect() }
}

/// Service and response times of a class.
fn times(index: usize, reports: &[Report]) -> (TimeDistribution, TimeDistribution) {
    let tallies: Vec<&Tally> = reports.iter().map(|report| &report.tallies[index]).collect();
    let mut service = TimeDistribution::default();
    for tally in &tallies {
        service.add(&tally.service);
    }
    (service, response_time(&tallies))
}

/// The seconds' histograms, which add up without loss, and the censored above them.
fn response_time(tallies: &[&Tally]) -> TimeDistribution {
    let mut times = TimeDistribution::default();
    for tally in tallies {
        times.add_parts(&tally.response, &[]);
        for second in &tally.seconds {
            times.add_parts(&Default::default(), &second.response_slots);
        }
        times.add(&tally.censored_response);
    }
    times
}

fn load_second(index: usize, tallies: &[&Tally], reports: &[Report]) -> LoadSecond {
    let seconds_of = || tallies.iter().map(|tally| &tally.seconds[index]);
    let slots = |slot: usize| seconds_of().map(|second| u64::from(second.response_slots[slot])).sum();
    let quantile = |q: f64| quantile_seconds((0..SLOTS).map(slots), q);
    let lag = reports.iter().map(|report| report.meters.seconds[index].lag_maximum).max().unwrap_or(0);
    LoadSecond {
        second: index as u64,
        intended: seconds_of().map(|second| second.intended).sum(),
        completed: seconds_of().map(|second| second.completed).sum(),
        errors: seconds_of().map(|second| second.errors).sum(),
        in_flight: seconds_of().map(|second| second.in_flight).sum(),
        backlog: seconds_of().map(|second| second.backlog).sum(),
        response_time_p50_seconds: quantile(0.5),
        response_time_p99_seconds: quantile(0.99),
        scheduler_lag_maximum_seconds: seconds(lag),
    }
}
