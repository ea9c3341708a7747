//! Sizes and rates on the command line: `64KiB`, `10mbit`.

use demo::duration;
use std::str::FromStr;
use wire::tap::{Stall, StallAt};

/// Bits a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(pub u64);

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let units = [
            ("kbit", 1_000),
            ("mbit", 1_000_000),
            ("gbit", 1_000_000_000),
            ("bit", 1),
        ];
        let rate = with_unit(text, &units).filter(|rate| *rate > 0);
        rate.map(Self)
            .ok_or("give a rate such as 500kbit or 10mbit")
    }
}

/// A number of bytes: `500`, `64KiB`, `1MiB`.
///
/// # Errors
/// What is wanted instead.
pub fn bytes(text: &str) -> Result<usize, String> {
    let units = [
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("b", 1),
        ("", 1),
    ];
    let size = with_unit(text, &units).and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| *size > 0);
    size.ok_or_else(|| "give a size such as 64KiB or 1MiB".to_owned())
}

/// When a link stalls, and for how long: `10KiB:2s` after so many bytes, `1s:2s` after that time.
///
/// # Errors
/// What is wanted instead.
pub fn stall(text: &str) -> Result<Stall, String> {
    let wanted = "give when and how long, such as 10KiB:2s or 1s:2s";
    let (at, lasts) = text.split_once(':').ok_or(wanted)?;
    let time = duration::parse(at).map(StallAt::Time);
    let at = time.or_else(|_| bytes(at).map(|size| StallAt::Bytes(size as u64)));
    Ok(Stall {
        at: at.map_err(|_| wanted)?,
        lasts: duration::parse(lasts).map_err(|_| wanted)?,
    })
}

/// The first unit that the text ends in decides.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let found = units.iter().find_map(|(unit, factor)| {
        let number = text.strip_suffix(unit)?;
        Some((number, *factor))
    });
    let (number, factor) = found?;
    let number = number.trim_end();
    // A sign, which `parse` would take, is no part of a size.
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| number.parse::<u64>().ok()?.checked_mul(factor))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_unit_or_counts_bytes() {
        assert_eq!(bytes("500"), Ok(500));
        assert_eq!(bytes("64KiB"), Ok(65_536));
        assert_eq!(bytes("1 MiB"), Ok(1_048_576));
        assert_eq!(bytes("2mb"), Ok(2_000_000));
        for wrong in ["", "MiB", "-1", "+1", "1.5MiB", "0", "9999999999999GiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_counts_bits() {
        assert_eq!("10mbit".parse(), Ok(Rate(10_000_000)));
        assert_eq!("500kbit".parse(), Ok(Rate(500_000)));
        assert_eq!("9600bit".parse(), Ok(Rate(9_600)));
        for wrong in ["10", "10MB", "0mbit", "fast"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_stall_has_a_beginning_and_a_length() {
        let lasts = std::time::Duration::from_secs(2);
        let after = |at| Ok(Stall { at, lasts });
        assert_eq!(stall("10KiB:2s"), after(StallAt::Bytes(10_240)));
        assert_eq!(stall("2s:2s"), after(StallAt::Time(lasts)));
        for wrong in ["10KiB", "10KiB:soon", "soon:2s"] {
            assert!(stall(wrong).is_err(), "{wrong}");
        }
    }
}
