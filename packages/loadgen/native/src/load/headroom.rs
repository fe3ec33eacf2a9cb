//! Whether descriptors and ports suffice, looked at before any connection is opened.

use std::collections::HashSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::dial;
use crate::descriptors;
use crate::failure::Failure;
use crate::job::LoadJob;

/// Something a load needs so many of, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// What the job takes.
    pub wanted: u64,
    /// What there is.
    pub available: u64,
}

impl Need {
    /// The share that the job takes.
    pub fn share(self) -> f64 {
        match (self.wanted, self.available) {
            (0, _) => 0.0,
            (wanted, available) => wanted as f64 / available.max(1) as f64,
        }
    }
}

/// What a job needs of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headroom {
    /// File descriptors of this process.
    pub descriptors: Need,
    /// Ports towards the server, over all source addresses, where they are plenty: at least so many; none where the kernel does not tell.
    pub ports: Option<Need>,
}

/// Makes room for the descriptors, counts the ports; and over how many descriptor tables the connections must be divided. Fails with what is
/// short and its remedy.
pub fn make_room(job: &LoadJob) -> Result<(Headroom, usize), Failure> {
    let connections: u64 = job.classes.iter().map(|class| u64::from(class.arrivals.connections())).sum();
    let room = descriptors::make_room(connections)?;
    let server = SocketAddr::new(job.address.host, job.address.port);
    let ports = ports(server, &dial::sources(job), connections);
    match ports {
        Some(need) if need.wanted > need.available => Err(shortage(server, need)),
        _ => {
            let descriptors = Need { wanted: room.wanted, available: room.available };
            Ok((Headroom { descriptors, ports }, room.tables))
        }
    }
}

fn shortage(server: SocketAddr, need: Need) -> Failure {
    Failure::environment(
        "E_EPHEMERAL_PORTS",
        format!(
            "{} connections to {server} need as many ports, {} are free: the others are taken, or wait out the minute after their end (TIME_WAIT)",
            need.wanted, need.available
        ),
        "wait a minute, or widen the range: sudo sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"; a job may also name more source addresses (sources)",
    )
}

fn ports(server: SocketAddr, sources: &[IpAddr], connections: u64) -> Option<Need> {
    let range = range(&fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok()?)?;
    let addresses = sources.len().max(1) as u64;
    let all = (u64::from(range.1 - range.0) + 1) * addresses;
    // The kernel walks all of its table to print it, which takes milliseconds; it has the number of all sockets at hand.
    let counts = fs::read_to_string("/proc/self/net/sockstat").unwrap_or_default();
    let newer = fs::read_to_string("/proc/self/net/sockstat6").unwrap_or_default();
    let sockets = sockets(&counts, &newer);
    if let Some(sockets) = sockets.filter(|sockets| connections + sockets <= all / 2) {
        return Some(Need { wanted: connections, available: all - sockets });
    }
    let table = if server.is_ipv4() { "/proc/self/net/tcp" } else { "/proc/self/net/tcp6" };
    let table = fs::read_to_string(table).ok()?;
    // Without a source of its own the job's address is whatever the kernel picks: any that is taken towards the server counts.
    let taken = taken(&table, server, sources, range);
    Some(Need { wanted: connections, available: all.saturating_sub(taken) })
}

/// First and last port of `ip_local_port_range`.
fn range(text: &str) -> Option<(u16, u16)> {
    let mut ends = text.split_whitespace().map(|end| end.parse::<u16>().ok());
    let (first, last) = (ends.next()??, ends.next()??);
    (first <= last).then_some((first, last))
}

/// At most so many TCP sockets hold a port, towards whatever server: those in use, those nobody holds any more and those that wait out their
/// minute, as in `TCP: inuse 20 orphan 2 tw 2394 alloc 24 mem 0` and, of IPv6 apart, `TCP6: inuse 2` (kernel: `sockstat_seq_show` of
/// net/ipv4/proc.c and `sockstat6_seq_show` of net/ipv6/proc.c).
fn sockets(older: &str, newer: &str) -> Option<u64> {
    let count = |text: &str, protocol: &str, name: &str| {
        let words: Vec<&str> = text.lines().find_map(|line| line.strip_prefix(protocol))?.split_whitespace().collect();
        let at = words.iter().position(|&word| word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    let of_both = ["inuse", "orphan", "tw"].map(|name| count(older, "TCP: ", name));
    let all: Option<u64> = of_both.into_iter().sum();
    Some(all? + count(newer, "TCP6: ", "inuse").unwrap_or(0))
}

/// Ports of the range in use towards one server (proc(5), `/proc/net/tcp`): a connection is told from others by both ends, so that those to
/// other servers take nothing away.
fn taken(table: &str, server: SocketAddr, sources: &[IpAddr], range: (u16, u16)) -> u64 {
    let seen: HashSet<SocketAddr> = table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let (local, remote) = (address(fields.next()?)?, address(fields.next()?)?);
            let is_ours = sources.is_empty() || sources.contains(&local.ip());
            (remote == server && is_ours && (range.0..=range.1).contains(&local.port())).then_some(local)
        })
        .collect();
    seen.len() as u64
}

