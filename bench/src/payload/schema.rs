//! A schema for messages of which only samples are known.

use super::document::{Json, Number};

/// What a value holds, over all samples.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// No sample has told: only `null`, or elements of lists that are empty.
    Nothing,
    /// True or false.
    Boolean,
    /// Integers of at most 64 bits, with the smallest and the largest.
    Integer(i128, i128),
    /// Numbers, one of them with a fraction or past 64 bits.
    Double,
    /// Text.
    Text,
    /// Objects.
    Record(Record),
    /// Arrays, with what their elements are.
    List(Box<Kind>),
    /// Values of several kinds, or `null` where protobuf has no place for an absence.
    Mixed,
}

/// An object's members, in the order in which they came first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// A field a member.
    pub fields: Vec<Field>,
}

/// A member, over all samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The member's name in JSON.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// It is `null` or missing in some sample.
    pub optional: bool,
}

impl Kind {
    /// What that value is.
    #[must_use]
    pub fn of(value: &Json) -> Self {
        match value {
            Json::Null => Self::Nothing,
            Json::Boolean(_) => Self::Boolean,
            Json::Number(Number::Signed(number)) => {
                Self::Integer((*number).into(), (*number).into())
            }
            Json::Number(Number::Unsigned(number)) => {
                Self::Integer((*number).into(), (*number).into())
            }
            Json::Number(Number::Beyond(_) | Number::Real(_)) => Self::Double,
            Json::Text(_) => Self::Text,
            Json::List(elements) => Self::List(Box::new(Self::of_elements(elements))),
            Json::Object(members) => Self::Record(Record::of(members)),
        }
    }

    /// What all of them are. A list has no place for an element that is absent, so `null` among
    /// others makes them mixed.
    fn of_elements(elements: &[Json]) -> Self {
        let kinds = elements.iter().map(|element| match element {
            Json::Null => Self::Mixed,
            other => Self::of(other),
        });
        kinds.reduce(Self::join).unwrap_or(Self::Nothing)
    }

    /// What holds the values of both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::Record(one), Self::Record(other)) => Self::Record(one.join(other)),
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.join(*other))),
            (Self::Integer(least, most), Self::Integer(low, high)) => {
                Self::Integer(least.min(low), most.max(high))
            }
            (Self::Double, Self::Integer(..)) | (Self::Integer(..), Self::Double) => Self::Double,
            (one, other) if one == other => one,
            _ => Self::Mixed,
        }
    }
}

impl Record {
    fn of(members: &[(String, Json)]) -> Self {
        let field = |(name, value): &(String, Json)| Field {
            name: name.clone(),
            kind: Kind::of(value),
            optional: *value == Json::Null,
        };
        Self {
            fields: members.iter().map(field).collect(),
        }
    }

    /// A member that only one of them has is optional.
    fn join(mut self, other: Self) -> Self {
        for field in &mut self.fields {
            field.optional |= other.fields.iter().all(|known| known.name != field.name);
        }
        for field in other.fields {
            match self
                .fields
                .iter_mut()
                .find(|known| known.name == field.name)
            {
                None => self.fields.push(Field {
                    optional: true,
                    ..field
                }),
                Some(known) => {
                    let kind = std::mem::replace(&mut known.kind, Kind::Nothing);
                    known.kind = kind.join(field.kind);
                    known.optional |= field.optional;
                }
            }
        }
        self
    }
}

/// The message that all samples are. Where one of them is no object, each becomes the message's only
/// member, `value`.
#[must_use]
pub fn infer(samples: &[Json]) -> Record {
    let kinds = samples.iter().map(Kind::of);
    let kind = kinds.reduce(Kind::join).unwrap_or(Kind::Nothing);
    match kind {
        Kind::Record(record) if are_objects(samples) => record,
        other => Record {
            fields: vec![Field {
                name: VALUE.into(),
                kind: other,
                optional: true,
            }],
        },
    }
}

/// Whether the samples are messages by themselves.
#[must_use]
pub fn are_objects(samples: &[Json]) -> bool {
    samples
        .iter()
        .all(|sample| matches!(sample, Json::Object(_)))
}

/// The member that a message has which is not an object.
pub const VALUE: &str = "value";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::document::read;

    fn inferred(samples: &[&str]) -> Vec<(String, Kind, bool)> {
        let samples: Vec<_> = samples.iter().map(|text| read(text).unwrap()).collect();
        let fields = infer(&samples).fields.into_iter();
        fields
            .map(|field| (field.name, field.kind, field.optional))
            .collect()
    }

    #[test]
    fn a_member_that_is_null_or_missing_in_some_sample_is_optional() {
        let fields = inferred(&[r#"{"a":1,"b":null}"#, r#"{"b":2.5,"a":-3,"c":"x"}"#]);
        assert_eq!(
            fields,
            [
                ("a".into(), Kind::Integer(-3, 1), false),
                ("b".into(), Kind::Double, true),
                ("c".into(), Kind::Text, true),
            ]
        );
    }

    #[test]
    fn elements_are_joined_and_what_differs_is_mixed() {
        let fields = inferred(&[r#"{"a":[1,18446744073709551615],"b":[1,"x"],"c":[null],"d":[]}"#]);
        let kinds: Vec<_> = fields.into_iter().map(|(_, kind, _)| kind).collect();
        let list = |kind| Kind::List(Box::new(kind));
        assert_eq!(
            kinds,
            [
                list(Kind::Integer(1, u64::MAX.into())),
                list(Kind::Mixed),
                list(Kind::Mixed),
                list(Kind::Nothing),
            ]
        );
    }

    #[test]
    fn what_is_no_object_becomes_the_member_value() {
        assert_eq!(
            inferred(&["5"]),
            [("value".into(), Kind::Integer(5, 5), true)]
        );
    }
}
