//! A chunked body (RFC 9112, section 7.1): sizes in hexadecimal, extensions and trailers skipped.

/// Longest line of a size with its extensions, or of a trailer.
const LONGEST_LINE: u32 = 4096;
/// Most hexadecimal digits of a size.
const MOST_DIGITS: u32 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Size { digits: u32 },
    Extension { length: u32 },
    SizeLineFeed,
    Data,
    DataReturn,
    DataLineFeed,
    TrailerStart { length: u32 },
    Trailer { length: u32 },
    TrailerLineFeed { length: u32 },
    LastLineFeed,
}

/// What the next bytes were.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Bytes of the body, and what follows them.
    Data {
        /// Body bytes.
        data: &'a [u8],
        /// Not looked at yet.
        rest: &'a [u8],
    },
    /// All bytes are taken, the body goes on.
    More,
    /// The body is over.
    End {
        /// Bytes behind it.
        rest: &'a [u8],
    },
    /// Not a chunked body.
    Malformed,
}

/// The decoder of one body.
#[derive(Debug)]
pub struct ChunkedBody {
    state: State,
    /// Size being read, then bytes of the chunk still to come.
    size: u64,
}

impl Default for ChunkedBody {
    fn default() -> Self {
        Self { state: State::Size { digits: 0 }, size: 0 }
    }
}

impl ChunkedBody {
    /// Takes bytes up to the end of the next stretch of body.
    pub fn take<'a>(&mut self, piece: &'a [u8]) -> Step<'a> {
        let mut position = 0;
        while position < piece.len() {
            if self.state == State::Data {
                let length = self.size.min((piece.len() - position) as u64) as usize;
                self.size -= length as u64;
                if self.size == 0 {
                    self.state = State::DataReturn;
                }
                let (data, rest) = piece[position..].split_at(length);
                return Step::Data { data, rest };
            }
            let byte = piece[position];
            position += 1;
            match self.next(byte) {
                None => return Step::Malformed,
                Some(None) => return Step::End { rest: &piece[position..] },
                Some(Some(state)) => self.state = state,
            }
        }
        Step::More
    }

    /// The state after a byte of framing; `Some(None)` is the end, `None` an error.
    fn next(&mut self, byte: u8) -> Option<Option<State>> {
        let longer = |length: u32| (length < LONGEST_LINE).then_some(length + 1);
        Some(Some(match (self.state, byte) {
            (State::Size { digits }, b'\r') if digits > 0 => State::SizeLineFeed,
            (State::Size { digits }, b';' | b' ' | b'\t') if digits > 0 => State::Extension { length: 0 },
            (State::Size { digits }, _) if digits < MOST_DIGITS => {
                self.size = self.size << 4 | u64::from(char::from(byte).to_digit(16)?);
                State::Size { digits: digits + 1 }
            }
            (State::Extension { .. }, b'\r') => State::SizeLineFeed,
            (State::Extension { .. }, b'\n') => return None,
            (State::Extension { length }, _) => State::Extension { length: longer(length)? },
            (State::SizeLineFeed, b'\n') if self.size == 0 => State::TrailerStart { length: 0 },
            (State::SizeLineFeed, b'\n') => State::Data,
            (State::DataReturn, b'\r') => State::DataLineFeed,
            (State::DataLineFeed, b'\n') => State::Size { digits: 0 },
            (State::TrailerStart { .. }, b'\r') => State::LastLineFeed,
            (State::TrailerStart { length } | State::Trailer { length }, byte) if byte != b'\r' && byte != b'\n' => {
                State::Trailer { length: longer(length)? }
            }
            (State::Trailer { length }, b'\r') => State::TrailerLineFeed { length },
            (State::TrailerLineFeed { length }, b'\n') => State::TrailerStart { length },
            (State::LastLineFeed, b'\n') => return Some(None),
            _ => return None,
        }))
    }
}
