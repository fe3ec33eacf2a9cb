//! The head of a response: what of it matters to a load generator.

use httparse::{EMPTY_HEADER, Error, Response, Status};

use super::Flaw;
use crate::clock::Nanos;

/// A longer head is malformed.
pub const LONGEST_HEAD: usize = 16 * 1024;
/// More headers than this are malformed.
const MOST_HEADERS: usize = 64;

/// How the end of the body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// After this many bytes.
    Length(u64),
    /// After the last chunk.
    Chunked,
}

/// A parsed head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its bytes, the empty line included.
    pub length: usize,
    /// Status code.
    pub status: u16,
    /// Whether `Content-Type` is there once and exactly as expected.
    pub has_content_type: bool,
    /// How the body ends.
    pub framing: Framing,
    /// Whether the connection stays open afterwards.
    pub keep_alive: bool,
    /// How long a fixture held the request by its own account (`X-Held-Nanos`); of other servers none.
    pub held: Option<Nanos>,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            length: 0,
            status: 0,
            has_content_type: false,
            framing: Framing::Length(0),
            keep_alive: true,
            held: None,
        }
    }
}

/// What bytes at the beginning of a response are.
#[derive(Debug)]
pub enum HeadParsing {
    /// The empty line has not come yet.
    Partial,
    /// A 1xx response of this many bytes; the real one follows.
    Interim {
        /// Bytes to skip.
        length: usize,
    },
    /// A head.
    Final(Head),
    /// Neither.
    Malformed(Flaw),
}

impl Head {
    /// Parses the head at the beginning of `bytes`. A response without `Content-Length` and without chunks ends with its connection and is
    /// malformed here: targets keep connections open.
    pub fn parse(bytes: &[u8], expected_content_type: &[u8]) -> HeadParsing {
        let mut headers = [EMPTY_HEADER; MOST_HEADERS];
        let mut response = Response::new(&mut headers);
        // No further: how much has come besides must not change the judgement.
        let seen = &bytes[..bytes.len().min(LONGEST_HEAD + 1)];
        let length = match response.parse(seen) {
            Ok(Status::Complete(length)) if length <= LONGEST_HEAD => length,
            Ok(Status::Partial) if seen.len() <= LONGEST_HEAD => return HeadParsing::Partial,
            Ok(_) => return HeadParsing::Malformed(Flaw::HeadTooLong),
            Err(Error::TooManyHeaders) => return HeadParsing::Malformed(Flaw::HeadTooLong),
            Err(_) => return HeadParsing::Malformed(Flaw::Head),
        };
        let status = response.code.unwrap_or(0);
        if status == 101 || status < 100 {
            return HeadParsing::Malformed(Flaw::Head);
        }
        if status < 200 {
            return HeadParsing::Interim { length };
        }
        let mut fields = Fields { keep_alive: response.version == Some(1), ..Fields::default() };
        for header in response.headers.iter() {
            if fields.take(header.name, header.value, expected_content_type).is_none() {
                return HeadParsing::Malformed(Flaw::Framing);
            }
        }
        let framing = match (fields.length, fields.is_chunked) {
            _ if status == 204 || status == 304 => Framing::Length(0),
            (Some(length), false) => Framing::Length(length),
            (None, true) => Framing::Chunked,
            _ => return HeadParsing::Malformed(Flaw::Framing),
        };
        let has_content_type = fields.content_types == 1 && fields.is_expected_type;
        let Fields { keep_alive, held, .. } = fields;
        HeadParsing::Final(Self { length, status, has_content_type, framing, keep_alive, held })
    }
}

#[derive(Default)]
struct Fields {
    length: Option<u64>,
    is_chunked: bool,
    content_types: u32,
    is_expected_type: bool,
    keep_alive: bool,
    held: Option<Nanos>,
}

impl Fields {
    /// None when the header makes the framing ambiguous.
    fn take(&mut self, name: &str, value: &[u8], expected_content_type: &[u8]) -> Option<()> {
        if name.eq_ignore_ascii_case("content-length") {
            if self.length.is_some() || value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
                return None;
            }
            self.length = Some(std::str::from_utf8(value).ok()?.parse().ok()?);
        } else if name.eq_ignore_ascii_case("content-type") {
            self.content_types += 1;
            self.is_expected_type = value == expected_content_type;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            if self.is_chunked || !value.eq_ignore_ascii_case(b"chunked") {
                return None;
            }
            self.is_chunked = true;
        } else if name.eq_ignore_ascii_case("x-held-nanos") {
            self.held = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
        } else if name.eq_ignore_ascii_case("connection") {
            for word in value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
                if word.eq_ignore_ascii_case(b"close") {
                    self.keep_alive = false;
                } else if word.eq_ignore_ascii_case(b"keep-alive") {
                    self.keep_alive = true;
                }
            }
        }
        Some(())
    }
}

/// The last head of a class, so that an equal one need not be parsed.
#[derive(Debug, Default)]
pub struct KnownHead {
    bytes: Vec<u8>,
    head: Head,
}

impl KnownHead {
    /// The head at the beginning of a piece, when it is byte for byte the remembered one.
    #[inline]
    pub fn recognise(&self, piece: &[u8]) -> Option<Head> {
        (!self.bytes.is_empty() && piece.starts_with(&self.bytes)).then_some(self.head)
    }

    /// Remembers a head.
    pub fn remember(&mut self, bytes: &[u8], head: Head) {
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        self.head = head;
    }
}
