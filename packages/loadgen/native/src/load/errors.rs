//! Kinds of errors.

use crate::response::{Flaw, Mismatch};
use crate::result::{LoadErrorDetails, LoadErrors};

/// Why a request has no correct response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No connection could be made.
    Connect,
    /// The connection was reset.
    Reset(Progress),
    /// The server closed the connection before the response was whole.
    Closed(Progress),
    /// No response within the time allowed.
    Timeout(Progress),
    /// Not a response.
    Malformed(Flaw),
    /// A whole response, but not the expected one.
    Mismatch(Mismatch),
}

/// How much of the response had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing.
    None,
    /// A part.
    Begun,
}

impl ErrorKind {
    /// The counter of this kind.
    pub fn counter(self, errors: &mut LoadErrors) -> &mut u64 {
        match self {
            Self::Connect => &mut errors.connect,
            Self::Reset(_) => &mut errors.reset,
            Self::Closed(_) => &mut errors.closed,
            Self::Timeout(_) => &mut errors.timeout,
            Self::Malformed(_) => &mut errors.malformed,
            Self::Mismatch(Mismatch::Status) => &mut errors.status,
            Self::Mismatch(Mismatch::ContentType) => &mut errors.content_type,
            Self::Mismatch(Mismatch::Length) => &mut errors.length,
            Self::Mismatch(Mismatch::Body) => &mut errors.body,
        }
    }
}

impl ErrorKind {
    /// The closer counter of this kind; none where the kind says all.
    pub fn detail(self, details: &mut LoadErrorDetails) -> Option<&mut u64> {
        Some(match self {
            Self::Reset(Progress::Begun) => &mut details.reset_midway,
            Self::Closed(Progress::Begun) => &mut details.closed_midway,
            Self::Timeout(Progress::Begun) => &mut details.timeout_midway,
            Self::Malformed(Flaw::Head) => &mut details.head,
            Self::Malformed(Flaw::HeadTooLong) => &mut details.head_too_long,
            Self::Malformed(Flaw::Framing) => &mut details.framing,
            Self::Malformed(Flaw::Chunk) => &mut details.chunk,
            Self::Malformed(Flaw::Trailing) => &mut details.trailing,
            _ => return None,
        })
    }
}

/// Adds the closer counts of another.
pub fn add_details(sum: &mut LoadErrorDetails, other: &LoadErrorDetails) {
    sum.head_too_long += other.head_too_long;
    sum.head += other.head;
    sum.framing += other.framing;
    sum.chunk += other.chunk;
    sum.trailing += other.trailing;
    sum.closed_midway += other.closed_midway;
    sum.reset_midway += other.reset_midway;
    sum.timeout_midway += other.timeout_midway;
    sum.unasked += other.unasked;
}

/// Adds the counts of another.
pub fn add(sum: &mut LoadErrors, other: &LoadErrors) {
    sum.connect += other.connect;
    sum.reset += other.reset;
    sum.closed += other.closed;
    sum.timeout += other.timeout;
    sum.malformed += other.malformed;
    sum.status += other.status;
    sum.content_type += other.content_type;
    sum.length += other.length;
    sum.body += other.body;
}
