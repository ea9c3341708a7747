//! HPACK's strings, RFC 7541, section 5.2: a bit for the Huffman code, a length, the bytes.

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
    /// buffer with the decoded text is to be called.
    ///
    /// # Errors
    /// The rule that the bytes break.
    pub(super) fn text(
        &mut self,
        part: Part,
        title: &str,
        leaves: &mut Vec<Span>,
    ) -> Result<Option<Bytes>, &'static str> {
        let coded = self
            .rest()
            .first()
            .is_some_and(|first| first & HUFFMAN_BIT != 0);
        let (length, at) = self.integer(7)?;
        let text = self.rest().get(..length);
        let text =
            text.ok_or("the block ends in the middle of a string (RFC 7541, section 5.2)")?;
        let length_leaf = Span::new(at, Layer::Hpack, Role::Headers, part.length);
        let length_leaf = length_leaf.value(length.to_string());
        let range = self.advance(length);
        if !coded {
            leaves.push(
                length_leaf.note("bytes of the string that follows, which is not compressed"),
            );
            let leaf = Span::new(range, Layer::Hpack, Role::Headers, part.text);
            leaves.extend((length > 0).then(|| leaf.value(shown(text))));
            return Ok(Some(Bytes::copy_from_slice(text)));
        }
        let decoded = huffman::decode(text);
        leaves.push(length_leaf.note(match &decoded {
            Ok(decoded) => format!(
                "the highest bit tells of the Huffman code: {} for {}",
                bytes(length),
                bytes(decoded.len())
            ),
            Err(_) => "the highest bit tells of the Huffman code".to_owned(),
        }));
        let leaf = Span::new(range.clone(), Layer::Hpack, Role::Headers, part.text);
        match decoded {
            Ok(decoded) if decoded.is_empty() => Ok(Some(Bytes::new())),
            Ok(decoded) => {
                let note =
                    "Huffman code, 5 to 30 bits a character (RFC 7541, section 5.2 and Appendix B)";
                leaves.push(leaf.value(shown(&decoded)).note(note));
                let decoded = Bytes::from(decoded);
                self.decoded(
                    title,
                    part,
                    Piece {
                        buffer: self.buffer(),
                        range,
                    },
                    decoded.clone(),
                );
                Ok(Some(decoded))
            }
            Err(rule) => {
                self.lose("a string in an earlier header block could not be decoded");
                let leaf = leaf.note(rule);
                leaves.push(Span {
                    certainty: Certainty::Broken,
                    ..leaf
                });
                Ok(None)
            }
        }
    }

    /// What a code spells gets a buffer.
    fn decoded(&mut self, title: &str, part: Part, from: Piece, decoded: Bytes) {
        let leaf = Span::new(0..decoded.len(), Layer::Hpack, Role::Headers, part.text);
        let leaf = leaf
            .value(shown(&decoded))
            .note("what the Huffman code spells");
        let title = match title {
            "" => shown_name(&decoded),
            title => title.to_owned(),
        };
        let by = Derivation::HuffmanDecoded;
        self.output
            .derive(title, by, vec![from], decoded, |_, _| vec![leaf]);
    }
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
