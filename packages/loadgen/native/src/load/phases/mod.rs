//! What the threads share: the phases, and how far each has come.
//!
//! Any thread that reaches the end of warm-up or window decides for all, under one lock: there is no thread that could decide too late.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use super::window::Window;
use crate::clock::{MILLISECOND, NEVER, Nanos, SECOND, nanos};
use crate::failure::Failure;
use crate::job::{Arrivals, LoadJob};
use crate::poller::Bell;

/// The window begins this long after it was decided, so that every thread knows before it does.
pub const LEAD: Nanos = 2 * MILLISECOND;

/// A stopped window ends this long after the word: ten ticks of a loop, so that every thread knows before it does.
const STOP_LEAD: Nanos = 100 * MILLISECOND;

/// Longest drain of a load that was stopped: whoever stopped it waits.
const STOPPED_DRAIN: Nanos = SECOND;

/// What the threads tell the one that started them.
#[derive(Debug)]
pub enum Message {
    /// The connection pools of a thread are open.
    Ready,
    /// Warm-up is over.
    Warm,
    /// The window is over.
    WindowEnd,
    /// The machine lacks something.
    Failed(Failure),
}

/// Correct responses of one class in one thread; alone in its cache lines, because the thread writes it at each response.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Progress {
    warmup: AtomicU64,
    window: AtomicU64,
}

