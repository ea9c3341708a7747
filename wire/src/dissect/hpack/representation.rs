//! The representations of header fields, RFC 7541, section 6: which bits begin each of them, and what
//! they do to the dynamic table.

use std::ops::Range;

use bytes::Bytes;

use super::integer::integer;
use super::literal::Indexing;
use super::table::{Entry, Found};
use super::text::{shown, shown_name};
use super::{Block, Decoder, Explained, bytes};
use crate::dissect::output::Output;
use crate::dissection::{BufferId, HeaderField, Piece};
use crate::span::{Certainty, Layer, Role, Span};

/// The name of a field whose name is not known.
pub(super) const UNKNOWN: &str = "unknown header field";

/// A block that is being read.
#[derive(Debug)]
pub(super) struct Reading<'a, 'b> {
    pub(super) decoder: &'b mut Decoder,
    block: Block<'a>,
    pub(super) output: &'b mut Output,
    /// Bytes of the block that are read.
    read: usize,
    fields: Vec<HeaderField>,
    /// Whether a field has come, after which the table's size may not change any more.
    pub(super) any_field: bool,
}

/// A field as it was read.
pub(super) struct Field {
    pub(super) span: Span,
    pub(super) name: Bytes,
    pub(super) value: Bytes,
}

impl<'a, 'b> Reading<'a, 'b> {
    pub(super) fn new(decoder: &'b mut Decoder, block: Block<'a>, output: &'b mut Output) -> Self {
        Self {
            decoder,
            block,
            output,
            read: 0,
            fields: Vec::new(),
            any_field: false,
        }
    }

    /// Reads all of it.
    pub(super) fn whole(mut self) -> Explained {
        let mut spans = Vec::new();
        while !self.rest().is_empty() {
            let before = self.read;
            let span = self.next().unwrap_or_else(|rule| {
                self.lose("an earlier header block could not be read");
                let rest = self.block.bytes.len() - before;
                self.read = before;
                Span::broken(self.advance(rest), Layer::Hpack, rule)
            });
            spans.push(span);
        }
        Explained {
            spans,
            fields: self.fields,
        }
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.block.bytes[self.read..]
    }

    /// Place of the next byte that is not read yet.
    pub(super) fn place(&self) -> usize {
        self.block.start + self.read
    }

    pub(super) fn buffer(&self) -> BufferId {
        self.block.buffer
    }

    pub(super) fn lose(&mut self, why: &'static str) {
        self.decoder.lose(why);
    }

    /// Passes over so many bytes, and gives their place.
    pub(super) fn advance(&mut self, count: usize) -> Range<usize> {
        let from = self.place();
        self.read += count;
        from..from + count
    }

    /// The integer here, and its place.
    pub(super) fn integer(
        &mut self,
        prefix_bits: u32,
    ) -> Result<(usize, Range<usize>), &'static str> {
        let integer = integer(self.rest(), prefix_bits)?;
        Ok((integer.value, self.advance(integer.length)))
    }

    /// One representation; not called at the end of the block.
    fn next(&mut self) -> Result<Span, &'static str> {
        match self.rest().first().copied().unwrap_or_default() {
            0x80.. => self.indexed(),
            0x40.. => self.literal(Indexing::Incremental),
            0x20.. => self.size_update(),
            0x10.. => self.literal(Indexing::Never),
            0x00.. => self.literal(Indexing::Without),
        }
    }

    /// Name and value from a table, RFC 7541, section 6.1.
    fn indexed(&mut self) -> Result<Span, &'static str> {
        let (index, range) = self.integer(7)?;
        let wire = range.len();
        self.any_field = true;
        Ok(match self.decoder.table.get(index) {
            Found::Entry(Entry { name, value }, table) => {
                let span = Span::new(range, Layer::Hpack, Role::Headers, shown_name(&name));
                let saved = saved(wire, &name, &value);
                let span = span.note(format!("entry {index} of the {table} table: {saved}"));
                self.field(Field { span, name, value })
            }
            unknown => {
                let span = Span::new(range, Layer::Hpack, Role::Headers, UNKNOWN);
                self.pointless(span.value(format!("entry {index}")), index, unknown)
            }
        })
    }

    /// The encoder sets the size of the dynamic table, RFC 7541, section 6.3.
    fn size_update(&mut self) -> Result<Span, &'static str> {
        let (size, range) = self.integer(5)?;
        let permitted = self.decoder.permitted;
        self.decoder.table.resize(size);
        let span = Span::new(
            range,
            Layer::Hpack,
            Role::Headers,
            "dynamic table size update",
        );
        let span = span.value(size.to_string());
        let broken = |span: Span| Span {
            certainty: Certainty::Broken,
            ..span
        };
        Ok(if size > permitted {
            broken(span).note(format!(
                "more than the {permitted} bytes that the other side allows (RFC 7541, section 6.3)"
            ))
        } else if self.any_field {
            broken(span).note("stands at the beginning of a block only (RFC 7541, section 4.2)")
        } else {
            span.note(
                "how many bytes the dynamic table may take from now on (RFC 7541, section 6.3)",
            )
        })
    }

    /// An index that points to nothing that is known.
    pub(super) fn pointless(&mut self, span: Span, index: usize, found: Found) -> Span {
        match found {
            Found::Lost(why) => span.note(format!(
                "entry {index} is in the dynamic table, which is not known any more: {why}"
            )),
            _ => {
                self.lose("an earlier header block pointed to an entry that is not there");
                let note = format!("no table has an entry {index} (RFC 7541, section 2.3.3)");
                Span {
                    certainty: Certainty::Broken,
                    ..span.note(note)
                }
            }
        }
    }

    /// Notes a field down, as long as there is room.
    pub(super) fn field(&mut self, Field { span, name, value }: Field) -> Span {
        if !self
            .decoder
            .spend(name.len() + value.len() + size_of::<HeaderField>())
        {
            return span.note("not looked up: these blocks stand for far more than their size");
        }
        let [name_text, value_text] =
            [&name, &value].map(|text| String::from_utf8_lossy(text).into_owned());
        self.fields.push(HeaderField {
            name: name_text,
            value: value_text,
            at: Piece {
                buffer: self.block.buffer,
                range: span.range.clone(),
            },
            wire_bytes: span.range.len(),
            plain_bytes: plain_bytes(&name, &value),
        });
        span.value(shown(&value))
    }
}

/// What HTTP/1.1 would need: name, colon, space, value, line end.
fn plain_bytes(name: &[u8], value: &[u8]) -> usize {
    name.len() + value.len() + ": \r\n".len()
}

/// `1 byte instead of 34`
pub(super) fn saved(wire: usize, name: &[u8], value: &[u8]) -> String {
    format!("{} instead of {}", bytes(wire), plain_bytes(name, value))
}
