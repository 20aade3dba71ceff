//! What a worker gives up before it reads anything: descriptors it was not meant to have, and the network.
//!
//! The network goes by a system call filter (seccomp): it needs no privilege, holds for every thread and cannot be lifted.
//! A network namespace would be the alternative, but most distributions deny those to plain users, and Landlock knows TCP
//! only. The filter refuses to make sockets (a pair that is connected to itself is harmless, and Tokio uses one) and to set
//! up `io_uring`, which could make them without a system call. Nothing that Polars does on local files needs either.
//!
//! On kernels without it the worker runs all the same, and the engine logs once that it can reach the network.

use std::io;

/// Closes every descriptor but the three standard ones. The engine's own are closed by the system when the worker starts;
/// this is for those that the engine itself was started with.
///
/// # Errors
/// When the list of open descriptors cannot be read.
#[cfg(target_os = "linux")]
pub fn close_inherited() -> io::Result<()> {
    const OPEN: &str = "/proc/self/fd";
    const LAST_STANDARD: i32 = 2;
    let mut listed: Vec<i32> = Vec::new();
    for entry in std::fs::read_dir(OPEN)? {
        listed.extend(entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok()));
    }
    for descriptor in listed.into_iter().filter(|descriptor| *descriptor > LAST_STANDARD) {
        // The one that listed them is closed by now.
        if std::fs::symlink_metadata(format!("{OPEN}/{descriptor}")).is_err() {
            continue;
        }
        #[expect(
            unsafe_code,
            reason = "a descriptor that nobody told us of has no owner who could close it"
        )]
        // SAFETY: this is the first thing the process does, so nothing in it has opened a descriptor that still lives.
        unsafe {
            rustix::io::close(descriptor);
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub const fn close_inherited() -> io::Result<()> {
    Ok(())
}

/// Takes the network from every thread of this process, for good.
///
/// # Errors
/// Why the system cannot do that.
#[cfg(target_os = "linux")]
pub fn give_up_network() -> io::Result<()> {
    seccompiler::apply_filter_all_threads(&filter()?).map_err(io::Error::other)
}

#[cfg(not(target_os = "linux"))]
pub fn give_up_network() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
fn filter() -> io::Result<seccompiler::BpfProgram> {
    use seccompiler::{SeccompAction, SeccompFilter, TargetArch};

    /// On x86-64 every call has a second number, for programs with short pointers.
    const SHORT_POINTERS: i64 = 0x4000_0000;
    let denied = u32::try_from(libc::EACCES).map_err(io::Error::other)?;
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let mut calls = vec![libc::SYS_socket, libc::SYS_io_uring_setup];
    if arch == TargetArch::x86_64 {
        calls.extend(calls.clone().into_iter().map(|call| call | SHORT_POINTERS));
    }
    let rules = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(denied), arch);
    filter
        .and_then(TryInto::<seccompiler::BpfProgram>::try_into)
        .map_err(io::Error::other)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        io::ErrorKind,
        net::{TcpListener, TcpStream, UdpSocket},
        os::unix::net::UnixStream,
    };

    use super::*;

    #[test]
    fn no_socket_can_be_made() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        TcpStream::connect(address).unwrap();
        // A thread of its own, since the filter stays.
        std::thread::spawn(move || {
            seccompiler::apply_filter(&filter().unwrap()).unwrap();
            for denied in [
                TcpStream::connect(address).err(),
                TcpListener::bind("127.0.0.1:0").err(),
                UdpSocket::bind("127.0.0.1:0").err(),
                UnixStream::connect("/nowhere").err(),
            ] {
                assert_eq!(denied.map(|error| error.kind()), Some(ErrorKind::PermissionDenied));
            }
            UnixStream::pair().unwrap();
        })
        .join()
        .unwrap();
    }
}
