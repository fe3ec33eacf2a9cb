//! `hold`: lives as long as somebody holds its standard input. In a container it stands for a lease that dies with its holder.
//!
//! A holder that dies closes the input. One whose machine loses power, or whose link is cut, does not: the connection stays half open. So the
//! holder writes a byte now and then, and silence ends the hold as well.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use lexopt::Arg::{Long, Short};

use crate::arguments;
use crate::failure::Failure;

const HELP: &str = "\
Example: photofinish-native hold --silence 30

Reads standard input and answers what it reads with one byte on standard output. Ends with exit code 0 when the input ends, at
SIGTERM or SIGINT, and when not one byte has come for --silence seconds (30 when not given). Write a byte, of any value, at
least every third of that time.
";

/// Why a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The input ended.
    Closed,
    /// Nothing came for too long.
    Silent,
}

/// Reads a descriptor until it ends or is silent for so long; `answer` is called after each read.
pub fn hold(descriptor: libc::c_int, silence: Duration, mut answer: impl FnMut()) -> io::Result<End> {
    let mut heard = Instant::now();
    loop {
        let left = silence.saturating_sub(heard.elapsed());
        if left.is_zero() {
            return Ok(End::Silent);
        }
        if is_readable(descriptor, left)? {
            match read(descriptor)? {
                0 => return Ok(End::Closed),
                _ => {
                    heard = Instant::now();
                    answer();
                }
            }
        }
    }
}

fn is_readable(descriptor: libc::c_int, within: Duration) -> io::Result<bool> {
    let mut wanted = libc::pollfd { fd: descriptor, events: libc::POLLIN, revents: 0 };
    // One more: a wait that is rounded down would end just before the silence is over.
    let milliseconds = i32::try_from(within.as_millis() + 1).unwrap_or(i32::MAX);
    // SAFETY: poll is given one entry that outlives the call.
    match unsafe { libc::poll(&mut wanted, 1, milliseconds) } {
        -1 => interrupted_or(io::Error::last_os_error()).map(|()| false),
        count => Ok(count > 0),
    }
}

/// Number of bytes read, 0 at the end; an interrupted read is tried again.
fn read(descriptor: libc::c_int) -> io::Result<usize> {
    let mut bytes = [0_u8; 256];
    loop {
        // SAFETY: the kernel writes at most the length it is given.
        let count = unsafe { libc::read(descriptor, bytes.as_mut_ptr().cast(), bytes.len()) };
        match usize::try_from(count) {
            Ok(count) => return Ok(count),
            Err(_) => interrupted_or(io::Error::last_os_error())?,
        }
    }
}

fn interrupted_or(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}

extern "C" fn end_at_once(_signal: libc::c_int) {
    // SAFETY: _exit is safe in a signal handler.
    unsafe { libc::_exit(0) }
}

/// As the first process of a container it would ignore both without a handler (pid_namespaces(7)).
fn end_at_signals() {
    for signal in [libc::SIGTERM, libc::SIGINT] {
        let handler: extern "C" fn(libc::c_int) = end_at_once;
        // SAFETY: the handler only leaves the process.
        unsafe { libc::signal(signal, handler as libc::sighandler_t) };
    }
}

/// Holds standard input.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    let mut silence = 30.0;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("silence") => silence = arguments::span("--silence", &mut arguments)?,
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    end_at_signals();
    let answer = || {
        // A holder that does not read holds all the same.
        let _ = io::stdout().write_all(b".").and_then(|()| io::stdout().flush());
    };
    hold(libc::STDIN_FILENO, Duration::from_secs_f64(silence), answer)
        .map_err(|error| Failure::system("poll", &error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::thread;

    use super::*;

    #[test]
    fn ends_when_its_input_is_closed() {
        let (here, there) = UnixStream::pair().unwrap();
        drop(there);
        assert_eq!(hold(here.as_raw_fd(), Duration::from_secs(60), || {}).unwrap(), End::Closed);
    }

    #[test]
    fn ends_when_its_holder_is_silent_with_the_input_still_open() {
        let (here, _there) = UnixStream::pair().unwrap();
        assert_eq!(hold(here.as_raw_fd(), Duration::from_millis(50), || {}).unwrap(), End::Silent);
    }

    #[test]
    fn goes_on_for_as_long_as_bytes_come_and_answers_each() {
        let (here, mut there) = UnixStream::pair().unwrap();
        let silence = Duration::from_millis(400);
        let began = Instant::now();
        let beats = thread::spawn(move || {
            for _ in 0..8 {
                there.write_all(b".").unwrap();
                thread::sleep(Duration::from_millis(100));
            }
        });
        let mut answers = 0;
        assert_eq!(hold(here.as_raw_fd(), silence, || answers += 1).unwrap(), End::Closed);
        assert!((1..=8).contains(&answers));
        assert!(began.elapsed() >= Duration::from_millis(800));
        beats.join().unwrap();
    }
}
