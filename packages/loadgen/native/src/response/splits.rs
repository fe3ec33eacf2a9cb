//! However a response is split over reads, the judgement is the same: all ways for short ones, all ways with few cuts and many random ones
//! for the corpus, and random mutations of the corpus through the fuzzer's entry point.

use std::path::Path;
use std::time::{Duration, Instant};

use super::exercise::{check, exercise, read};
use super::*;
use crate::random::Random;

fn expectation() -> Expectation {
    Expectation {
        status: 200,
        content_type: b"application/json".to_vec(),
        body: b"{\"ms\":5}".to_vec(),
        is_status_only: false,
    }
}

/// The corpus of the fuzzer: its inputs without the bytes that decide the cuts.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/response");
    let mut inputs: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    inputs.sort();
    assert!(inputs.len() >= 20, "{} inputs", inputs.len());
    inputs
}

#[test]
fn every_way_of_splitting_a_short_body_is_judged_alike() {
    // The head in one piece, as it usually comes, and the body in all 2^n ways.
    let bodies = [
        ("Content-Length: 8", "{\"ms\":5}"),
        ("Content-Length: 8", "{\"ms\":5}!"),
        ("Content-Length: 12", "{\"ms\":5}"),
        ("Transfer-Encoding: chunked", "8\r\n{\"ms\":5}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "3;a\r\n{\"m\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "1\r\n{\r\nx"),
        ("Transfer-Encoding: chunked", "0\r\nA: b\r\n\r\nX"),
    ];
    for (framing, body) in bodies {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{framing}\r\n\r\n");
        let response = format!("{head}{body}");
        let bytes = response.as_bytes();
        let alone = read(bytes, 1..bytes.len(), &expectation());
        for ways in 0_u32..1 << (body.len() - 1).min(15) {
            let inside = (1..body.len()).filter(|cut| ways >> (cut - 1) & 1 == 1).map(|cut| head.len() + cut);
            check(bytes, alone, read(bytes, inside, &expectation()));
        }
    }
}

#[test]
fn every_input_of_the_corpus_is_judged_alike_cut_anywhere_in_two_and_near_anywhere_in_three() {
    for (name, input) in corpus() {
        let bytes = &input[8..];
        let alone = read(bytes, 1..bytes.len().min(2_000), &expectation());
        if bytes.len() >= 2_000 {
            continue;
        }
        for first in 1..bytes.len() {
            check(bytes, alone, read(bytes, [first], &expectation()));
            for second in (first + 1..bytes.len()).take(40) {
                check(bytes, alone, read(bytes, [first, second], &expectation()));
            }
        }
        assert!(alone.taken > 0, "{name}");
    }
}

#[test]
fn chunks_of_any_size_add_up_to_the_bytes_of_the_body() {
    let mut random = Random::new(12, &[]);
    for _ in 0..300 {
        let (mut response, mut bytes) =
            (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(), 0);
        for _ in 0..random.bits() % 6 {
            let size = random.bits() % 3_000 + 1;
            response.extend_from_slice(format!("{size:x}\r\n{}\r\n", "x".repeat(size as usize)).as_bytes());
            bytes += size;
        }
        response.extend_from_slice(b"0\r\n\r\n");
        let cuts: Vec<usize> = (1..response.len()).filter(|_| random.unit() < 0.01).collect();
        let Reading::Whole(answer) = read(&response, cuts, &expectation()).reading else { panic!("not whole") };
        assert_eq!(answer.body_bytes, bytes);
    }
}

/// Seconds of random mutations: `PHOTOFINISH_FUZZ_SECONDS`, else one.
fn seconds() -> f64 {
    std::env::var("PHOTOFINISH_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0)
}

#[test]
fn random_mutations_of_the_corpus_never_change_their_judgement_by_a_cut() {
    let corpus = corpus();
    let mut random = Random::new(20_261_122, &[]);
    let end = Instant::now() + Duration::from_secs_f64(seconds());
    let mut inputs = 0_u64;
    // At least some on the slowest machine, then as many as fit.
    while inputs < 2_000 || Instant::now() < end {
        let any = |random: &mut Random, count: usize| (random.bits() % count.max(1) as u64) as usize;
        let mut input = corpus[any(&mut random, corpus.len())].1.clone();
        if input.len() > 2_000 && random.unit() < 0.95 {
            continue;
        }
        input[..8].copy_from_slice(&random.bits().to_le_bytes());
        for _ in 0..1 + random.bits() % 6 {
            let at = 8 + any(&mut random, input.len() - 8);
            let other = &corpus[any(&mut random, corpus.len())].1;
            match random.bits() % 6 {
                0 if at < input.len() => input[at] ^= 1 << (random.bits() % 8),
                1 if at < input.len() => input[at] = b"\r\n:; 0aF,\0"[any(&mut random, 10)],
                2 => input.insert(at, random.bits() as u8),
                3 if at < input.len() => drop(input.drain(at..(at + any(&mut random, 12)).min(input.len()))),
                4 => input.truncate(at),
                _ => {
                    let from = 8 + any(&mut random, other.len() - 8);
                    let until = (from + any(&mut random, 60)).min(other.len());
                    input.splice(at..at, other[from..until].iter().copied());
                }
            }
        }
        exercise(&input);
        inputs += 1;
    }
    println!("{inputs} inputs");
}
