//! What the kernel lost of the traffic: its counters of the network namespace of this process, at both edges of the window.

#[cfg(target_os = "linux")]
mod sockets;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use crate::result::{KernelCounts, KernelLosses, ServerSockets};

/// Counters of the whole namespace since it was made; none where the kernel does not tell.
///
/// RFC 1213 (`tcpRetransSegs`) and Linux, `Documentation/networking/snmp_counter.rst` (`TcpExt`).
pub fn read() -> Option<KernelCounts> {
    read_from(Path::new("/proc/self/net"))
}

fn read_from(folder: &Path) -> Option<KernelCounts> {
    let netstat = fs::read_to_string(folder.join("netstat")).ok()?;
    let snmp = fs::read_to_string(folder.join("snmp")).ok()?;
    Some(KernelCounts {
        listen_overflows: counter(&netstat, "TcpExt:", "ListenOverflows")?,
        listen_drops: counter(&netstat, "TcpExt:", "ListenDrops")?,
        timeouts: counter(&netstat, "TcpExt:", "TCPTimeouts")?,
        retransmissions: counter(&snmp, "Tcp:", "RetransSegs")?,
        duplicates: counter(&netstat, "TcpExt:", "TCPDSACKRecv")?,
    })
}

/// A counter out of a table of line pairs, names above figures.
fn counter(text: &str, table: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines().filter(|line| line.starts_with(table));
    let (names, figures) = (lines.next()?, lines.next()?);
    let position = names.split_whitespace().position(|one| one == name)?;
    figures.split_whitespace().nth(position)?.parse().ok()
}

/// What was lost between two readings; and, where something was, what the sockets at the server's port had to do with it.
pub fn losses(first: Option<KernelCounts>, last: Option<KernelCounts>, server: SocketAddr) -> Option<KernelLosses> {
    let counts = between(first, last)?;
    let server = if counts.lost() == 0 { None } else { sockets_of(server) };
    Some(KernelLosses { counts, server })
}

#[cfg(target_os = "linux")]
fn sockets_of(server: SocketAddr) -> Option<ServerSockets> {
    sockets::read(server).ok()
}

#[cfg(not(target_os = "linux"))]
fn sockets_of(_server: SocketAddr) -> Option<ServerSockets> {
    None
}

/// What was counted between two readings.
fn between(first: Option<KernelCounts>, last: Option<KernelCounts>) -> Option<KernelCounts> {
    let (first, last) = (first?, last?);
    Some(KernelCounts {
        listen_overflows: last.listen_overflows.saturating_sub(first.listen_overflows),
        listen_drops: last.listen_drops.saturating_sub(first.listen_drops),
        timeouts: last.timeouts.saturating_sub(first.timeouts),
        retransmissions: last.retransmissions.saturating_sub(first.retransmissions),
        duplicates: last.duplicates.saturating_sub(first.duplicates),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns as a kernel 6.1 has them, most left out.
    const NETSTAT: &str = "TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts TCPSpuriousRTOs\n\
                           TcpExt: 3 299 301 1220 0\nIpExt: InNoRoutes ListenDrops\nIpExt: 0 7\n";

    #[test]
    fn a_counter_is_found_by_its_name_in_its_own_table() {
        assert_eq!(counter(NETSTAT, "TcpExt:", "ListenDrops"), Some(301));
        assert_eq!(counter(NETSTAT, "TcpExt:", "TCPTimeouts"), Some(1220));
        assert_eq!(counter(NETSTAT, "IpExt:", "ListenDrops"), Some(7));
        assert_eq!(counter(NETSTAT, "TcpExt:", "NoSuchCounter"), None);
        assert_eq!(counter("TcpExt: ListenDrops\n", "TcpExt:", "ListenDrops"), None);
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_not_zero() {
        let counts =
            KernelCounts { listen_overflows: 1, listen_drops: 2, timeouts: 3, retransmissions: 4, duplicates: 1 };
        assert_eq!(between(None, Some(counts)), None);
        assert_eq!(between(Some(counts), None), None);
        assert_eq!(between(Some(counts), Some(counts)).map(|counts| counts.lost()), Some(0));
        assert_eq!(read_from(Path::new("/nowhere")), None);
    }
}
