//! File descriptors: the limit that ends large connection counts.

use crate::failure::Failure;

/// Descriptors needed beside connections: standard streams, pollers, timers.
const SPARE: u64 = 64;

/// Raises the soft limit as far as it goes.
pub fn raise() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit fills the structure, setrlimit reads it.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}

/// Raises the soft limit so that this many connections fit; fails with the number needed where the hard limit is lower.
pub fn make_room(connections: u64) -> Result<(), Failure> {
    let needed = connections + SPARE;
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit fills the structure.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } != 0 {
        return Err(Failure::system("getrlimit", &std::io::Error::last_os_error()));
    }
    if limit.rlim_cur >= needed {
        return Ok(());
    }
    if limit.rlim_max < needed {
        return Err(Failure::environment(
            "E_FILE_DESCRIPTORS",
            format!("{connections} connections need {needed} file descriptors, the hard limit is {}", limit.rlim_max),
            &format!("raise the limit: ulimit -Hn {needed}"),
        ));
    }
    limit.rlim_cur = needed;
    // SAFETY: setrlimit reads the structure.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } != 0 {
        return Err(Failure::system("setrlimit", &std::io::Error::last_os_error()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn more_than_the_hard_limit_is_refused_with_the_number_needed() {
        let failure = super::make_room(u64::MAX / 2).unwrap_err();
        assert_eq!(failure.code, "E_FILE_DESCRIPTORS");
        assert!(super::make_room(1).is_ok());
    }
}
