//! What a server does wrong lands in its kind of error, and the load comes to its end.

use std::thread;

use super::{check_sums, drive, drive_against, job, open};
use crate::fixture::{Behaviour, FAULTS, Fault, Fixture};
use crate::job::{Arrivals, Process, RequestClass, Window};
use crate::load::{Event, Load};
use crate::result::{LoadClassResult, LoadErrorDetails, LoadErrors};

type Error = fn(&LoadErrors) -> u64;
type Detail = fn(&LoadErrorDetails) -> u64;
type Counted = Option<(Error, Option<Detail>)>;

/// What each fault of the fixture is counted as; none: it is right.
const COUNTED: [(&str, Counted); 26] = [
    ("wrong-body", Some((|errors| errors.body, None))),
    ("wrong-length", Some((|errors| errors.length, None))),
    ("wrong-status", Some((|errors| errors.status, None))),
    ("wrong-type", Some((|errors| errors.content_type, None))),
    ("slow", Some((|errors| errors.timeout, None))),
    ("close", Some((|errors| errors.closed, None))),
    ("reset", Some((|errors| errors.reset, None))),
    ("half-close", Some((|errors| errors.closed, None))),
    ("garbage", Some((|errors| errors.malformed, Some(|details| details.head)))),
    ("endless-head", Some((|errors| errors.malformed, Some(|details| details.head_too_long)))),
    ("endless-interim", Some((|errors| errors.malformed, Some(|details| details.head_too_long)))),
    ("interim", None),
    ("http10", None),
    ("http10-no-length", Some((|errors| errors.malformed, Some(|details| details.framing)))),
    ("two-lengths", Some((|errors| errors.malformed, Some(|details| details.framing)))),
    ("longer", Some((|errors| errors.malformed, Some(|details| details.trailing)))),
    ("trailing", Some((|errors| errors.malformed, Some(|details| details.trailing)))),
    // Of the requests none fails: between them a connection is lost.
    ("unasked", None),
    ("truncated", Some((|errors| errors.closed, Some(|details| details.closed_midway)))),
    ("stalled", Some((|errors| errors.timeout, Some(|details| details.timeout_midway)))),
    ("half-close-midway", Some((|errors| errors.closed, Some(|details| details.closed_midway)))),
    ("reset-midway", Some((|errors| errors.reset, Some(|details| details.reset_midway)))),
    ("chunk-size", Some((|errors| errors.malformed, Some(|details| details.chunk)))),
    ("chunk-length", Some((|errors| errors.malformed, Some(|details| details.chunk)))),
    ("chunk-truncated", Some((|errors| errors.closed, Some(|details| details.closed_midway)))),
    ("endless-body", Some((|errors| errors.timeout, Some(|details| details.timeout_midway)))),
];

/// Drives a closed and an open loop against a fixture that suffers the fault now and then.
fn load_against(fault: &'static Fault) -> Vec<LoadClassResult> {
    let behaviour = Behaviour::Faulty { fault, every: 5, delay: Behaviour::delay(10_000.0) };
    let result = drive_against(behaviour, |job| {
        if matches!(fault.name, "slow" | "stalled" | "endless-body") {
            job.timeout_seconds = 0.05;
        }
        // On a busy machine a window of its least length may see nothing.
        job.window = Window { seconds: 0.1, minimum_responses: 30, maximum_seconds: 20.0, period_seconds: None };
        let arrivals =
            [Arrivals::Closed { connections: 8, ramp_seconds: 0.02, think: None }, open(Process::Constant, 400.0, 16)];
        let classes = arrivals.map(|arrivals| RequestClass { arrivals, ..job.classes[0].clone() });
        job.classes = classes.into();
    });
    result.classes
}

