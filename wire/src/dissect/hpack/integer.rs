//! HPACK's integers, RFC 7541, section 5.1: the low bits of a byte whose high bits say something
//! else; and, if those are all ones, seven bits a byte after it, the least significant first.

/// Bytes that may follow the first one: as many as 32 bits can need.
const CONTINUATION_BYTES: usize = 5;

/// An integer, and how many bytes it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Integer {
    pub(super) value: usize,
    pub(super) length: usize,
}

/// The integer at the front of `bytes`, of whose first byte it has `prefix_bits`.
///
/// # Errors
/// The rule that the bytes break.
pub(super) fn integer(bytes: &[u8], prefix_bits: u32) -> Result<Integer, &'static str> {
    let (first, rest) = bytes.split_first().ok_or(CUT)?;
    let full = (1 << prefix_bits) - 1;
    let mut value = u64::from(*first) & full;
    if value < full {
        return finished(value, 1);
    }
    for (place, byte) in rest.iter().take(CONTINUATION_BYTES).enumerate() {
        value += u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return finished(value, place + 2);
        }
    }
    Err(if rest.len() < CONTINUATION_BYTES {
        CUT
    } else {
        TOO_LARGE
    })
}

const CUT: &str = "the block ends in the middle of an integer (RFC 7541, section 5.1)";
const TOO_LARGE: &str =
    "an integer past 32 bits, which no length or index may be (RFC 7541, section 5.1)";

fn finished(value: u64, length: usize) -> Result<Integer, &'static str> {
    let value = u32::try_from(value).map_err(|_| TOO_LARGE)?;
    let value = usize::try_from(value).map_err(|_| TOO_LARGE)?;
    Ok(Integer { value, length })
}
