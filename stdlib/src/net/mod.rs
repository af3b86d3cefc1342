//! Sockets.
//!
//! All sockets are non-blocking and watched by the runtime's poller. A native either does its work at once or answers EAGAIN; then script
//! code calls `sockWait`, which parks the goroutine until the poller, a deadline, or `sockWake` or `sockClose` ends the wait.

use std::collections::HashMap;
use std::net::{Ipv6Addr, Shutdown, SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::time::Duration;

use gol_runtime::cx::Cx;
use gol_runtime::fiber::WaitReason;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::netpoll::{self, Arm, Watched};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use crate::stdio::{EBADF, errno};

const EAGAIN: i64 = 11;
const EINVAL: i64 = 22;
const EINPROGRESS: i64 = 115;

/// An open socket. The poller lets go of it before it is closed.
struct Open {
    watched: Watched,
    socket: Socket,
}

/// The open sockets of a process, by number.
#[derive(Default)]
struct Sockets {
    open: HashMap<i64, Arc<Open>>,
    last: i64,
}

/// Enters a socket; its number is the answer.
fn add(cx: &mut Cx, socket: Socket) -> std::io::Result<i64> {
    let watched = netpoll::watch(cx, socket.as_raw_fd())?;
    let mut all = cx.ext::<Sockets>();
    all.last += 1;
    let id = all.last;
    all.open.insert(id, Arc::new(Open { watched, socket }));
    Ok(id)
}

fn get(c: &mut Call<'_>, id: i64) -> Option<Arc<Open>> {
    c.cx.ext::<Sockets>().open.get(&id).cloned()
}

/// Sets a count and an error number as results 0 and 1.
fn answer(c: &mut Call<'_>, r: std::io::Result<usize>) -> Ret {
    let (n, e) = match r {
        Ok(n) => (n as i64, 0),
        Err(e) => (-1, errno_of(&e)),
    };
    c.ret_int(0, n);
    c.ret_int(1, e);
    Ret::Done
}

fn errno_of(e: &std::io::Error) -> i64 {
    if e.kind() == std::io::ErrorKind::WouldBlock { EAGAIN } else { errno(e) }
}

fn bad() -> std::io::Error {
    std::io::Error::from_raw_os_error(EBADF)
}

/// The kind of socket and the address that a network name and an address mean.
fn parse(network: &str, addr: &[u8]) -> Option<(Type, Option<Protocol>, Option<SockAddr>)> {
    let ty = match network {
        "tcp" | "tcp4" | "tcp6" | "unix" => Type::STREAM,
        "unixpacket" => Type::SEQPACKET,
        _ => Type::DGRAM,
    };
    if network.starts_with("unix") {
        use std::os::unix::ffi::OsStrExt;
        if addr.is_empty() {
            return Some((ty, None, None));
        }
        // A leading @ stands for the NUL of abstract names.
        let mut name = addr.to_vec();
        if name[0] == b'@' {
            name[0] = 0;
        }
        return Some((ty, None, Some(SockAddr::unix(std::ffi::OsStr::from_bytes(&name)).ok()?)));
    }
    let proto = if ty == Type::STREAM { Protocol::TCP } else { Protocol::UDP };
    if addr.is_empty() {
        return Some((ty, Some(proto), None));
    }
    let a: SocketAddr = std::str::from_utf8(addr).ok()?.parse().ok()?;
    Some((ty, Some(proto), Some(SockAddr::from(a))))
}

fn new_socket(network: &str, like: &SockAddr, ty: Type, proto: Option<Protocol>) -> std::io::Result<Socket> {
    let s = Socket::new(like.domain(), ty, proto)?;
    s.set_nonblocking(true)?;
    if like.domain() == Domain::IPV6 {
        s.set_only_v6(
            network.ends_with('6') || like.as_socket_ipv6().is_some_and(|a| *a.ip() != Ipv6Addr::UNSPECIFIED),
        )?;
    }
    if ty == Type::DGRAM && like.domain() != Domain::UNIX {
        s.set_broadcast(true)?;
    }
    Ok(s)
}

fn listen(c: &mut Call<'_>) -> Ret {
    let (network, addr) = (c.str(0), c.bytes(2));
    let make = || -> std::io::Result<Socket> {
        let Some((ty, proto, Some(a))) = parse(&network, addr) else {
            return Err(std::io::Error::from_raw_os_error(EINVAL as i32));
        };
        let s = new_socket(&network, &a, ty, proto)?;
        if ty == Type::STREAM && !a.is_unix() {
            s.set_reuse_address(true)?;
        }
        s.bind(&a)?;
        if ty != Type::DGRAM {
            s.listen(4096)?;
        }
        Ok(s)
    };
    let r = make().and_then(|s| add(c.cx, s)).map(|id| id as usize);
    answer(c, r)
}

/// Opens a socket and begins to connect it; the error number EINPROGRESS comes with a valid socket.
fn dial(c: &mut Call<'_>) -> Ret {
    let (network, local, remote) = (c.str(0), c.bytes(2), c.bytes(4));
    let make = || -> std::io::Result<(Socket, i64)> {
        let invalid = || std::io::Error::from_raw_os_error(EINVAL as i32);
        let (ty, proto, to) = parse(&network, remote).ok_or_else(invalid)?;
        let (_, _, from) = parse(&network, local).ok_or_else(invalid)?;
        let like = to.as_ref().or(from.as_ref()).ok_or_else(invalid)?;
        let s = new_socket(&network, like, ty, proto)?;
        if let Some(from) = &from {
            s.bind(from)?;
        }
        let Some(to) = &to else { return Ok((s, 0)) };
        let _ = s.set_tcp_nodelay(true);
        match s.connect(to) {
            Ok(()) => Ok((s, 0)),
            Err(e) if e.raw_os_error() == Some(EINPROGRESS as i32) => Ok((s, EINPROGRESS)),
            Err(e) => Err(e),
        }
    };
    match make().and_then(|(s, e)| Ok((add(c.cx, s)?, e))) {
        Ok((id, e)) => {
            c.ret_int(0, id);
            c.ret_int(1, e);
            Ret::Done
        }
        Err(e) => answer(c, Err(e)),
    }
}

fn error(c: &mut Call<'_>) -> Ret {
    let id = c.int(0);
    let e = match get(c, id).map(|s| s.socket.take_error()) {
        None => EBADF as i64,
        Some(Ok(None)) => 0,
        Some(Ok(Some(e)) | Err(e)) => errno_of(&e),
    };
    c.ret_int(0, e);
    Ret::Done
}

fn accept(c: &mut Call<'_>) -> Ret {
    let id = c.int(0);
    let Some(s) = get(c, id) else { return answer(c, Err(bad())) };
    let r = s.socket.accept().and_then(|(n, _)| {
        n.set_nonblocking(true)?;
        let _ = n.set_tcp_nodelay(true);
        Ok(add(c.cx, n)? as usize)
    });
    answer(c, r)
}

fn read(c: &mut Call<'_>) -> Ret {
    use std::io::Read;
    let (id, p) = (c.int(0), c.bytes_mut(1));
    let Some(s) = get(c, id) else { return answer(c, Err(bad())) };
    answer(c, (&s.socket).read(p))
}

fn write(c: &mut Call<'_>) -> Ret {
    let (id, p) = (c.int(0), c.bytes(1));
    let Some(s) = get(c, id) else { return answer(c, Err(bad())) };
    answer(c, s.socket.send(p))
}

/// Go's text of a socket address.
fn text(a: &SockAddr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    if let Some(i) = a.as_socket() {
        return match i {
            // A v4 peer of a dual-stack socket is shown as v4.
            SocketAddr::V6(v6) if v6.ip().to_ipv4_mapped().is_some() => {
                format!("{}:{}", v6.ip().to_ipv4_mapped().unwrap_or(std::net::Ipv4Addr::UNSPECIFIED), v6.port())
                    .into_bytes()
            }
            i => i.to_string().into_bytes(),
        };
    }
    if let Some(p) = a.as_pathname() {
        return p.as_os_str().as_bytes().to_vec();
    }
    a.as_abstract_namespace().map(|n| [b"@", n].concat()).unwrap_or_default()
}

/// Receives a datagram into `p`: its length and whom it is from.
fn receive(s: &Socket, p: &mut [u8]) -> std::io::Result<(usize, Vec<u8>)> {
    use rustix::net::{RecvFlags, SocketAddrAny, SocketAddrUnix, recvfrom};
    let (n, _, from) = recvfrom(s, p, RecvFlags::empty())?;
    let from: Option<SocketAddrAny> = from;
    let Some(from) = from else { return Ok((n, Vec::new())) };
    if let Ok(a) = SocketAddr::try_from(from.clone()) {
        return Ok((n, text(&SockAddr::from(a))));
    }
    let unix = SocketAddrUnix::try_from(from).ok();
    Ok((n, unix.and_then(|u| u.path().map(|p| p.to_bytes().to_vec())).unwrap_or_default()))
}

fn recv_from(c: &mut Call<'_>) -> Ret {
    let (id, p) = (c.int(0), c.bytes_mut(1));
    let r = get(c, id).map_or_else(|| Err(bad()), |s| receive(&s.socket, p));
    let (n, from, e) = match r {
        Ok((n, from)) => (n as i64, from, 0),
        Err(e) => (-1, Vec::new(), errno_of(&e)),
    };
    c.ret_int(0, n);
    c.ret_str(1, from);
    c.ret_int(3, e);
    Ret::Done
}

fn send_to(c: &mut Call<'_>) -> Ret {
    let (id, p, network, addr) = (c.int(0), c.bytes(1), c.str(4), c.bytes(6));
    let Some(s) = get(c, id) else { return answer(c, Err(bad())) };
    let Some((_, _, Some(to))) = parse(&network, addr) else {
        return answer(c, Err(std::io::Error::from_raw_os_error(EINVAL as i32)));
    };
    answer(c, s.socket.send_to(p, &to))
}

fn wait(c: &mut Call<'_>) -> Ret {
    let (id, write, nanos) = (c.int(0), c.bool(1), c.int(2));
    c.ret_int(0, 0);
    if netpoll::resumed(c.cx) {
        return Ret::Done;
    }
    let Some(s) = get(c, id) else {
        c.ret_int(0, EBADF as i64);
        return Ret::Done;
    };
    match netpoll::wait(c.cx, &s.watched, write, nanos) {
        Arm::Park => Ret::ParkRetry(WaitReason::Io),
        Arm::Ready => Ret::Done,
        Arm::Taken => Ret::Yield,
    }
}

fn wake(c: &mut Call<'_>) -> Ret {
    let id = c.int(0);
    if let Some(s) = get(c, id) {
        s.watched.wake(c.cx);
    }
    Ret::Done
}

fn close(c: &mut Call<'_>) -> Ret {
    let id = c.int(0);
    let gone = c.cx.ext::<Sockets>().open.remove(&id);
    let e = match gone {
        Some(s) => {
            s.watched.wake(c.cx);
            0
        }
        None => EBADF as i64,
    };
    c.ret_int(0, e);
    Ret::Done
}

fn shutdown(c: &mut Call<'_>) -> Ret {
    let (id, write) = (c.int(0), c.bool(1));
    let how = if write { Shutdown::Write } else { Shutdown::Read };
    let e = match get(c, id).map(|s| s.socket.shutdown(how)) {
        None => EBADF as i64,
        Some(r) => r.err().map_or(0, |e| errno_of(&e)),
    };
    c.ret_int(0, e);
    Ret::Done
}

fn name(c: &mut Call<'_>) -> Ret {
    let (id, peer) = (c.int(0), c.bool(1));
    let a = get(c, id).and_then(|s| if peer { s.socket.peer_addr() } else { s.socket.local_addr() }.ok());
    c.ret_str(0, a.map_or_else(Vec::new, |a| text(&a)));
    Ret::Done
}

fn option(c: &mut Call<'_>) -> Ret {
    let (id, what, v) = (c.int(0), c.int(1), c.int(2));
    let set = |s: &Socket| match what {
        0 => s.set_tcp_nodelay(v != 0),
        1 => s.set_keepalive(v != 0),
        2 => s.set_linger((v >= 0).then(|| Duration::from_secs(v as u64))),
        3 => s.set_recv_buffer_size(v as usize),
        4 => s.set_send_buffer_size(v as usize),
        _ => s.set_tcp_keepalive(&socket2::TcpKeepalive::new().with_time(Duration::from_secs(v as u64))),
    };
    let e = match get(c, id).map(|s| set(&s.socket)) {
        None => EBADF as i64,
        Some(r) => r.err().map_or(0, |e| errno_of(&e)),
    };
    c.ret_int(0, e);
    Ret::Done
}

fn lookup(c: &mut Call<'_>) -> Ret {
    let host = c.str(0).into_owned();
    let found = c.blocking(move || -> Vec<String> {
        let Ok(list) = (host.as_str(), 0u16).to_socket_addrs() else { return Vec::new() };
        let mut out = Vec::new();
        for a in list {
            let t = a.ip().to_string();
            if !out.contains(&t) {
                out.push(t);
            }
        }
        out
    });
    match found {
        Ok(v) => {
            c.ret_strings(0, &v);
            Ret::Done
        }
        Err(r) => r,
    }
}

fn file(c: &mut Call<'_>) -> Ret {
    let id = c.int(0);
    let fd = get(c, id).and_then(|s| s.socket.as_fd().try_clone_to_owned().ok());
    let n = fd.map_or(-1, |f| crate::stdio::add_pipe(c.cx, f));
    c.ret_int(0, n);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("net.sockListen", listen),
    ("net.sockDial", dial),
    ("net.sockError", error),
    ("net.sockAccept", accept),
    ("net.sockRead", read),
    ("net.sockWrite", write),
    ("net.sockRecvFrom", recv_from),
    ("net.sockSendTo", send_to),
    ("net.sockWait", wait),
    ("net.sockWake", wake),
    ("net.sockClose", close),
    ("net.sockShutdown", shutdown),
    ("net.sockName", name),
    ("net.sockOption", option),
    ("net.sockFile", file),
    ("net.lookup", lookup),
];
