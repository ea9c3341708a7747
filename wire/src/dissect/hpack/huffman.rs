//! HPACK's Huffman code, RFC 7541, section 5.2 and Appendix B: frequent characters take five bits,
//! rare bytes up to thirty. The code is canonical (codes of one length count upwards in the order of
//! their bytes), so that the lengths alone tell all codes.

/// Bits of each byte's code, and of the end-of-string symbol's after them.
pub(super) const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, //
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, //
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, //
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, //
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, //
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, //
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, //
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, //
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, //
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, //
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, //
    30,
];

const SHORTEST: usize = 5;
const LONGEST: usize = 30;
const END_OF_STRING: u16 = 256;

/// The codes of one length. Codes are kept as the first bits of 32, so that those of all lengths
/// compare with each other.
#[derive(Clone, Copy)]
struct Row {
    first_code: u64,
    /// The first code that is longer.
    end: u64,
    /// Place of the first code's symbol in [`SYMBOLS`].
    first_symbol: usize,
}

/// All symbols, in the order of their codes.
static SYMBOLS: [u16; 257] = symbols();
/// One for each length from [`SHORTEST`] to [`LONGEST`].
static ROWS: [Row; LONGEST - SHORTEST + 1] = rows();

const fn symbols() -> [u16; 257] {
    let mut symbols = [0; 257];
    let (mut place, mut length) = (0, SHORTEST);
    while length <= LONGEST {
        let mut symbol = 0;
        while symbol < LENGTHS.len() {
            if LENGTHS[symbol] as usize == length {
                symbols[place] = symbol as u16;
                place += 1;
            }
            symbol += 1;
        }
        length += 1;
    }
    symbols
}

const fn rows() -> [Row; LONGEST - SHORTEST + 1] {
    let empty = Row {
        first_code: 0,
        end: 0,
        first_symbol: 0,
    };
    let mut rows = [empty; LONGEST - SHORTEST + 1];
    let (mut code, mut first_symbol, mut length) = (0, 0, SHORTEST);
    while length <= LONGEST {
        let (mut count, mut symbol) = (0, 0);
        while symbol < LENGTHS.len() {
            count += (LENGTHS[symbol] as usize == length) as usize;
            symbol += 1;
        }
        let end = code + ((count as u64) << (32 - length));
        rows[length - SHORTEST] = Row {
            first_code: code,
            end,
            first_symbol,
        };
        (code, first_symbol, length) = (end, first_symbol + count, length + 1);
    }
    rows
}

/// What a code spells.
///
/// # Errors
/// The rule that the bytes break.
pub(super) fn decode(coded: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut text = Vec::with_capacity(coded.len() * 8 / SHORTEST);
    let mut bytes = coded.iter();
    // Bits that have come and are not decoded, from the highest on; zeros after them.
    let (mut bits, mut count) = (0_u64, 0);
    loop {
        while count <= 56 {
            let Some(byte) = bytes.next() else { break };
            bits |= u64::from(*byte) << (56 - count);
            count += 8;
        }
        if count < 8 && bits.leading_ones() >= count {
            return Ok(text);
        }
        let (symbol, length) = symbol(bits >> 32);
        if length > count {
            return Err("the code does not end with up to seven one bits (RFC 7541, section 5.2)");
        }
        text.push(u8::try_from(symbol).map_err(|_| EARLY_END)?);
        bits <<= length;
        count -= length;
    }
}

const EARLY_END: &str =
    "the code holds the end-of-string symbol, which is for padding only (RFC 7541, section 5.2)";

/// The symbol that the first of these 32 bits spell, and how many they are.
fn symbol(bits: u64) -> (u16, u32) {
    for (row, length) in ROWS.iter().zip(SHORTEST..) {
        if bits < row.end {
            let place = row.first_symbol + ((bits - row.first_code) >> (32 - length)) as usize;
            return (SYMBOLS[place], length as u32);
        }
    }
    // Not reached: the last row ends past 32 one bits.
    (END_OF_STRING, LONGEST as u32)
}
