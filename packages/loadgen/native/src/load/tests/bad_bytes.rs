//! Servers that misbehave byte by byte: each fault is counted under its name, the load comes to its end, and memory stays bounded.

use std::io::Write;
use std::net::Shutdown;
use std::thread::sleep;
use std::time::Duration;

use super::raw_server::{RIGHT, RawServer, Script, close, endlessly, reset, wait};
use super::{check_sums, drive, job, open};
use crate::job::{Arrivals, Process};
use crate::result::{LoadClassResult, LoadErrorDetails, LoadErrors};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n";
const CHUNKED: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

fn load(port: u16, timeout_seconds: f64, arrivals: Arrivals) -> LoadClassResult {
    let mut job = job(port);
    job.timeout_seconds = timeout_seconds;
    job.classes[0].arrivals = arrivals;
    let class = drive(job).classes.remove(0);
    check_sums(&class);
    class
}

#[test]
fn each_fault_has_its_name() {
    type Error = fn(&LoadErrors) -> u64;
    type Detail = fn(&LoadErrorDetails) -> u64;
    let cases: [(&str, Script, Error, Option<Detail>); 12] = [
        (
            "endless head",
            |stream| stream.write_all(b"HTTP/1.1 200 OK\r\n").and_then(|()| endlessly(stream, &b"X: y\r\n".repeat(99))),
            |errors| errors.malformed,
            Some(|details| details.head_too_long),
        ),
        (
            "endless 100 Continue",
            |stream| endlessly(stream, b"HTTP/1.1 100 Continue\r\n\r\n"),
            |errors| errors.malformed,
            Some(|details| details.head_too_long),
        ),
        (
            "not HTTP",
            |stream| stream.write_all(b"SSH-2.0-x\r\n"),
            |errors| errors.malformed,
            Some(|details| details.head),
        ),
        (
            "longer than declared",
            |stream| stream.write_all(&[RIGHT, b"!"].concat()),
            |errors| errors.malformed,
            Some(|details| details.trailing),
        ),
        (
            "shorter than declared",
            |stream| stream.write_all(&[HEAD, b"o"].concat()).and_then(|()| close(stream)),
            |errors| errors.closed,
            Some(|details| details.closed_midway),
        ),
        (
            "half closed in the middle",
            |stream| {
                stream.write_all(&[HEAD, b"o"].concat())?;
                stream.shutdown(Shutdown::Write)?;
                wait(stream)
            },
            |errors| errors.closed,
            Some(|details| details.closed_midway),
        ),
        (
            "half closed instead of an answer",
            |stream| stream.shutdown(Shutdown::Write).and_then(|()| wait(stream)),
            |errors| errors.closed,
            None,
        ),
        (
            "reset in the middle",
            |stream| {
                stream.write_all(&[HEAD, b"o"].concat())?;
                sleep(Duration::from_millis(5));
                reset(stream)
            },
            |errors| errors.reset,
            Some(|details| details.reset_midway),
        ),
        (
            "HTTP/1.0, answer up to the end of the connection",
            |stream| stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nok").and_then(|()| close(stream)),
            |errors| errors.malformed,
            Some(|details| details.framing),
        ),
        (
            "a chunk of another size than it says",
            |stream| stream.write_all(&[CHUNKED, b"1\r\nok\r\n0\r\n\r\n"].concat()),
            |errors| errors.malformed,
            Some(|details| details.chunk),
        ),
        (
            "stalled body",
            |stream| stream.write_all(&[HEAD, b"o"].concat()).and_then(|()| wait(stream)),
            |errors| errors.timeout,
            Some(|details| details.timeout_midway),
        ),
        (
            "endless body, as fast as it goes",
            |stream| {
                let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
                stream.write_all(CHUNKED).and_then(|()| endlessly(stream, &chunk))
            },
            |errors| errors.timeout,
            Some(|details| details.timeout_midway),
        ),
    ];
    for (name, script, error, detail) in cases {
        let server = RawServer::start(9, script);
        for arrivals in
            [Arrivals::Closed { connections: 4, ramp_seconds: 0.02, think: None }, open(Process::Constant, 300.0, 16)]
        {
            let class = load(server.port, if name.contains(" body") { 0.06 } else { 5.0 }, arrivals);
            assert!(class.answered > 0, "{name}");
            assert!(error(&class.errors) > 0, "{name}: {:?}", class.errors);
            assert_eq!(error(&class.errors), class.errors.total(), "{name}: {:?}", class.errors);
            let Some(detail) = detail else {
                assert_eq!(class.error_details, LoadErrorDetails::default(), "{name}");
                continue;
            };
            // On a busy machine a right answer may time out too, before it begins.
            let (named, total) = (detail(&class.error_details), class.errors.total());
            let is_all = named == total || class.errors.timeout > 0;
            assert!(named > 0 && is_all, "{name}: {total}, {:?}", class.error_details);
        }
    }
}

#[test]
fn an_answer_after_interim_ones_and_one_of_http_1_0_are_right() {
    let scripts: [Script; 2] = [
        |stream| stream.write_all(&[b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n", RIGHT].concat()),
        |stream| {
            let head = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nok";
            stream.write_all(head).and_then(|()| close(stream))
        },
    ];
    for script in scripts {
        let server = RawServer::start(3, script);
        let class = load(server.port, 5.0, Arrivals::Closed { connections: 4, ramp_seconds: 0.02, think: None });
        assert!(class.answered > 0);
        assert_eq!(class.errors, LoadErrors::default());
        assert_eq!(class.body_bytes, 2 * class.answered);
    }
}

#[test]
fn bytes_that_come_after_an_answer_end_the_connection_and_are_counted() {
    let server = RawServer::start(3, |stream| {
        stream.write_all(RIGHT)?;
        sleep(Duration::from_millis(10));
        stream.write_all(b"and more")
    });
    // So slow that the connection is unused when they come.
    let class = load(server.port, 5.0, open(Process::Constant, 50.0, 8));
    assert!(class.error_details.unasked > 0, "{class:?}");
    assert!(class.connections_opened > 8);
}

#[test]
fn chunked_bodies_are_counted_without_their_framing() {
    let server =
        RawServer::start(1, |stream| stream.write_all(&[CHUNKED, b"1\r\no\r\n1;x=y\r\nk\r\n0\r\n\r\n"].concat()));
    let class = load(server.port, 5.0, Arrivals::Closed { connections: 4, ramp_seconds: 0.02, think: None });
    assert_eq!(class.errors, LoadErrors::default());
    assert!(class.answered > 0);
    assert_eq!(class.body_bytes, 2 * class.answered);
}
