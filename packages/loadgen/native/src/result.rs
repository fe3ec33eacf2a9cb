//! What the load core answers: the shape of `LoadResult` in `packages/schema/src/load-result.ts`, field by field.

use crate::poller::Waiting;
use serde::{Deserialize, Serialize};

/// A distribution of times: exact mean, minimum and maximum in seconds; histogram in microseconds, V2, deflated, base64.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeDistribution {
    /// Number of times, those known only as "at least" included.
    pub count: u64,
    /// Exact mean, seconds.
    pub mean_seconds: f64,
    /// Shortest, seconds.
    pub minimum_seconds: f64,
    /// Longest, seconds.
    pub maximum_seconds: f64,
    /// HdrHistogram V2.
    pub histogram: String,
}

/// Errors by kind, in requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadErrors {
    /// No connection could be made.
    pub connect: u64,
    /// The connection was reset.
    pub reset: u64,
    /// The server closed the connection before the response was whole.
    pub closed: u64,
    /// No response within the time allowed.
    pub timeout: u64,
    /// The response is not HTTP/1.1, has no usable framing, or bytes followed it.
    pub malformed: u64,
    /// Another status than expected.
    pub status: u64,
    /// Another `Content-Type` than expected.
    pub content_type: u64,
    /// A body of another length than expected.
    pub length: u64,
    /// A body of the right length with other bytes.
    pub body: u64,
}

impl LoadErrors {
    /// Requests in error, of all kinds.
    pub fn total(&self) -> u64 {
        self.connect
            + self.reset
            + self.closed
            + self.timeout
            + self.malformed
            + self.status
            + self.content_type
            + self.length
            + self.body
    }
}

/// Errors more closely, in requests: parts of the counts of `LoadErrors`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadErrorDetails {
    /// Of `malformed`: a head, or interim responses, without end.
    pub head_too_long: u64,
    /// Of `malformed`: not an HTTP/1.x head.
    pub head: u64,
    /// Of `malformed`: the end of the body is not told, or told in two ways.
    pub framing: u64,
    /// Of `malformed`: a chunked body that breaks its own rules.
    pub chunk: u64,
    /// Of `malformed`: bytes after the end of the body.
    pub trailing: u64,
    /// Of `closed`: after a part of the response.
    pub closed_midway: u64,
    /// Of `reset`: after a part of the response.
    pub reset_midway: u64,
    /// Of `timeout`: after a part of the response.
    pub timeout_midway: u64,
    /// Not requests but connections, over all phases: closed because bytes came that no request had asked for.
    pub unasked: u64,
}

/// One second of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadSecond {
    /// 0 for the first.
    pub second: u64,
    /// Requests whose intended start falls into it.
    pub intended: u64,
    /// Correct responses completed in it.
    pub completed: u64,
    /// Errors that happened in it.
    pub errors: u64,
    /// Largest number of requests in flight; over several threads the sum of theirs, an upper bound.
    pub in_flight: u64,
    /// Requests due but not sent at its end.
    pub backlog: u64,
    /// Median response time of the correct ones intended in it.
    pub response_time_p50_seconds: Option<f64>,
    /// 99th percentile of the same.
    pub response_time_p99_seconds: Option<f64>,
    /// Latest wake-up of the loop after the instant it asked for.
    pub scheduler_lag_maximum_seconds: f64,
}

/// What each connection of a slow reader has read: every byte, head and framing included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReaderResult {
    /// In the window.
    pub window_bytes: Vec<u64>,
    /// In all phases.
    pub bytes: Vec<u64>,
}

