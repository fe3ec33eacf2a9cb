//! `fixture` as the harness uses it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn start(options: &[&str]) -> Child {
    let native = env!("CARGO_BIN_EXE_photofinish-native");
    let mut child = Command::new(native)
        .args(["fixture", "null"])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("listening "), "{line}");
    child
}

#[test]
fn a_fixture_ends_with_whoever_started_it_when_asked_to() {
    let threads: &[&str] = if cfg!(target_os = "linux") { &["--threads", "2"] } else { &[] };
    let mut child = start(&[&["--until-input-ends"], threads].concat());
    assert!(child.try_wait().unwrap().is_none());
    drop(child.stdin.take());
    let patience = Instant::now() + Duration::from_secs(20);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < patience, "it goes on alone");
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success());
}

#[test]
fn otherwise_it_serves_until_it_is_killed() {
    let mut child = start(&[]);
    drop(child.stdin.take());
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}
