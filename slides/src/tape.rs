//! What a demo printed when it was recorded.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::demo::{Demo, FOLDER};
use crate::mask::{Mask, comparable};

/// A recording, kept beside its demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tape {
    /// The day of the recording, as `2026-11-21`.
    pub date: String,
    /// What may differ from today.
    pub masks: Vec<Mask>,
    /// What was printed, colours and all.
    pub output: String,
}

/// A line of a tape that differs from today's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// From 1.
    pub line: usize,
    /// What the tape has there, masked; nothing past its end.
    pub tape: Option<String>,
    /// What was printed today, masked; nothing past its end.
    pub today: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |text: &Option<String>| match text {
            Some(text) => format!("{text:?}"),
            None => "nothing".to_owned(),
        };
        let (line, tape, today) = (self.line, side(&self.tape), side(&self.today));
        write!(f, "line {line} of the tape is {tape}, today {today}")
    }
}

impl Tape {
    /// Where a demo's tape is, from the repository's root.
    pub fn file(name: &str) -> PathBuf {
        Path::new(FOLDER).join(format!("{name}.tape"))
    }

    /// Reads a demo's tape.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn read(root: &Path, name: &str) -> io::Result<Self> {
        let text = fs::read_to_string(root.join(Self::file(name)))?;
        let broken = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "this is no tape: record it anew",
            )
        };
        Self::parse(&text).ok_or_else(broken)
    }

    /// Writes it beside its demo.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, root: &Path, name: &str) -> io::Result<()> {
        fs::write(root.join(Self::file(name)), self.text(name))
    }

    /// Where today's output differs, after the masks.
    pub fn differences(&self, today: &str) -> Vec<Difference> {
        let tape = comparable(&self.output, &self.masks);
        let today = comparable(today, &self.masks);
        let longer = tape.len().max(today.len());
        let pairs = (0..longer).map(|at| (at, tape.get(at).cloned(), today.get(at).cloned()));
        pairs
            .filter(|(_, tape, today)| tape != today)
            .map(|(at, tape, today)| Difference {
                line: at + 1,
                tape,
                today,
            })
            .collect()
    }

    /// Whether it names the same masks as its demo.
    pub fn fits(&self, demo: &Demo) -> bool {
        self.masks == demo.masks
    }

    fn text(&self, name: &str) -> String {
        let masks: Vec<String> = self.masks.iter().map(Mask::to_string).collect();
        let (date, masks, output) = (&self.date, masks.join(", "), &self.output);
        format!(
            "# What slides/run {name} printed; made by trivium talk --record.\n# date: {date}\n# masks: {masks}\n---\n{output}"
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, output) = text.split_once("\n---\n")?;
        let said = |key: &str| head.lines().find_map(|line| line.strip_prefix(key));
        let masks = said("# masks:")?.split(',').map(str::trim);
        let masks = masks.filter(|name| !name.is_empty()).map(str::parse);
        Some(Self {
            date: said("# date:")?.trim().to_owned(),
            masks: masks.collect::<Result<_, _>>().ok()?,
            output: output.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tape() -> Tape {
        Tape {
            date: "2026-11-21".to_owned(),
            masks: vec![Mask::Durations],
            output: "\x1b[1m5 + 3 = 8\x1b[0m   0.64 ms    192\n".to_owned(),
        }
    }

    #[test]
    fn a_tape_is_read_as_it_was_written() {
        assert_eq!(Tape::parse(&tape().text("call")), Some(tape()));
    }

    #[test]
    fn another_time_is_no_difference_and_another_count_of_bytes_is() {
        assert_eq!(tape().differences("5 + 3 = 8 10.1 ms 192\n"), []);
        let differences = tape().differences("5 + 3 = 8 0.64 ms 193\n");
        assert_eq!(differences[0].line, 1);
        assert_eq!(
            differences[0].today.as_deref(),
            Some("5 + 3 = 8 <durations> 193")
        );
    }

    #[test]
    fn a_line_that_is_missing_is_a_difference() {
        let differences = tape().differences("");
        assert_eq!(differences[0].today, None);
    }
}
