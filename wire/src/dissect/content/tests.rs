mod dense;
mod examples;
mod properties;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::shown::tree;
use super::*;
use crate::dissection::{Dissection, HeadKind, Origin, Payload, PayloadKind};
use crate::recording::Direction;
use crate::span::{Layer, Role};

fn described(media_type: &str, encoding: &str) -> Described {
    Described {
        media_type: media_type.to_owned(),
        encoding: encoding.to_owned(),
        path: "/calculator.Calculator/Add".to_owned(),
    }
}

/// A body that comes in these pieces, each after a byte that is none of it.
fn read(described: Described, pieces: &[&[u8]], end: End, limits: Limits) -> Dissection {
    let mut output = Output::default();
    let knowledge = Knowledge::default();
    let input = Input {
        connection: 0,
        direction: Direction::Up,
        start: 0,
        bytes: &[],
        ended: false,
        other_ended: false,
        knowledge: &knowledge,
        limits,
    };
    let mut content = Content::new(described, input.place(0));
    let mut start = 0;
    for (number, bytes) in pieces.iter().enumerate() {
        let frame = Span::new(start..start + 1, Layer::Http2, Role::Framing, "frame");
        let piece = BodyPiece {
            buffer: input.buffer(),
            start: start + 1,
            bytes,
        };
        let is_last = end == End::WithLast && number + 1 == pieces.len();
        let mut spans = content.piece(piece, is_last, &input, &mut output);
        spans.insert(0, frame);
        let whole = [b"|", *bytes].concat();
        output.recorded(0, Direction::Up, start, &whole, spans);
        start += whole.len();
    }
    match end {
        End::WithLast => {}
        End::After => content.end(&input, &mut output),
        End::CutOff => content.cut_off(&input, &mut output),
    }
    output.take()
}

/// How a body's end comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    WithLast,
    After,
    CutOff,
}

fn in_place(media_type: &str, encoding: &str, body: &[u8]) -> Dissection {
    let described = described(media_type, encoding);
    let found = read(described, &[body], End::WithLast, Limits::none());
    assert_eq!(found.check(), Ok(()));
    found
}

fn shown(found: &Dissection) -> String {
    let buffers = found.buffers();
    let texts = buffers.map(|buffer| {
        let spans = tree(&buffer.spans, &buffer.bytes);
        format!("{}\n{spans}", buffer.title)
    });
    texts.collect()
}

fn said(payloads: &[Payload]) -> Vec<(PayloadKind, String)> {
    let said = payloads.iter();
    said.map(|payload| {
        (
            payload.kind,
            String::from_utf8_lossy(&payload.bytes).into_owned(),
        )
    })
    .collect()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn grpc(flags: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[flags][..], &length, message].concat()
}

/// Values with their paths wherever they are explained, in the order of the alphabet.
fn values(found: &Dissection) -> Vec<(String, String)> {
    let leaves = found.buffers().flat_map(|buffer| buffer.leaves());
    let values =
        leaves.filter_map(|leaf| Some((leaf.path.as_deref()?.to_owned(), leaf.value.clone())));
    let mut values: Vec<_> = values.collect();
    values.sort();
    values
}

/// Whether a derived buffer that keeps bytes holds what its parents do.
fn assert_kept(found: &Dissection) {
    for buffer in &found.derived {
        if let Origin::Derived { by, from } = &buffer.origin
            && by.keeps_bytes()
        {
            let parents = from.iter().map(|piece| {
                let parent = found.buffer(piece.buffer).unwrap();
                parent.slice(piece.range.clone())
            });
            assert_eq!(parents.collect::<Vec<_>>().concat(), &buffer.bytes[..]);
        }
    }
}
