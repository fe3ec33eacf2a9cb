//! What the kernel lost of one server's traffic: the sockets with its port, of both ends where both are here (sock_diag(7)).

use std::io;
use std::mem::size_of;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::result::ServerSockets;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const INET_DIAG_INFO: u16 = 2;
const INET_DIAG_SKMEMINFO: u16 = 7;
/// Place of the drops in `INET_DIAG_SKMEMINFO`, in numbers of 32 bits.
const SK_MEMINFO_DROPS: usize = 8;
/// Place of `tcpi_total_retrans` in `struct tcp_info`, bytes.
const TOTAL_RETRANS: usize = 100;
/// Place of `tcpi_dsack_dups` in it: segments sent again that had come before. Older kernels end before it.
const DSACK_DUPS: usize = 216;
/// State of a listener (`TCP_LISTEN`). Drops of other sockets are of segments that came twice.
const LISTEN: u8 = 10;
/// Lengths of `nlmsghdr`, `inet_diag_req_v2` and `inet_diag_msg`.
const HEADER: usize = 16;
const REQUEST: usize = 56;
const MESSAGE: usize = 72;

/// Counts of the sockets at the server's port, since each was made: segments sent again by either end, and connections that a listener turned
/// away. Closed sockets have taken theirs with them.
pub fn read(server: SocketAddr) -> io::Result<ServerSockets> {
    let mut counts = ServerSockets { retransmissions: 0, listen_drops: 0 };
    // A server may listen with a socket of the newer family, which takes connections of the older one too.
    for family in [libc::AF_INET, libc::AF_INET6] {
        for (own, peer) in [(server.port(), 0), (0, server.port())] {
            dump(family as u8, own, peer, &mut |socket| {
                let is_elsewhere = peer != 0 && socket.peer != server.ip().to_canonical();
                if !is_elsewhere {
                    counts.retransmissions += u64::from(socket.retransmissions);
                    counts.listen_drops += u64::from(socket.drops);
                }
            })?;
        }
    }
    Ok(counts)
}

struct Socket {
    /// An address of IPv4 also where a socket of the newer family speaks to it.
    peer: IpAddr,
    retransmissions: u32,
    drops: u32,
}

/// Tells every TCP socket of a family with these ports; 0 for any.
fn dump(family: u8, own: u16, peer: u16, tell: &mut dyn FnMut(Socket)) -> io::Result<()> {
    let checked = |result: isize| if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result as usize) };
    let mut request = Vec::with_capacity(HEADER + REQUEST);
    request.extend(((HEADER + REQUEST) as u32).to_ne_bytes());
    request.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    request.extend(((libc::NLM_F_REQUEST | libc::NLM_F_DUMP) as u16).to_ne_bytes());
    request.extend([0; 8]);
    let wanted = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_SKMEMINFO - 1);
    request.extend([family, libc::IPPROTO_TCP as u8, wanted, 0]);
    request.extend(u32::MAX.to_ne_bytes());
    request.extend(own.to_be_bytes());
    request.extend(peer.to_be_bytes());
    request.resize(HEADER + REQUEST, 0);
    // SAFETY: the calls read and write buffers that live through them; the descriptor is owned by nobody else.
    unsafe {
        let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC;
        let raw = checked(libc::socket(libc::AF_NETLINK, kind, libc::NETLINK_SOCK_DIAG) as isize)? as i32;
        let socket = OwnedFd::from_raw_fd(raw);
        checked(libc::send(socket.as_raw_fd(), request.as_ptr().cast(), request.len(), 0))?;
        let mut buffer = vec![0_u8; 64 << 10];
        loop {
            let length = checked(libc::recv(socket.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0))?;
            if !messages(&buffer[..length], tell)? {
                return Ok(());
            }
        }
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + size_of::<u32>())?.try_into().ok()?))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + size_of::<u16>())?.try_into().ok()?))
}

