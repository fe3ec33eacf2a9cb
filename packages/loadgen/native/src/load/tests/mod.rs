//! Jobs driven against the fixture server in this process: every count must add up.

mod broken_servers;
mod classes;
mod slow_readers;
mod stamps;
mod threads;

use crate::fixture::{Behaviour, Fixture};
use crate::job::{Arrivals, LoadJob, Pacing, Process, Think, ThinkLaw};
use crate::poller::Waiting;
use crate::result::{LoadClassResult, LoadErrors, LoadResult};

use super::{Event, Load};

/// A closed-loop job against a fixture on this port, short.
pub fn job(port: u16) -> LoadJob {
    LoadJob::parse(
        &serde_json::json!({
            "schemaVersion": 1, "seed": 7, "address": {"host": "127.0.0.1", "port": port}, "cores": [], "pacing": "sleep",
            "classes": [{
                "id": "main", "path": "/",
                "expected": {"status": 200, "contentType": "text/plain; charset=utf-8", "body": "ok"},
                "arrivals": {"loop": "closed", "connections": 8, "rampSeconds": 0.1}, "bodySample": 1
            }],
            "warmup": {"minimumSeconds": 0.05, "minimumResponses": 10, "maximumSeconds": 2},
            "window": {"seconds": 0.2, "minimumResponses": 1, "maximumSeconds": 0.2},
            "drain": {"maximumSeconds": 1}, "timeoutSeconds": 5, "handshake": false
        })
        .to_string(),
    )
    .unwrap()
}

fn open(process: Process, rate: f64, connections: u32) -> Arrivals {
    Arrivals::Open { process, rate, burst: 1, connections }
}

fn drive(job: LoadJob) -> LoadResult {
    let mut events = Vec::new();
    let result = Load::prepare(job).unwrap().drive(|event| events.push(event)).unwrap();
    assert_eq!(events, [Event::Warm, Event::WindowEnd]);
    result
}

/// Drives a job against a fixture and checks what must hold whatever the server did.
fn drive_against(behaviour: Behaviour, change: impl Fn(&mut LoadJob)) -> LoadResult {
    let fixture = Fixture::start(behaviour).unwrap();
    let mut job = job(fixture.port);
    change(&mut job);
    let result = drive(job);
    for class in &result.classes {
        check_sums(class);
    }
    result
}

fn check_sums(class: &LoadClassResult) {
    assert_eq!(class.intended, class.answered + class.errors.total() + class.censored, "{class:?}");
    assert!(class.sent <= class.intended);
    assert_eq!(class.response_time.count, class.answered + class.censored);
    assert_eq!(class.service_time.count, class.answered);
    assert_eq!(class.send_delay.count, class.answered);
    assert_eq!(class.error_time.count, class.errors.total());
    assert_eq!(class.series.iter().map(|second| second.intended).sum::<u64>(), class.intended);
    assert_eq!(class.series.iter().map(|second| second.completed).sum::<u64>(), class.completed_in_window);
}

#[test]
fn a_null_server_is_answered_correctly_and_every_body_is_compared() {
    for pacing in [Pacing::Sleep, Pacing::EpollPwait2, Pacing::Spin] {
        let result = drive_against(Behaviour::Null, |job| job.pacing = pacing);
        let class = &result.classes[0];
        assert!(class.answered > 0);
        assert_eq!(class.errors, LoadErrors::default());
        assert_eq!(result.generator.waiting == Waiting::Spin, pacing == Pacing::Spin);
        assert_eq!(class.censored, 0);
        assert!(class.bodies_compared >= class.answered + result.warmup.responses);
        assert_eq!((class.connections_high_water, class.connections_opened), (8, 8));
        assert!((result.window.seconds - 0.2).abs() < 1e-9);
        assert!(result.warmup.seconds >= 0.05);
        assert!(result.generator.scheduler_lag.count > 0);
        assert!(result.generator.cpu_user_seconds + result.generator.cpu_system_seconds > 0.0);
        assert!(class.mean_in_flight > 0.0 && class.mean_in_flight <= 8.0);
    }
}

#[test]
fn no_response_is_faster_than_the_server_and_littles_law_holds() {
    let delay = 0.02;
    let result = drive_against(Behaviour::Delay(Behaviour::delay(20.0)), |job| {
        job.window.seconds = 0.6;
        job.window.maximum_seconds = 0.6;
    });
    let class = &result.classes[0];
    assert!(class.answered > 0);
    assert!(class.response_time.minimum_seconds >= delay);
    assert!(class.service_time.minimum_seconds >= delay);
    // A user cannot be answered more often than the server's delay allows.
    assert!(class.completed_in_window as f64 <= 8.0 * (0.6 / delay + 1.0));
    // Exact integral of what was on its way: all eight users, always, but for the moment between answer and next request.
    assert!(class.mean_in_flight <= 8.0 + 1e-9 && class.mean_in_flight > 7.0, "{}", class.mean_in_flight);
}

