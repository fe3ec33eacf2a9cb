//! `load` as the harness uses it: lines in, lines out, and no load without somebody who waits for it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use photofinish_native::fixture::{Behaviour, Fixture};
use serde_json::{Value, json};

const NATIVE: &str = env!("CARGO_BIN_EXE_photofinish-native");

fn job(port: u16, handshake: bool) -> Value {
    json!({
        "schemaVersion": 1, "seed": 7, "address": {"host": "127.0.0.1", "port": port}, "cores": [], "pacing": "sleep",
        "classes": [{
            "id": "main", "path": "/",
            "expected": {"status": 200, "contentType": "text/plain; charset=utf-8", "body": "ok"},
            "arrivals": {"loop": "closed", "connections": 4, "rampSeconds": 0.01}, "bodySample": 0.5
        }],
        "warmup": {"minimumSeconds": 0.02, "minimumResponses": 1, "maximumSeconds": 1},
        "window": {"seconds": 0.1, "minimumResponses": 0, "maximumSeconds": 0.1},
        "drain": {"maximumSeconds": 1}, "timeoutSeconds": 5, "handshake": handshake
    })
}

fn start() -> (Child, ChildStdin, impl Iterator<Item = Value>) {
    let mut child = Command::new(NATIVE).arg("load").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let events = output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
    (child, input, events)
}

#[test]
fn one_line_in_and_events_out_the_result_last() {
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    let (mut child, mut input, events) = start();
    writeln!(input, "{}", job(fixture.port, false)).unwrap();
    let events: Vec<Value> = events.collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["warm", "window-end", "result"]);
    assert!(events[2]["result"]["classes"][0]["answered"].as_u64().unwrap() > 0);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn with_a_handshake_the_window_begins_at_the_word() {
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    let (mut child, mut input, mut events) = start();
    writeln!(input, "{}", job(fixture.port, true)).unwrap();
    assert_eq!(events.next().unwrap()["event"], "warm");
    std::thread::sleep(Duration::from_millis(200));
    writeln!(input, "measure").unwrap();
    assert_eq!(events.next().unwrap()["event"], "window-end");
    let last = events.next().unwrap();
    assert!(last["result"]["warmup"]["seconds"].as_f64().unwrap() >= 0.2);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_load_stops_at_once_when_nobody_waits_for_it() {
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    let (mut child, mut input, mut events) = start();
    writeln!(input, "{}", job(fixture.port, true)).unwrap();
    assert_eq!(events.next().unwrap()["event"], "warm");
    drop(input);
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(5), "the load goes on without its harness");
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(events.next(), None);
}

/// A job whose window would last for minutes, begun: the child, its input and its events behind `warm`.
fn in_a_long_window(port: u16, change: impl Fn(&mut Value)) -> (Child, ChildStdin, impl Iterator<Item = Value>) {
    let (child, mut input, mut events) = start();
    let mut long = job(port, false);
    long["window"] = json!({"seconds": 300, "minimumResponses": 0, "maximumSeconds": 300});
    change(&mut long);
    writeln!(input, "{long}").unwrap();
    assert_eq!(events.next().unwrap()["event"], "warm");
    std::thread::sleep(Duration::from_millis(300));
    (child, input, events)
}

/// Requests that no answer comes to while the test lasts, and a drain that would wait for them.
fn unanswered(job: &mut Value) {
    job["warmup"] = json!({"minimumSeconds": 0.02, "minimumResponses": 0, "maximumSeconds": 0.02});
    job["drain"] = json!({"maximumSeconds": 100});
    job["timeoutSeconds"] = json!(100);
    job["classes"][0]["arrivals"] = json!({"loop": "open", "process": "constant", "rate": 50, "connections": 64});
}

const FOR_AGES: Behaviour = Behaviour::Delay(120_000_000_000);

/// Until its first thread holds SIGINT back (proc(5), `SigBlk`); elsewhere than on Linux for half a second.
fn until_it_takes_signals(child: &Child) {
    let mask = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("SigBlk:"))?;
        u64::from_str_radix(line.trim(), 16).ok()
    };
    let begun = Instant::now();
    loop {
        let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) else {
            return std::thread::sleep(Duration::from_millis(500));
        };
        if mask(status).is_some_and(|blocked| blocked & 1 << (libc::SIGINT - 1) != 0) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "SIGINT is not taken over");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn interrupt(child: &Child) {
    // SAFETY: kill takes numbers; the child has not been waited for.
    unsafe { libc::kill(child.id() as libc::pid_t, libc::SIGINT) };
}

