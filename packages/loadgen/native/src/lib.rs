//! The native core of Photofinish: everything that must be exact or cheap, behind one binary.
//!
//! Each module is one concern; `main.rs` maps the sub-commands onto them. Times are nanoseconds of `CLOCK_MONOTONIC` inside
//! (`clock::Nanos`) and seconds at every edge.

pub mod abandoned;
pub mod affinity;
pub mod arguments;
pub mod capacity;
pub mod clock;
pub mod confine;
pub mod descriptors;
pub mod failure;
pub mod fixture;
pub mod hiccup;
pub mod hold;
pub mod job;
pub mod load;
pub mod meter;
pub mod poller;
pub mod random;
pub mod response;
pub mod result;
pub mod schedule;
pub mod spin;
pub mod stamp;
pub mod supervise;
pub mod time_distribution;
pub mod topology;
pub mod usage;
pub mod version;
