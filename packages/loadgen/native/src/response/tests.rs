//! Whole responses in all pieces they can come in, and what is wrong with wrong ones.

use super::head::LONGEST_HEAD;
use super::*;
use crate::random::Random;

fn expectation(body: &str) -> Expectation {
    Expectation {
        status: 200,
        content_type: b"application/json".to_vec(),
        body: body.as_bytes().to_vec(),
        is_status_only: false,
    }
}

/// Reads a response in pieces of the given lengths; the last takes the rest.
fn read(bytes: &[u8], cuts: &[usize], body: &str) -> Reading {
    let mut reader = ResponseReader::default();
    let mut known = KnownHead::default();
    let expected = expectation(body);
    let mut start = 0;
    for &cut in cuts.iter().chain([&bytes.len()]) {
        let reading = reader.take(&bytes[start..cut], &expected, &mut known, true);
        if cut == bytes.len() || matches!(reading, Reading::Malformed(_)) {
            return reading;
        }
        assert_eq!(reading, Reading::Partial, "whole before its end, after {cut} of {} bytes", bytes.len());
        start = cut;
    }
    unreachable!()
}

const RIGHT: Answer = Answer { mismatch: None, keep_alive: true, is_compared: true, body_bytes: 8, held: None };

const GOOD: [&str; 5] = [
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"ms\":5}",
    "HTTP/1.1 200 OK\r\ncontent-type:application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"m\r\n5\r\ns\":5}\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8;a=b\r\n{\"ms\":5}\r\n00\r\nA: b\r\nC: d\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"ms\":5}",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"ms\":5}",
];

#[test]
fn a_response_is_the_same_however_it_is_cut_in_two_or_three() {
    for response in GOOD {
        let bytes = response.as_bytes();
        assert_eq!(read(bytes, &[], "{\"ms\":5}"), Reading::Whole(RIGHT));
        for first in 1..bytes.len() {
            assert_eq!(read(bytes, &[first], "{\"ms\":5}"), Reading::Whole(RIGHT), "{first} of {response:?}");
            for second in first + 1..bytes.len() {
                assert_eq!(read(bytes, &[first, second], "{\"ms\":5}"), Reading::Whole(RIGHT));
            }
        }
    }
}

#[test]
fn where_only_the_status_counts_nothing_else_is_held_against_a_response() {
    let expected = Expectation { is_status_only: true, ..expectation("") };
    let judged = |bytes: &[u8]| ResponseReader::default().take(bytes, &expected, &mut KnownHead::default(), true);
    let other = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let answer = Answer { mismatch: None, keep_alive: true, is_compared: false, body_bytes: 5, held: None };
    assert_eq!(judged(other), Reading::Whole(answer));
    let failed = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
    assert!(matches!(judged(failed), Reading::Whole(Answer { mismatch: Some(Mismatch::Status), .. })));
    assert!(matches!(judged(b"HTTP/1.1 200 OK\r\n\r\n"), Reading::Malformed(Flaw::Framing)));
}

#[test]
fn a_response_is_the_same_byte_by_byte_and_in_random_pieces() {
    let mut random = Random::new(3, &[]);
    for response in GOOD {
        let bytes = response.as_bytes();
        let every: Vec<usize> = (1..bytes.len()).collect();
        assert_eq!(read(bytes, &every, "{\"ms\":5}"), Reading::Whole(RIGHT));
        for _ in 0..300 {
            let cuts: Vec<usize> = every.iter().copied().filter(|_| random.unit() < 0.1).collect();
            assert_eq!(read(bytes, &cuts, "{\"ms\":5}"), Reading::Whole(RIGHT));
        }
    }
}

#[test]
fn one_reader_reads_response_after_response_and_an_equal_head_is_recognised() {
    let (mut reader, mut known, expected) =
        (ResponseReader::default(), KnownHead::default(), expectation("{\"ms\":5}"));
    for response in GOOD.iter().cycle().take(40) {
        assert_eq!(reader.take(response.as_bytes(), &expected, &mut known, true), Reading::Whole(RIGHT));
        assert_eq!(reader.take(response.as_bytes(), &expected, &mut known, true), Reading::Whole(RIGHT));
    }
    assert!(known.recognise(GOOD[4].as_bytes()).is_some());
    assert!(known.recognise(GOOD[0].as_bytes()).is_none());
}

