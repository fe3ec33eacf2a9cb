//! File descriptors: the limit that ends large connection counts, and how threads get past it.
//!
//! The limit is raised where it may be. Where it may not, it still holds for each descriptor table by itself, and on Linux a thread may have a
//! table of its own without any privilege (unshare(2), CLONE_FILES; close_range(2), CLOSE_RANGE_UNSHARE).

use std::io;
use std::os::fd::RawFd;

use crate::failure::Failure;

/// Descriptors needed beside connections: standard streams, pollers, timers.
const SPARE: u64 = 64;
/// Most tables a load is divided over.
const MOST_TABLES: u64 = 64;

/// Raises the soft limit as far as it goes.
pub fn raise() {
    if let Ok(limit) = limit() {
        set_limit(libc::rlimit { rlim_cur: limit.rlim_max, ..limit });
    }
}

/// Descriptors for some connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Tables that the connections must be divided over.
    pub tables: usize,
    /// Descriptors that they take.
    pub wanted: u64,
    /// Descriptors there are, over as many tables as could be had where one does not suffice.
    pub available: u64,
}

/// Makes room for this many connections: in one table where a limit high enough is there or can be set, a quarter higher where it must be set.
/// Fails with the number needed where neither limit nor tables can be had.
pub fn make_room(connections: u64) -> Result<Room, Failure> {
    let limit = limit().map_err(|error| Failure::system("getrlimit", &error))?;
    let needed = connections + SPARE;
    let raised = |maximum| libc::rlimit { rlim_cur: needed, rlim_max: limit.rlim_max.max(maximum) };
    let has_limit = limit.rlim_cur >= needed
        || (limit.rlim_max < needed && set_limit(raised(needed + needed / 4)))
        || set_limit(raised(needed));
    if has_limit {
        let available = self::limit().map_err(|error| Failure::system("getrlimit", &error))?.rlim_max;
        return Ok(Room { tables: 1, wanted: needed, available });
    }
    raise();
    let room = limit.rlim_max.saturating_sub(SPARE);
    let tables = if room == 0 { u64::MAX } else { connections.div_ceil(room) };
    let refusal = match tables {
        0..=MOST_TABLES => match try_own_table() {
            Ok(()) => {
                let tables = tables as usize;
                return Ok(Room { tables, wanted: needed, available: limit.rlim_max.saturating_mul(MOST_TABLES) });
            }
            Err(error) => format!("threads may not have tables of their own: {error}"),
        },
        _ => format!("{MOST_TABLES} tables of threads would not hold them either"),
    };
    Err(Failure::environment(
        "E_FILE_DESCRIPTORS",
        format!(
            "{connections} connections need {needed} file descriptors, the hard limit is {}, and {refusal}",
            limit.rlim_max
        ),
        &format!("raise the limit: ulimit -Hn {needed}, in a container --ulimit nofile={needed}"),
    ))
}

fn limit() -> io::Result<libc::rlimit> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit fills the structure.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } == 0 {
        Ok(limit)
    } else {
        Err(io::Error::last_os_error())
    }
}

fn set_limit(limit: libc::rlimit) -> bool {
    // SAFETY: setrlimit reads the structure.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) == 0 }
}

fn try_own_table() -> io::Result<()> {
    std::thread::scope(|scope| scope.spawn(|| own_table(None)).join().expect("asking for a table does not panic"))
}

/// Gives the calling thread a descriptor table of its own that holds the standard streams and the descriptor to keep, and nothing else: a copy
/// of another thread's connection would keep it open after it was closed there. To be called before the thread opens anything.
#[cfg(target_os = "linux")]
pub fn own_table(keep: Option<RawFd>) -> io::Result<()> {
    const STANDARD: libc::c_uint = 3;
    let range = |first: libc::c_uint, last: libc::c_uint, flags: libc::c_uint| {
        // SAFETY: the numbers are those of descriptors that this thread owns none of. Called by its number, because older C libraries have no
        // name for it.
        if unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) } == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    };
    let kept = keep.and_then(|keep| libc::c_uint::try_from(keep).ok()).filter(|&keep| keep >= STANDARD);
    let behind = kept.map_or(STANDARD, |keep| keep + 1);
    if let Err(error) = range(behind, libc::c_uint::MAX, libc::CLOSE_RANGE_UNSHARE) {
        // Before Linux 5.9 there is unshare only, and the copies stay.
        // SAFETY: unshare touches no memory of ours.
        let refused = unsafe { libc::unshare(libc::CLONE_FILES) } != 0;
        if refused {
            return Err(error);
        }
    }
    if let Some(keep) = kept.filter(|&keep| keep > STANDARD) {
        let _ = range(STANDARD, keep - 1, 0);
    }
    Ok(())
}

/// Gives the calling thread a descriptor table of its own: not here.
#[cfg(not(target_os = "linux"))]
pub fn own_table(_keep: Option<RawFd>) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system has one table for each process"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_any_number_of_tables_holds_is_refused_with_the_number_needed() {
        let failure = make_room(u64::MAX / 2).unwrap_err();
        assert_eq!(failure.code, "E_FILE_DESCRIPTORS");
        assert!(failure.what.contains(&(u64::MAX / 2 + SPARE).to_string()));
        let room = make_room(1).unwrap();
        assert_eq!((room.tables, room.wanted), (1, 1 + SPARE));
        assert!(room.available >= room.wanted);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_with_a_table_of_its_own_has_what_it_keeps_and_closes_nothing_of_others() {
        use std::io::{Read, Write};
        use std::os::fd::AsRawFd;
        use std::os::unix::net::UnixStream;

        // SAFETY: the call touches no memory of ours.
        let is_open = |descriptor: RawFd| unsafe { libc::fcntl(descriptor, libc::F_GETFD) } >= 0;
        let (mut near, mut far) = UnixStream::pair().unwrap();
        let (kept, left) = (near.as_raw_fd(), far.as_raw_fd());
        std::thread::spawn(move || {
            own_table(Some(kept)).unwrap();
            assert!(is_open(1) && is_open(kept) && !is_open(left));
        })
        .join()
        .unwrap();
        near.write_all(b"x").unwrap();
        drop(near);
        let mut read = Vec::new();
        // The end comes: no copy is left in a table.
        far.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"x");
    }
}
