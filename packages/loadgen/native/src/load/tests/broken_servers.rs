//! What a server does wrong lands in its kind of error, and the load comes to its end.

use super::{check_sums, drive, drive_against, job, open};
use crate::fixture::{Behaviour, Fault, Fixture};
use crate::job::{Arrivals, Process};
use crate::load::{Event, Load};
use crate::result::LoadErrors;

#[test]
fn each_fault_lands_in_its_kind() {
    type Counter = fn(&LoadErrors) -> u64;
    let cases: [(Fault, Counter); 10] = [
        (Fault::WrongBody, |errors| errors.body),
        (Fault::WrongLength, |errors| errors.length),
        (Fault::WrongStatus, |errors| errors.status),
        (Fault::WrongType, |errors| errors.content_type),
        (Fault::Close, |errors| errors.closed),
        (Fault::Reset, |errors| errors.reset),
        (Fault::Garbage, |errors| errors.malformed),
        (Fault::Truncated, |errors| errors.closed),
        (Fault::Trailing, |errors| errors.malformed),
        (Fault::Slow, |errors| errors.timeout),
    ];
    for (fault, counter) in cases {
        let behaviour = Behaviour::Faulty { fault, every: 5, delay: Behaviour::delay(10_000.0) };
        for arrivals in
            [Arrivals::Closed { connections: 8, ramp_seconds: 0.05, think: None }, open(Process::Constant, 1_000.0, 8)]
        {
            let result = drive_against(behaviour, |job| {
                if fault == Fault::Slow {
                    job.timeout_seconds = 0.03;
                }
                job.classes[0].arrivals = arrivals.clone();
            });
            let class = &result.classes[0];
            assert!(class.answered > 0, "{fault:?}");
            assert!(counter(&class.errors) > 0, "{fault:?}: {:?}", class.errors);
            assert_eq!(counter(&class.errors), class.errors.total(), "{fault:?}: {:?}", class.errors);
        }
    }
}

#[test]
fn a_wrong_answer_with_intact_framing_keeps_its_connection_and_a_broken_one_is_replaced() {
    let count = |fault| {
        let behaviour = Behaviour::Faulty { fault, every: 2, delay: 0 };
        drive_against(behaviour, |_| ()).classes[0].connections_opened
    };
    assert_eq!(count(Fault::WrongStatus), 8);
    assert!(count(Fault::Garbage) > 8);
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
        job.window =
            crate::job::Window { seconds: 0.5, minimum_responses: 0, maximum_seconds: 0.5, period_seconds: None };
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
