//! One field: tag, and the value that its wire type bounds.

use std::borrow::Cow;

use super::declared::Declared;
use super::part::{Cursor, Part};
use super::scalar::{self, Said};
use super::tag::{Tag, WireType};
use super::{Context, DEPTH, Rule, delimited, join};
use crate::span::{Certainty, Layer, Role, Span};

/// The value of which field is read.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) context: &'a Context<'a>,
    /// `None` where no descriptor knows the field, or it came with another wire type than declared.
    pub(super) declared: Option<&'a Declared>,
    /// Of a repeated field that of the list.
    pub(super) path: String,
    /// Whether it is the key of a map's entry, which names a value and is none.
    pub(super) key: bool,
}

impl Context<'_> {
    /// One field, whose tag has been read and whose value has not. `next` counts the elements of a
    /// repeated field: they may come in several fields.
    pub(super) fn field(&self, tag: Tag<'_>, cursor: &mut Cursor<'_>, next: &mut usize) -> Span {
        let known = self
            .message
            .and_then(|message| Declared::find(message, tag.number));
        let known = known.as_ref();
        let declared = known.filter(|declared| declared.allows(tag.wire_type));
        let place = Place {
            context: self,
            declared,
            path: self.path_of(&tag, declared, next),
            key: self.entry && tag.number == 1,
        };
        // The field, its tag, its length where it has one, and its value.
        self.tells(match tag.wire_type {
            WireType::Delimited => 4,
            _ => 3,
        });
        let mut children = vec![self.certain(tag.leaf(known))];
        let value = place.value(&tag, cursor, next, &mut children);
        let value = value.unwrap_or_else(|rule| {
            match cursor.broken(rule) {
                Some(broken) => children.push(broken),
                None => breaks(&mut children, rule),
            }
            String::new()
        });
        let start = children.first().map_or(0, |first| first.range.start);
        let end = children.last().map_or(start, |last| last.range.end);
        let name = known.map_or_else(
            || format!("field {}", tag.number),
            |known| known.name.clone(),
        );
        let span = Span::new(start..end, Layer::Protobuf, Role::Encoding, name).value(value);
        self.certain(
            span.note(self.note(&tag, known, declared))
                .children(children),
        )
    }

    fn path_of(&self, tag: &Tag<'_>, declared: Option<&Declared>, next: &mut usize) -> String {
        if self.entry && tag.number == 2 {
            return self.path.to_owned();
        }
        let Some(declared) = declared else {
            return join(self.path, &tag.number.to_string());
        };
        let path = join(self.path, &declared.name);
        match declared.list && !declared.is_packed(tag.wire_type) {
            true => {
                *next += 1;
                join(&path, &(*next - 1).to_string())
            }
            false => path,
        }
    }

    fn note(
        &self,
        tag: &Tag<'_>,
        known: Option<&Declared>,
        declared: Option<&Declared>,
    ) -> Cow<'static, str> {
        let wire_type = tag.wire_type.number_and_name();
        match (self.message, known, declared) {
            (_, Some(known), Some(_)) => known.statement.clone().into(),
            (_, Some(known), None) => format!(
                "declared as {}, which does not come with wire type {wire_type}: receivers keep it as an unknown field",
                known.statement
            )
            .into(),
            (Some(message), None, _) => {
                let message = message.full_name();
                format!("{message} has no such field: receivers keep or skip it").into()
            }
            (None, ..) => "names and types are not in the bytes: no descriptor tells them".into(),
        }
    }
}

/// The message ends where a value was to begin: there are no bytes of which this could be said.
fn breaks(children: &mut [Span], rule: Rule) {
    if let Some(last) = children.last_mut() {
        last.certainty = Certainty::Broken;
        last.note = rule.into();
    }
}

impl Place<'_> {
    /// Adds the spans of the value, and says what it says where that fits into a word.
    fn value(
        &self,
        tag: &Tag<'_>,
        cursor: &mut Cursor<'_>,
        next: &mut usize,
        spans: &mut Vec<Span>,
    ) -> Result<String, Rule> {
        match tag.wire_type {
            WireType::Delimited => delimited::read(self, cursor, next, spans),
            WireType::GroupBegin | WireType::GroupEnd => self.group(tag.number, cursor, spans),
            scalar => {
                let (part, said) = self.scalar(scalar, cursor)?;
                let value = said.value.clone();
                spans.push(self.leaf(part, said, &self.path));
                Ok(value)
            }
        }
    }

    /// A number off the front; of the other wire types there is none.
    pub(super) fn scalar<'b>(
        &self,
        wire_type: WireType,
        cursor: &mut Cursor<'b>,
    ) -> Result<(Part<'b>, Said), Rule> {
        let kind = self.declared.map(|declared| &declared.kind);
        match wire_type {
            WireType::Fixed64 => {
                let part = cursor.take(8).ok_or("the message ends within 8 bytes")?;
                let bits = part.bytes.first_chunk().copied().unwrap_or_default();
                Ok((part, scalar::fixed64(kind, u64::from_le_bytes(bits))))
            }
            WireType::Fixed32 => {
                let part = cursor.take(4).ok_or("the message ends within 4 bytes")?;
                let bits = part.bytes.first_chunk().copied().unwrap_or_default();
                Ok((part, scalar::fixed32(kind, u32::from_le_bytes(bits))))
            }
            _ => {
                let (part, number) = cursor.varint()?;
                Ok((part, scalar::varint(kind, part.bytes, number)))
            }
        }
    }

    /// The leaf of a value.
    pub(super) fn leaf(&self, part: Part<'_>, said: Said, path: &str) -> Span {
        let role = if self.key {
            Role::Encoding
        } else {
            Role::Value
        };
        let span = Span::new(part.range(), Layer::Protobuf, role, said.name)
            .value(said.value)
            .note(said.note);
        let span = if self.key { span } else { span.at(path) };
        match self.declared {
            None => span.guessed(),
            Some(_) => self.context.certain(span),
        }
    }

    /// A message between two tags instead of behind a length (protobuf.dev, Encoding, "Groups").
    fn group(
        &self,
        number: u32,
        cursor: &mut Cursor<'_>,
        spans: &mut Vec<Span>,
    ) -> Result<String, Rule> {
        if self.context.depth >= DEPTH {
            spans.extend(cursor.take(cursor.left()).and_then(too_deep));
            return Ok(String::new());
        }
        let message = self.declared.and_then(Declared::message);
        let context = Context {
            left: self.context.left,
            message,
            path: &self.path,
            depth: self.context.depth + 1,
            guessed: self.context.guessed,
            entry: false,
        };
        let (fields, ended) = context.fields(cursor, Some(number));
        if !ended {
            breaks(
                spans,
                "this group has no end: groups are messages between two tags, out of use today (protobuf.dev, Encoding, Groups)",
            );
        }
        spans.extend(fields);
        Ok(String::new())
    }
}

/// Fields that are not looked into.
pub(super) fn too_deep(part: Part<'_>) -> Option<Span> {
    let some = !part.bytes.is_empty();
    some.then(|| {
        Span::new(part.range(), Layer::Protobuf, Role::Unknown, "fields")
            .note("nested deeper than 64 messages: not looked into")
    })
}
