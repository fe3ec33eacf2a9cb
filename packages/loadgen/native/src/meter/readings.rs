//! From bursts to seconds: what the meter reports of one core.

use serde::Serialize;

use crate::clock::{Nanos, SECOND, seconds};

/// One second on one core.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Second {
    /// Number of the second, from the start.
    pub second: u64,
    /// Bursts that began in it.
    pub bursts: u32,
    /// Mean processor time of a burst.
    pub mean_seconds: f64,
    /// That over the calm level: 1 calm, 1.1 a tenth slower.
    pub ratio: f64,
}

/// What was read on one core.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CoreReadings {
    /// Number of the core.
    pub core: usize,
    /// Calm level: the given one, or the lowest mean of a second seen here where that is lower.
    pub calm_seconds: f64,
    /// Processor time of the meter on this core over the time it was there.
    pub share: f64,
    /// Mean processor time of all bursts; 0 without one.
    pub mean_seconds: f64,
    /// Mean of all bursts over the calm level.
    pub ratio: f64,
    /// Second by second; one without a burst is absent, and told so by its number.
    pub seconds: Vec<Second>,
    /// Each burst, where it was asked for: when it began by `CLOCK_MONOTONIC`, and what it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bursts: Option<Vec<[f64; 2]>>,
}

/// Bursts of one core while they are recorded: when each began, and the processor time it took.
#[derive(Debug)]
pub struct Bursts {
    begun: Nanos,
    sums: Vec<(u64, u32, Nanos)>,
    each: Option<Vec<[f64; 2]>>,
}

impl Bursts {
    /// None yet, from this instant on.
    pub fn new(begun: Nanos, each: bool) -> Self {
        Self { begun, sums: Vec::new(), each: each.then(Vec::new) }
    }

    /// Adds a burst that began at this instant.
    pub fn record(&mut self, at: Nanos, took: Nanos) {
        if let Some(each) = &mut self.each {
            each.push([seconds(at), seconds(took)]);
        }
        let second = at.saturating_sub(self.begun) / SECOND;
        match self.sums.last_mut() {
            Some((last, count, sum)) if *last == second => {
                *count += 1;
                *sum += took;
            }
            _ => self.sums.push((second, 1, took)),
        }
    }

    /// The readings. A second with fewer than `FEW` bursts does not set the calm level: its mean is chance.
    pub fn readings(self, core: usize, calm: Option<f64>, used: Nanos, length: Nanos) -> CoreReadings {
        const FEW: u32 = 10;
        let mean = |count: u32, sum: Nanos| sum as f64 / f64::from(count) / 1e9;
        let full = self.sums.iter().filter(|(_, count, _)| *count >= FEW);
        let lowest = full.map(|&(_, count, sum)| mean(count, sum)).fold(f64::INFINITY, f64::min);
        let (all, total) = self.sums.iter().fold((0, 0), |(n, t), &(_, count, sum)| (n + count, t + sum));
        let overall = if all == 0 { 0.0 } else { mean(all, total) };
        let seen = if lowest.is_finite() { lowest } else { overall };
        let calm_seconds = calm.map_or(seen, |given| given.min(seen));
        let over = |value: f64| if calm_seconds > 0.0 { value / calm_seconds } else { 1.0 };
        let seconds = self.sums.iter().map(|&(second, bursts, sum)| {
            let mean_seconds = mean(bursts, sum);
            Second { second, bursts, mean_seconds, ratio: over(mean_seconds) }
        });
        CoreReadings {
            core,
            calm_seconds,
            share: used as f64 / length.max(1) as f64,
            mean_seconds: overall,
            ratio: over(overall),
            seconds: seconds.collect(),
            bursts: self.each,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bursts(of_seconds: &[(u64, u32, Nanos)]) -> Bursts {
        let mut bursts = Bursts::new(7 * SECOND, false);
        for &(second, count, took) in of_seconds {
            for index in 0..count {
                bursts.record((7 + second) * SECOND + Nanos::from(index), took);
            }
        }
        bursts
    }

    #[test]
    fn each_second_is_told_over_the_calmest() {
        let readings = bursts(&[(0, 90, 60_000), (1, 90, 40_000), (3, 45, 50_000)]).readings(1, None, 9_000, 1_000_000);
        assert_eq!(readings.seconds.iter().map(|second| second.second).collect::<Vec<_>>(), [0, 1, 3]);
        let ratios: Vec<f64> = readings.seconds.iter().map(|second| second.ratio).collect();
        for (ratio, expected) in ratios.iter().zip([1.5, 1.0, 1.25]) {
            assert!((ratio - expected).abs() < 1e-9, "{ratios:?}");
        }
        assert!((readings.calm_seconds - 40e-6).abs() < 1e-12 && (readings.share - 0.009).abs() < 1e-12);
        assert!((readings.ratio - 1.25).abs() < 1e-9 && (readings.mean_seconds - 50e-6).abs() < 1e-12);
    }

    #[test]
    fn a_known_calm_level_holds_unless_a_calmer_second_is_seen() {
        let noisy = || bursts(&[(0, 90, 60_000)]);
        assert!((noisy().readings(0, Some(30e-6), 0, 1).ratio - 2.0).abs() < 1e-9);
        assert!((noisy().readings(0, Some(90e-6), 0, 1).ratio - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_second_of_few_bursts_is_not_calm_by_chance() {
        let readings = bursts(&[(0, 90, 60_000), (1, 2, 20_000)]).readings(0, None, 0, 1);
        assert!((readings.calm_seconds - 60e-6).abs() < 1e-12);
    }

    #[test]
    fn nothing_read_is_no_seconds() {
        let readings = Bursts::new(0, false).readings(0, None, 0, 0);
        assert!(readings.seconds.is_empty());
    }
}
