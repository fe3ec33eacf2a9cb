//! Everything that descends from this process, and its end.

use std::process::ExitStatus;
use std::thread::sleep;
use std::time::{Duration, Instant};

use std::os::unix::process::ExitStatusExt;

/// Longest time spent on killing: a process in a call that the kernel does not interrupt cannot be killed at all.
const LONGEST_KILLING: Duration = Duration::from_secs(5);

/// Makes this process the parent of its orphaned descendants.
pub fn adopt() {
    #[cfg(target_os = "linux")]
    // SAFETY: prctl with numbers touches no memory.
    unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1);
    }
}

/// Takes the status of every child that has ended; gives that of the main one if it is among them.
pub fn reap(main_child: libc::pid_t) -> Option<ExitStatus> {
    let mut found = None;
    loop {
        let mut status = 0;
        // SAFETY: waitpid writes one number.
        let pid = unsafe { libc::waitpid(-1, &mut status, libc::WNOHANG) };
        if pid <= 0 {
            return found;
        }
        if pid == main_child {
            found = Some(ExitStatus::from_raw(status));
        }
    }
}

/// Kills all descendants until none is left. Gives the main child's status if it ended meanwhile, and how many were found alive at first.
pub fn kill_all(main_child: libc::pid_t) -> (Option<ExitStatus>, usize) {
    let begun = Instant::now();
    let found = stop_all(main_child);
    let mut status = None;
    loop {
        kill_each(main_child, libc::SIGKILL);
        status = reap(main_child).or(status);
        if living(main_child).is_empty() || begun.elapsed() > LONGEST_KILLING {
            return (reap(main_child).or(status), found);
        }
        sleep(Duration::from_millis(1));
    }
}

/// Stops all before any is killed, so that none starts another meanwhile. Gives how many there are.
fn stop_all(main_child: libc::pid_t) -> usize {
    let mut most = 0;
    // New ones can only come from those that were not stopped yet: each pass finds fewer.
    for _ in 0..16 {
        let count = kill_each(main_child, libc::SIGSTOP);
        if count <= most {
            break;
        }
        most = count;
    }
    most
}

fn kill_each(main_child: libc::pid_t, signal: libc::c_int) -> usize {
    let living = living(main_child);
    for &pid in &living {
        // SAFETY: kill takes numbers. A living descendant has us as its reaper, so that its number cannot have passed to a stranger unless
        // one of our descendants reaped it in this very moment.
        unsafe { libc::kill(pid, signal) };
    }
    living.len()
}

/// Descendants that are not dead yet.
#[cfg(target_os = "linux")]
fn living(_main_child: libc::pid_t) -> Vec<libc::pid_t> {
    let processes: Vec<Process> = all_processes();
    let mut known = vec![std::process::id() as libc::pid_t];
    let mut living = Vec::new();
    let mut next = 0;
    while let Some(&parent) = known.get(next) {
        next += 1;
        for child in processes.iter().filter(|process| process.parent == parent) {
            known.push(child.pid);
            if !child.is_dead {
                living.push(child.pid);
            }
        }
    }
    living
}

#[cfg(target_os = "linux")]
struct Process {
    pid: libc::pid_t,
    parent: libc::pid_t,
    is_dead: bool,
}

#[cfg(target_os = "linux")]
fn all_processes() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: libc::pid_t| parse_stat(pid, &std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?))
        .collect()
}

/// The line of `/proc/PID/stat`: the name in brackets may hold anything, brackets included.
#[cfg(target_os = "linux")]
fn parse_stat(pid: libc::pid_t, stat: &str) -> Option<Process> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let is_ended = matches!(fields.next()?, "Z" | "X" | "x");
    let parent = fields.next()?.parse().ok()?;
    // A process whose first thread has ended looks like a zombie while its other threads go on.
    let threads: u32 = fields.nth(15)?.parse().ok()?;
    Some(Process { pid, parent, is_dead: is_ended && threads <= 1 })
}

/// The process group of the main child, as far as it can be told without `/proc`.
#[cfg(not(target_os = "linux"))]
fn living(main_child: libc::pid_t) -> Vec<libc::pid_t> {
    // SAFETY: kill with signal 0 only asks whether the group has members.
    if unsafe { libc::kill(-main_child, 0) } == 0 { vec![-main_child] } else { Vec::new() }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_does_not_hide_the_parent() {
        let rest = "42 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0";
        for (state, threads, is_dead) in [("Z", 1, true), ("Z", 2, false), ("S", 1, false)] {
            let process = parse_stat(7, &format!("7 (a) S 1 (b)) {state} {rest} {threads} 0 99")).unwrap();
            assert_eq!((process.parent, process.is_dead), (42, is_dead));
        }
        assert!(parse_stat(7, "").is_none());
    }

    #[test]
    fn this_process_is_found_under_its_parent() {
        let own = std::process::id() as libc::pid_t;
        // SAFETY: getppid takes nothing.
        let parent = unsafe { libc::getppid() };
        assert!(all_processes().iter().any(|process| process.pid == own && process.parent == parent));
    }
}
