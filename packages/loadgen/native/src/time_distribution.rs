//! Distributions of times: HdrHistogram's layout of 1 us to 120 s with 3 significant digits, beside exact mean, minimum and maximum.
//!
//! Recording is one shift, one subtraction and one increment; the `hdrhistogram` crate encodes at the end. The layout is the one of
//! `Histogram::new_with_bounds(1, 120_000_000, 3)`, which a test holds against the crate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};

use crate::clock::{MICROSECOND, Nanos};
use crate::result;

/// Highest value that is told apart, microseconds: 120 s. Longer times are in its slot.
pub const HIGHEST_MICROSECONDS: u64 = 120_000_000;
/// Values below 2048 us have a slot of their own, above each power of two is cut into 1024.
const HALF_BITS: u32 = 10;
const LOW_MASK: u64 = (2 << HALF_BITS) - 1;

/// Slot of a value in microseconds.
#[inline]
pub fn slot_of(microseconds: u64) -> usize {
    let power = 53 - (microseconds | LOW_MASK).leading_zeros();
    ((power << HALF_BITS) as u64 + (microseconds >> power)) as usize
}

/// Number of slots.
pub const SLOTS: usize = (17 << HALF_BITS) - (1 << HALF_BITS) + (HIGHEST_MICROSECONDS >> 16) as usize + 1;

/// Smallest value of a slot, microseconds.
pub fn value_of(slot: usize) -> u64 {
    let slot = slot as u64;
    if slot <= LOW_MASK {
        return slot;
    }
    let power = (slot >> HALF_BITS) - 1;
    (slot - (power << HALF_BITS)) << power
}

/// A time in whole microseconds as it is recorded: rounded, at least 1, at most the highest.
#[inline]
pub fn recorded_microseconds(time: Nanos) -> u64 {
    ((time + MICROSECOND / 2) / MICROSECOND).clamp(1, HIGHEST_MICROSECONDS)
}

/// Count, sum and extremes, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// Number of times.
    pub count: u64,
    /// Their sum, nanoseconds.
    pub sum: u128,
    /// The shortest, nanoseconds.
    pub minimum: Nanos,
    /// The longest, nanoseconds.
    pub maximum: Nanos,
}

impl Default for Moments {
    fn default() -> Self {
        Self { count: 0, sum: 0, minimum: Nanos::MAX, maximum: 0 }
    }
}

impl Moments {
    /// Adds one time.
    #[inline]
    pub fn record(&mut self, time: Nanos) {
        self.count += 1;
        self.sum += u128::from(time);
        self.minimum = self.minimum.min(time);
        self.maximum = self.maximum.max(time);
    }

    /// Adds the times of another.
    pub fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
    }
}

/// A distribution while it is recorded.
#[derive(Debug, Clone)]
pub struct TimeDistribution {
    moments: Moments,
    slots: Vec<u64>,
}

impl Default for TimeDistribution {
    fn default() -> Self {
        Self { moments: Moments::default(), slots: vec![0; SLOTS] }
    }
}

impl TimeDistribution {
    /// Adds one time.
    #[inline]
    pub fn record(&mut self, time: Nanos) {
        self.moments.record(time);
        self.slots[slot_of(recorded_microseconds(time))] += 1;
    }

    /// Adds a time of which only a lower bound is known: it counts in the top slot, so that no quantile can fall below it.
    pub fn record_at_least(&mut self, time: Nanos) {
        self.moments.record(time);
        self.slots[SLOTS - 1] += 1;
    }

    /// Adds moments and slot counts that were recorded apart.
    pub fn add_parts(&mut self, moments: &Moments, slots: &[u32]) {
        self.moments.add(moments);
        for (sum, &count) in self.slots.iter_mut().zip(slots) {
            *sum += u64::from(count);
        }
    }

    /// Adds the times of another.
    pub fn add(&mut self, other: &Self) {
        self.moments.add(&other.moments);
        for (sum, &count) in self.slots.iter_mut().zip(&other.slots) {
            *sum += count;
        }
    }

    /// Number of times recorded.
    pub fn count(&self) -> u64 {
        self.moments.count
    }

    /// A quantile in seconds; none without a time.
    pub fn quantile_seconds(&self, q: f64) -> Option<f64> {
        quantile_seconds(self.slots.iter().copied(), q)
    }

    /// Exact mean, seconds; 0 without a time.
    pub fn mean_seconds(&self) -> f64 {
        let Moments { count, sum, .. } = self.moments;
        if count == 0 { 0.0 } else { sum as f64 / count as f64 / 1e9 }
    }

    /// The longest, seconds.
    pub fn maximum_seconds(&self) -> f64 {
        self.moments.maximum as f64 / 1e9
    }

