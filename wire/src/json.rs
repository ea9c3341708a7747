//! A dissection for programs, as JSON. One object:
//!
//! - `buffers`, recorded ones first: `id` (`{"recorded": [0, "up"]}` or `{"derived": 3}`), `title`,
//!   `origin` (`null`, or `by` and `from`, a list of pieces), `start`, `bytes` in hex, and `spans`;
//! - a span: `range` (`start` and `end`, counted from the buffer's first byte in its connection),
//!   `layer`, `role`, `name`, `value`, `note`, `certainty`, `path` or `null`, and `children`, which
//!   tile it;
//! - `heads` and `payloads`: heads of messages with their fields, and where payloads are;
//! - `excerpts`: for each, `title`, `pieces` (`buffer` and `range`) and `ledger`: bytes `up` and `down`
//!   by role, and what header fields took on the wire and would have taken as text.
//!
//! Names are those of the types in [`crate::span`], [`crate::dissection`] and [`crate::ledger`], in
//! snake case. All text is as peers sent it: JSON's escapes keep it from harm only inside of JSON.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::dissection::{Buffer, Derivation, Dissection, Excerpt, Head, Origin, Payload, Piece};
use crate::ledger::Ledger;
use crate::seen::Sight;

/// Writes a dissection with the ledgers of these excerpts. Nothing but what is written at the moment
/// is held in memory a second time.
///
/// # Errors
/// What `out` fails with.
pub fn write(dissection: &Dissection, excerpts: &[Excerpt], out: impl Write) -> io::Result<()> {
    let sight = Sight::of(dissection);
    let counted = excerpts.iter().map(|excerpt| Counted {
        excerpt,
        ledger: Ledger::counted(&sight, excerpt),
    });
    let document = Document {
        buffers: Buffers(dissection),
        heads: &dissection.heads,
        payloads: &dissection.payloads,
        excerpts: counted.collect(),
    };
    serde_json::to_writer(out, &document).map_err(io::Error::from)
}

#[derive(Serialize)]
struct Document<'a> {
    buffers: Buffers<'a>,
    heads: &'a [Head],
    payloads: &'a [Payload],
    excerpts: Vec<Counted<'a>>,
}

#[derive(Serialize)]
struct Counted<'a> {
    #[serde(flatten)]
    excerpt: &'a Excerpt,
    ledger: Ledger,
}

/// All buffers, one after the other.
struct Buffers<'a>(&'a Dissection);

impl Serialize for Buffers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.buffers().map(OneBuffer))
    }
}

struct OneBuffer<'a>(&'a Buffer);

impl Serialize for OneBuffer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let buffer = self.0;
        let mut object = serializer.serialize_struct("Buffer", 6)?;
        object.serialize_field("id", &buffer.id)?;
        object.serialize_field("title", &buffer.title)?;
        object.serialize_field("origin", &origin(&buffer.origin))?;
        object.serialize_field("start", &buffer.start)?;
        object.serialize_field("bytes", &Hex(&buffer.bytes))?;
        object.serialize_field("spans", &buffer.spans)?;
        object.end()
    }
}

#[derive(Serialize)]
struct Derived<'a> {
    by: Derivation,
    from: &'a [Piece],
}

fn origin(origin: &Origin) -> Option<Derived<'_>> {
    match origin {
        Origin::Recorded => None,
        Origin::Derived { by, from } => Some(Derived { by: *by, from }),
    }
}

/// Two digits a byte, without a copy of them all in memory.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::view::samples;

    fn written(dissection: &Dissection) -> Value {
        let mut out = Vec::new();
        let all = [Excerpt::whole("all", dissection)];
        write(dissection, &all, &mut out).expect("a Vec takes all");
        serde_json::from_slice(&out).expect("what was written is JSON")
    }

    /// Whether spans tile a range, from the JSON alone.
    fn assert_tiles(spans: &Value, start: u64, end: u64) {
        let mut next = start;
        for span in spans.as_array().expect("a list") {
            let place = |key: &str| span["range"][key].as_u64().expect("a place");
            assert_eq!(place("start"), next);
            next = place("end");
            if span["children"] != Value::Array(Vec::new()) {
                assert_tiles(&span["children"], place("start"), next);
            }
        }
        assert_eq!(next, end);
    }

    #[test]
    fn what_is_written_parses_and_its_spans_tile_their_bytes() {
        for dissection in [samples::grpc(), samples::masked()] {
            let json = written(&dissection);
            let buffers = json["buffers"].as_array().expect("a list");
            assert_eq!(buffers.len(), dissection.buffers().count());
            for (written, buffer) in buffers.iter().zip(dissection.buffers()) {
                let hex: String = buffer
                    .bytes
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                assert_eq!(written["bytes"], hex);
                assert_tiles(&written["spans"], 0, buffer.bytes.len() as u64);
            }
        }
    }

    #[test]
    fn a_document_has_the_shape_that_is_documented() {
        let json = written(&samples::masked());
        let mut shape = json["buffers"][1].clone();
        let number = shape["spans"][0]["children"][5].take();
        shape["spans"] = Value::Null;
        let text = [shape, number, json["excerpts"][0].clone()].map(|part| part.to_string());
        insta::assert_snapshot!(text.join("\n"), @r#"
    {"bytes":"7b2261223a357d","id":{"derived":0},"origin":{"by":"unmasked","from":[{"buffer":{"recorded":[0,"up"]},"range":{"end":13,"start":6}}]},"spans":null,"start":0,"title":"message, unmasked"}
    {"certainty":"sure","children":[],"layer":"json","name":"number","note":"","path":"a","range":{"end":6,"start":5},"role":"value","value":"5"}
    {"ledger":{"down":{"compressed":0,"encoding":0,"framing":0,"headers":0,"setup":0,"unknown":0,"value":0},"fields":{"plain_bytes":0,"wire_bytes":0},"up":{"compressed":0,"encoding":6,"framing":6,"headers":0,"setup":0,"unknown":0,"value":1}},"pieces":[{"buffer":{"recorded":[0,"up"]},"range":{"end":13,"start":0}}],"title":"all"}
    "#);
        assert_eq!(json["heads"], Value::Array(Vec::new()));
        assert_eq!(json["payloads"], Value::Array(Vec::new()));
    }

    #[test]
    fn a_peers_text_stays_inside_of_its_string() {
        let mut dissection = samples::grpc();
        let hostile = "\"}],\u{202e}\x1b[2J\n</script>";
        dissection.recorded[0].spans[0].value = hostile.into();
        let json = written(&dissection);
        assert_eq!(json["buffers"][0]["spans"][0]["value"], hostile);
    }
}
