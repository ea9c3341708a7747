//! Code that a slide shows: what stands between two marks in a file of the project.
//!
//! The marks are those that editors fold: `// region: name` and `// endregion: name`, or with `#` where
//! that begins a comment.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A region that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The file, from the repository's root.
    pub file: PathBuf,
    /// Its first and last line, from 1, without the marks and blank lines beside them.
    pub lines: RangeInclusive<usize>,
    /// Its text, with line ends.
    pub text: String,
}

/// Why there is no such region.
#[derive(Debug, thiserror::Error)]
pub enum RegionError {
    /// The file cannot be read.
    #[error("{file} cannot be read: is its name right, from the repository's root?")]
    File {
        /// As it was named.
        file: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The mark is not there, or twice.
    #[error("{file} has {count} lines \"region: {name}\": one is needed")]
    Begin {
        /// As it was named.
        file: PathBuf,
        /// The region.
        name: String,
        /// How often it begins.
        count: usize,
    },
    /// It begins and does not end.
    #[error(
        "{file}, line {line}: region {name} begins and does not end: write \"endregion: {name}\""
    )]
    End {
        /// As it was named.
        file: PathBuf,
        /// The region.
        name: String,
        /// Where it begins, from 1.
        line: usize,
    },
    /// Nothing stands in it.
    #[error("{file}, line {line}: region {name} is empty")]
    Empty {
        /// As it was named.
        file: PathBuf,
        /// The region.
        name: String,
        /// Where it begins, from 1.
        line: usize,
    },
}

/// Finds a region of a file, named from the repository's root.
///
/// # Errors
/// No such file, no such region or two of them, one that does not end or is empty.
pub fn find(root: &Path, file: &Path, name: &str) -> Result<Region, RegionError> {
    let text = fs::read_to_string(root.join(file)).map_err(|cause| RegionError::File {
        file: file.to_owned(),
        cause,
    })?;
    find_in(&text, file, name)
}

fn find_in(text: &str, file: &Path, name: &str) -> Result<Region, RegionError> {
    let (file, name) = (file.to_owned(), name.to_owned());
    let lines: Vec<&str> = text.lines().collect();
    let begins = marks(&lines, "region", &name);
    let [begin] = begins[..] else {
        let count = begins.len();
        return Err(RegionError::Begin { file, name, count });
    };
    let line = begin + 1;
    let ends = marks(&lines, "endregion", &name);
    let Some(end) = ends.into_iter().find(|end| *end > begin) else {
        return Err(RegionError::End { file, name, line });
    };
    // Blank lines at its ends are not shown: where comments document what follows, as in protobuf, one
    // keeps a mark apart.
    let mut texts = (begin + 1..end).filter(|&at| !lines[at].trim().is_empty());
    let Some(first) = texts.next() else {
        return Err(RegionError::Empty { file, name, line });
    };
    let last = texts.next_back().unwrap_or(first);
    Ok(Region {
        file,
        lines: first + 1..=last + 1,
        text: lines[first..=last].join("\n") + "\n",
    })
}

/// Which lines, from 0, are this mark.
fn marks(lines: &[&str], mark: &str, name: &str) -> Vec<usize> {
    let is_mark = |line: &str| {
        let line = line.trim();
        let comment = line.strip_prefix("//").or_else(|| line.strip_prefix('#'));
        let said = comment.and_then(|comment| comment.trim_start().strip_prefix(mark));
        said.and_then(|said| said.strip_prefix(':'))
            .is_some_and(|said| said.trim() == name)
    };
    let numbered = lines.iter().enumerate();
    numbered
        .filter(|(_, line)| is_mark(line))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "fn main() {\n    // region: call\n    add(5, 3);\n    // endregion: call\n}\n# region: python\nx = 1\n# endregion: python\n// region: open\n";

    fn found(name: &str) -> Result<Region, RegionError> {
        find_in(FILE, Path::new("a.rs"), name)
    }

    #[test]
    fn a_region_is_what_stands_between_its_marks() {
        let region = found("call").expect("it is there");
        assert_eq!(region.lines, 3..=3);
        assert_eq!(region.text, "    add(5, 3);\n");
        assert_eq!(found("python").expect("it is there").lines, 7..=7);
    }

    #[test]
    fn blank_lines_around_a_region_are_not_of_it() {
        let text = "// region: a\n\nmessage A {\n\n}\n\n// endregion: a\n";
        let region = find_in(text, Path::new("a.proto"), "a").expect("it is there");
        assert_eq!((region.lines, region.text.lines().count()), (3..=5, 3));
    }

    #[test]
    fn a_region_that_is_gone_is_told_by_its_file_and_name() {
        let error = found("cal").expect_err("there is none").to_string();
        assert_eq!(error, "a.rs has 0 lines \"region: cal\": one is needed");
    }

    #[test]
    fn a_region_without_an_end_is_told_by_its_line() {
        let error = found("open").expect_err("it has no end").to_string();
        assert!(error.starts_with("a.rs, line 9: region open"), "{error}");
    }

    #[test]
    fn an_empty_region_shows_nothing_and_is_refused() {
        let text = "// region: none\n\n// endregion: none\n";
        let error = find_in(text, Path::new("a.rs"), "none").expect_err("it is empty");
        assert!(matches!(error, RegionError::Empty { line: 1, .. }));
    }

    #[test]
    fn a_mark_that_stands_twice_is_refused() {
        let text = "// region: a\n1\n// endregion: a\n// region: a\n2\n// endregion: a\n";
        let error = find_in(text, Path::new("a.rs"), "a").expect_err("it stands twice");
        assert!(matches!(error, RegionError::Begin { count: 2, .. }));
    }
}
