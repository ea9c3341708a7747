//! A recording as a capture that Wireshark opens: the format pcapng, draft-ietf-opsawg-pcapng.
//!
//! A tap sees what TCP carries and not its packets, so these are made up: handshake, segments,
//! acknowledgements, ends. Addresses, ports, times and every byte of payload are the recorded ones.
//!
//! HTTP/2 without TLS is what Wireshark does not recognise by itself, and a capture has no place to
//! tell it: choose *Decode As…*, HTTP2 for the server's port, or `tshark -d tcp.port==PORT,http2`. The
//! capture's comment says so.

mod packet;
mod segments;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::UNIX_EPOCH;

use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::{DataLink, Endianness, PcapError};

use crate::dissect::connection::PREFACE;
use crate::recording::{Direction, RecordedConnection, Recording};
use packet::packet;

/// What everybody who opens the file is told.
const COMMENT: &str = "recorded by a proxy: TCP and IP headers are made up";
/// Times are written in units of ten to the minus ninth of a second.
const NANOSECONDS: u8 = 9;
/// A packet's whole length, in bytes, is below this.
const SNAP_BYTES: u32 = 64 * 1024;

/// Writes a recording as pcapng, oldest packet first.
///
/// # Errors
/// What `to` says; [`io::ErrorKind::InvalidData`] never, as far as is known: it stands for what the
/// libraries below could refuse.
pub fn write(recording: &Recording, to: impl Write) -> io::Result<()> {
    let mut writer = PcapNgWriter::with_section_header(to, section(recording)).map_err(as_io)?;
    writer.write_pcapng_block(interface()).map_err(as_io)?;
    let began = recording.began.duration_since(UNIX_EPOCH);
    // A clock before 1970 is set wrong: its times count from there.
    let began = began.unwrap_or_default();
    for segment in segments::of(recording) {
        let data = packet(&segment)?;
        let block = EnhancedPacketBlock {
            interface_id: 0,
            timestamp: began + segment.at,
            original_len: u32::try_from(data.len()).map_err(io::Error::other)?,
            data: Cow::Owned(data),
            options: Vec::new(),
        };
        writer.write_pcapng_block(block).map_err(as_io)?;
    }
    writer.get_mut().flush()
}

fn section(recording: &Recording) -> SectionHeaderBlock<'static> {
    let program = concat!("wire ", env!("CARGO_PKG_VERSION"));
    SectionHeaderBlock {
        endianness: Endianness::Little,
        options: vec![
            SectionHeaderOption::Comment(comment(recording).into()),
            SectionHeaderOption::UserApplication(program.into()),
        ],
        ..SectionHeaderBlock::default()
    }
}

fn comment(recording: &Recording) -> String {
    let speaking = recording.connections.iter().filter(|it| is_http2(it));
    let ports: BTreeSet<_> = speaking.map(|it| it.server.port()).collect();
    let hints = ports
        .into_iter()
        .map(|port| format!("; to see HTTP/2, decode TCP port {port} as HTTP2"));
    COMMENT.to_owned() + &hints.collect::<String>()
}

fn is_http2(connection: &RecordedConnection) -> bool {
    let chunks = connection.chunks.iter();
    let up = chunks.filter(|chunk| chunk.direction == Direction::Up);
    let bytes = up.flat_map(|chunk| &chunk.bytes);
    bytes.take(PREFACE.len()).eq(PREFACE)
}

