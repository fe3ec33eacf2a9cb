//! What the load core is asked to do: the shape of `LoadJob` in `packages/schema/src/load.ts`, field by field.

mod validation;

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// How the loop waits for the next instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pacing {
    /// In the kernel: cores are shared.
    Sleep,
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
    },
    /// A schedule that does not wait.
    Open {
        /// Gaps.
        process: Process,
        /// Arrivals a second.
        rate: f64,
        /// Size of the connection pool.
        connections: u32,
    },
}

impl Arrivals {
    /// Connections of the class.
    pub fn connections(&self) -> u32 {
        match *self {
            Self::Closed { connections, .. } | Self::Open { connections, .. } => connections,
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

/// One request class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestClass {
    /// Its name in the result.
    pub id: String,
    /// Path and query of a GET request.
    pub path: String,
    /// What must come back.
    pub expected: ExpectedAnswer,
    /// When requests arrive.
    pub arrivals: Arrivals,
    /// Share of the bodies that are compared.
    pub body_sample: f64,
}

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// IPv4 literal.
    pub host: Ipv4Addr,
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
    /// Cores to pin threads to; empty: one unpinned thread.
    pub cores: Vec<usize>,
    /// How loops wait.
    pub pacing: Pacing,
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
