//! HPACK's strings, RFC 7541, section 5.2: a bit for the Huffman code, a length, the bytes.

use std::ops::Range;

use bytes::Bytes;

use super::representation::Reading;
use super::{bytes, huffman};
use crate::dissection::{Derivation, Piece};
use crate::span::{Certainty, Layer, Role, Span, VALUE_CHARACTERS};

/// Whether the Huffman code is used.
const HUFFMAN_BIT: u8 = 0x80;

/// The names of a string's leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) length: &'static str,
    pub(super) text: &'static str,
}

/// The name of a header field.
pub(super) const NAME: Part = Part {
    length: "name length",
    text: "name",
};
/// The value of a header field.
pub(super) const VALUE: Part = Part {
    length: "value length",
    text: "value",
};

impl Reading<'_, '_> {
    /// The string here, with its leaves; `None` where its code spells nothing. `title` is what a
    /// buffer with the decoded text is to be called; its own text where that is empty.
    ///
    /// # Errors
    /// The rule that the bytes break.
    pub(super) fn text(
        &mut self,
        part: Part,
        title: &str,
        leaves: &mut Vec<Span>,
    ) -> Result<Option<Bytes>, &'static str> {
        let first = self.rest().first();
        let coded = first.is_some_and(|first| first & HUFFMAN_BIT != 0);
        let (length, at) = self.integer(7)?;
        let bytes = self.rest().get(..length).ok_or(CUT)?;
        let at = [at, self.advance(length)];
        Ok(match coded {
            true => self.coded(part, title, at, bytes, leaves),
            false => Some(plain(part, at, bytes, leaves)),
        })
    }

    /// A string in Huffman code, whose length and whose code are `at`.
    fn coded(
        &mut self,
        part: Part,
        title: &str,
        at: [Range<usize>; 2],
        code: &[u8],
        leaves: &mut Vec<Span>,
    ) -> Option<Bytes> {
        let [length_at, code_at] = at;
        let decoded = huffman::decode(code);
        let spelt = decoded.as_ref().map_or(String::new(), |text| {
            format!(": {} spell {}", bytes(code.len()), text.len())
        });
        let note = format!("the highest bit tells of the Huffman code{spelt}");
        leaves.push(length(part, length_at, code.len()).note(note));
        if code.is_empty() {
            return Some(Bytes::new());
        }
        let leaf = Span::new(code_at.clone(), Layer::Hpack, Role::Headers, part.text);
        match decoded {
            Ok(decoded) => {
                leaves.push(leaf.value(shown(&decoded)).note(CODE));
                Some(self.decoded(part, title, code_at, decoded.into()))
            }
            Err(rule) => {
                self.lose("a string in an earlier header block could not be decoded");
                let certainty = Certainty::Broken;
                leaves.push(Span {
                    certainty,
                    ..leaf.note(rule)
                });
                None
            }
        }
    }

    /// What a code spells gets a buffer.
    fn decoded(&mut self, part: Part, title: &str, at: Range<usize>, decoded: Bytes) -> Bytes {
        let leaf = Span::new(0..decoded.len(), Layer::Hpack, Role::Headers, part.text);
        let leaf = leaf
            .value(shown(&decoded))
            .note("what the Huffman code spells");
        let title = match title {
            "" => shown_name(&decoded),
            title => title.to_owned(),
        };
        let from = Piece {
            buffer: self.buffer(),
            range: at,
        };
        let by = Derivation::HuffmanDecoded;
        self.output
            .derive(title, by, vec![from], decoded.clone(), |_, _| vec![leaf]);
        decoded
    }
}

const CUT: &str = "the block ends in the middle of a string (RFC 7541, section 5.2)";
const CODE: &str = "Huffman code, 5 to 30 bits a character (RFC 7541, section 5.2 and Appendix B)";

/// A string as it is, whose length and whose bytes are `at`.
fn plain(part: Part, at: [Range<usize>; 2], text: &[u8], leaves: &mut Vec<Span>) -> Bytes {
    let [length_at, text_at] = at;
    let note = "bytes of the string that follows, which is not compressed";
    leaves.push(length(part, length_at, text.len()).note(note));
    if !text.is_empty() {
        let leaf = Span::new(text_at, Layer::Hpack, Role::Headers, part.text);
        leaves.push(leaf.value(shown(text)));
    }
    Bytes::copy_from_slice(text)
}

fn length(part: Part, at: Range<usize>, length: usize) -> Span {
    let span = Span::new(at, Layer::Hpack, Role::Headers, part.length);
    span.value(length.to_string())
}

/// As much of a text as a span keeps.
pub(super) fn shown(text: &[u8]) -> String {
    // A character has up to four bytes; a span cuts at its own limit.
    let start = &text[..text.len().min(4 * (VALUE_CHARACTERS + 1))];
    String::from_utf8_lossy(start).into_owned()
}

/// As much of a header field's name as the name of a span needs.
pub(super) fn shown_name(name: &[u8]) -> String {
    String::from_utf8_lossy(&name[..name.len().min(64)]).into_owned()
}