/// `0100007F:1F90`: the address in words of 32 bits, one or four, in the byte order of the machine; the port in the usual one.
fn address(text: &str) -> Option<SocketAddr> {
    let (host, port) = text.split_once(':')?;
    let mut bytes = [0; 16];
    for (place, word) in bytes.chunks_exact_mut(4).zip(host.as_bytes().chunks(8)) {
        place.copy_from_slice(&u32::from_str_radix(str::from_utf8(word).ok()?, 16).ok()?.to_ne_bytes());
    }
    let host = match host.len() {
        8 => Ipv4Addr::from(*bytes.first_chunk::<4>()?).into(),
        32 => IpAddr::from(Ipv6Addr::from(bytes)),
        _ => return None,
    };
    Some(SocketAddr::new(host, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
    /// A listener, two connections to the server, the server's end of one, one outside the range, one to another server.
    const TABLE: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:9C40 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0200007F:9C41 0100007F:1F90 06 00000000:00000000 03:00000176 00000000     0        0 0 3 0
   3: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   4: 0100007F:0400 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
   5: 0100007F:9C42 0100007F:1F91 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1
";

    #[cfg(target_endian = "little")]
    #[test]
    fn only_ports_of_the_range_towards_this_server_are_taken() {
        let range = (40_000, 40_009);
        assert_eq!(taken(TABLE, SERVER, &[], range), 2);
        assert_eq!(taken(TABLE, SERVER, &[Ipv4Addr::new(127, 0, 0, 2).into()], range), 1);
        assert_eq!(taken(TABLE, SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 9), &[], range), 0);
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn an_address_is_read_in_either_family() {
        let newer = "B80D0120000000000000000067452301:1F90";
        assert_eq!(address(newer), Some("[2001:db8::123:4567]:8080".parse().unwrap()));
        assert_eq!(address("0100007F:1F90"), Some(SERVER));
        for wrong in ["0100007F", "01:1F90", "0100007G:1F90", "0100007F:1F90F"] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn all_sockets_that_may_hold_a_port_are_counted() {
        let text = "sockets: used 113\nTCP: inuse 20 orphan 2 tw 2394 alloc 24 mem 0\nUDP: inuse 7 mem 0\n";
        assert_eq!(sockets(text, "TCP6: inuse 4\nUDP6: inuse 0\n"), Some(2420));
        assert_eq!(sockets(text, ""), Some(2416));
        assert_eq!(sockets("UDP: inuse 7 mem 0\n", ""), None);
        assert_eq!(sockets("TCP: inuse 20\n", ""), None);
    }

    #[test]
    fn a_range_is_read_as_the_kernel_prints_it() {
        assert_eq!(range("32768\t60999\n"), Some((32_768, 60_999)));
        assert_eq!(range("60999 32768"), None);
        assert_eq!(range(""), None);
    }

    #[test]
    fn a_shortage_names_the_ports_and_what_to_do() {
        let failure = shortage(SERVER, Need { wanted: 100, available: 8 });
        assert_eq!(failure.code, "E_EPHEMERAL_PORTS");
        assert!(failure.what.contains("100 connections to 127.0.0.1:8080") && failure.what.contains("8 are free"));
        assert!(failure.remedy.contains("ip_local_port_range"));
    }

    #[test]
    fn a_share_above_one_is_a_shortage_even_of_nothing() {
        assert!((Need { wanted: 5, available: 10 }.share() - 0.5).abs() < 1e-12);
        assert!(Need { wanted: 2, available: 0 }.share() > 1.0);
        assert!(Need { wanted: 0, available: 0 }.share() < 1.0);
    }

    #[test]
    fn the_readings_of_this_machine_are_kept_with_the_load() {
        let (headroom, tables) = make_room(&super::super::tests::job(80)).unwrap();
        assert_eq!(tables, 1);
        assert!(headroom.descriptors.wanted > 8 && headroom.descriptors.available >= headroom.descriptors.wanted);
        if let Some(ports) = headroom.ports {
            assert_eq!(ports.wanted, 8);
            assert!(ports.available > 8);
        }
    }
}
