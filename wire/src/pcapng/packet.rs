//! One packet: a segment behind a TCP and an IP header, with their checksums.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use etherparse::{IpHeaders, PacketBuilder, PacketBuilderStep, TcpHeader, TcpOptionElement};

use super::refused;
use super::segments::{Kind, MOST_BYTES, Segment};

/// Hops that a packet may take: what Linux begins with.
const HOPS: u8 = 64;
/// The receive window, in units of 128 bytes: 8 MiB, so that no segment ever fills it.
const WINDOW: u16 = u16::MAX;
const WINDOW_SCALE: u8 = 7;

/// The bytes from the IP header on.
pub(super) fn packet(segment: &Segment<'_>) -> io::Result<Vec<u8>> {
    let mut header = TcpHeader::new(
        segment.from.port(),
        segment.to.port(),
        segment.sequence,
        WINDOW,
    );
    if let Some(acknowledged) = segment.acknowledged {
        header.ack = true;
        header.acknowledgment_number = acknowledged;
    }
    match segment.kind {
        Kind::Open => {
            header.syn = true;
            header.set_options(&options()).map_err(refused)?;
        }
        Kind::Data => header.psh = true,
        Kind::Acknowledgement => {}
        Kind::End => header.fin = true,
        Kind::Reset => header.rst = true,
    }
    let builder = internet(segment.from, segment.to).tcp_header(header);
    let mut data = Vec::with_capacity(builder.size(segment.bytes.len()));
    builder.write(&mut data, segment.bytes).map_err(refused)?;
    Ok(data)
}

fn options() -> [TcpOptionElement; 2] {
    // A segment of 16 KiB is what a receiver with this size would be sent at most.
    let most = u16::try_from(MOST_BYTES).expect("16 KiB are below 64 KiB");
    [
        TcpOptionElement::MaximumSegmentSize(most),
        TcpOptionElement::WindowScale(WINDOW_SCALE),
    ]
}

/// IPv4 where both ends have it. Where one has not, the other's address is written as IPv6 has it
/// (RFC 4291, section 2.5.5.2).
fn internet(from: SocketAddr, to: SocketAddr) -> PacketBuilderStep<IpHeaders> {
    let (from, to) = (from.ip().to_canonical(), to.ip().to_canonical());
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => PacketBuilder::ipv4(from.octets(), to.octets(), HOPS),
        (from, to) => PacketBuilder::ipv6(as_v6(from).octets(), as_v6(to).octets(), HOPS),
    }
}

fn as_v6(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}
