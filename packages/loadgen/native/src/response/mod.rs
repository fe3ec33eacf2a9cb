//! Reading and judging one response: framing, status, `Content-Type`, length, and bytes where asked.
//!
//! Bytes come in any pieces. A response that arrives in one piece is never copied, and a head equal to the one before it (it changes once a
//! second, with `Date`) is not parsed again.

mod chunked;
pub mod exercise;
mod head;

use crate::clock::Nanos;
use crate::job::{Comparison, RequestClass};
use chunked::ChunkedBody;
use head::{Framing, Head, HeadParsing};

pub use head::KnownHead;

/// More interim (1xx) responses before one answer are malformed.
const MOST_INTERIMS: u32 = 16;

/// What every response of a class must be.
#[derive(Debug, Clone)]
pub struct Expectation {
    status: u16,
    content_type: Vec<u8>,
    body: Vec<u8>,
    /// Whether only the status is compared.
    is_status_only: bool,
}

impl From<&RequestClass> for Expectation {
    fn from(class: &RequestClass) -> Self {
        let expected = &class.expected;
        Self {
            is_status_only: class.comparison == Comparison::Status,
            status: expected.status,
            content_type: expected.content_type.clone().into_bytes(),
            body: expected.body.clone().into_bytes(),
        }
    }
}

/// In what a whole, well-framed response differs from the expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// The status.
    Status,
    /// `Content-Type`.
    ContentType,
    /// The length of the body.
    Length,
    /// The bytes of the body.
    Body,
}

/// A whole response, judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// None: as expected.
    pub mismatch: Option<Mismatch>,
    /// Whether the connection may carry another request.
    pub keep_alive: bool,
    /// Whether the bytes of the body were compared.
    pub is_compared: bool,
    /// Bytes of the body, without its framing.
    pub body_bytes: u64,
    /// How long a fixture held the request by its own account; of other servers none.
    pub held: Option<Nanos>,
}

/// What is known after a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// More must come.
    Partial,
    /// The response is whole.
    Whole(Answer),
    /// Not a response that can be framed, or bytes after it. The connection cannot be used further.
    Malformed(Flaw),
}

/// Why bytes are not a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// They do not begin as an HTTP/1.x response does, or a header is not one.
    Head,
    /// A head, or what precedes it, without end.
    HeadTooLong,
    /// The end of the body is not told, or told in two ways. A body that ends with its connection, as in HTTP/1.0, is among them.
    Framing,
    /// A chunked body breaks its own rules.
    Chunk,
    /// Bytes follow the end of the body.
    Trailing,
}

#[derive(Debug)]
enum Stage {
    Head,
    Fixed { remaining: u64 },
    Chunked(ChunkedBody),
}

/// The response being read on one connection.
#[derive(Debug)]
pub struct ResponseReader {
    stage: Stage,
    /// A head that came in pieces.
    pending: Vec<u8>,
    /// Interim responses before the head.
    interims: u32,
    head: Head,
    received: u64,
    differs: bool,
}

impl Default for ResponseReader {
    fn default() -> Self {
        Self {
            stage: Stage::Head,
            pending: Vec::new(),
            interims: 0,
            head: Head::default(),
            received: 0,
            differs: false,
        }
    }
}

impl ResponseReader {
    /// Forgets a response that was begun.
    pub fn reset(&mut self) {
        self.stage = Stage::Head;
        self.pending = Vec::new();
        self.interims = 0;
    }

    /// Whether a part of a response has come.
    pub fn has_begun(&self) -> bool {
        !matches!(self.stage, Stage::Head) || !self.pending.is_empty() || self.interims > 0
    }

    /// Takes the next piece. `compare` must be the same for all pieces of one response.
    #[inline]
    pub fn take(&mut self, piece: &[u8], expected: &Expectation, known: &mut KnownHead, compare: bool) -> Reading {
        if matches!(self.stage, Stage::Head) {
            if self.pending.is_empty()
                && let Some(head) = known.recognise(piece)
            {
                self.begin_body(head);
                return self.take_body(&piece[head.length..], expected, compare);
            }
            return self.take_head(piece, expected, known, compare);
        }
        self.take_body(piece, expected, compare)
    }