/// What one request class did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadClassResult {
    /// Id of the class in the job.
    pub id: String,
    /// Requests whose intended start falls in the window.
    pub intended: u64,
    /// Those of them that were sent.
    pub sent: u64,
    /// Those answered correctly.
    pub answered: u64,
    /// Of the answered, those whose completion is the kernel's time of arrival; of the others it is the end of the read.
    pub stamped: u64,
    /// Those in error.
    pub errors: LoadErrors,
    /// The same, more closely.
    pub error_details: LoadErrorDetails,
    /// Those without answer when the drain ended.
    pub censored: u64,
    /// Correct responses completed inside the window, whenever intended.
    pub completed_in_window: u64,
    /// Time integral of requests in flight over the window, divided by its length.
    pub mean_in_flight: f64,
    /// Bodies compared byte by byte, over all phases.
    pub bodies_compared: u64,
    /// Bytes of the bodies of the answered, without framing.
    pub body_bytes: u64,
    /// What slow readers have read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reader: Option<ReaderResult>,
    /// Done minus intended, answered and censored.
    pub response_time: TimeDistribution,
    /// Done minus sent, answered.
    pub service_time: TimeDistribution,
    /// Sent minus intended, answered.
    pub send_delay: TimeDistribution,
    /// Service time beyond the time for which a fixture says it held the request, of the answered in which it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond_held: Option<TimeDistribution>,
    /// Sent minus noticed, answered, of those for which no connection was free when they were due.
    pub connection_wait: TimeDistribution,
    /// Error minus intended, errored.
    pub error_time: TimeDistribution,
    /// Largest number of connections open at once.
    pub connections_high_water: u64,
    /// Largest number of connections with a request at once in the window; over several threads the sum of theirs.
    pub pool_high_water: u64,
    /// Connections opened over all phases.
    pub connections_opened: u64,
    /// The window, second by second.
    pub series: Vec<LoadSecond>,
}

/// What the kernel counted in the network namespace of the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KernelCounts {
    /// Connections refused because a listen queue was full.
    pub listen_overflows: u64,
    /// Connections refused for any reason, those included.
    pub listen_drops: u64,
    /// Timeouts of TCP's own timers.
    pub timeouts: u64,
    /// Segments sent again.
    pub retransmissions: u64,
    /// Word that one of those had come before: nothing was lost, its acknowledgement was late (RFC 2883).
    pub duplicates: u64,
}

impl KernelCounts {
    /// All that was lost.
    pub fn lost(&self) -> u64 {
        let segments = self.retransmissions.saturating_sub(self.duplicates);
        self.listen_overflows + self.listen_drops + self.timeouts + segments
    }
}

/// What the sockets at the server's port lost, since each was made: of both ends where both are in the generator's network namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerSockets {
    /// Segments sent again that had not come before.
    pub retransmissions: u64,
    /// Connections turned away.
    pub listen_drops: u64,
}

/// What the kernel lost in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KernelLosses {
    /// Of everybody in the network namespace.
    #[serde(flatten)]
    pub counts: KernelCounts,
    /// Of the server's sockets; none where nobody lost anything, or the kernel does not tell.
    pub server: Option<ServerSockets>,
}

/// Whether the generator, and not the server, decided a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// Its name.
    pub gate: String,
    /// Whether it holds.
    pub passed: bool,
    /// What was read: seconds, a share or a count.
    pub reading: f64,
    /// What is allowed, in the same unit.
    pub limit: f64,
    /// Both in words.
    pub reason: String,
}

/// What driving the load cost, and how late the generator was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratorResult {
    /// Version of this binary.
    pub version: String,
    /// Generating threads.
    pub threads: u64,
    /// Descriptor tables they used: above 1 each thread had its own, and several may have shared a core.
    pub descriptor_tables: u64,
    /// How the loops waited for an instant.
    pub waiting: Waiting,
    /// Addresses that connections came from.
    pub source_addresses: u64,
    /// CPU seconds in user code over the window, all threads.
    pub cpu_user_seconds: f64,
    /// CPU seconds in the kernel over the window, all threads.
    pub cpu_system_seconds: f64,
    /// Share of the window in which a loop was not waiting, mean of the threads.
    pub occupancy_mean: f64,
    /// The same, largest second of any thread.
    pub occupancy_maximum: f64,
    /// Woken minus asked, of every timed wait in the window.
    pub scheduler_lag: TimeDistribution,
    /// Largest resident set of the process, bytes.
    pub maximum_rss_bytes: u64,
}

/// The phase before the window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WarmupResult {
    /// Its length, the wait for `measure` included.
    pub seconds: f64,
    /// Correct responses in it.
    pub responses: u64,
    /// Errors in it.
    pub errors: u64,
}

/// Length of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Seconds.
    pub seconds: f64,
}

/// The last line on standard output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadResult {
    /// 1.
    pub schema_version: u32,
    /// The generator itself.
    pub generator: GeneratorResult,
    /// Before the window.
    pub warmup: WarmupResult,
    /// The window.
    pub window: Span,
    /// After the window.
    pub drain: Span,
    /// Whether the generator can be trusted here.
    pub gates: Vec<Gate>,
    /// What the kernel lost in the window; none where it does not tell.
    pub kernel: Option<KernelLosses>,
    /// One for each class of the job, in its order.
    pub classes: Vec<LoadClassResult>,
}
