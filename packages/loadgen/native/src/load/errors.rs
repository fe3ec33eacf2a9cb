//! Kinds of errors.

use crate::response::Mismatch;
use crate::result::LoadErrors;

/// Why a request has no correct response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No connection could be made.
    Connect,
    /// The connection was reset.
    Reset,
    /// The server closed the connection before the response was whole.
    Closed,
    /// No response within the time allowed.
    Timeout,
    /// Not a response.
    Malformed,
    /// A whole response, but not the expected one.
    Mismatch(Mismatch),
}

impl ErrorKind {
    /// The counter of this kind.
    pub fn counter(self, errors: &mut LoadErrors) -> &mut u64 {
        match self {
            Self::Connect => &mut errors.connect,
            Self::Reset => &mut errors.reset,
            Self::Closed => &mut errors.closed,
            Self::Timeout => &mut errors.timeout,
            Self::Malformed => &mut errors.malformed,
            Self::Mismatch(Mismatch::Status) => &mut errors.status,
            Self::Mismatch(Mismatch::ContentType) => &mut errors.content_type,
            Self::Mismatch(Mismatch::Length) => &mut errors.length,
            Self::Mismatch(Mismatch::Body) => &mut errors.body,
        }
    }
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
