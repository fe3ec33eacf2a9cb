//! Slow readers: their rate, what the server produces ahead of them, and what they leave alone.

use super::{check_sums, drive, drive_against, job, open};
use crate::fixture::{Behaviour, Fixture, ask};
use crate::job::{Arrivals, Process, Reader, RequestClass};

const RECEIVE_BUFFER: u32 = 8 * 1024;
const SEND_BUFFER: u32 = 16 * 1024;
/// The kernel grants twice what is asked for, at each end, and its segments may overdraw by one.
const BUFFERS: u64 = 2 * (RECEIVE_BUFFER + SEND_BUFFER) as u64 + 64 * 1024;

fn slow(class: &RequestClass, bytes: u32, bytes_per_second: u64, connections: u32) -> RequestClass {
    let mut slow = class.clone();
    slow.id = "slow".into();
    slow.expected.body = "ok".repeat(bytes as usize / 2);
    slow.arrivals = Arrivals::Closed { connections, ramp_seconds: 0.01, think: None };
    slow.reader = Some(Reader { receive_buffer_bytes: RECEIVE_BUFFER, bytes_per_second });
    slow
}

#[test]
fn a_body_is_not_read_faster_than_its_rate_and_whole_all_the_same() {
    let (bytes, rate) = (20_000, 100_000);
    let result = drive_against(Behaviour::stream(bytes, Some(SEND_BUFFER)), |job| {
        job.classes[0] = slow(&job.classes[0], bytes, rate, 4);
        job.warmup.minimum_responses = 0;
        job.window.seconds = 0.5;
        job.window.maximum_seconds = 0.5;
        job.drain.maximum_seconds = 20.0;
    });
    let class = &result.classes[0];
    let turns = 2 * rate / 50;
    assert!(class.answered > 0 && class.errors.total() == 0, "{class:?}");
    assert_eq!((class.censored, class.body_bytes), (0, u64::from(bytes) * class.answered));
    // What two turns hold may come at once, the rest only at the rate: by count over time, whatever the machine does.
    let least = (u64::from(bytes) - turns) as f64 / rate as f64;
    assert!(class.service_time.minimum_seconds >= least, "{}", class.service_time.minimum_seconds);
    let reader = class.reader.as_ref().unwrap();
    assert_eq!((reader.window_bytes.len(), reader.bytes.len()), (4, 4));
    for (window, all) in reader.window_bytes.iter().zip(&reader.bytes) {
        assert!(*window as f64 <= rate as f64 * result.window.seconds + turns as f64, "{window}");
        assert!(window <= all && *all >= u64::from(bytes));
    }
}

#[test]
fn a_server_produces_no_further_ahead_of_a_slow_reader_than_the_buffers_hold_and_answers_others_meanwhile() {
    const BODY: u32 = 4 << 20;
    let fixture = Fixture::start(Behaviour::stream(BODY, Some(SEND_BUFFER))).unwrap();
    let mut job = job(fixture.port);
    let probe = RequestClass {
        id: "probe".into(),
        path: "/probe".into(),
        arrivals: open(Process::Constant, 100.0, 4),
        ..job.classes[0].clone()
    };
    // The body does not end within the load.
    job.classes = vec![slow(&job.classes[0], BODY, 50_000, 2), probe];
    job.warmup.minimum_responses = 0;
    job.drain.maximum_seconds = 0.2;
    job.timeout_seconds = 60.0;
    let result = drive(job);
    let [slow, probe] = result.classes.as_slice() else { unreachable!() };
    check_sums(slow);
    check_sums(probe);
    assert_eq!((probe.intended, probe.errors.total(), probe.reader.is_none()), (20, 0, true));
    assert!(probe.answered > 0);
    assert_eq!((slow.answered, slow.errors.total(), slow.connections_opened), (0, 0, 2));
    let consumed: u64 = slow.reader.as_ref().unwrap().bytes.iter().sum();
    let account = ask(fixture.port, "/.account");
    let account: serde_json::Value = serde_json::from_str(account.split_once("\r\n\r\n").unwrap().1).unwrap();
    let produced = account["bytesWritten"].as_u64().unwrap();
    assert!(consumed > 0 && produced >= consumed, "{consumed} of {produced}");
    assert!(produced - consumed <= 2 * BUFFERS, "{produced} produced, {consumed} consumed");
}