/// Reads what one call received; whether more follows.
fn messages(mut bytes: &[u8], tell: &mut dyn FnMut(Socket)) -> io::Result<bool> {
    let malformed = || io::Error::from(io::ErrorKind::InvalidData);
    while bytes.len() >= HEADER {
        let length = number(bytes, 0).ok_or_else(malformed)? as usize;
        let message = bytes.get(HEADER..length).ok_or_else(malformed)?;
        match i32::from(half(bytes, 4).ok_or_else(malformed)?) {
            libc::NLMSG_DONE => return Ok(false),
            libc::NLMSG_ERROR => {
                let code = number(message, 0).ok_or_else(malformed)? as i32;
                return Err(io::Error::from_raw_os_error(-code));
            }
            _ => tell(socket(message).ok_or_else(malformed)?),
        }
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(true)
}

fn socket(message: &[u8]) -> Option<Socket> {
    let peer: [u8; 16] = message.get(24..40)?.try_into().ok()?;
    let peer = match i32::from(*message.first()?) {
        libc::AF_INET => Ipv4Addr::from(*peer.first_chunk::<4>()?).into(),
        _ => IpAddr::from(Ipv6Addr::from(peer)).to_canonical(),
    };
    let is_listener = *message.get(1)? == LISTEN;
    let mut socket = Socket { peer, retransmissions: 0, drops: 0 };
    let mut attributes = message.get(MESSAGE..)?;
    while let (Some(length), Some(kind)) = (half(attributes, 0), half(attributes, 2)) {
        let data = attributes.get(4..usize::from(length))?;
        match kind {
            INET_DIAG_INFO => {
                let needless = number(data, DSACK_DUPS).unwrap_or(0);
                socket.retransmissions = number(data, TOTAL_RETRANS).unwrap_or(0).saturating_sub(needless);
            }
            INET_DIAG_SKMEMINFO if is_listener => socket.drops = number(data, SK_MEMINFO_DROPS * 4).unwrap_or(0),
            _ => {}
        }
        attributes = attributes.get(usize::from(length).next_multiple_of(4)..).unwrap_or_default();
    }
    Some(socket)
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    use super::*;

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// The part of an answer before its attributes, `struct inet_diag_msg` of linux/inet_diag.h, with this peer.
    fn message(family: libc::c_int, peer: &[u8]) -> Vec<u8> {
        let mut message = vec![0; MESSAGE];
        message[0] = family as u8;
        message[24..24 + peer.len()].copy_from_slice(peer);
        message
    }

    #[test]
    fn a_peer_is_read_in_either_family_and_one_of_the_older_as_such() {
        let newer = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7);
        let older = Ipv4Addr::new(127, 0, 0, 1);
        let peer = |message: Vec<u8>| socket(&message).unwrap().peer;
        assert_eq!(peer(message(libc::AF_INET, &older.octets())), older);
        assert_eq!(peer(message(libc::AF_INET6, &newer.octets())), newer);
        assert_eq!(peer(message(libc::AF_INET6, &older.to_ipv6_mapped().octets())), older);
    }

    #[test]
    fn a_server_that_loses_nothing_has_no_part_in_what_others_lose() {
        let (listener, address) = listener();
        let _connected = (TcpStream::connect(address).unwrap(), listener.accept().unwrap());
        match read(address) {
            Ok(counts) => assert_eq!(counts, ServerSockets { retransmissions: 0, listen_drops: 0 }),
            Err(error) => println!("skipped: this kernel does not tell of sockets: {error}"),
        }
    }

    #[test]
    fn a_listener_that_turns_connections_away_is_told_with_them() {
        let (listener, address) = listener();
        // SAFETY: listen again on a socket that listens sets its queue anew (listen(2)).
        assert_eq!(unsafe { libc::listen(listener.as_raw_fd(), 0) }, 0);
        let patience = Duration::from_millis(100);
        let _all: Vec<_> = (0..4).map(|_| TcpStream::connect_timeout(&address, patience)).collect();
        match read(address) {
            Ok(counts) => assert!(counts.listen_drops > 0, "{counts:?}"),
            Err(error) => println!("skipped: this kernel does not tell of sockets: {error}"),
        }
    }
}
