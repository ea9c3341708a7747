//! What may differ between a tape and what a program prints today.
//!
//! Never a count of bytes: it is what the class is about, and it must be right.

mod measured;

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use regex::Regex;

/// A kind of text that differs from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mask {
    /// Times with their unit, and columns of times under a head that names the unit.
    Durations,
    /// Ports of this machine, after a host or a colon.
    Ports,
    /// What the machine measured of itself: percents, sizes in GB or MB, values of metrics.
    Readings,
    /// Numbers a second.
    Rates,
    /// Sentences that compare measured times: all from the first word that is measured.
    Verdicts,
    /// Dates and times of day.
    Dates,
}

/// All masks, with the names that a demo's head uses.
const NAMES: [(Mask, &str); 6] = [
    (Mask::Durations, "durations"),
    (Mask::Ports, "ports"),
    (Mask::Readings, "readings"),
    (Mask::Rates, "rates"),
    (Mask::Verdicts, "verdicts"),
    (Mask::Dates, "dates"),
];

impl Mask {
    /// The text with what this mask covers replaced by its name.
    pub fn cover(self, text: &str) -> String {
        let name = format!("<{self}>");
        let text = match self {
            Self::Durations => measured::columns(text, &name),
            Self::Verdicts => measured::sentences(text, &name),
            Self::Ports | Self::Readings | Self::Rates | Self::Dates => text.to_owned(),
        };
        pattern(self).replace_all(&text, name.as_str()).into_owned()
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, name) = NAMES[*self as usize];
        f.write_str(name)
    }
}

impl FromStr for Mask {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = NAMES.iter().find(|(_, name)| *name == text);
        known.map(|(mask, _)| *mask).ok_or_else(|| {
            let names = NAMES.map(|(_, name)| name).join(", ");
            format!("there is no mask {text:?}: choose one of {names}")
        })
    }
}

fn pattern(mask: Mask) -> &'static Regex {
    static PATTERNS: LazyLock<[Regex; 6]> = LazyLock::new(|| {
        [
            // Before a unit of time; 0.64 ms, 21.7 µs, 1.2s.
            r"\d[\d,]*(\.\d+)?\s?(ns|µs|us|ms|s|min)\b",
            r"((127\.0\.0\.1|localhost|\[::1\]):)\d{2,5}\b",
            r"\d[\d,]*(\.\d+)?\s?(%|percent|[KMG]i?B\b)|\b(value|cpu|memory|disk)\s+\d+(\.\d+)?",
            r"\d[\d,]*(\.\d+)?( [kM])?\s?(calls|messages|requests)?/s\b",
            r"(no difference seen|answers? fastest|takes? \d|needs? (the least|\d)).*",
            r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?|(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT",
        ]
        .map(|pattern| Regex::new(pattern).expect("a constant that a test compiles"))
    });
    &PATTERNS[mask as usize]
}

/// A run's output as tapes are compared: without colours, with masks applied, and runs of blanks as
/// one, since a masked number may be longer today.
pub fn comparable(output: &str, masks: &[Mask]) -> Vec<String> {
    let plain = without_colours(output);
    let covered = masks.iter().fold(plain, |text, mask| mask.cover(&text));
    let lines = covered.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ")
    });
    lines.collect()
}

/// Takes the escape sequences of colours away.
pub fn without_colours(text: &str) -> String {
    static SEQUENCES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("\x1b\\[[0-9;:]*[A-Za-z]").expect("a constant that a test compiles")
    });
    SEQUENCES.replace_all(text, "").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mask_covers_its_own_and_no_count_of_bytes() {
        let line = "5 + 3 = 8 0.64 ms 192 bytes at 127.0.0.1:43211, 52,758 calls/s, 50.0 %";
        let all = NAMES.map(|(mask, _)| mask);
        assert_eq!(
            comparable(line, &all),
            ["5 + 3 = 8 <durations> 192 bytes at <ports>, <rates>, <readings>"]
        );
        assert_eq!(comparable("532 bytes", &all), ["532 bytes"]);
    }

    #[test]
    fn colours_and_columns_are_no_difference() {
        assert_eq!(comparable("\x1b[1;32m5\x1b[0m   + 3", &[]), ["5 + 3"]);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for (mask, name) in NAMES {
            assert_eq!(name.parse::<Mask>(), Ok(mask));
            assert_eq!(mask.to_string(), name);
        }
    }
}
