//! A server that does with a connection what a test says, byte by byte.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

/// What is done with one bad request. An error ends the connection.
pub type Script = fn(&mut TcpStream) -> std::io::Result<()>;

/// The right answer of the fixtures.
pub const RIGHT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nok";

/// A listening server; it ends when this is dropped.
pub struct RawServer {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    is_stopped: Arc<AtomicBool>,
}

impl RawServer {
    /// Answers rightly, but every so-manieth request gets the script.
    pub fn start(every: u64, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (stopped, number) = (Arc::clone(&is_stopped), Arc::new(AtomicU64::new(0)));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let number = Arc::clone(&number);
                let mut stream = stream.unwrap();
                thread::spawn(move || while answer(&mut stream, &number, every, script).is_ok() {});
            }
        });
        Self { port, is_stopped }
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn answer(stream: &mut TcpStream, number: &AtomicU64, every: u64, script: Script) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    if (number.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(every) {
        return script(stream);
    }
    stream.write_all(RIGHT)
}

/// Sends a piece again and again until nobody takes it.
pub fn endlessly(stream: &mut TcpStream, piece: &[u8]) -> std::io::Result<()> {
    loop {
        stream.write_all(piece)?;
    }
}

/// Waits until the other side ends the connection.
pub fn wait(stream: &mut TcpStream) -> std::io::Result<()> {
    while stream.read(&mut [0; 256])? > 0 {}
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

/// Closes the connection in order.
pub fn close(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.shutdown(Shutdown::Both)?;
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

/// Resets the connection.
pub fn reset(stream: &mut TcpStream) -> std::io::Result<()> {
    let linger = libc::linger { l_onoff: 1, l_linger: 0 };
    let size = size_of::<libc::linger>() as libc::socklen_t;
    // SAFETY: the option reads the structure during the call only.
    unsafe {
        libc::setsockopt(stream.as_raw_fd(), libc::SOL_SOCKET, libc::SO_LINGER, (&raw const linger).cast(), size);
    }
    Err(std::io::ErrorKind::ConnectionReset.into())
}