/// Packets begin with their IP header: there was no Ethernet, so none is made up.
fn interface() -> InterfaceDescriptionBlock<'static> {
    InterfaceDescriptionBlock {
        linktype: DataLink::RAW,
        snaplen: SNAP_BYTES,
        options: vec![
            InterfaceDescriptionOption::IfName("tap".into()),
            InterfaceDescriptionOption::IfTsResol(NANOSECONDS),
        ],
    }
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn as_io(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        other => refused(other),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use bytes::Bytes;
    use etherparse::{SlicedPacket, TransportSlice};
    use pcap_file::pcapng::{Block, PcapNgReader};

    use super::segments::MOST_BYTES;
    use super::*;
    use crate::recording::{Event, EventKind};

    /// One exchange between those two, a nanosecond a step.
    fn exchange(client: &str, server: &str) -> Recording {
        let [client, server] = [client, server].map(|it| it.parse().expect("an address"));
        let bytes = |direction, size| EventKind::Bytes {
            direction,
            bytes: Bytes::from(vec![b'x'; size]),
        };
        let ended = |direction, broken| EventKind::Ended { direction, broken };
        let kinds = [
            EventKind::Opened { client, server },
            bytes(Direction::Up, 5),
            bytes(Direction::Down, MOST_BYTES + 3),
            ended(Direction::Up, false),
            ended(Direction::Down, true),
        ];
        let mut recording = Recording::begin();
        recording.began = SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_703_000);
        for (nanos, kind) in (0..).zip(kinds) {
            let at = Duration::from_nanos(nanos);
            let connection = 0;
            recording.push(Event {
                connection,
                at,
                kind,
            });
        }
        recording
    }

    /// What a reader of the capture sees: time, ports, flags and length of each packet. Checksums
    /// are recalculated on the way.
    fn packets(capture: &[u8]) -> Vec<String> {
        let mut reader = PcapNgReader::new(capture).expect("a capture");
        let mut lines = Vec::new();
        while let Some(block) = reader.next_block() {
            if let Block::EnhancedPacket(packet) = block.expect("a block") {
                lines.push(format!(
                    "{} {}",
                    packet.timestamp.as_nanos() - 1_763_703_000_000_000_000,
                    line(&packet.data)
                ));
            }
        }
        lines
    }

    fn line(packet: &[u8]) -> String {
        let sliced = SlicedPacket::from_ip(packet).expect("an IP packet");
        let Some(TransportSlice::Tcp(tcp)) = &sliced.transport else {
            panic!("TCP over IP");
        };
        let net = sliced.net.as_ref().expect("IP");
        let sum = match (net.ipv4_ref(), net.ipv6_ref()) {
            (Some(ip), _) => {
                let ip = ip.header();
                tcp.calc_checksum_ipv4(ip.source(), ip.destination())
            }
            (_, Some(ip)) => {
                let ip = ip.header();
                tcp.calc_checksum_ipv6(ip.source(), ip.destination())
            }
            _ => panic!("neither IPv4 nor IPv6"),
        };
        assert_eq!(sum.expect("short enough"), tcp.checksum());
        let flags = [
            (tcp.syn(), 'S'),
            (tcp.ack(), 'A'),
            (tcp.fin(), 'F'),
            (tcp.rst(), 'R'),
        ];
        let flags = flags
            .into_iter()
            .filter_map(|(on, flag)| on.then_some(flag));
        format!(
            "{} > {} {} seq {} ack {} length {}",
            tcp.source_port(),
            tcp.destination_port(),
            flags.collect::<String>(),
            tcp.sequence_number(),
            tcp.acknowledgment_number(),
            tcp.payload().len()
        )
    }

    #[test]
    fn a_recording_becomes_the_packets_that_could_have_carried_it() {
        let mut capture = Vec::new();
        let recording = exchange("127.0.0.1:50000", "127.0.0.1:9000");
        write(&recording, &mut capture).expect("memory takes all");
        let expected = [
            "0 50000 > 9000 S seq 0 ack 0 length 0",
            "0 9000 > 50000 SA seq 0 ack 1 length 0",
            "0 50000 > 9000 A seq 1 ack 1 length 0",
            "1 50000 > 9000 A seq 1 ack 1 length 5",
            "1 9000 > 50000 A seq 1 ack 6 length 0",
            "2 9000 > 50000 A seq 1 ack 6 length 16384",
            "2 50000 > 9000 A seq 6 ack 16385 length 0",
            "2 9000 > 50000 A seq 16385 ack 6 length 3",
            "2 50000 > 9000 A seq 6 ack 16388 length 0",
            "3 50000 > 9000 AF seq 6 ack 16388 length 0",
            "3 9000 > 50000 A seq 16388 ack 7 length 0",
            "4 9000 > 50000 AR seq 16388 ack 7 length 0",
        ];
        assert_eq!(packets(&capture), expected);
        let comment = COMMENT.as_bytes();
        assert!(capture.windows(comment.len()).any(|it| it == comment));
    }

    #[test]
    fn whoever_opens_a_capture_is_told_which_ports_speak_http2() {
        let mut recording = exchange("127.0.0.1:50000", "127.0.0.1:9000");
        assert_eq!(comment(&recording), COMMENT);
        // However the client's first bytes came.
        let connection = &mut recording.connections[0];
        let pieces = PREFACE.chunks(7).map(|piece| crate::recording::Chunk {
            direction: Direction::Up,
            at: Duration::ZERO,
            bytes: Bytes::from_static(piece),
        });
        connection.chunks = pieces.collect();
        assert!(comment(&recording).ends_with("; to see HTTP/2, decode TCP port 9000 as HTTP2"));
    }

    #[test]
    fn addresses_of_two_kinds_are_written_as_ipv6() {
        for (client, server, version) in [
            ("[::1]:50000", "[::1]:9000", 6),
            ("[::ffff:127.0.0.1]:50000", "127.0.0.1:9000", 4),
            ("127.0.0.1:50000", "[::1]:9000", 6),
        ] {
            let recording = exchange(client, server);
            let first = &segments::of(&recording)[0];
            let data = packet(first).expect("it is short");
            assert_eq!(data[0] >> 4, version, "{client} to {server}");
            assert!(line(&data).starts_with("50000 > 9000 S"));
        }
    }
}
