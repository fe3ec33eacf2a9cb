//! Faults made on purpose, each caught by its gate, beside the same load without the fault (method, section 20).

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use photofinish_native::fixture::{Behaviour, Fixture};
use photofinish_native::result::{Gate, LoadResult};
use serde_json::{Value, json};

const NATIVE: &str = env!("CARGO_BIN_EXE_photofinish-native");

const CLOSED: &str = r#"{"loop":"closed","connections":4,"rampSeconds":0.01}"#;
const OPEN: &str = r#"{"loop":"open","process":"constant","rate":200,"connections":200}"#;

fn job(port: u16, arrivals: &str) -> Value {
    json!({
        "schemaVersion": 1, "seed": 7, "address": {"host": "127.0.0.1", "port": port}, "cores": [], "pacing": "sleep",
        "classes": [{
            "id": "main", "path": "/",
            "expected": {"status": 200, "contentType": "text/plain; charset=utf-8", "body": "ok"},
            "arrivals": serde_json::from_str::<Value>(arrivals).unwrap(), "bodySample": 0.5
        }],
        "warmup": {"minimumSeconds": 0.02, "minimumResponses": 0, "maximumSeconds": 0.1},
        "window": {"seconds": 0.5, "minimumResponses": 0, "maximumSeconds": 0.5},
        "drain": {"maximumSeconds": 5}, "timeoutSeconds": 20, "handshake": true
    })
}

struct Driven {
    child: Child,
    input: ChildStdin,
    events: Box<dyn Iterator<Item = Value>>,
}

/// A load whose warm-up is over.
fn warm(job: &Value) -> Driven {
    let mut child = Command::new(NATIVE).arg("load").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut events = Box::new(output.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()));
    writeln!(input, "{job}").unwrap();
    assert_eq!(events.next().unwrap()["event"], "warm");
    Driven { child, input, events }
}

impl Driven {
    /// Its window, in which something is done to its process; and its result.
    fn measure(mut self, in_window: impl Fn(i32)) -> LoadResult {
        writeln!(self.input, "measure").unwrap();
        in_window(i32::try_from(self.child.id()).unwrap());
        assert_eq!(self.events.next().unwrap()["event"], "window-end");
        let result = serde_json::from_value(self.events.next().unwrap()["result"].take()).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        result
    }
}

fn nothing(_process: i32) {}

fn gate<'a>(result: &'a LoadResult, name: &str) -> &'a Gate {
    let found = result.gates.iter().find(|gate| gate.gate == name);
    found.unwrap_or_else(|| panic!("no gate {name} in {:?}", result.gates))
}

/// Stops a process for 200 ms, well inside its window.
fn pause(process: i32) {
    std::thread::sleep(Duration::from_millis(300));
    // SAFETY: signals to a child that has not been waited for.
    unsafe { libc::kill(process, libc::SIGSTOP) };
    std::thread::sleep(Duration::from_millis(200));
    // SAFETY: as above.
    unsafe { libc::kill(process, libc::SIGCONT) };
}

#[test]
fn a_generator_that_was_paused_fails_the_lag_gate_in_either_loop() {
    let fixture = Fixture::start(Behaviour::Delay(Behaviour::delay(5.0))).unwrap();
    for (arrivals, others) in
        [(CLOSED, &["scheduler-lag-mean"][..]), (OPEN, &["scheduler-lag-p99", "scheduler-lag-p999"])]
    {
        let mut job = job(fixture.port, arrivals);
        job["window"] = json!({"seconds": 1, "minimumResponses": 0, "maximumSeconds": 1});
        let result = warm(&job).measure(pause);
        let paused = gate(&result, "scheduler-lag-longest").clone();
        assert!(!paused.passed && paused.reading >= 0.19, "{paused:?}");
        for other in others {
            // A window of 1 s is short enough for the pause to show in every statistic.
            assert!(!gate(&result, other).passed, "{:?}", gate(&result, other));
        }
        // Other tests share the machine: one of three shows what the same load does without a pause.
        let mut calm = (0..3).map(|_| gate(&warm(&job).measure(nothing), "scheduler-lag-longest").clone());
        assert!(calm.any(|gate| gate.passed && gate.reading < paused.reading));
    }
}

#[test]
fn a_deadline_without_drain_fails_the_censoring_gate() {
    let fixture = Fixture::start(Behaviour::Delay(Behaviour::delay(300.0))).unwrap();
    let drained = warm(&job(fixture.port, OPEN)).measure(nothing);
    assert_eq!((gate(&drained, "censored").reading, gate(&drained, "censored").passed), (0.0, true));
    let mut cut = job(fixture.port, OPEN);
    cut["drain"] = json!({"maximumSeconds": 0});
    let cut = warm(&cut).measure(nothing);
    let censored = gate(&cut, "censored");
    // What was sent in the last 300 ms of 500 has no answer.
    assert!(!censored.passed && censored.reading > 0.5, "{censored:?}");
    assert_eq!(cut.classes[0].censored, (censored.reading * cut.classes[0].intended as f64).round() as u64);
}