#[test]
fn users_go_on_in_the_drain_uncounted_until_the_window_is_answered() {
    let result = drive_against(Behaviour::Delay(Behaviour::delay(60.0)), |job| {
        // Users a quarter of the delay apart: when the first of them is answered after the window, others still wait.
        job.classes[0].arrivals = Arrivals::Closed { connections: 4, ramp_seconds: 0.06, think: None };
        job.window.seconds = 0.3;
        job.window.maximum_seconds = 0.3;
    });
    let class = &result.classes[0];
    assert_eq!(class.answered, class.intended);
    assert_eq!(class.censored, 0);
    let counted = result.warmup.responses + class.answered;
    assert!(class.bodies_compared > counted, "{} answers, {counted} counted", class.bodies_compared);
}

#[test]
fn an_open_loop_sends_exactly_its_schedule_and_counts_the_wait_for_a_connection() {
    let result = drive_against(Behaviour::Delay(Behaviour::delay(10.0)), |job| {
        job.classes[0].arrivals = open(Process::Constant, 400.0, 32);
        job.classes[0].body_sample = 0.0;
    });
    let class = &result.classes[0];
    assert_eq!(class.intended, 80);
    assert_eq!((class.answered, class.bodies_compared), (80, 0));
    assert!(class.response_time.minimum_seconds >= 0.01);

    // One connection serves 100 a second: the queue grows, and the wait for it is send delay, not service time.
    let small = drive_against(Behaviour::Delay(Behaviour::delay(10.0)), |job| {
        job.classes[0].arrivals = open(Process::Poisson, 400.0, 1);
        // What warm-up left behind is served first: it must be little, and the drain long enough for some of the window's.
        job.warmup.minimum_responses = 0;
        job.drain.maximum_seconds = 0.6;
    });
    let class = &small.classes[0];
    assert!(class.censored > 0);
    assert!(class.sent < class.intended);
    assert!(class.send_delay.maximum_seconds > 0.05);
    assert!(class.response_time.maximum_seconds >= class.send_delay.maximum_seconds);
    assert!(class.series.last().unwrap().backlog > 0);
}

#[test]
fn a_burst_is_sent_whole_before_any_of_its_answers_is_awaited() {
    let result = drive_against(Behaviour::Delay(Behaviour::delay(5.0)), |job| {
        job.classes[0].arrivals =
            Arrivals::Open { process: Process::Constant, rate: 200.0, burst: 10, connections: 20 };
    });
    let class = &result.classes[0];
    assert_eq!((class.intended, class.answered), (40, 40));
    assert!(class.pool_high_water >= 10, "{}", class.pool_high_water);
    assert_eq!(class.connection_wait.count, 0);
}

#[test]
fn a_given_schedule_is_sent_again_and_again() {
    let starts: Vec<f64> = vec![0.0, 0.01, 0.01, 0.03];
    let result = drive_against(Behaviour::Null, |job| {
        job.classes[0].arrivals =
            Arrivals::Replay { starts_seconds: starts.clone(), repeat_seconds: 0.05, connections: 4 };
    });
    assert_eq!(result.classes[0].intended, 4 * 4);
    assert_eq!(result.classes[0].answered, 16);
}

#[test]
fn users_think_between_an_answer_and_their_next_request() {
    for law in [ThinkLaw::Constant, ThinkLaw::Exponential] {
        let mean_seconds = 0.01;
        let result = drive_against(Behaviour::Null, |job| {
            let think = Some(Think { law, mean_seconds });
            job.classes[0].arrivals = Arrivals::Closed { connections: 8, ramp_seconds: 0.05, think };
            job.window.seconds = 1.0;
            job.window.maximum_seconds = 1.0;
        });
        let class = &result.classes[0];
        // Interactive response time law: N = X (R + Z); lateness only lowers the throughput.
        let most = 8.0 / mean_seconds;
        let slack = if law == ThinkLaw::Constant { 1.02 } else { 1.25 };
        assert!((class.completed_in_window as f64) < most * slack, "{law:?}: {}", class.completed_in_window);
        assert!(class.completed_in_window > 8);
        assert!(class.response_time.minimum_seconds < mean_seconds);
        assert!(class.mean_in_flight < 8.0);
    }
}