    /// The form of the result: seconds, and the histogram as V2, deflated, base64.
    pub fn encode(&self) -> result::TimeDistribution {
        let Moments { count, minimum, .. } = self.moments;
        result::TimeDistribution {
            count,
            mean_seconds: self.mean_seconds(),
            minimum_seconds: if count == 0 { 0.0 } else { minimum as f64 / 1e9 },
            maximum_seconds: self.maximum_seconds(),
            histogram: encode_slots(&self.slots),
        }
    }
}

fn encode_slots(slots: &[u64]) -> String {
    let mut histogram = Histogram::<u64>::new_with_bounds(1, HIGHEST_MICROSECONDS, 3).expect("the bounds are valid");
    for (slot, &count) in slots.iter().enumerate().filter(|(_, count)| **count > 0) {
        histogram.record_n(value_of(slot), count).expect("every slot lies within the bounds");
    }
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(&histogram, &mut bytes).expect("writing into memory");
    STANDARD.encode(bytes)
}

/// The q-quantile of slot counts in seconds, HdrHistogram's definition: the highest value equivalent to the first at or below which at
/// least `q * count` values lie. None of nothing.
pub fn quantile_seconds(slots: impl Iterator<Item = u64> + Clone, q: f64) -> Option<f64> {
    let count: u64 = slots.clone().sum();
    let rank = ((count as f64 * q).ceil() as u64).max(1);
    let mut below = 0;
    for (slot, here) in slots.enumerate() {
        below += here;
        if below >= rank && here > 0 {
            return Some((value_of(slot + 1) - 1) as f64 / 1e6);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use hdrhistogram::serialization::Deserializer;

    fn reference() -> Histogram<u64> {
        Histogram::new_with_bounds(1, HIGHEST_MICROSECONDS, 3).unwrap()
    }

    #[test]
    fn slots_are_those_of_the_hdrhistogram_crate() {
        let histogram = reference();
        assert_eq!(slot_of(HIGHEST_MICROSECONDS) + 1, SLOTS);
        let mut random = Random::new(1, &[]);
        let edges = (0..27).flat_map(|bit| [(1_u64 << bit) - 1, 1 << bit, (1 << bit) + 1]);
        let drawn = (0..20_000).map(|_| random.bits() >> (37 + random.bits() % 27));
        for value in edges.chain(drawn).map(|value| value.min(HIGHEST_MICROSECONDS)) {
            assert_eq!(value_of(slot_of(value)), histogram.lowest_equivalent(value), "{value}");
        }
    }

    #[test]
    fn an_encoded_distribution_decodes_to_what_was_recorded() {
        let (mut ours, mut theirs) = (TimeDistribution::default(), reference());
        let mut random = Random::new(2, &[]);
        for _ in 0..10_000 {
            let time = random.bits() % 30_000_000_000;
            ours.record(time);
            theirs.record(recorded_microseconds(time)).unwrap();
        }
        let encoded = ours.encode();
        let bytes = STANDARD.decode(encoded.histogram).unwrap();
        let decoded: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
        assert_eq!(decoded, theirs);
        for q in [0.5, 0.9, 0.99, 1.0] {
            let quantile = quantile_seconds(ours.slots.iter().copied(), q).unwrap();
            assert_eq!(quantile, theirs.value_at_quantile(q) as f64 / 1e6, "{q}");
        }
    }

    #[test]
    fn mean_and_extremes_are_exact() {
        let mut times = TimeDistribution::default();
        for time in [1_000_001, 2_000_002, 6_000_006] {
            times.record(time);
        }
        let encoded = times.encode();
        assert_eq!(encoded.count, 3);
        assert!((encoded.mean_seconds - 0.003_000_003).abs() < 1e-15);
        assert_eq!(encoded.minimum_seconds, 0.001_000_001);
        assert_eq!(encoded.maximum_seconds, 0.006_000_006);
    }

    #[test]
    fn an_unanswered_request_lies_above_every_answered_one() {
        let mut times = TimeDistribution::default();
        times.record(5_000_000);
        times.record_at_least(1_000_000);
        assert!(quantile_seconds(times.slots.iter().copied(), 1.0).unwrap() >= 120.0);
        assert_eq!(times.count(), 2);
    }

    #[test]
    fn nothing_recorded_has_no_quantile() {
        assert_eq!(quantile_seconds([0; 8].into_iter(), 0.5), None);
    }

    #[test]
    fn times_outside_the_bounds_are_kept_at_the_bounds() {
        assert_eq!(recorded_microseconds(0), 1);
        assert_eq!(recorded_microseconds(1_499), 1);
        assert_eq!(recorded_microseconds(1_500), 2);
        assert_eq!(recorded_microseconds(Nanos::MAX / 2), HIGHEST_MICROSECONDS);
    }
}