fn check_counted(name: &str, counted: Counted) {
    let classes = load_against(Fault::named(name).unwrap());
    let mut named = (0, 0);
    for LoadClassResult { answered, errors, error_details, body_bytes, .. } in &classes {
        assert!(*answered > 0, "{name}");
        assert_eq!(*body_bytes, 2 * answered, "{name}");
        let Some((error, detail)) = counted else {
            // Bytes that come late meet the next request where that was sent meanwhile.
            assert!(*errors == LoadErrors::default() || name == "unasked", "{name}: {errors:?}");
            continue;
        };
        // On a busy machine a connection may take longer than the short timeout.
        let late = if errors.timeout > 0 { errors.connect } else { 0 };
        assert_eq!(error(errors) + late, errors.total(), "{name}: {errors:?}");
        match detail {
            None => assert_eq!(*error_details, LoadErrorDetails::default(), "{name}"),
            // On a busy machine a right answer may time out too, before it begins.
            Some(detail) => {
                assert!(detail(error_details) == error(errors) || errors.timeout > 0, "{name}: {error_details:?}")
            }
        }
        named.0 += error(errors);
        named.1 += detail.map_or(0, |detail| detail(error_details));
    }
    if let Some((_, detail)) = counted {
        assert!(named.0 > 0 && (named.1 > 0 || detail.is_none()), "{name}: {classes:?}");
    }
}

#[test]
fn each_fault_is_counted_under_its_name() {
    assert_eq!(COUNTED.map(|(name, _)| name), FAULTS.each_ref().map(|fault| fault.name));
    // The loads wait more than they work: several at once.
    thread::scope(|scope| {
        for cases in COUNTED.chunks(COUNTED.len().div_ceil(4)) {
            scope.spawn(|| cases.iter().for_each(|(name, counted)| check_counted(name, *counted)));
        }
    });
}

#[test]
fn bytes_that_come_after_an_answer_end_the_connection_and_are_counted() {
    let behaviour = Behaviour::Faulty { fault: Fault::named("unasked").unwrap(), every: 3, delay: 0 };
    // So slow that the connection is unused when they come.
    let result = drive_against(behaviour, |job| job.classes[0].arrivals = open(Process::Constant, 50.0, 8));
    let class = &result.classes[0];
    assert!(class.error_details.unasked > 0, "{class:?}");
    assert!(class.connections_opened > 8);
}

#[test]
fn a_wrong_answer_with_intact_framing_keeps_its_connection_and_a_broken_one_is_replaced() {
    let count = |fault| {
        let behaviour = Behaviour::Faulty { fault: Fault::named(fault).unwrap(), every: 2, delay: 0 };
        drive_against(behaviour, |_| ()).classes[0].connections_opened
    };
    assert_eq!(count("wrong-status"), 8);
    assert!(count("garbage") > 8);
}

#[test]
fn a_server_that_is_not_there_ends_in_counted_errors() {
    let vacant = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for arrivals in
        [Arrivals::Closed { connections: 4, ramp_seconds: 0.01, think: None }, open(Process::Poisson, 200.0, 4)]
    {
        let mut job = job(vacant);
        job.warmup.maximum_seconds = 0.1;
        job.classes[0].arrivals = arrivals;
        let result = drive(job);
        let class = &result.classes[0];
        check_sums(class);
        assert!(class.errors.connect > 0);
        assert_eq!((class.answered, class.errors.total()), (0, class.errors.connect));
        // Four users who come back after at most 100 ms: no spin.
        assert!(class.intended < 2_000, "{}", class.intended);
    }
}

#[test]
fn a_server_that_dies_in_the_window_ends_in_counted_errors() {
    for arrivals in
        [Arrivals::Closed { connections: 4, ramp_seconds: 0.01, think: None }, open(Process::Poisson, 500.0, 4)]
    {
        let fixture = Fixture::start(Behaviour::Null).unwrap();
        let mut job = job(fixture.port);
        job.handshake = true;
        job.classes[0].arrivals = arrivals;
        job.window = Window { seconds: 0.5, minimum_responses: 0, maximum_seconds: 0.5, period_seconds: None };
        let load = Load::prepare(job).unwrap();
        let remote = load.remote();
        let mut death = None;
        let mut dying = Some(fixture);
        let result = load
            .drive(|event| {
                if event == Event::Warm {
                    remote.measure();
                    let server = dying.take();
                    death = Some(std::thread::spawn(move || {
                        std::thread::sleep(std::time::Duration::from_millis(150));
                        drop(server);
                    }));
                }
            })
            .unwrap();
        death.unwrap().join().unwrap();
        let class = &result.classes[0];
        check_sums(class);
        assert!(class.answered > 0);
        assert!(class.errors.total() > 0, "{:?}", class.errors);
    }
}
