//! Several request classes in one job: each with its own loop, path, schedule, connections and counts.

use super::{check_sums, drive, job, open};
use crate::fixture::{Behaviour, Fixture, ask};
use crate::job::{Arrivals, ExpectedAnswer, Process, RequestClass, Window};

/// A class that waits at the stub, whose answer names the wait.
fn waiting(class: &RequestClass, id: &str, milliseconds: u32, arrivals: Arrivals) -> RequestClass {
    RequestClass {
        id: id.into(),
        path: format!("/delay?ms={milliseconds}"),
        expected: ExpectedAnswer {
            status: 200,
            content_type: "application/json".into(),
            body: format!("{{\"ms\":{milliseconds}}}"),
        },
        arrivals,
        ..class.clone()
    }
}

#[test]
fn classes_of_one_job_share_phases_and_nothing_else() {
    let fixture = Fixture::start(Behaviour::Stub).unwrap();
    let mut job = job(fixture.port);
    let users = Arrivals::Closed { connections: 6, ramp_seconds: 0.02, think: None };
    let given = Arrivals::Replay { starts_seconds: vec![0.0, 0.0, 0.05], repeat_seconds: 0.1, connections: 4 };
    job.classes = vec![
        waiting(&job.classes[0], "work", 40, users),
        waiting(&job.classes[0], "probe", 1, open(Process::Constant, 100.0, 3)),
        waiting(&job.classes[0], "burst", 15, given),
    ];
    job.warmup.minimum_responses = 5;
    job.window = Window { seconds: 0.4, minimum_responses: 0, maximum_seconds: 0.4, period_seconds: None };
    job.drain.maximum_seconds = 20.0;
    let result = drive(job);
    let [work, probe, burst] = result.classes.as_slice() else { unreachable!() };
    // Each has its own schedule: as many as if it were alone.
    assert_eq!((probe.intended, burst.intended), (40, 12));
    assert!(work.intended <= 6 * (400 / 40 + 1), "{} by six users who wait 40 ms each time", work.intended);
    let mut sent = result.warmup.responses;
    for (class, (milliseconds, connections)) in [work, probe, burst].iter().zip([(40, 6), (1, 3), (15, 4)]) {
        check_sums(class);
        assert_eq!((class.errors.total(), class.censored), (0, 0), "{class:?}");
        assert_eq!(class.answered, class.intended, "{}", class.id);
        // Its own path and answer: that of another class would be an error.
        assert!(class.bodies_compared >= class.answered && class.answered > 0);
        assert_eq!(class.body_bytes, class.answered * format!("{{\"ms\":{milliseconds}}}").len() as u64);
        // Its own distribution: none is faster than its own wait.
        assert!(class.service_time.minimum_seconds >= f64::from(milliseconds) / 1e3, "{}", class.id);
        assert_eq!((class.connections_high_water, class.connections_opened), (connections, connections));
        assert!(class.pool_high_water <= connections);
        sent += class.sent;
    }
    // Together they are what the server has seen, but for what was on its way when the window began, users who go on in the drain, and the
    // question itself.
    let account = ask(fixture.port, "/lag");
    let account: serde_json::Value = serde_json::from_str(account.split_once("\r\n\r\n").unwrap().1).unwrap();
    let requests = account["requests"].as_u64().unwrap();
    let gone_on = 6 * (2 + (result.drain.seconds / 0.04) as u64);
    assert!(sent < requests && requests <= sent + 13 + gone_on + 1, "{sent} sent, {requests} seen");
}
