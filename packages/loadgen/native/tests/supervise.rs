//! `supervise` as the harness uses it: whatever ends, nothing of the tree is left.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const NATIVE: &str = env!("CARGO_BIN_EXE_photofinish-native");

/// How long nothing may be left after the end.
const GRACE: Duration = Duration::from_secs(1);

struct Supervised {
    child: Child,
    input: Option<ChildStdin>,
    reports: BufReader<fs::File>,
}

impl Supervised {
    fn start(arguments: &[&str]) -> Self {
        let mut ends = [0; 2];
        // SAFETY: pipe2 fills two descriptors, which are owned from here on.
        let (read, write) = unsafe {
            assert_eq!(libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC), 0);
            (fs::File::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1]))
        };
        let mut command = Command::new(NATIVE);
        command.arg("supervise").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let raw = write.as_raw_fd();
        // SAFETY: dup2 is safe between fork and exec.
        unsafe {
            command.pre_exec(move || {
                libc::dup2(raw, 3);
                // A pipe that is 3 already keeps its flag otherwise.
                libc::fcntl(3, libc::F_SETFD, 0);
                Ok(())
            });
        }
        let mut child = command.spawn().unwrap();
        Self { input: child.stdin.take(), child, reports: BufReader::new(read) }
    }

    fn script(script: &str) -> Self {
        Self::start(&["--", "sh", "-c", script])
    }

    fn report(&mut self) -> Value {
        let mut line = String::new();
        self.reports.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn signal(&self, signal: libc::c_int) {
        // SAFETY: the child is ours and has not been waited for.
        unsafe { libc::kill(self.child.id() as libc::pid_t, signal) };
    }

    fn output(&mut self) -> String {
        let mut text = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

/// A file in which a script leaves process ids; removed in the end.
struct Pids(PathBuf);

impl Pids {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("photofinish-pids-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn await_number(&self, number: usize) -> Vec<i32> {
        let begun = Instant::now();
        loop {
            let text = fs::read_to_string(&self.0).unwrap_or_default();
            let pids: Vec<i32> = text.lines().filter_map(|line| line.parse().ok()).collect();
            if pids.len() >= number {
                return pids;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "the script did not leave {number} pids: {text:?}");
            sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Pids {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn is_alive(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z"))
}

fn assert_gone(pids: &[i32]) {
    let begun = Instant::now();
    while pids.iter().any(|&pid| is_alive(pid)) {
        assert!(begun.elapsed() < GRACE, "still there: {pids:?}");
        sleep(Duration::from_millis(2));
    }
}

/// A tree with a child, a grandchild in a session of its own, and a great-grandchild that has lost its parent there.
fn tree(pids: &Pids) -> String {
    let file = pids.path();
    format!(
        "echo $$ >> {file}; sleep 300 & echo $! >> {file}; \
         setsid sh -c 'echo $$ >> {file}; (sleep 300 & echo $! >> {file}); sleep 300' & wait"
    )
}

#[test]
fn the_code_of_the_command_is_passed_on_and_reported() {
    let mut supervised = Supervised::script("exit 7");
    let pid = supervised.report()["pid"].as_i64().unwrap();
    assert!(pid > 1);
    assert_eq!(supervised.report(), json!({"code": 7, "signal": null, "leftBehind": 0}));
    assert_eq!(supervised.wait().code(), Some(7));
}

#[test]
fn a_death_by_signal_is_reported_by_name_and_as_128_and_the_signal() {
    let mut supervised = Supervised::script("kill -9 $$");
    supervised.report();
    assert_eq!(supervised.report(), json!({"code": null, "signal": "SIGKILL", "leftBehind": 0}));
    assert_eq!(supervised.wait().code(), Some(137));
}

#[test]
fn a_command_that_cannot_be_started_is_reported() {
    let mut supervised = Supervised::start(&["--", "/no/such/program"]);
    let report = supervised.report();
    assert!(report["error"].as_str().unwrap().contains("No such file"), "{report}");
    assert_eq!(supervised.wait().code(), Some(127));
}

#[test]
fn standard_output_passes_through_and_standard_input_is_empty() {
    let mut supervised = Supervised::script("cat; echo done");
    assert_eq!(supervised.output(), "done\n");
    assert_eq!(supervised.wait().code(), Some(0));
}

#[test]
fn it_works_where_nobody_reads_reports() {
    let mut command = Command::new(NATIVE);
    let mut child = command.args(["supervise", "--", "sh", "-c", "exit 5"]).stdin(Stdio::piped()).spawn().unwrap();
    let _held = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

#[test]
fn the_command_is_confined_to_its_cores() {
    let core = photofinish_native::affinity::allowed()[0].to_string();
    let mut supervised = Supervised::start(&["--cores", &core, "--", "grep", "Cpus_allowed_list", "/proc/self/status"]);
    assert_eq!(supervised.output().split_whitespace().last(), Some(core.as_str()));
}

#[test]
fn a_request_to_end_reaches_the_command_once_and_only_the_command() {
    let pids = Pids::new();
    let file = pids.path();
    let script = format!(
        "n=0; trap 'n=$((n+1))' TERM; sh -c 'trap \"echo 0 >> {file}\" TERM; echo $$ >> {file}; while :; do sleep 0.01; done' & \
         echo $$ >> {file}; i=0; while [ $i -lt 40 ]; do sleep 0.01; i=$((i+1)); done; exit $((n+40))"
    );
    let mut supervised = Supervised::script(&script);
    pids.await_number(2);
    supervised.signal(libc::SIGTERM);
    supervised.signal(libc::SIGINT);
    supervised.report();
    let report = supervised.report();
    assert_eq!(report["code"], 41, "one SIGTERM for two requests: {report}");
    let written = fs::read_to_string(file).unwrap();
    assert!(!written.lines().any(|line| line == "0"), "the grandchild was signalled: {written}");
}

#[test]
fn a_hang_up_is_survived() {
    let mut supervised = Supervised::script("sleep 0.2; exit 3");
    supervised.report();
    supervised.signal(libc::SIGHUP);
    assert_eq!(supervised.wait().code(), Some(3));
}

#[test]
fn the_end_of_standard_input_kills_the_whole_tree() {
    let pids = Pids::new();
    let mut supervised = Supervised::script(&tree(&pids));
    let all = pids.await_number(4);
    assert!(all.iter().all(|&pid| is_alive(pid)));
    drop(supervised.input.take());
    supervised.report();
    let report = supervised.report();
    assert_eq!((&report["code"], &report["signal"]), (&Value::Null, &json!("SIGKILL")));
    assert!(report["leftBehind"].as_u64().unwrap() >= 3, "{report}");
    assert_eq!(supervised.wait().code(), Some(137));
    assert_gone(&all);
}

#[test]
fn a_command_that_refuses_to_end_and_is_stopped_dies_too() {
    let pids = Pids::new();
    let mut supervised =
        Supervised::script(&format!("trap '' TERM; echo $$ >> {}; kill -STOP $$; sleep 300", pids.path()));
    let all = pids.await_number(1);
    supervised.signal(libc::SIGTERM);
    drop(supervised.input.take());
    assert_eq!(supervised.wait().code(), Some(137));
    assert_gone(&all);
}

#[test]
fn what_the_command_leaves_behind_is_killed_and_counted() {
    let pids = Pids::new();
    let mut supervised =
        Supervised::script(&format!("setsid sleep 300 & echo $! >> {}; sleep 0.1; exit 4", pids.path()));
    supervised.report();
    assert_eq!(supervised.report(), json!({"code": 4, "signal": null, "leftBehind": 1}));
    assert_gone(&pids.await_number(1));
    assert_eq!(supervised.wait().code(), Some(4));
}

#[test]
fn nothing_is_left_after_the_one_who_asked_was_killed() {
    let pids = Pids::new();
    let holder = Pids::new();
    // The shell stands for the harness: it holds the pipe, and dies without a word.
    let harness = format!(
        "echo $$ >> {holder}; mkfifo {holder}.in; {NATIVE} supervise -- sh -c '{tree}' < {holder}.in & exec 9> {holder}.in; sleep 300 9>&- & wait",
        holder = holder.path(),
        tree = tree(&pids).replace('\'', "'\\''"),
    );
    let mut harness = Command::new("sh").args(["-c", &harness]).stdin(Stdio::null()).process_group(0).spawn().unwrap();
    let all = pids.await_number(4);
    let id = holder.await_number(1)[0];
    // SAFETY: the harness is our child and has not been waited for.
    unsafe { libc::kill(id, libc::SIGKILL) };
    assert_eq!(harness.wait().unwrap().signal(), Some(libc::SIGKILL));
    assert_gone(&all);
    // SAFETY: the group is our child's, its other member is the sleep above.
    unsafe { libc::kill(-id, libc::SIGKILL) };
    fs::remove_file(format!("{}.in", holder.path())).unwrap();
}

#[test]
fn a_supervisor_that_is_killed_takes_the_command_with_it() {
    let pids = Pids::new();
    let supervised = Supervised::script(&format!("echo $$ >> {}; exec sleep 300", pids.path()));
    let all = pids.await_number(1);
    supervised.signal(libc::SIGKILL);
    supervised.wait();
    assert_gone(&all);
}

#[test]
fn waiting_costs_nothing() {
    let mut supervised = Supervised::script("exec sleep 300");
    supervised.report();
    let wake_ups = || {
        let status = fs::read_to_string(format!("/proc/{}/status", supervised.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches")).unwrap();
        line.split_whitespace().last().unwrap().to_string()
    };
    sleep(Duration::from_millis(50));
    let before = wake_ups();
    sleep(Duration::from_millis(300));
    assert_eq!(wake_ups(), before);
    drop(supervised.input.take());
    supervised.wait();
}
