//! Addresses that a tap listens on and connects to.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use anyhow::{Context as _, Result, anyhow};
use demo::print::printable;

/// Any free port of this machine's own.
pub const LOOPBACK: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// The first address of `HOST:PORT`.
///
/// # Errors
/// What is no such address, and a name that nobody knows.
pub async fn resolve(host_port: &str) -> Result<SocketAddr> {
    let shown = printable(host_port);
    let found = tokio::net::lookup_host(host_port).await;
    let mut found = found.with_context(|| {
        format!("{shown} is no address: give HOST:PORT, such as 127.0.0.1:9000")
    })?;
    found
        .next()
        .ok_or_else(|| anyhow!("{shown} has no address: give HOST:PORT, such as 127.0.0.1:9000"))
}
