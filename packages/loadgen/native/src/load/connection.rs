//! One connection and the request on it.

use mio::net::TcpStream;

use super::slow_reader::Bucket;
use super::tally::Request;
use crate::job::Reader;
use crate::response::ResponseReader;

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is none; the next request opens it.
    Closed,
    /// Asked for.
    Connecting,
    /// Usable.
    Open,
}

/// A place for a connection: it is opened again after an error.
#[derive(Debug)]
pub struct Connection {
    /// Position of its class in the job.
    pub class: usize,
    /// How far it is.
    pub state: State,
    /// The socket, unless closed.
    pub stream: Option<TcpStream>,
    /// The request that occupies it.
    pub request: Option<Request>,
    /// Bytes of the request written so far, where the socket did not take all at once.
    pub partly_written: Option<usize>,
    /// The response being read.
    pub reader: ResponseReader,
    /// Failures since the last response.
    pub failures: u32,
    /// What limits its reading; none: it reads as fast as it can.
    pub bucket: Option<Box<Bucket>>,
}

impl Connection {
    /// A place without connection.
    pub fn new(class: usize, reader: Option<Reader>) -> Self {
        Self {
            class,
            state: State::Closed,
            stream: None,
            request: None,
            partly_written: None,
            reader: ResponseReader::default(),
            failures: 0,
            bucket: reader.map(|reader| Box::new(Bucket::from(reader))),
        }
    }
}
