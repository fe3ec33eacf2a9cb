//! When the requests of an open loop are due: made up front, from a seed.
//!
//! The whole sequence of a class is dealt in turn to the threads that take part, so that the union is the same whatever their number:
//! every target of a block gets the same arrivals. For even spacing this is the offset phase, for exponential gaps the union stays exactly
//! Poisson. Warm-up and window have a sequence each, because a warm-up that lasts longer must not shift the window's arrivals.

use crate::clock::{NEVER, Nanos, SECOND, nanos};
use crate::job::Process;
use crate::random::Random;

/// The part of a sequence that one thread releases.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// Position of this thread among those that take part.
    pub part: usize,
    /// How many take part.
    pub parts: usize,
}

/// How often requests are due, and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// Gaps between instants.
    pub process: Process,
    /// Requests a second.
    pub rate: f64,
    /// Requests due at the same instant.
    pub burst: u32,
}

/// Instants relative to the beginning of a phase of this length, ascending: those of one share.
pub fn arrivals(pattern: Pattern, length: Nanos, mut random: Random, share: Share) -> Vec<Nanos> {
    let Pattern { process, rate, burst } = pattern;
    let (burst, instants_per_second) = (u64::from(burst), rate / f64::from(burst));
    let expected = rate * length as f64 / SECOND as f64 / share.parts as f64;
    let mut instants = Vec::with_capacity((expected * 1.1) as usize + 16);
    let phase = random.unit();
    let mut at = 0.0;
    for position in 0_u64.. {
        if position % burst == 0 {
            // Seconds as a multiple, not a running sum: even spacing must not drift.
            at = match process {
                Process::Constant => ((position / burst) as f64 + phase) / instants_per_second,
                Process::Poisson => at - (1.0 - random.unit()).ln() / instants_per_second,
            };
        }
        let instant = (at * SECOND as f64) as Nanos;
        if instant >= length {
            break;
        }
        if position % share.parts as u64 == share.part as u64 {
            instants.push(instant);
        }
    }
    instants
}

/// A given schedule, in seconds: the instants of one share.
pub fn replay(starts_seconds: &[f64], share: Share) -> Vec<Nanos> {
    starts_seconds.iter().skip(share.part).step_by(share.parts).map(|&start| nanos(start)).collect()
}

/// Walks through a sequence from an origin on; a repeated one starts again after its length.
#[derive(Debug, Clone)]
pub struct Sequence {
    instants: Vec<Nanos>,
    next: usize,
    origin: Nanos,
    /// Length after which the sequence starts again; `NEVER`: it ends.
    period: Nanos,
}

impl Sequence {
    /// A sequence that begins at the origin.
    pub fn new(instants: Vec<Nanos>, origin: Nanos, period: Nanos) -> Self {
        Self { instants, next: 0, origin, period }
    }

    /// Moves its beginning.
    pub fn begin_at(&mut self, origin: Nanos) {
        self.origin = origin;
    }

    /// The next instant; `NEVER` when there is none.
    #[inline]
    pub fn peek(&self) -> Nanos {
        self.instants.get(self.next).map_or(NEVER, |instant| self.origin + instant)
    }

    /// The instant after the next of the same pass, later than it; `NEVER` when there is none.
    #[inline]
    pub fn peek_later(&self) -> Nanos {
        let mut left = self.instants.get(self.next..).unwrap_or_default().iter();
        let Some(next) = left.next() else { return NEVER };
        left.find(|instant| *instant > next).map_or(NEVER, |instant| self.origin + instant)
    }

    /// Takes the next instant.
    pub fn advance(&mut self) {
        self.next += 1;
        if self.next >= self.instants.len() && self.period != NEVER && !self.instants.is_empty() {
            self.next = 0;
            self.origin += self.period;
        }
    }

    /// The largest number of equal instants in one pass.
    pub fn most_at_once(&self) -> usize {
        self.instants.chunk_by(|one, next| one == next).map(<[Nanos]>::len).max().unwrap_or(0)
    }

    /// Number of instants in one pass.
    pub fn len(&self) -> usize {
        self.instants.len()
    }

