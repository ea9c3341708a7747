//! The header of a gzip member, RFC 1952, section 2.3.

use super::super::tree::{characters, preview};

/// A part of the header.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) length: usize,
    pub(super) name: &'static str,
    pub(super) note: &'static str,
    pub(super) value: String,
}

const BROKEN: &str = "no header of gzip (RFC 1952, section 2.3)";
const FHCRC: u8 = 0x02;
const FEXTRA: u8 = 0x04;
const FNAME: u8 = 0x08;
const FCOMMENT: u8 = 0x10;

/// The parts of the header at the front of these bytes.
///
/// # Errors
/// The rule that it breaks.
pub(super) fn parts(bytes: &[u8]) -> Result<Vec<Part>, &'static str> {
    let fixed: &[u8; 10] = bytes.first_chunk().ok_or(BROKEN)?;
    let [0x1F, 0x8B, 8, flags, t0, t1, t2, t3, extra, system] = *fixed else {
        return Err(BROKEN);
    };
    let time = u32::from_le_bytes([t0, t1, t2, t3]);
    let mut parts = vec![
        part(2, "magic", "says that this is gzip", "1f8b".into()),
        part(
            1,
            "compression method",
            "8 is deflate, the only one",
            "8".into(),
        ),
        part(
            1,
            "flags",
            "which optional parts follow",
            format!("{flags:#04x}"),
        ),
        part(
            4,
            "modification time",
            "seconds since 1970, 0 if there is none",
            time.to_string(),
        ),
        part(
            1,
            "extra flags",
            "2: compressed hard, 4: compressed fast",
            extra.to_string(),
        ),
        part(
            1,
            "operating system",
            "3 is Unix, 255 unknown",
            system.to_string(),
        ),
    ];
    optional(bytes, flags, &mut parts)?;
    Ok(parts)
}

fn optional(bytes: &[u8], flags: u8, parts: &mut Vec<Part>) -> Result<(), &'static str> {
    let mut at = 10;
    if flags & FEXTRA != 0 {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = u16::from_le_bytes(*rest.first_chunk().ok_or(BROKEN)?);
        let length = 2 + usize::from(length);
        rest.get(..length).ok_or(BROKEN)?;
        parts.push(part(
            length,
            "extra field",
            "its length and subfields",
            String::new(),
        ));
        at += length;
    }
    for (flag, name) in [(FNAME, "file name"), (FCOMMENT, "comment")] {
        if flags & flag != 0 {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == 0).ok_or(BROKEN)?;
            let text = preview(characters(&rest[..length]));
            parts.push(part(length + 1, name, "ends with a zero byte", text));
            at += length + 1;
        }
    }
    if flags & FHCRC != 0 {
        bytes.get(at..at + 2).ok_or(BROKEN)?;
        let note = "the lower half of the CRC-32 of this header, not checked here";
        parts.push(part(2, "header CRC", note, String::new()));
    }
    Ok(())
}

fn part(length: usize, name: &'static str, note: &'static str, value: String) -> Part {
    Part {
        length,
        name,
        note,
        value,
    }
}

/// Whether these bytes begin as a zlib stream, RFC 1950, section 2.2: deflate, no dictionary, and a
/// header that 31 divides.
pub(super) fn is_zlib(bytes: &[u8]) -> bool {
    match bytes.first_chunk() {
        Some(&[method, flags]) => {
            let both = u16::from_be_bytes([method, flags]);
            method & 0x0F == 8 && flags & 0x20 == 0 && both % 31 == 0
        }
        None => false,
    }
}