#[test]
fn what_differs_is_named_and_the_connection_stays_usable() {
    let json = "Content-Type: application/json\r\n";
    let cases = [
        ("HTTP/1.1 500 No\r\n", json, "{\"ms\":5}", Some(Mismatch::Status), false),
        ("HTTP/1.1 200 OK\r\n", "Content-Type: text/plain\r\n", "{\"ms\":5}", Some(Mismatch::ContentType), false),
        ("HTTP/1.1 200 OK\r\n", "", "{\"ms\":5}", Some(Mismatch::ContentType), false),
        ("HTTP/1.1 200 OK\r\n", json, "{\"ms\":50}", Some(Mismatch::Length), false),
        ("HTTP/1.1 200 OK\r\n", json, "", Some(Mismatch::Length), false),
        ("HTTP/1.1 200 OK\r\n", json, "{\"ms\":6}", Some(Mismatch::Body), true),
    ];
    for (line, header, body, mismatch, is_compared) in cases {
        let response = format!("{line}{header}Content-Length: {}\r\n\r\n{body}", body.len());
        let answer = Answer { mismatch, keep_alive: true, is_compared, body_bytes: body.len() as u64, held: None };
        assert_eq!(read(response.as_bytes(), &[], "{\"ms\":5}"), Reading::Whole(answer), "{response:?}");
        assert_eq!(read(response.as_bytes(), &[7, 30], "{\"ms\":5}"), Reading::Whole(answer), "{response:?}");
    }
}

#[test]
fn bytes_are_compared_only_when_asked() {
    let response = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nno";
    let mut known = KnownHead::default();
    let reading = ResponseReader::default().take(response, &expectation("ok"), &mut known, false);
    assert_eq!(
        reading,
        Reading::Whole(Answer { mismatch: None, keep_alive: true, is_compared: false, body_bytes: 2, held: None })
    );
}

#[test]
fn a_server_that_will_close_says_so() {
    for response in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nok",
    ] {
        let Reading::Whole(answer) = read(response.as_bytes(), &[], "ok") else { panic!("{response:?}") };
        assert!(!answer.keep_alive);
        assert_eq!(answer.mismatch, None);
    }
}

#[test]
fn what_cannot_be_framed_is_malformed() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(LONGEST_HEAD));
    let many = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 0\r\n\r\n", "X: y\r\n".repeat(100));
    let waiting = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
    let cases = [
        ("SSH-2.0-OpenSSH\r\n", Flaw::Head),
        ("HTTP/2 200\r\n\r\n", Flaw::Head),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n", Flaw::Head),
        ("HTTP/1.1 200 OK\r\n\r\n", Flaw::Framing),
        ("HTTP/1.0 200 OK\r\n\r\nok", Flaw::Framing),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", Flaw::Framing),
        ("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", Flaw::Framing),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nok", Flaw::Framing),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Flaw::Framing),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Flaw::Framing),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokX", Flaw::Trailing),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX", Flaw::Trailing),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", Flaw::Chunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", Flaw::Chunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokk\r\n", Flaw::Chunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", Flaw::Chunk),
        (long.as_str(), Flaw::HeadTooLong),
        (many.as_str(), Flaw::HeadTooLong),
        (waiting.as_str(), Flaw::HeadTooLong),
    ];
    for (response, flaw) in cases {
        assert_eq!(read(response.as_bytes(), &[], "ok"), Reading::Malformed(flaw), "{response:?}");
    }
}

#[test]
fn an_endless_head_is_malformed_before_it_fills_the_memory() {
    let (mut reader, mut known, expected) = (ResponseReader::default(), KnownHead::default(), expectation("ok"));
    assert_eq!(reader.take(b"HTTP/1.1 200 OK\r\nX: ", &expected, &mut known, false), Reading::Partial);
    let mut taken = 0;
    while reader.take(&[b'x'; 1000], &expected, &mut known, false) == Reading::Partial {
        taken += 1000;
        assert!(taken <= LONGEST_HEAD);
    }
}

#[test]
fn the_pieces_of_a_body_are_never_kept() {
    let (mut known, expected) = (KnownHead::default(), expectation("ok"));
    for head in ["Content-Length: 60000", "Transfer-Encoding: chunked"] {
        let mut reader = ResponseReader::default();
        let response = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\nea5f\r\n{}", "x".repeat(50_000));
        assert_eq!(reader.take(response.as_bytes(), &expected, &mut known, false), Reading::Partial);
        assert_eq!(reader.pending.capacity(), 0);
        assert!(reader.has_begun());
        reader.reset();
        assert!(!reader.has_begun());
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut random = Random::new(99, &[]);
    let words =
        ["HTTP/1.1 ", "200 OK", "\r\n", "Content-Length: ", "7", "Transfer-Encoding: chunked", "ok", "\0", "\n", "0"];
    let expected = expectation("ok");
    for _ in 0..20_000 {
        let (mut reader, mut known) = (ResponseReader::default(), KnownHead::default());
        for _ in 0..random.bits() % 12 {
            let word = words[(random.bits() % words.len() as u64) as usize];
            if matches!(reader.take(word.as_bytes(), &expected, &mut known, true), Reading::Malformed(_)) {
                break;
            }
        }
    }
}