#[test]
fn a_pool_too_small_shows_as_a_wait_for_a_connection_and_not_as_lag() {
    let fixture = Fixture::start(Behaviour::Delay(Behaviour::delay(100.0))).unwrap();
    let large = warm(&job(fixture.port, OPEN)).measure(nothing);
    // As many connections as requests fall into the window and the warm-up: there is always one free.
    assert_eq!(large.classes[0].connection_wait.count, 0);
    assert!(large.classes[0].pool_high_water < 200);
    // Five connections answer 50 a second of the 200 that are due.
    let small = warm(&job(fixture.port, &OPEN.replace("\"connections\":200", "\"connections\":5"))).measure(nothing);
    let class = &small.classes[0];
    assert_eq!(class.pool_high_water, 5);
    assert!(class.connection_wait.count > 0 && class.connection_wait.mean_seconds > 0.1, "{:?}", class.connection_wait);
    assert!(class.send_delay.mean_seconds >= class.connection_wait.mean_seconds * 0.9);
    let lag = &small.generator.scheduler_lag;
    assert!(lag.mean_seconds < class.connection_wait.mean_seconds / 4.0, "{lag:?}");
    // Nothing is faster for it: a service time is never shortened by a wait.
    assert!(class.service_time.minimum_seconds >= 0.1);
}

#[test]
fn a_full_listen_queue_fails_the_kernel_gate() {
    // Nobody accepts: what the queue of the listener holds is connected and never answered, and everything else is turned away.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // SAFETY: listen again on a socket that listens sets its queue anew (listen(2)).
    assert_eq!(unsafe { libc::listen(std::os::fd::AsRawFd::as_raw_fd(&listener), 1) }, 0);
    let mut job = job(listener.local_addr().unwrap().port(), CLOSED);
    job["timeoutSeconds"] = json!(0.2);
    job["window"] = json!({"seconds": 1.5, "minimumResponses": 0, "maximumSeconds": 1.5});
    let result = warm(&job).measure(nothing);
    let kernel = gate(&result, "kernel");
    assert!(!kernel.passed, "{kernel:?}");
    let losses = result.kernel.unwrap();
    let counts = losses.counts;
    assert!(losses.server.is_none_or(|server| server.listen_drops > 0), "{losses:?}");
    assert!(counts.listen_overflows > 0 && counts.listen_drops >= counts.listen_overflows, "{counts:?}");
    assert!(kernel.reason.contains(&format!("ListenOverflows {}", counts.listen_overflows)), "{kernel:?}");
}

/// What a shell command says that starts a load in it: the first event.
fn first_event_in(shell: &[&str], script: &str, job: &Value) -> Option<Value> {
    let file = std::env::temp_dir().join(format!("photofinish-control-{}-{}.json", std::process::id(), shell.len()));
    std::fs::write(&file, job.to_string()).unwrap();
    let script = script.replace("LOAD", &format!("{NATIVE} load --job {}", file.display()));
    let output = Command::new(shell[0]).args(&shell[1..]).arg(script).stdin(Stdio::null()).output();
    std::fs::remove_file(&file).unwrap();
    let text = String::from_utf8(output.ok()?.stdout).unwrap();
    text.lines().next().map(|line| serde_json::from_str(line).unwrap())
}

#[test]
fn too_few_ports_are_named_before_the_load_and_enough_are_not() {
    // A network of its own, with ten ports to come from; nobody listens there, which is found out only after the ports were counted.
    let shell = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c"];
    let script = "echo 40000 40009 > /proc/sys/net/ipv4/ip_local_port_range && LOAD";
    let mut job = job(9, CLOSED);
    job["handshake"] = json!(false);
    job["timeoutSeconds"] = json!(0.1);
    let Some(enough) = first_event_in(&shell, script, &job) else {
        println!("skipped: this machine grants no network namespace to try it in");
        return;
    };
    assert_ne!(enough["event"], "error", "{enough}");
    job["classes"][0]["arrivals"]["connections"] = json!(11);
    job["sources"] = json!(["127.0.0.1"]);
    let short = first_event_in(&shell, script, &job).unwrap();
    assert_eq!(short["code"], "E_EPHEMERAL_PORTS", "{short}");
    assert!(short["what"].as_str().unwrap().contains("11 connections to 127.0.0.1:9"), "{short}");
    assert!(short["what"].as_str().unwrap().contains("10 are free"), "{short}");
    assert!(short["remedy"].as_str().unwrap().contains("ip_local_port_range"), "{short}");
}