impl Progress {
    /// Publishes the counts so far.
    #[inline]
    pub fn publish(&self, warmup: u64, window: u64) {
        self.warmup.store(warmup, Ordering::Relaxed);
        self.window.store(window, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
struct Decisions {
    is_warm: bool,
    is_measure_asked: bool,
    is_closed: bool,
    is_stopped: bool,
}

/// The state of the phases.
pub struct Phases {
    warmup_minimum: Nanos,
    warmup_maximum: Nanos,
    warmup_responses: u64,
    window_step: Nanos,
    window_maximum: Nanos,
    window_responses: u64,
    drain_maximum: Nanos,
    has_handshake: bool,
    classes: usize,
    progress: Vec<Progress>,
    begun: AtomicU64,
    start: AtomicU64,
    end: AtomicU64,
    /// When the load was told to stop; `NEVER` until it is.
    stopped: AtomicU64,
    decisions: Mutex<Decisions>,
    messages: Mutex<Sender<Message>>,
    /// Ends the waits of the threads when something is decided.
    pub bell: Bell,
    is_aborted: AtomicBool,
    ramp_gaps: Vec<AtomicU64>,
    /// Position of the last connection to enter, of each class; none in an open loop, which has no ramp.
    last_entries: Vec<Option<u64>>,
    /// Responses of each class when the last connection had entered; `NEVER` until then.
    responses_at_entry: Vec<AtomicU64>,
}

impl Phases {
    /// Phases of a job for this many threads.
    pub fn new(job: &LoadJob, threads: usize, messages: Sender<Message>, bell: Bell) -> Self {
        let classes = job.classes.len();
        Self {
            warmup_minimum: nanos(job.warmup.minimum_seconds),
            warmup_maximum: nanos(job.warmup.maximum_seconds),
            warmup_responses: job.warmup.minimum_responses,
            window_step: job.window.step(),
            window_maximum: nanos(job.window.maximum_seconds),
            window_responses: job.window.minimum_responses,
            drain_maximum: nanos(job.drain.maximum_seconds),
            has_handshake: job.handshake,
            classes,
            progress: (0..threads * classes).map(|_| Progress::default()).collect(),
            begun: AtomicU64::new(NEVER),
            start: AtomicU64::new(NEVER),
            end: AtomicU64::new(NEVER),
            stopped: AtomicU64::new(NEVER),
            decisions: Mutex::default(),
            messages: Mutex::new(messages),
            bell,
            is_aborted: AtomicBool::new(false),
            ramp_gaps: (0..classes).map(|_| AtomicU64::new(NEVER)).collect(),
            responses_at_entry: (0..classes).map(|_| AtomicU64::new(NEVER)).collect(),
            last_entries: job.classes.iter().map(|class| last_entry(&class.arrivals)).collect(),
        }
    }

    /// Length of the window before any extension.
    pub fn window_step(&self) -> Nanos {
        self.window_step
    }

    /// Where a thread publishes what it has done for a class.
    #[inline]
    pub fn progress(&self, thread: usize, class: usize) -> &Progress {
        &self.progress[thread * self.classes + class]
    }

    /// A thread is ready to begin.
    pub fn ready(&self) {
        self.tell(Message::Ready);
    }

    /// Warm-up begins at this instant.
    pub fn begin(&self, now: Nanos) {
        self.begun.store(now, Ordering::Release);
        self.wake_all();
    }

    /// When warm-up began; `NEVER` until it has.
    pub fn begun(&self) -> Nanos {
        self.begun.load(Ordering::Acquire)
    }

    /// The window as it is now.
    #[inline]
    pub fn window(&self) -> Window {
        let start = self.start.load(Ordering::Acquire);
        Window { start, end: self.end.load(Ordering::Acquire), is_closed: false }
    }

    /// Whether all must stop at once.
    pub fn is_aborted(&self) -> bool {
        self.is_aborted.load(Ordering::Relaxed)
    }

    /// Stops all threads for a lack of the machine.
    pub fn fail(&self, failure: Failure) {
        self.is_aborted.store(true, Ordering::Relaxed);
        self.tell(Message::Failed(failure));
        self.wake_all();
    }

    /// Ends warm-up when its rule says so: the shortest time is over and, since every connection has entered, enough responses have come; or the
    /// maximum is reached. Responses before the last connection entered say nothing of the load that is measured.
    pub fn judge_warmup(&self, now: Nanos) {
        let elapsed = now.saturating_sub(self.begun());
        let is_over = elapsed >= self.warmup_maximum
            || self.have_entered(elapsed)
                && self.fewest_since_entry() >= self.warmup_responses
                && elapsed >= self.warmup_minimum;
        if !is_over {
            return;
        }
        let mut decisions = self.decisions.lock().expect("no thread panics while it decides");
        if decisions.is_warm {
            return;
        }
        decisions.is_warm = true;
        self.tell(Message::Warm);
        if !self.has_handshake || decisions.is_measure_asked {
            self.begin_window(now);
        }
    }

    /// The harness asks for the window: it begins at once, or as soon as warm-up is over.
    pub fn measure(&self, now: Nanos) {
        let mut decisions = self.decisions.lock().expect("no thread panics while it decides");
        if decisions.is_measure_asked || !self.has_handshake {
            return;
        }
        decisions.is_measure_asked = true;
        if decisions.is_warm {
            self.begin_window(now);
        }
    }

    /// Ends the window early, and with it the load; what is in flight gets a second. Before the window begins the load fails instead: nothing was
    /// measured.
    pub fn stop(&self, now: Nanos) {
        let mut decisions = self.decisions.lock().expect("no thread panics while it decides");
        if decisions.is_stopped {
            return;
        }
        decisions.is_stopped = true;
        self.stopped.store(now, Ordering::Release);
        let window = self.window();
        if now < window.start {
            drop(decisions);
            return self.fail(Failure::stopped());
        }
        if !decisions.is_closed {
            self.end.store(window.end.min(now + STOP_LEAD), Ordering::Release);
        }
    }

    /// When the drain of a window that is closed is over at the latest.
    pub fn drain_end(&self, window: &Window) -> Nanos {
        let since = window.end.max(self.stopped.load(Ordering::Acquire));
        (window.end + self.drain_maximum).min(since.saturating_add(STOPPED_DRAIN))
    }

    fn begin_window(&self, now: Nanos) {
        let start = now + LEAD;
        self.end.store(start + self.window_step, Ordering::Release);
        self.start.store(start, Ordering::Release);
        self.wake_all();
    }

    /// The window seen by a thread that has come to its end: extended, or closed for good.
    pub fn settle_end(&self, now: Nanos) -> Window {
        let mut decisions = self.decisions.lock().expect("no thread panics while it decides");
        let mut window = self.window();
        while now >= window.end && !decisions.is_closed {
            let is_full = self.fewest(|progress| &progress.window) >= self.window_responses;
            let has_room = window.end - window.start + self.window_step <= self.window_maximum;
            if is_full || !has_room || decisions.is_stopped {
                decisions.is_closed = true;
                self.tell(Message::WindowEnd);
            } else {
                window.end += self.window_step;
                self.end.store(window.end, Ordering::Release);
            }
        }
        Window { is_closed: decisions.is_closed, ..window }
    }

    /// Gap between the entries of a closed loop's connections; `NEVER` until the first one's service time is known.
    pub fn ramp_gap(&self, class: usize) -> Nanos {
        self.ramp_gaps[class].load(Ordering::Acquire)
    }

    /// Decides the gap, once.
    pub fn decide_ramp_gap(&self, class: usize, gap: Nanos) {
        let gap_was = &self.ramp_gaps[class];
        if gap_was.compare_exchange(NEVER, gap, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.wake_all();
        }
    }

    /// Whether the ramps of all closed loops are over after so long.
    fn have_entered(&self, elapsed: Nanos) -> bool {
        self.last_entries.iter().zip(&self.ramp_gaps).all(|(last, gap)| {
            let gap = gap.load(Ordering::Acquire);
            last.is_none_or(|last| gap != NEVER && elapsed >= last * gap)
        })
    }

    /// Fewest responses of any class since every connection has entered; the first call counts from now.
    fn fewest_since_entry(&self) -> u64 {
        let since = |class: usize| {
            let responses = self.responses(class, |progress| &progress.warmup);
            let entry = &self.responses_at_entry[class];
            let _ = entry.compare_exchange(NEVER, responses, Ordering::AcqRel, Ordering::Acquire);
            responses.saturating_sub(entry.load(Ordering::Acquire))
        };
        (0..self.classes).map(since).min().unwrap_or(0)
    }

    /// Fewest responses of any class.
    fn fewest(&self, of: impl Fn(&Progress) -> &AtomicU64) -> u64 {
        (0..self.classes).map(|class| self.responses(class, &of)).min().unwrap_or(0)
    }

    fn responses(&self, class: usize, of: impl Fn(&Progress) -> &AtomicU64) -> u64 {
        self.progress.iter().skip(class).step_by(self.classes).map(|one| of(one).load(Ordering::Relaxed)).sum()
    }

    fn wake_all(&self) {
        // A thread that cannot be woken still looks at its next tick, at most 10 ms later.
        let _ = self.bell.ring();
    }

    fn tell(&self, message: Message) {
        // A receiver that is gone has failed already.
        let _ = self.messages.lock().expect("no thread panics while it sends").send(message);
    }
}

fn last_entry(arrivals: &Arrivals) -> Option<u64> {
    match arrivals {
        Arrivals::Closed { connections, .. } => Some(u64::from(*connections).saturating_sub(1)),
        Arrivals::Open { .. } | Arrivals::Replay { .. } => None,
    }
}

#[cfg(test)]
mod tests;
