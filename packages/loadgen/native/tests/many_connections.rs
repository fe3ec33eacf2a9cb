//! More connections than one descriptor table holds: both sides divide them over threads with tables of their own.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const NATIVE: &str = env!("CARGO_BIN_EXE_photofinish-native");
/// Descriptors that a process may have here.
const LIMIT: libc::rlim_t = 200;
const CONNECTIONS: u64 = 500;

/// The binary under the limit, soft and hard, and without the privilege to raise it.
fn limited(arguments: &[&str]) -> Command {
    const CAP_SYS_RESOURCE: libc::c_ulong = 24;
    let mut command = Command::new(NATIVE);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    // SAFETY: both calls may be made between fork and exec, and take numbers or a structure that lives through them.
    unsafe {
        command.pre_exec(|| {
            // Refused where there is nothing to drop.
            libc::prctl(libc::PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0);
            let limit = libc::rlimit { rlim_cur: LIMIT, rlim_max: LIMIT };
            if libc::setrlimit(libc::RLIMIT_NOFILE, &limit) == 0 {
                Ok(())
            } else {
                Err(std::io::Error::last_os_error())
            }
        });
    }
    command
}

/// A started fixture; it ends when this is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = limited(&[&["fixture"], arguments].concat()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening ").expect("the fixture listens").parse().unwrap();
        Self { process, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn drive(job: &Value) -> Vec<Value> {
    let mut load = limited(&["load"]).spawn().unwrap();
    let mut input = load.stdin.take().unwrap();
    writeln!(input, "{job}").unwrap();
    let lines = BufReader::new(load.stdout.take().unwrap()).lines();
    let events = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    load.wait().unwrap();
    events
}

fn job(port: u16, arrivals: &Value) -> Value {
    json!({
        "schemaVersion": 1, "seed": 7, "address": {"host": "127.0.0.1", "port": port}, "cores": [0], "pacing": "spin",
        "classes": [{
            "id": "main", "path": "/",
            "expected": {"status": 200, "contentType": "text/plain; charset=utf-8", "body": "ok"},
            "arrivals": arrivals, "bodySample": 0.5
        }],
        "warmup": {"minimumSeconds": 0.1, "minimumResponses": CONNECTIONS, "maximumSeconds": 20},
        "window": {"seconds": 0.4, "minimumResponses": 1, "maximumSeconds": 0.4},
        "drain": {"maximumSeconds": 20}, "timeoutSeconds": 20, "handshake": false
    })
}

#[test]
fn connections_beyond_the_limit_of_a_process_are_divided_over_tables() {
    let core = photofinish_native::affinity::allowed()[0];
    let shapes = [
        json!({"loop": "closed", "connections": CONNECTIONS, "rampSeconds": 0.1, "think": {"law": "constant", "meanSeconds": 0.2}}),
        json!({"loop": "open", "process": "constant", "rate": 1000, "connections": CONNECTIONS}),
    ];
    for (server, arrivals) in [["null", "--threads", "6"], ["delay", "--ms=20", "--threads=6"]].iter().zip(&shapes) {
        let server = Server::start(server);
        let mut job = job(server.port, arrivals);
        job["cores"] = json!([core]);
        let events = drive(&job);
        let last = events.last().unwrap();
        assert_eq!(last["event"], "result", "{last}");
        let (generator, class) = (&last["result"]["generator"], &last["result"]["classes"][0]);
        assert!(generator["descriptorTables"].as_u64().unwrap() >= 3, "{generator}");
        assert_eq!(generator["threads"], generator["descriptorTables"]);
        assert_ne!(generator["waiting"], "spin", "threads that share a core do not spin");
        assert_eq!(
            (&class["connectionsHighWater"], &class["connectionsOpened"]),
            (&CONNECTIONS.into(), &CONNECTIONS.into())
        );
        assert!(class["errors"].as_object().unwrap().values().all(|count| count == 0), "{class}");
        assert!(class["answered"].as_u64().unwrap() > 0);
        assert_eq!((&class["answered"], &class["censored"]), (&class["intended"], &0.into()));
    }
}

#[test]
fn the_account_of_a_fixture_on_threads_is_one() {
    let server = Server::start(&["delay", "--ms=1", "--threads=4"]);
    let arrivals = json!({"loop": "open", "process": "constant", "rate": 500, "connections": 64});
    let events = drive(&job(server.port, &arrivals));
    let result = &events.last().unwrap()["result"];
    let sent = result["warmup"]["responses"].as_u64().unwrap() + result["classes"][0]["answered"].as_u64().unwrap();
    let account = account(server.port);
    // Those on their way when the window began are in neither count of the load.
    let requests = account["requests"].as_u64().unwrap();
    assert!((sent..=sent + 64).contains(&requests), "{requests} requests, {sent} answers");
    assert_eq!(account["planned"]["count"], requests);
    assert_eq!((&account["threads"], &account["parked"]), (&4.into(), &0.into()));
}

/// What a fixture tells of itself.
fn account(port: u16) -> Value {
    let mut stream = BufReader::new(std::net::TcpStream::connect(("127.0.0.1", port)).unwrap());
    write!(stream.get_mut(), "GET /.account HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let (mut line, mut length) = (String::new(), 0);
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}
