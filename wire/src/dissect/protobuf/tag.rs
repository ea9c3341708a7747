//! Tags: the field number and how to find the value's end (protobuf.dev, Encoding, "Message
//! Structure").

use super::declared::Declared;
use super::part::{Cursor, Part};
use super::{Rule, varint};
use crate::span::{Layer, Role, Span};

/// The largest field number, 29 bits.
const LARGEST: u64 = (1 << 29) - 1;

/// A tag and its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    pub(super) number: u32,
    pub(super) wire_type: WireType,
    part: Part<'a>,
}

/// How a value's end is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WireType {
    Varint,
    Fixed64,
    Delimited,
    GroupBegin,
    GroupEnd,
    Fixed32,
}

impl WireType {
    fn of(bits: u64) -> Option<Self> {
        Some(match bits {
            0 => Self::Varint,
            1 => Self::Fixed64,
            2 => Self::Delimited,
            3 => Self::GroupBegin,
            4 => Self::GroupEnd,
            5 => Self::Fixed32,
            _ => return None,
        })
    }

    /// As the standard writes it.
    pub(super) fn number_and_name(self) -> &'static str {
        match self {
            Self::Varint => "0 (varint)",
            Self::Fixed64 => "1 (64 bits)",
            Self::Delimited => "2 (length-delimited)",
            Self::GroupBegin => "3 (start of group)",
            Self::GroupEnd => "4 (end of group)",
            Self::Fixed32 => "5 (32 bits)",
        }
    }
}

impl<'a> Tag<'a> {
    /// The tag at the front.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Rule> {
        let (part, bits) = cursor.varint()?;
        let wire_type =
            WireType::of(bits & 7).ok_or("wire types 6 and 7 do not exist: this is no tag")?;
        match bits >> 3 {
            0 => Err("no field has the number 0: this is no tag"),
            number @ 1..=LARGEST => Ok(Self {
                number: number as u32,
                wire_type,
                part,
            }),
            _ => Err("field numbers end at 536870911 (29 bits): this is no tag"),
        }
    }

    /// Its span.
    pub(super) fn leaf(&self, declared: Option<&Declared>) -> Span {
        let bits = u64::from(self.number) << 3 | self.bits();
        let bytes = match self.part.bytes {
            [byte] => format!("{byte:#04x}"),
            bytes => format!("{} = {bits:#x}", varint::sum(bytes)),
        };
        let (number, wire_type) = (self.number, self.wire_type.number_and_name());
        let mut note = format!(
            "field {number}, wire type {wire_type}: {bytes} = {number} << 3 | {}",
            self.bits()
        );
        if let Some(oneof) = declared.and_then(|declared| declared.oneof.as_deref()) {
            note = format!("{note}; one of {oneof}: the last that comes wins");
        }
        Span::new(self.part.range(), Layer::Protobuf, Role::Encoding, "tag")
            .value(format!("field {number}, wire type {wire_type}"))
            .note(note)
    }

    fn bits(&self) -> u64 {
        match self.wire_type {
            WireType::Varint => 0,
            WireType::Fixed64 => 1,
            WireType::Delimited => 2,
            WireType::GroupBegin => 3,
            WireType::GroupEnd => 4,
            WireType::Fixed32 => 5,
        }
    }
}
