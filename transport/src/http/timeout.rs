//! The header that carries a deadline, in gRPC's format over every HTTP room.

use std::fmt::Write;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

/// The header that tells how much time a call has left.
pub const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// The largest number that the format allows: eight digits ("gRPC over HTTP2", Timeout).
const MAX: u128 = 99_999_999;

/// A `grpc-timeout` header that does not follow the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedTimeout;

impl std::fmt::Display for MalformedTimeout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("grpc-timeout is malformed: send 1 to 8 digits and one of H, M, S, m, u, n")
    }
}

impl std::error::Error for MalformedTimeout {}

/// Reads the format ("gRPC over HTTP2", Timeout): 1 to 8 digits and a unit, nothing else.
///
/// # Errors
/// [`MalformedTimeout`] for anything else, a sign included.
pub fn parse_timeout(value: &HeaderValue) -> Result<Duration, MalformedTimeout> {
    let (unit, digits) = value.as_bytes().split_last().ok_or(MalformedTimeout)?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(MalformedTimeout);
    }
    let number = digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
    match unit {
        b'H' => Ok(Duration::from_secs(number * 3_600)),
        b'M' => Ok(Duration::from_secs(number * 60)),
        b'S' => Ok(Duration::from_secs(number)),
        b'm' => Ok(Duration::from_millis(number)),
        b'u' => Ok(Duration::from_micros(number)),
        b'n' => Ok(Duration::from_nanos(number)),
        _ => Err(MalformedTimeout),
    }
}

/// Writes the format, rounded up, so that a server never gives up before its caller. The unit is
/// chosen to round by a thousandth at most, as long as that fits: seven characters tell ten
/// seconds.
#[must_use]
pub fn timeout_header(remaining: Duration) -> HeaderValue {
    const UNITS: [(u128, u128, char); 6] = [
        (1, 1_000_000, 'n'),
        (1_000, 1_000_000_000, 'u'),
        (1_000_000, MAX * 1_000_000, 'm'),
        (1_000_000_000, MAX * 1_000_000_000, 'S'),
        (60_000_000_000, MAX * 60_000_000_000, 'M'),
        (3_600_000_000_000, u128::MAX, 'H'),
    ];
    let nanoseconds = remaining.as_nanos();
    let (unit, _, letter) = UNITS
        .into_iter()
        .find(|(_, limit, _)| nanoseconds <= *limit)
        .expect("the last unit has no limit");
    let number = nanoseconds.div_ceil(unit).min(MAX);
    let mut text = bytes::BytesMut::with_capacity(9);
    write!(text, "{number}{letter}").expect("BytesMut grows");
    HeaderValue::from_maybe_shared(text.freeze()).expect("digits and a letter are visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Duration, MalformedTimeout> {
        parse_timeout(&HeaderValue::from_str(text).unwrap())
    }

    #[test]
    fn every_unit_is_read() {
        assert_eq!(parsed("2H"), Ok(Duration::from_secs(7_200)));
        assert_eq!(parsed("2M"), Ok(Duration::from_secs(120)));
        assert_eq!(parsed("99999999S"), Ok(Duration::from_secs(99_999_999)));
        assert_eq!(parsed("010m"), Ok(Duration::from_millis(10)));
        assert_eq!(parsed("7u"), Ok(Duration::from_micros(7)));
        assert_eq!(parsed("0n"), Ok(Duration::ZERO));
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in [
            "",
            "5",
            "S",
            "+5S",
            "-5S",
            " 5S",
            "5S ",
            "5 S",
            "5s",
            "5h",
            "1.5S",
            "123456789S",
            "٥S",
        ] {
            assert_eq!(parsed(text), Err(MalformedTimeout), "{text:?}");
        }
    }

    #[test]
    fn a_timeout_is_written_rounded_up() {
        let written = |duration| timeout_header(duration).to_str().unwrap().to_owned();
        assert_eq!(written(Duration::ZERO), "0n");
        assert_eq!(written(Duration::from_nanos(1)), "1n");
        assert_eq!(written(Duration::from_nanos(1_000_001)), "1001u");
        assert_eq!(written(Duration::from_micros(9_999_001)), "10000m");
        assert_eq!(written(Duration::from_secs(100_000)), "100000S");
        assert_eq!(written(Duration::MAX), "99999999H");
    }

    #[test]
    fn what_is_written_is_read_back_within_a_thousandth() {
        for shift in 0..90 {
            let nanoseconds =
                (1_u128 << shift).min(MAX * 3_600_000_000_000) + u128::from(shift == 9);
            let seconds = u64::try_from(nanoseconds / 1_000_000_000).unwrap();
            let rest = u32::try_from(nanoseconds % 1_000_000_000).unwrap();
            let duration = Duration::new(seconds, rest);
            let read = parse_timeout(&timeout_header(duration)).unwrap();
            assert!(read >= duration, "{duration:?} became {read:?}");
            assert!(
                read <= duration + duration / 1_000,
                "{duration:?} became {read:?}"
            );
        }
    }
}
