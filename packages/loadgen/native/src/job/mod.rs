//! What the load core is asked to do: the shape of `LoadJob` in `packages/schema/src/load.ts`, field by field.

mod validation;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::clock::{Nanos, nanos};
use crate::failure::Failure;

/// How the loop waits for the next instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pacing {
    /// In the kernel: cores are shared.
    Sleep,
    /// In the kernel, by `epoll_pwait2` where that is granted.
    #[serde(rename = "epoll-pwait2")]
    EpollPwait2,
    /// Never: a core is reserved.
    Spin,
}

/// Gaps between the arrivals of an open loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Process {
    /// All equal.
    Constant,
    /// Exponential.
    Poisson,
}

/// Law of a think time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThinkLaw {
    /// Always the mean.
    Constant,
    /// Exponential.
    Exponential,
}

/// How long a user waits between an answer and its next request.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Think {
    /// Its law.
    pub law: ThinkLaw,
    /// Its mean.
    pub mean_seconds: f64,
}

/// How the requests of one class arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "loop", rename_all = "lowercase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Arrivals {
    /// Users who wait for their answer.
    Closed {
        /// Number of users, each with a connection.
        connections: u32,
        /// Longest time over which they enter.
        ramp_seconds: f64,
        /// Time between an answer and the next request; none: at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        think: Option<Think>,
    },
    /// A schedule that does not wait.
    Open {
        /// Gaps.
        process: Process,
        /// Arrivals a second.
        rate: f64,
        /// Requests that are due at the same instant; gaps are those between such instants.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        burst: u32,
        /// Size of the connection pool.
        connections: u32,
    },
    /// A given schedule that does not wait, over and over.
    Replay {
        /// Intended starts after the beginning of warm-up, and again of the window, ascending.
        starts_seconds: Vec<f64>,
        /// The schedule begins again after this long.
        repeat_seconds: f64,
        /// Size of the connection pool.
        connections: u32,
    },
}

/// Each request at an instant of its own.
const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_one(value: &u32) -> bool {
    *value == 1
}

impl Arrivals {
    /// Connections of the class.
    pub fn connections(&self) -> u32 {
        match *self {
            Self::Closed { connections, .. } | Self::Open { connections, .. } | Self::Replay { connections, .. } => {
                connections
            }
        }
    }
}

/// The answer every request of a class must get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpectedAnswer {
    /// Status code.
    pub status: u16,
    /// Exact value of `Content-Type`.
    pub content_type: String,
    /// Exact body.
    pub body: String,
}

/// What of a response is held against the expected answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Status, `Content-Type`, length, and the bytes of a sample.
    #[default]
    Answer,
    /// The status alone: a server whose answers differ by nature.
    Status,
}

/// A header of each request of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// A token.
    pub name: String,
    /// Printable ASCII.
    pub value: String,
}

/// How the connections of a class read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reader {
    /// `SO_RCVBUF`, set before the connection is asked for: the kernel grants twice as much, for its own accounting.
    pub receive_buffer_bytes: u32,
    /// Bytes that each connection reads in a second at most.
    pub bytes_per_second: u64,
}

/// One request class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestClass {
    /// Its name in the result.
    pub id: String,
    /// Path and query of a GET request.
    pub path: String,
    /// Headers besides `Host`, `User-Agent` and `Accept`, or in their stead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// What must come back.
    pub expected: ExpectedAnswer,
    /// How much of it is compared.
    #[serde(default)]
    pub comparison: Comparison,
    /// When requests arrive.
    pub arrivals: Arrivals,
    /// Its connections read slowly; none: as fast as they can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<Reader>,
    /// Share of the bodies that are compared.
    pub body_sample: f64,
}

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Literal of IPv4 or IPv6.
    pub host: IpAddr,
    /// Port.
    pub port: u16,
}

/// A phase with a minimum in seconds and responses, and a maximum in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Warmup {
    /// At least this long.
    pub minimum_seconds: f64,
    /// And until each class has this many correct responses.
    pub minimum_responses: u64,
    /// But no longer than this.
    pub maximum_seconds: f64,
}

/// The measured interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// Its length, and the step by which it is extended.
    pub seconds: f64,
    /// It is extended until each class has this many correct responses.
    pub minimum_responses: u64,
    /// But no longer than this.
    pub maximum_seconds: f64,
    /// Length and step are rounded up to whole multiples of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_seconds: Option<f64>,
}

impl Window {
    /// Its length, and the step by which it is extended: whole periods.
    pub fn step(&self) -> Nanos {
        let step = nanos(self.seconds).max(1);
        match self.period_seconds.map(nanos) {
            Some(period) if period > 0 => step.div_ceil(period) * period,
            _ => step,
        }
    }
}

/// The wait for what is unanswered when the window is over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Drain {
    /// Longest wait.
    pub maximum_seconds: f64,
}

/// The job: one JSON line on standard input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoadJob {
    /// 1.
    pub schema_version: u32,
    /// Seed of schedules and of the body sample.
    pub seed: u64,
    /// The server.
    pub address: Address,
    /// Addresses of this machine that connections come from, in turn; none: what the kernel picks, or as many of 127.0.0.0/8 as needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<IpAddr>>,
    /// Cores to pin threads to; empty: one unpinned thread.
    pub cores: Vec<usize>,
    /// How loops wait.
    pub pacing: Pacing,
    /// Whether these cores hold the server too: lateness is then judged by wider limits.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shared_cores: bool,
    /// What is requested.
    pub classes: Vec<RequestClass>,
    /// Load before measuring.
    pub warmup: Warmup,
    /// The measured interval.
    pub window: Window,
    /// The wait after it.
    pub drain: Drain,
    /// A request unanswered for this long is an error.
    pub timeout_seconds: f64,
    /// Wait for `measure` after warm-up.
    pub handshake: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

impl LoadJob {
    /// Reads and checks a job; a failure names the field.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let job: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            Failure::job(if path == "." { "the job" } else { &path }, error.into_inner())
        })?;
        reader.end().map_err(|error| Failure::job("the job", error))?;
        job.validate()?;
        Ok(job)
    }
}
