//! Bytes, which JSON does not have: Base64 of the standard alphabet, padded (RFC 4648, section 4).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are written as a string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base64(pub Bytes);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

/// Decodes without a copy of the text, where it has no escapes.
struct Text;

impl Visitor<'_> for Text {
    type Value = Base64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string in Base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
        let bytes = STANDARD.decode(text).map_err(E::custom)?;
        Ok(Base64(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_padded_strings_of_the_standard_alphabet() {
        for (bytes, text) in [
            (&b""[..], "\"\""),
            (b"f", "\"Zg==\""),
            (b"foobar", "\"Zm9vYmFy\""),
            (b"\xfb\xff", "\"+/8=\""),
        ] {
            let wire = Base64(Bytes::from_static(bytes));
            assert_eq!(serde_json::to_string(&wire).unwrap(), text);
            assert_eq!(serde_json::from_str::<Base64>(text).unwrap(), wire);
        }
        let escaped: Base64 = serde_json::from_str(r#""\u005ag==""#).unwrap();
        assert_eq!(escaped.0, "f");
        for wrong in ["\"Zg\"", "\"-_8=\"", "\"Zh==\"", "\"Z g==\"", "7"] {
            assert!(serde_json::from_str::<Base64>(wrong).is_err(), "{wrong}");
        }
    }
}
