//! XML's tokens: where they end, and what they say.

use std::ops::Range;

/// XML 1.0, production 3.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where spaces end that begin at `at`.
pub(super) fn spaces_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default().iter();
    at + rest.take_while(|byte| is_space(**byte)).count()
}

/// Whether a name may begin so: XML 1.0, production 4, with all that is not ASCII let through.
pub(super) fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80
}

/// Where the name ends that begins at `at`, if one does.
pub(super) fn name_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    rest.first().filter(|first| begins_name(**first))?;
    let continues = |byte: u8| begins_name(byte) || matches!(byte, b'-' | b'.' | b'0'..=b'9');
    let count = rest.iter().take_while(|byte| continues(**byte)).count();
    Some(at + count)
}

/// The name in the end tag that begins at `at`, and where the tag ends.
///
/// # Errors
/// The rule that it breaks.
pub(super) fn end_tag(bytes: &[u8], at: usize) -> Result<(Range<usize>, usize), &'static str> {
    const RULE: &str = "no end tag of XML (XML 1.0, section 3.1)";
    let name = at + 2..name_end(bytes, at + 2).ok_or(RULE)?;
    let end = spaces_end(bytes, name.end);
    match bytes.get(end) {
        Some(b'>') => Ok((name, end + 1)),
        _ => Err(RULE),
    }
}

/// Where `closes` ends, first found from `from` on.
pub(super) fn find(bytes: &[u8], from: usize, closes: &[u8]) -> Option<usize> {
    let mut windows = bytes.get(from..)?.windows(closes.len());
    Some(from + windows.position(|window| window == closes)? + closes.len())
}

/// Where a document type ends that begins these bytes: at a `>` outside of quotes, comments and
/// brackets.
///
/// # Errors
/// The rule that it breaks.
pub(super) fn doctype_end(bytes: &[u8]) -> Result<usize, &'static str> {
    const RULE: &str = "a document type ends with > (XML 1.0, section 2.8)";
    let mut brackets = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' | b'\'' => find(bytes, at + 1, &[*byte]).ok_or(RULE)?,
            b'<' if bytes[at..].starts_with(b"<!--") => find(bytes, at + 4, b"-->").ok_or(RULE)?,
            b'>' if brackets == 0 => return Ok(at + 1),
            b'[' => {
                brackets += 1;
                at + 1
            }
            b']' => {
                brackets = brackets.saturating_sub(1);
                at + 1
            }
            _ => at + 1,
        };
    }
    Err(RULE)
}

/// Line ends as a program gets them, XML 1.0, section 2.11: LF for CR and for both.
pub(super) fn normalised(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut after_cr = false;
    text.filter_map(move |character| match character {
        '\r' => {
            after_cr = true;
            Some('\n')
        }
        '\n' if std::mem::take(&mut after_cr) => None,
        other => {
            after_cr = false;
            Some(other)
        }
    })
}

/// Characters of a reference at most, `&` and `;` among them; leading zeros may make one longer, and
/// then it is left as it is written.
const REFERENCE: usize = 16;

/// Text with its references resolved: XML's five entities, and characters by number.
pub(super) fn resolved(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut text = text.peekable();
    // What was read ahead and was no reference, the next character last.
    let mut ahead: Vec<char> = Vec::new();
    std::iter::from_fn(move || {
        if let Some(character) = ahead.pop() {
            return Some(character);
        }
        let first = text.next()?;
        if first != '&' {
            return Some(first);
        }
        let mut reference = String::new();
        let belongs = |next: &char| next.is_ascii_alphanumeric() || *next == '#';
        while reference.len() < REFERENCE
            && let Some(next) = text.next_if(belongs)
        {
            reference.push(next);
        }
        let is_closed = text.peek() == Some(&';');
        match referred(&reference).filter(|_| is_closed) {
            Some(character) => {
                text.next();
                Some(character)
            }
            None => {
                ahead.extend(reference.chars().rev());
                Some(first)
            }
        }
    })
}

/// What a reference stands for, without `&` and `;`.
fn referred(reference: &str) -> Option<char> {
    match reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = reference.strip_prefix('#')?;
            let (digits, base) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            let code = u32::from_str_radix(digits, base).ok()?;
            char::from_u32(code).filter(|character| is_lawful(*character))
        }
    }
}

/// XML 1.0, production 2.
fn is_lawful(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => false,
        _ => true,
    }
}

/// The rule on characters that a text breaks, if it breaks one.
pub(super) fn unlawful(text: &[u8]) -> Option<&'static str> {
    match std::str::from_utf8(text) {
        Err(_) => Some("bytes that are not UTF-8"),
        Ok(text) if !text.chars().all(is_lawful) => {
            Some("a character that XML cannot carry (XML 1.0, section 2.2)")
        }
        Ok(_) => None,
    }
}

/// Whether a text has a reference that nothing here resolves.
pub(super) fn unresolved(text: &[u8]) -> Option<&'static str> {
    let mut references = text.split(|byte| *byte == b'&').skip(1);
    let all_resolved = references.all(|rest| {
        let rest = rest.get(..=REFERENCE).unwrap_or(rest);
        let length = rest.iter().position(|byte| *byte == b';');
        let reference = length.and_then(|length| std::str::from_utf8(&rest[..length]).ok());
        reference.and_then(referred).is_some()
    });
    (!all_resolved).then_some("a reference that nothing here resolves (XML 1.0, section 4.1)")
}
