//! Opening connections, from several addresses of this machine where one has too few ports.
//!
//! A connection is told from others by both addresses and both ports: towards one listening port an address of this machine carries as many
//! connections as it has ephemeral ports, about 28,000. Every address of 127.0.0.0/8 is this machine.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use mio::net::TcpStream;

use crate::failure::Failure;
use crate::job::LoadJob;

/// Share of an address's ephemeral ports that is used before another address is taken: the rest is for what lingers in TIME_WAIT. Below a half,
/// because connect(2) looks through all ports of one parity before it takes one of the other: 50,000 connections took 8 s to open instead of 2.
const USED_SHARE: f64 = 0.4;

/// Addresses that connections come from, in turn; empty: what the kernel picks. A job that names none gets more than one only where all its
/// connections go to this machine and do not fit one address; IPv6 has one address of this machine only.
pub fn sources(job: &LoadJob) -> Vec<IpAddr> {
    if let Some(given) = &job.sources {
        return given.clone();
    }
    let connections: u64 = job.classes.iter().map(|class| u64::from(class.arrivals.connections())).sum();
    let needed = (connections as f64 / (ephemeral_ports() as f64 * USED_SHARE)).ceil() as u32;
    if needed <= 1 || !job.address.host.is_ipv4() || !job.address.host.is_loopback() || !cfg!(target_os = "linux") {
        return Vec::new();
    }
    (0..needed).map(|position| Ipv4Addr::from(u32::from(Ipv4Addr::LOCALHOST) + position).into()).collect()
}

/// Ephemeral ports of one address; the kernel's default where it does not tell.
fn ephemeral_ports() -> u64 {
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut ends = range.split_whitespace().filter_map(|end| end.parse::<u64>().ok());
    match (ends.next(), ends.next()) {
        (Some(first), Some(last)) if last >= first => last - first + 1,
        _ => 28_232,
    }
}

/// Begins to open a connection, with a receive buffer of this size: it must be set before, because the window is agreed upon with the connection.
pub fn dial(address: SocketAddr, source: Option<IpAddr>, receive_buffer: Option<u32>) -> io::Result<TcpStream> {
    match (source, receive_buffer) {
        (None, None) => TcpStream::connect(address),
        _ => dial_with(address, source, receive_buffer),
    }
}

/// Whether a connection can have a given source and receive buffer here.
pub const CAN_DIAL_WITH: bool = cfg!(target_os = "linux");

#[cfg(not(target_os = "linux"))]
fn dial_with(address: SocketAddr, _source: Option<IpAddr>, _receive_buffer: Option<u32>) -> io::Result<TcpStream> {
    TcpStream::connect(address)
}

#[cfg(target_os = "linux")]
fn dial_with(address: SocketAddr, source: Option<IpAddr>, receive_buffer: Option<u32>) -> io::Result<TcpStream> {
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

    let checked = |result: libc::c_int| if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) };
    let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    // SAFETY: the calls read structures that live through them; the descriptor is owned by nobody else.
    unsafe {
        let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
        let socket = OwnedFd::from_raw_fd(checked(libc::socket(family, kind, 0))?);
        let raw = socket.as_raw_fd();
        let set = |level: libc::c_int, option: libc::c_int, value: libc::c_int| {
            let length = size_of::<libc::c_int>() as libc::socklen_t;
            checked(libc::setsockopt(raw, level, option, (&raw const value).cast(), length))
        };
        if let Some(bytes) = receive_buffer {
            set(libc::SOL_SOCKET, libc::SO_RCVBUF, bytes as libc::c_int)?;
        }
        if let Some(source) = source {
            // The port is chosen at connect: it need only be free towards this server.
            set(libc::IPPROTO_IP, libc::IP_BIND_ADDRESS_NO_PORT, 1)?;
            let (from, length) = name(SocketAddr::new(source, 0));
            checked(libc::bind(raw, (&raw const from).cast(), length))?;
        }
        let (to, length) = name(address);
        match checked(libc::connect(raw, (&raw const to).cast(), length)) {
            Err(error) if error.raw_os_error() != Some(libc::EINPROGRESS) => Err(error),
            _ => Ok(TcpStream::from_std(std::net::TcpStream::from(socket))),
        }
    }
}