    /// Only a head that is not whole is kept: the pieces of bodies never are.
    #[cold]
    fn take_head(&mut self, piece: &[u8], expected: &Expectation, known: &mut KnownHead, compare: bool) -> Reading {
        let mut kept = std::mem::take(&mut self.pending);
        let mut bytes = if kept.is_empty() {
            piece
        } else {
            kept.extend_from_slice(piece);
            kept.as_slice()
        };
        loop {
            match Head::parse(bytes, &expected.content_type) {
                HeadParsing::Partial => {
                    self.pending = bytes.to_vec();
                    return Reading::Partial;
                }
                HeadParsing::Interim { length } => {
                    self.interims += 1;
                    if self.interims > MOST_INTERIMS {
                        return Reading::Malformed(Flaw::HeadTooLong);
                    }
                    bytes = &bytes[length..];
                }
                HeadParsing::Final(head) => {
                    known.remember(&bytes[..head.length], head);
                    self.begin_body(head);
                    return self.take_body(&bytes[head.length..], expected, compare);
                }
                HeadParsing::Malformed(flaw) => return Reading::Malformed(flaw),
            }
        }
    }

    #[inline]
    fn begin_body(&mut self, head: Head) {
        self.head = head;
        self.received = 0;
        self.differs = false;
        self.stage = match head.framing {
            Framing::Length(remaining) => Stage::Fixed { remaining },
            Framing::Chunked => Stage::Chunked(ChunkedBody::default()),
        };
    }

    #[inline]
    fn take_body(&mut self, piece: &[u8], expected: &Expectation, compare: bool) -> Reading {
        match &mut self.stage {
            Stage::Fixed { remaining } => {
                if piece.len() as u64 > *remaining {
                    return Reading::Malformed(Flaw::Trailing);
                }
                *remaining -= piece.len() as u64;
                let is_whole = *remaining == 0;
                self.compare(piece, expected, compare);
                if is_whole { self.finish(expected, compare) } else { Reading::Partial }
            }
            Stage::Chunked(_) => self.take_chunks(piece, expected, compare),
            Stage::Head => unreachable!("a body is read after its head"),
        }
    }

    fn take_chunks(&mut self, mut piece: &[u8], expected: &Expectation, compare: bool) -> Reading {
        loop {
            let Stage::Chunked(body) = &mut self.stage else { unreachable!("chunks are read in a chunked body") };
            match body.take(piece) {
                chunked::Step::Data { data, rest } => {
                    self.compare(data, expected, compare);
                    piece = rest;
                }
                chunked::Step::More => return Reading::Partial,
                chunked::Step::End { rest: [] } => return self.finish(expected, compare),
                chunked::Step::End { .. } => return Reading::Malformed(Flaw::Trailing),
                chunked::Step::Malformed => return Reading::Malformed(Flaw::Chunk),
            }
        }
    }

    #[inline]
    fn compare(&mut self, data: &[u8], expected: &Expectation, compare: bool) {
        let start = self.received as usize;
        self.received += data.len() as u64;
        if compare && !self.differs && !expected.is_status_only {
            self.differs = expected.body.get(start..start + data.len()) != Some(data);
        }
    }

    #[inline]
    fn finish(&mut self, expected: &Expectation, compare: bool) -> Reading {
        self.stage = Stage::Head;
        self.interims = 0;
        let mismatch = if self.head.status != expected.status {
            Some(Mismatch::Status)
        } else if expected.is_status_only {
            None
        } else if !self.head.has_content_type {
            Some(Mismatch::ContentType)
        } else if self.received != expected.body.len() as u64 {
            Some(Mismatch::Length)
        } else if self.differs {
            Some(Mismatch::Body)
        } else {
            None
        };
        let is_compared = compare && !expected.is_status_only && matches!(mismatch, None | Some(Mismatch::Body));
        let Head { keep_alive, held, .. } = self.head;
        Reading::Whole(Answer { mismatch, keep_alive, is_compared, body_bytes: self.received, held })
    }
}

#[cfg(test)]
mod splits;
#[cfg(test)]
mod tests;
