//! A live demo: a script with a head that tells what it must print.

use std::fs;
use std::path::{Path, PathBuf};

use crate::mask::Mask;

/// Where demos and tapes are, from the repository's root.
pub const FOLDER: &str = "slides/demos";

/// A script that a slide runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// What decks and `slides/run` call it.
    pub name: String,
    /// What the audience learns, in a line.
    pub about: String,
    /// Texts that a line of the output must hold.
    pub expected: Vec<String>,
    /// What may differ from the tape.
    pub masks: Vec<Mask>,
    /// The exit code that it ends with.
    pub ends: i32,
    /// Programs that are not of this repository.
    pub needs: Vec<String>,
    /// The lines that a slide shows, without a line end at the end.
    pub shown: String,
}

/// What is wrong with a demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is no such file.
    #[error("{file} cannot be read: there is no such demo")]
    File {
        /// From the repository's root.
        file: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A line of its head says nothing that is known.
    #[error("{file}, line {line}: {what}")]
    Head {
        /// From the repository's root.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong, and what to write.
        what: String,
    },
}

impl Demo {
    /// Where a demo is, from the repository's root.
    pub fn file(name: &str) -> PathBuf {
        Path::new(FOLDER).join(format!("{name}.sh"))
    }

    /// Reads a demo by its name.
    ///
    /// # Errors
    /// No such file, or a head that says something unknown.
    pub fn read(root: &Path, name: &str) -> Result<Self, DemoError> {
        let file = Self::file(name);
        let text = fs::read_to_string(root.join(&file)).map_err(|cause| DemoError::File {
            file: file.clone(),
            cause,
        })?;
        Self::parse(name, &text).map_err(|(line, what)| DemoError::Head { file, line, what })
    }

    /// The names of all demos, sorted.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(root: &Path) -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(root.join(FOLDER))? {
            let path = entry?.path();
            let is_script = path.extension().is_some_and(|it| it == "sh");
            if let (true, Some(stem)) = (is_script, path.file_stem()) {
                names.push(stem.to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn parse(name: &str, text: &str) -> Result<Self, (usize, String)> {
        let mut demo = Self {
            name: name.to_owned(),
            about: String::new(),
            expected: Vec::new(),
            masks: Vec::new(),
            ends: 0,
            needs: Vec::new(),
            shown: String::new(),
        };
        let mut lines = text.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next_if(|(_, line)| line.starts_with('#')) {
            if line == "# shown" {
                break;
            }
            demo.take(line[1..].trim()).map_err(|what| (at + 1, what))?;
        }
        let body: Vec<&str> = lines.map(|(_, line)| line).collect();
        let shown = body.iter().position(|line| *line == "# shown");
        demo.shown = body[shown.map_or(0, |at| at + 1)..].join("\n");
        demo.whole()?;
        Ok(demo)
    }

    /// Takes a line of the head, without its `#`.
    fn take(&mut self, line: &str) -> Result<(), String> {
        match line.split_once(':').map(|(key, said)| (key, said.trim())) {
            Some(("expect", said)) => self.expected.push(said.to_owned()),
            Some(("needs", said)) => self.needs.extend(words(said).map(str::to_owned)),
            Some(("ends", said)) => {
                self.ends = said
                    .parse()
                    .map_err(|_| format!("ends needs an exit code, not {said:?}"))?;
            }
            Some(("masks", said)) => {
                for word in words(said) {
                    self.masks.push(word.parse()?);
                }
            }
            _ if self.about.is_empty() => self.about = line.to_owned(),
            _ => {
                return Err(format!(
                    "{line:?} is unknown here: expect, masks, ends, needs, or \"# shown\""
                ));
            }
        }
        Ok(())
    }

    fn whole(&self) -> Result<(), (usize, String)> {
        if self.about.is_empty() {
            return Err((1, "begin with \"# What the audience learns.\"".to_owned()));
        }
        if self.expected.is_empty() {
            return Err((
                1,
                "nothing is expected: write \"# expect: TEXT\"".to_owned(),
            ));
        }
        if self.shown.trim().is_empty() {
            return Err((1, "no line is shown".to_owned()));
        }
        Ok(())
    }
}

/// Words with commas or blanks between.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: &str = "# A call from the command line.\n# expect: 5 + 3 = 8\n# masks: durations, ports\n\
                        export QUIET=1\n# shown\nxmlrpc-demo call add 5 3 --url $XMLRPC\n";

    #[test]
    fn a_head_tells_what_a_demo_must_print() {
        let demo = Demo::parse("call", CALL).expect("it is whole");
        assert_eq!(demo.about, "A call from the command line.");
        assert_eq!(demo.expected, ["5 + 3 = 8"]);
        assert_eq!(demo.masks, [Mask::Durations, Mask::Ports]);
        assert_eq!(demo.shown, "xmlrpc-demo call add 5 3 --url $XMLRPC");
    }

    #[test]
    fn without_hidden_lines_all_after_the_head_is_shown() {
        let demo =
            Demo::parse("a", "# About.\n# expect: 1\necho 1\necho 2\n").expect("it is whole");
        assert_eq!(demo.shown, "echo 1\necho 2");
    }

    #[test]
    fn a_demo_that_expects_nothing_is_refused() {
        let (_, what) = Demo::parse("a", "# About.\necho 1\n").expect_err("it expects nothing");
        assert!(what.contains("# expect: TEXT"), "{what}");
    }

    #[test]
    fn an_unknown_mask_is_told_by_its_line() {
        let text = "# About.\n# expect: 1\n# masks: bytes\necho 1\n";
        let (line, what) = Demo::parse("a", text).expect_err("bytes are never masked");
        assert_eq!(line, 3);
        assert!(what.contains("bytes"), "{what}");
    }
}