/// An address as the kernel takes it, and how long it is.
#[cfg(target_os = "linux")]
fn name(address: SocketAddr) -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: all of the structures are valid when zeroed, and sockaddr_storage has room and alignment for each of the others.
    unsafe {
        let mut storage: libc::sockaddr_storage = std::mem::zeroed();
        let length = match address {
            SocketAddr::V4(address) => {
                let name = &mut *(&raw mut storage).cast::<libc::sockaddr_in>();
                name.sin_family = libc::AF_INET as libc::sa_family_t;
                name.sin_port = address.port().to_be();
                name.sin_addr.s_addr = u32::from(*address.ip()).to_be();
                size_of::<libc::sockaddr_in>()
            }
            SocketAddr::V6(address) => {
                let name = &mut *(&raw mut storage).cast::<libc::sockaddr_in6>();
                name.sin6_family = libc::AF_INET6 as libc::sa_family_t;
                name.sin6_port = address.port().to_be();
                name.sin6_addr.s6_addr = address.ip().octets();
                name.sin6_scope_id = address.scope_id();
                size_of::<libc::sockaddr_in6>()
            }
        };
        (storage, length as libc::socklen_t)
    }
}

/// What no retry mends: descriptors or ports have run out.
pub fn lack_of_the_machine(error: &io::Error) -> Option<Failure> {
    match error.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE) => Some(Failure::environment(
            "E_FILE_DESCRIPTORS",
            format!("no file descriptor is left for a connection: {error}"),
            "raise the limit (ulimit -n) or use fewer connections",
        )),
        Some(libc::EADDRNOTAVAIL) => Some(Failure::environment(
            "E_EPHEMERAL_PORTS",
            format!("no local port is left for a connection: {error}"),
            "wait until connections in TIME_WAIT are gone, widen net.ipv4.ip_local_port_range, or use fewer connections",
        )),
        _ => None,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_connection_comes_from_the_address_it_was_given() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        for source in [Ipv4Addr::new(127, 0, 0, 1), Ipv4Addr::new(127, 0, 3, 9)] {
            let _stream = dial(address, Some(source.into()), None).unwrap();
            assert_eq!(listener.accept().unwrap().1.ip(), source);
        }
    }

    #[test]
    fn a_connection_of_ipv6_can_be_given_the_same() {
        let Ok(listener) = std::net::TcpListener::bind("[::1]:0") else {
            println!("skipped: this machine has no IPv6");
            return;
        };
        let address = listener.local_addr().unwrap();
        for (source, receive_buffer) in
            [(None, Some(8192)), (Some(address.ip()), Some(8192)), (Some(address.ip()), None)]
        {
            let _stream = dial(address, source, receive_buffer).unwrap();
            assert_eq!(listener.accept().unwrap().1.ip(), address.ip());
        }
    }

    #[test]
    fn more_connections_than_ports_take_more_addresses_only_towards_this_machine() {
        let mut job = super::super::tests::job(80);
        assert!(sources(&job).is_empty());
        job.classes = vec![job.classes[0].clone(); 4];
        for class in &mut job.classes {
            class.arrivals = crate::job::Arrivals::Closed { connections: 50_000, ramp_seconds: 1.0, think: None };
        }
        let many = sources(&job);
        assert!(many.len() > 1);
        assert_eq!(many[..2], [Ipv4Addr::new(127, 0, 0, 1), Ipv4Addr::new(127, 0, 0, 2)]);
        job.address.host = std::net::Ipv6Addr::LOCALHOST.into();
        assert!(sources(&job).is_empty());
        job.address.host = Ipv4Addr::new(10, 0, 0, 7).into();
        assert!(sources(&job).is_empty());
        job.sources = Some(vec![Ipv4Addr::new(10, 0, 0, 1).into()]);
        assert_eq!(sources(&job).len(), 1);
    }
}
