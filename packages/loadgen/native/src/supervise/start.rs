//! Starting the command.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use crate::affinity;

/// Starts a command in a session of its own, on these cores, doomed to die with this process. Gives its process id.
pub fn start(command: &[OsString], cores: &[usize]) -> io::Result<libc::pid_t> {
    let cores = cores.to_vec();
    let supervisor = std::process::id();
    let mut starting = Command::new(&command[0]);
    starting.args(&command[1..]).stdin(Stdio::null());
    // SAFETY: between fork and exec only calls that are safe there: setsid, sched_setaffinity, prctl, getppid. Nothing is allocated.
    unsafe {
        starting.pre_exec(move || {
            if libc::setsid() < 0 {
                return Err(io::Error::last_os_error());
            }
            affinity::confine(&cores)?;
            die_with(supervisor)
        });
    }
    let child = starting.spawn()?;
    Ok(child.id() as libc::pid_t)
}

#[cfg(target_os = "linux")]
fn die_with(supervisor: u32) -> io::Result<()> {
    // SAFETY: prctl with a number, getppid; neither touches memory.
    unsafe {
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
            return Err(io::Error::last_os_error());
        }
        // It may have died before the kernel was asked to watch it.
        if libc::getppid() as u32 != supervisor {
            libc::_exit(1);
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn die_with(_supervisor: u32) -> io::Result<()> {
    Ok(())
}