#[test]
fn a_load_that_is_stopped_gives_the_result_until_then() {
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    for (is_signal, code) in [(false, 0), (true, 130)] {
        let (mut child, mut input, events) = in_a_long_window(fixture.port, |_| ());
        if is_signal {
            interrupt(&child)
        } else {
            writeln!(input, "stop").unwrap()
        }
        let events: Vec<Value> = events.collect();
        assert_eq!(
            events.iter().map(|event| event["event"].as_str().unwrap()).collect::<Vec<_>>(),
            ["window-end", "result"]
        );
        let (result, class) = (&events[1]["result"], &events[1]["result"]["classes"][0]);
        let seconds = result["window"]["seconds"].as_f64().unwrap();
        assert!((0.3..60.0).contains(&seconds), "{seconds}");
        let count = |name: &str| class[name].as_u64().unwrap();
        assert!(count("answered") > 0);
        assert_eq!(count("intended"), count("answered") + count("censored"));
        let series = class["series"].as_array().unwrap();
        assert_eq!(series.len(), seconds.ceil() as usize);
        assert_eq!(series.iter().map(|second| second["intended"].as_u64().unwrap()).sum::<u64>(), count("intended"));
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn what_a_stopped_load_waits_for_is_waited_for_a_second_and_then_censored() {
    let fixture = Fixture::start(FOR_AGES).unwrap();
    let (mut child, mut input, events) = in_a_long_window(fixture.port, unanswered);
    writeln!(input, "stop").unwrap();
    let events: Vec<Value> = events.collect();
    let result = &events.last().unwrap()["result"];
    assert!(result["classes"][0]["censored"].as_u64().unwrap() > 0, "{result}");
    let drained = result["drain"]["seconds"].as_f64().unwrap();
    assert!((0.9..60.0).contains(&drained), "{drained}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_load_stopped_before_it_measured_says_so() {
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    let (mut child, mut input, mut events) = start();
    writeln!(input, "{}", job(fixture.port, true)).unwrap();
    assert_eq!(events.next().unwrap()["event"], "warm");
    interrupt(&child);
    assert_eq!(events.next().unwrap()["code"], "E_STOPPED");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn one_that_waits_for_its_job_ends_at_the_first_signal_and_one_that_drains_at_the_second() {
    let (mut child, _input, mut events) = start();
    until_it_takes_signals(&child);
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(events.next(), None);

    let fixture = Fixture::start(FOR_AGES).unwrap();
    let (mut child, _input, mut events) = in_a_long_window(fixture.port, unanswered);
    interrupt(&child);
    assert_eq!(events.next().unwrap()["event"], "window-end");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(events.next(), None);
}

#[test]
fn a_bad_job_is_an_event_with_the_field_and_exit_code_2() {
    for (text, named) in [("{}", "schemaVersion"), ("nonsense", "the job"), ("", "the job")] {
        let (mut child, mut input, mut events) = start();
        writeln!(input, "{text}").unwrap();
        drop(input);
        let event = events.next().unwrap();
        assert_eq!((&event["event"], &event["code"]), (&json!("error"), &json!("E_JOB")));
        assert!(event["what"].as_str().unwrap().contains(named), "{event}");
        assert_eq!(child.wait().unwrap().code(), Some(2));
    }
}

#[test]
fn a_lack_of_the_machine_is_an_event_with_a_remedy_and_exit_code_3() {
    let (mut child, mut input, mut events) = start();
    let mut impossible = job(80, false);
    impossible["cores"] = json!([1000]);
    if !photofinish_native::affinity::CAN_PIN {
        println!("skipped: this system cannot pin, so that no core is missing");
        return;
    }
    writeln!(input, "{impossible}").unwrap();
    let event = events.next().unwrap();
    assert_eq!(event["code"], "E_CORE");
    assert!(!event["remedy"].as_str().unwrap().is_empty());
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn every_command_has_help_that_starts_with_an_example() {
    for command in ["load", "fixture", "stub", "hiccup", "meter", "capacity", "confine", "supervise", "version"] {
        let output = Command::new(NATIVE).args([command, "--help"]).stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(&format!("Example: photofinish-native {command}")), "{command}: {text}");
        assert_eq!(output.status.code(), Some(0));
        let mistyped = Command::new(NATIVE).args([command, "--nonsense"]).stdin(Stdio::null()).output().unwrap();
        assert_eq!(mistyped.status.code(), Some(2), "{command}");
    }
}