#[test]
fn a_wait_for_a_connection_is_told_from_the_lag_of_the_loop() {
    // Four at once: the last waits for three answers where there is one connection.
    let wait = |connections: u32| {
        let result = drive_against(Behaviour::Delay(Behaviour::delay(10.0)), |job| {
            job.classes[0].arrivals =
                Arrivals::Replay { starts_seconds: vec![0.0; 4], repeat_seconds: 0.2, connections };
        });
        let class = &result.classes[0];
        assert!(class.pool_high_water <= u64::from(connections) && class.pool_high_water > 0);
        class.connection_wait.clone()
    };
    let waited = wait(1);
    assert!(waited.count >= 3 && waited.maximum_seconds >= 0.03, "{waited:?}");
    assert_eq!(wait(64).count, 0);
}

#[test]
fn what_is_unanswered_after_the_drain_is_censored_above_everything() {
    let result = drive_against(Behaviour::Delay(Behaviour::delay(60_000.0)), |job| {
        job.warmup.maximum_seconds = 0.02;
        job.warmup.minimum_seconds = 0.0;
        job.drain.maximum_seconds = 0.05;
        job.classes[0].arrivals = open(Process::Constant, 100.0, 50);
    });
    let class = &result.classes[0];
    assert_eq!((class.intended, class.sent, class.censored, class.answered), (20, 20, 20, 0));
    assert!(class.response_time.minimum_seconds >= 0.05, "each waited through the drain at least");
    assert!(result.drain.seconds >= 0.05);
    let quantiles = class.series[0].response_time_p50_seconds;
    assert_eq!(quantiles, None, "a second without answer has no median");
}

/// Whether a gate of a result holds.
fn holds(result: &LoadResult, name: &str) -> bool {
    let gate = result.gates.iter().find(|gate| gate.gate == name).unwrap();
    assert!(gate.reason.contains(':'), "{gate:?}");
    gate.passed
}

#[test]
fn each_gate_catches_its_fault_and_says_what_was_read() {
    // A deadline without drain.
    let cut = drive_against(Behaviour::Delay(Behaviour::delay(500.0)), |job| {
        job.warmup.maximum_seconds = 0.1;
        job.drain.maximum_seconds = 0.0;
        job.classes[0].arrivals = open(Process::Constant, 100.0, 50);
    });
    assert!(!holds(&cut, "censored"));
    // A pool too small: what is due is not sent.
    let small = drive_against(Behaviour::Delay(Behaviour::delay(100.0)), |job| {
        job.warmup.maximum_seconds = 0.1;
        job.drain.maximum_seconds = 0.1;
        job.classes[0].arrivals = open(Process::Constant, 400.0, 1);
    });
    assert!(!holds(&small, "achieved-sends"));
    let names = |result: &LoadResult| result.gates.iter().map(|gate| gate.gate.clone()).collect::<Vec<_>>();
    let lag = ["scheduler-lag-p99", "scheduler-lag-p999", "scheduler-lag-longest"];
    assert_eq!(names(&small)[..3], lag);
    let closed = drive_against(Behaviour::Delay(Behaviour::delay(5.0)), |_| ());
    assert!(holds(&closed, "censored") && holds(&closed, "achieved-sends"));
    assert_eq!(names(&closed)[..2], ["scheduler-lag-mean", "scheduler-lag-longest"]);
}

#[test]
fn the_window_is_extended_until_it_holds_enough() {
    let result = drive_against(Behaviour::Delay(Behaviour::delay(20.0)), |job| {
        job.classes[0].arrivals = open(Process::Constant, 100.0, 8);
        job.window =
            crate::job::Window { seconds: 0.1, minimum_responses: 25, maximum_seconds: 1.0, period_seconds: None };
    });
    let class = &result.classes[0];
    let steps = result.window.seconds / 0.1;
    assert!((steps - steps.round()).abs() < 1e-6 && steps > 2.5, "{steps}");
    assert!(class.answered >= 25);
    assert_eq!(class.intended as f64, (100.0 * result.window.seconds).round());
}

#[test]
fn the_load_goes_on_as_warm_up_until_the_window_is_asked_for() {
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    let mut job = job(fixture.port);
    job.handshake = true;
    let load = Load::prepare(job).unwrap();
    let remote = load.remote();
    let mut asking = None;
    let result = load
        .drive(|event| {
            if event == Event::Warm {
                let remote = remote.clone();
                asking = Some(std::thread::spawn(move || {
                    std::thread::sleep(std::time::Duration::from_millis(300));
                    remote.measure();
                }));
            }
        })
        .unwrap();
    asking.unwrap().join().unwrap();
    assert!(result.warmup.seconds >= 0.3);
    assert!(result.classes[0].answered > 0);
}

#[test]
fn more_descriptors_than_allowed_are_refused_before_anything_is_opened() {
    let mut job = job(80);
    job.cores = vec![4_000];
    let failure = Load::prepare(job).err().unwrap();
    assert_eq!((failure.code, failure.exit), ("E_CORE", 3));
}
