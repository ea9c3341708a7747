//! A value as JSON (RFC 8259), written by hand: one small format is not worth a dependency that
//! the XML-RPC program would need for nothing else.

use std::fmt::{self, Write};

use super::Value;

/// Writes a value as JSON on one line. Characters that a terminal would act upon are escaped;
/// numbers that JSON does not have are null.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a>(pub &'a Value);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Integer(integer) | Value::Timestamp(integer) => write!(f, "{integer}"),
            // `Debug` writes the shortest text that reads back to the same bits.
            Value::Double(double) if double.is_finite() => write!(f, "{double:?}"),
            Value::Double(_) | Value::Absent => f.write_str("null"),
            Value::Boolean(boolean) => write!(f, "{boolean}"),
            Value::Text(text) => string(f, text),
            Value::List(items) => {
                f.write_char('[')?;
                separated(f, items, |f, item| write!(f, "{}", Json(item)))?;
                f.write_char(']')
            }
            Value::Record(fields) => {
                f.write_char('{')?;
                separated(f, fields, |f, (name, value)| {
                    string(f, name)?;
                    write!(f, ":{}", Json(value))
                })?;
                f.write_char('}')
            }
        }
    }
}

fn separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_char(',')?;
        }
        write(f, item)?;
    }
    Ok(())
}

fn string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            '\n' => f.write_str("\\n")?,
            // The apostrophe needs no escape, and `escape_debug` gives it one.
            '\'' => f.write_char(character)?,
            printable if printable.escape_debug().len() == 1 => f.write_char(printable)?,
            // Past the basic plane JSON takes a surrogate pair (section 7).
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    write!(f, "\\u{unit:04x}")?;
                }
            }
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json() {
        let value = Value::Record(vec![
            (
                "text",
                Value::Text("it's \"é\"\\\n\u{1b}\u{e0001}😀".into()),
            ),
            (
                "doubles",
                Value::List(vec![Value::Double(1.0), Value::Double(1e300)]),
            ),
            ("none", Value::Double(f64::NAN)),
            ("alert", Value::Boolean(true)),
            ("timestamp", Value::Timestamp(-5)),
        ]);
        insta::assert_snapshot!(Json(&value), @r#"{"text":"it's \"é\"\\\n\u001b\udb40\udc01😀","doubles":[1.0,1e300],"none":null,"alert":true,"timestamp":-5}"#);
    }
}
