//! Lines on descriptor 3, for the one who asked.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::FromRawFd;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use serde_json::{Value, json};

const DESCRIPTOR: libc::c_int = 3;

/// Where the lines go, if anywhere.
pub struct Reports(Option<File>);

impl Reports {
    /// Descriptor 3 if it was given to this process. The command does not inherit it.
    pub fn inherited() -> Self {
        // SAFETY: fcntl takes numbers; the descriptor, if open, belongs to nobody else in this process.
        unsafe {
            if libc::fcntl(DESCRIPTOR, libc::F_SETFD, libc::FD_CLOEXEC) != 0 {
                return Self(None);
            }
            Self(Some(File::from_raw_fd(DESCRIPTOR)))
        }
    }

    fn write(&mut self, line: &Value) {
        if let Some(file) = &mut self.0 {
            // Nobody may be there to read it.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }

    /// The command has this process id.
    pub fn started(&mut self, pid: libc::pid_t) {
        self.write(&json!({ "pid": pid }));
    }

    /// The command could not be started.
    pub fn not_started(&mut self, error: &io::Error) {
        self.write(&json!({ "error": error.to_string() }));
    }

    /// The command has ended, and so many descendants had to be killed.
    pub fn ended(&mut self, status: ExitStatus, left_behind: usize) {
        let signal = status.signal().map(signal_name);
        self.write(&json!({ "code": status.code(), "signal": signal, "leftBehind": left_behind }));
    }
}

/// The name of a signal; its number where it has no common name.
pub fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGSYS => "SIGSYS",
        other => return format!("SIG{other}"),
    };
    name.into()
}
