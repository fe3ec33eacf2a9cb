//! Pinning to cores. Linux only: elsewhere a pin is not possible and not claimed.

use std::io;

/// Whether this system can pin threads to cores.
pub const CAN_PIN: bool = cfg!(target_os = "linux");

/// Confines the calling thread, and what it starts, to the given cores; an empty list leaves it as it is.
pub fn confine(cores: &[usize]) -> io::Result<()> {
    if cores.is_empty() {
        return Ok(());
    }
    confine_thread(0, cores)
}

/// Confines the thread of this number, 0 for the calling one.
#[cfg(target_os = "linux")]
pub fn confine_thread(thread: libc::pid_t, cores: &[usize]) -> io::Result<()> {
    // SAFETY: cpu_set_t is a plain bit field for which all zeroes is the empty set; CPU_SET is given numbers within it.
    let result = unsafe {
        let mut set = std::mem::zeroed::<libc::cpu_set_t>();
        for &core in cores {
            if core >= libc::CPU_SETSIZE as usize {
                return Err(io::Error::from_raw_os_error(libc::EINVAL));
            }
            libc::CPU_SET(core, &mut set);
        }
        libc::sched_setaffinity(thread, size_of::<libc::cpu_set_t>(), &set)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Confines the thread of this number, 0 for the calling one.
#[cfg(not(target_os = "linux"))]
pub fn confine_thread(_thread: libc::pid_t, _cores: &[usize]) -> io::Result<()> {
    Ok(())
}

/// The cores the calling thread may use; empty where the system does not tell.
#[cfg(target_os = "linux")]
pub fn allowed() -> Vec<usize> {
    // SAFETY: the kernel fills the set, all zeroes before; CPU_ISSET is given numbers within it.
    unsafe {
        let mut set = std::mem::zeroed::<libc::cpu_set_t>();
        libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set);
        (0..libc::CPU_SETSIZE as usize).filter(|&core| libc::CPU_ISSET(core, &set)).collect()
    }
}

/// The cores the calling thread may use; empty where the system does not tell.
#[cfg(not(target_os = "linux"))]
pub fn allowed() -> Vec<usize> {
    Vec::new()
}

/// Makes timed waits of the calling thread end when they were asked to: the kernel otherwise adds up to 50 us to save wake-ups.
pub fn wake_on_time() {
    #[cfg(target_os = "linux")]
    // SAFETY: PR_SET_TIMERSLACK takes one number and touches no memory of ours.
    unsafe {
        libc::prctl(libc::PR_SET_TIMERSLACK, 1);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_confined_thread_sees_only_its_core() {
        std::thread::spawn(|| {
            let core = allowed()[0];
            confine(&[core]).unwrap();
            assert_eq!(allowed(), [core]);
        })
        .join()
        .unwrap();
    }

    #[test]
    fn a_core_that_does_not_exist_is_an_error() {
        assert!(confine(&[1023]).is_err());
        assert!(confine(&[100_000]).is_err());
    }
}
