//! From bytes to text: byte order mark, encoding, characters, XML declaration.

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;

use super::characters::scan;
use super::error::{Class, DecodeError};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text after the declaration: legal characters only, line ends as they came.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) text: &'a str,
    /// The offset of `text` in the bytes that came.
    pub(super) offset: usize,
    /// Whether line ends need normalisation.
    pub(super) carriage_return: bool,
}

/// Checks encoding, characters and declaration, and cuts the declaration off.
pub(super) fn open(bytes: &[u8]) -> Result<Document<'_>, DecodeError> {
    let mark = if bytes.starts_with(UTF8_MARK) {
        UTF8_MARK.len()
    } else {
        0
    };
    let bytes = &bytes[mark..];
    check_encoding(bytes)?;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let position = mark + error.valid_up_to();
        DecodeError::new(Class::Character, position, "the text is not UTF-8")
    })?;
    let scan = scan(bytes);
    if let Some((position, _)) = scan.first_illegal(text) {
        let reason = "XML 1.0 forbids this character";
        return Err(DecodeError::new(Class::Character, mark + position, reason));
    }
    let declaration = match declaration(bytes) {
        Some(content) => {
            check_declaration(content)?;
            "<??>".len() + content.len()
        }
        None => 0,
    };
    Ok(Document {
        text: &text[declaration..],
        offset: mark + declaration,
        carriage_return: scan.carriage_return,
    })
}

/// Refuses UTF-16 and UTF-32 by their first bytes (XML 1.0, appendix F), and any other encoding by
/// the declaration. Comes before the check of UTF-8, since it tells the better reason.
fn check_encoding(bytes: &[u8]) -> Result<(), DecodeError> {
    let wide = [&b"\xFE\xFF"[..], b"\xFF\xFE", b"<\0", b"\0<", b"\0\0"];
    let refused = DecodeError::new(Class::Encoding, 0, "only UTF-8 is supported");
    if wide.iter().any(|start| bytes.starts_with(start)) {
        return Err(refused);
    }
    match declaration(bytes).and_then(declared_encoding) {
        Some(name) if !is_supported_encoding(&name) => Err(refused),
        _ => Ok(()),
    }
}

/// UTF-8 and its subset, by their names in the IANA registry, which are compared without case.
pub(crate) fn is_supported_encoding(encoding: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(encoding))
}

/// What stands between `<?` and `?>` of an XML declaration, where the document begins with one.
fn declaration(bytes: &[u8]) -> Option<&str> {
    let content = bytes.strip_prefix(b"<?")?;
    let after_name = content.strip_prefix(b"xml")?;
    if !after_name.first()?.is_ascii_whitespace() {
        return None;
    }
    let end = content.windows(2).position(|pair| pair == b"?>")?;
    std::str::from_utf8(&content[..end]).ok()
}

fn declared_encoding(content: &str) -> Option<String> {
    let attributes = BytesStart::from_content(content, "xml".len());
    let mut attributes = attributes.attributes().flatten();
    attributes
        .find(|attribute| attribute.key.as_ref() == "encoding")
        .map(|attribute| attribute.value.into_owned())
}

/// Production 23, `XMLDecl`: a version 1.x, then perhaps an encoding, then perhaps `standalone`.
fn check_declaration(content: &str) -> Result<(), DecodeError> {
    let refused = DecodeError::new(Class::Parse, 0, "the XML declaration is malformed");
    let start = BytesStart::from_content(content, "xml".len());
    let mut place = 0;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| refused)?;
        match declaration_place(&attribute) {
            Some(next) if next > place && (place > 0 || next == 1) => place = next,
            _ => return Err(refused),
        }
    }
    if place == 0 { Err(refused) } else { Ok(()) }
}

fn declaration_place(attribute: &Attribute<'_>) -> Option<u8> {
    let value = &*attribute.value;
    match attribute.key.as_ref() {
        "version" => {
            let minor = value.strip_prefix("1.")?;
            let digits = !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit());
            digits.then_some(1)
        }
        "encoding" => Some(2),
        "standalone" => ["yes", "no"].contains(&value).then_some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(bytes: &[u8]) -> Class {
        open(bytes).unwrap_err().class
    }

    #[test]
    fn utf8_and_its_subset_are_read_with_or_without_a_mark() {
        for document in [
            "<a/>",
            "\u{FEFF}<a/>",
            "<?xml version='1.0'?><a/>",
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='no' ?><a/>",
            "<?xml version='1.0' encoding='US-ASCII'?><a/>",
        ] {
            assert_eq!(open(document.as_bytes()).unwrap().text, "<a/>");
        }
    }

    #[test]
    fn other_encodings_are_unsupported_even_where_the_bytes_would_pass() {
        assert_eq!(
            class(b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
            Class::Encoding
        );
        assert_eq!(
            class(b"<?xml version='1.0' encoding='latin1'?><a>\xE9</a>"),
            Class::Encoding
        );
        assert_eq!(class(b"\xFF\xFE<\0a\0"), Class::Encoding);
        assert_eq!(class(b"\0<\0a"), Class::Encoding);
    }

    #[test]
    fn bytes_that_are_not_utf8_and_forbidden_characters_are_invalid_characters() {
        assert_eq!(class(b"<a>\xE9</a>"), Class::Character);
        assert_eq!(class(b"<a>\x1B[0m</a>"), Class::Character);
        assert_eq!(class("<a>\u{FFFE}</a>".as_bytes()), Class::Character);
        assert!(open("<a>\u{FFFD}\u{7F}\t\r\n</a>".as_bytes()).is_ok());
    }

    #[test]
    fn a_malformed_declaration_is_a_parse_error() {
        for document in [
            "<?xml ?><a/>",
            "<?xml encoding='utf-8'?><a/>",
            "<?xml version='2.0'?><a/>",
            "<?xml version='1.0' standalone='maybe'?><a/>",
            "<?xml version='1.0' standalone='no' encoding='utf-8'?><a/>",
        ] {
            assert_eq!(class(document.as_bytes()), Class::Parse, "{document}");
        }
    }
}