    /// Whether it has no instants.
    pub fn is_empty(&self) -> bool {
        self.instants.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALONE: Share = Share { part: 0, parts: 1 };

    fn whole(process: Process, rate: f64, seconds: u64, seed: u64) -> Vec<Nanos> {
        arrivals(Pattern { process, rate, burst: 1 }, seconds * SECOND, Random::new(seed, &[]), ALONE)
    }

    #[test]
    fn even_spacing_gives_rate_times_length_arrivals_at_equal_gaps() {
        for (rate, seconds) in [(500.0, 20), (3.0, 7), (12_345.0, 2)] {
            let instants = whole(Process::Constant, rate, seconds, 5);
            assert_eq!(instants.len() as f64, rate * seconds as f64);
            let gap = 1e9 / rate;
            assert!(instants.windows(2).all(|pair| ((pair[1] - pair[0]) as f64 - gap).abs() <= 1.0));
        }
    }

    #[test]
    fn poisson_gaps_have_the_mean_and_deviation_of_an_exponential() {
        let instants = whole(Process::Poisson, 2_000.0, 50, 9);
        let gaps: Vec<f64> = instants.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / 1e9).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let deviation = (gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64).sqrt();
        assert!((mean * 2_000.0 - 1.0).abs() < 0.02, "{mean}");
        assert!((deviation * 2_000.0 - 1.0).abs() < 0.02, "{deviation}");
        assert!(instants.is_sorted());
    }

    #[test]
    fn a_burst_is_due_at_one_instant_and_leaves_the_rate_as_it_is() {
        for process in [Process::Constant, Process::Poisson] {
            let pattern = Pattern { process, rate: 1_000.0, burst: 5 };
            let instants = arrivals(pattern, 20 * SECOND, Random::new(4, &[]), ALONE);
            assert!(instants.chunks(5).all(|burst| burst.len() == 5 && burst.iter().all(|at| *at == burst[0])));
            assert!(instants.chunks(5).map(|burst| burst[0]).is_sorted_by(|one, other| one < other));
            assert!((instants.len() as f64 / 20_000.0 - 1.0).abs() < 0.05, "{}", instants.len());
        }
    }

    #[test]
    fn the_instant_after_the_next_is_a_later_one() {
        let mut sequence = Sequence::new(vec![10, 10, 10, 20, 20, 30], 100, NEVER);
        assert_eq!(sequence.most_at_once(), 3);
        let mut seen = Vec::new();
        for _ in 0..7 {
            seen.push(sequence.peek_later());
            sequence.advance();
        }
        assert_eq!(seen, [120, 120, 120, 130, 130, NEVER, NEVER]);
    }

    #[test]
    fn a_seed_decides_the_schedule() {
        for process in [Process::Constant, Process::Poisson] {
            assert_eq!(whole(process, 100.0, 2, 3), whole(process, 100.0, 2, 3));
            assert_ne!(whole(process, 100.0, 2, 3), whole(process, 100.0, 2, 4));
        }
    }

    #[test]
    fn the_shares_of_any_number_of_threads_make_up_the_same_schedule() {
        for process in [Process::Constant, Process::Poisson] {
            let alone = whole(process, 700.0, 3, 11);
            for parts in [2, 3, 7] {
                let mut union: Vec<Nanos> = (0..parts)
                    .flat_map(|part| {
                        let pattern = Pattern { process, rate: 700.0, burst: 1 };
                        arrivals(pattern, 3 * SECOND, Random::new(11, &[]), Share { part, parts })
                    })
                    .collect();
                union.sort_unstable();
                assert_eq!(union, alone);
            }
        }
    }

    #[test]
    fn the_shares_of_a_given_schedule_make_it_up() {
        let starts = [0.0, 0.1, 0.1, 0.25, 0.9];
        let mut union: Vec<Nanos> = (0..3).flat_map(|part| replay(&starts, Share { part, parts: 3 })).collect();
        union.sort_unstable();
        assert_eq!(union, starts.map(nanos));
    }

    #[test]
    fn a_warm_up_schedule_starts_again_and_a_window_schedule_ends() {
        let mut repeated = Sequence::new(vec![10, 20], 1_000, 100);
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.push(repeated.peek());
            repeated.advance();
        }
        assert_eq!(seen, [1_010, 1_020, 1_110, 1_120, 1_210]);
        let mut once = Sequence::new(vec![10], 0, NEVER);
        once.advance();
        assert_eq!(once.peek(), NEVER);
        assert!(Sequence::new(vec![], 0, 100).is_empty());
    }
}
