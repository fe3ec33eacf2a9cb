//! `supervise`: starts a command and lets none of its descendants outlive it, nor the one who asked.
//!
//! Whoever asked holds this process by its standard input: when that ends, by a close or by a death of any kind, the whole tree of
//! descendants is killed. Descendants that left their session or lost their parents stay in reach, because on Linux this process adopts
//! them (`PR_SET_CHILD_SUBREAPER`); elsewhere only the process group is killed.

mod descendants;
mod reports;
mod signals;
mod start;

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, exit};

use lexopt::Arg::{Long, Short, Value};

use crate::arguments;
use crate::failure::Failure;
use descendants::{adopt, kill_all, reap};
use reports::Reports;
use signals::{Signals, Wake};

const HELP: &str = "\
Example: photofinish-native supervise --cores 0,1 -- node server.js

Starts the command in a session of its own, pinned to --cores, with standard output and error passed through. Stays until
it ends, then kills what it left behind, and exits with its code (128 + signal).

  standard input   held open by whoever asks; at its end the command and all its descendants are killed
  SIGTERM, SIGINT  passed on to the command as one SIGTERM
  descriptor 3     where open: {\"pid\":N} or {\"error\":\"...\"} at the start, {\"code\":N|null,\"signal\":\"...\"|null,
                   \"leftBehind\":N} at the end, one line each
";

/// Exit code of a command that cannot be started, as shells have it.
const EXIT_NOT_STARTED: i32 = 127;

/// Supervises one command; does not come back once it was started.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    // Before anything else is opened: a descriptor 3 that is there now was given to us.
    let mut reports = Reports::inherited();
    let (mut cores, mut command) = (Vec::new(), Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("cores") => cores = arguments::core_list("--cores", &mut arguments)?,
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            Value(program) => {
                command.push(program);
                command.extend(arguments.raw_args()?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if command.is_empty() {
        return Err(Failure::usage("no command was given".into(), "photofinish-native supervise -- COMMAND ARGS..."));
    }
    let signals = Signals::install().map_err(|error| Failure::system("sigaction", &error))?;
    adopt();
    let main_child = match start::start(&command, &cores) {
        Ok(pid) => pid,
        Err(error) => {
            reports.not_started(&error);
            eprintln!("{}: {error}", command[0].display());
            exit(EXIT_NOT_STARTED);
        }
    };
    reports.started(main_child);
    let (status, left_behind) = watch(main_child, &signals);
    reports.ended(status, left_behind);
    exit(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)));
}

/// Waits until the main child has ended and nothing is left of its tree.
fn watch(main_child: libc::pid_t, signals: &Signals) -> (ExitStatus, usize) {
    let mut is_asked_to_end = false;
    loop {
        match signals.wait() {
            Wake::ChildEnded => {
                if let Some(status) = reap(main_child) {
                    let (_, left_behind) = kill_all(main_child);
                    return (status, left_behind);
                }
            }
            Wake::AskedToEnd if !is_asked_to_end => {
                is_asked_to_end = true;
                // SAFETY: the main child has not been waited for, so that its number is still its own.
                unsafe { libc::kill(main_child, libc::SIGTERM) };
            }
            Wake::AskedToEnd => {}
            Wake::Abandoned => {
                let (status, killed) = kill_all(main_child);
                // The tree is dead: the main child's status comes with it, unless the kernel holds it in a call it cannot leave.
                let status = status.unwrap_or_else(|| ExitStatus::from_raw(libc::SIGKILL));
                return (status, killed.saturating_sub(1));
            }
        }
    }
}
