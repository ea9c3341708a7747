//! Makes of a deck what presenterm takes: regions become snippets of files, demos become snippets that
//! `slides/run` executes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::deck::{Deck, Part, Slide};
use crate::demo::Demo;
use crate::region;

/// Where filled decks are, from the repository's root.
const FOLDER: &str = "target/talk";

/// What presenterm is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The deck, a file of its own below `target/talk`.
    pub deck: PathBuf,
    /// presenterm's configuration.
    pub config: PathBuf,
}

/// Where a filled deck is, whether it is there yet or not.
pub fn file(root: &Path, name: &str, language: &str) -> PathBuf {
    let folder = root.join(FOLDER).join(language);
    folder.join(format!("{name}.md"))
}

/// Writes a deck and a configuration for presenterm below `target/talk` of the repository at `root`,
/// an absolute path.
///
/// # Errors
/// A region or a demo that is not there, or a file that cannot be written.
pub fn fill(root: &Path, name: &str, language: &str, deck: &Deck) -> Result<Filled> {
    let filled = Filled {
        deck: file(root, name, language),
        config: root.join(FOLDER).join("presenterm.yaml"),
    };
    write(&filled.deck, &text(root, deck)?)?;
    write(&filled.config, &config(root, ""))?;
    Ok(filled)
}

/// A deck's text for presenterm.
///
/// # Errors
/// A region or a demo that is not there.
pub fn text(root: &Path, deck: &Deck) -> Result<String> {
    let theme = quoted(&root.join("slides/theme.yaml"));
    let mut text = format!("---\ntheme:\n  path: {theme}\n---\n");
    for (at, slide) in deck.slides.iter().enumerate() {
        if at > 0 {
            text.push_str("<!-- end_slide -->\n");
        }
        let filled = fill_slide(root, slide);
        text += &filled.with_context(|| format!("{}, line {}", deck.file.display(), slide.line))?;
    }
    Ok(text)
}

/// presenterm's configuration; `more` is YAML for its end.
pub fn config(root: &Path, more: &str) -> String {
    let run = quoted(&root.join("slides/run"));
    format!(
        "snippet:\n  exec:\n    enable: true\n    custom:\n      bash:\n        filename: snippet.sh\n        \
         commands:\n          - [\"sh\", {run}, \"--snippet\", \"$pwd/snippet.sh\"]\n        \
         hidden_line_prefix: \"/// \"\n{more}"
    )
}

fn fill_slide(root: &Path, slide: &Slide) -> Result<String> {
    let mut text = String::new();
    for part in &slide.parts {
        match part {
            Part::Line(line) => writeln!(text, "{line}")?,
            Part::Block { info, lines, .. } => text += &fenced(info, &lines.join("\n")),
            Part::Demo { name, .. } => {
                let demo = Demo::read(root, name)?;
                let script = format!("/// # demo: {name}\n{}", demo.shown);
                text += &fenced("bash +exec", &script);
            }
            Part::Region { file, name, .. } => {
                let region = region::find(root, file, name)?;
                let path = quoted(&root.join(&region.file));
                let (language, first, last) =
                    (language(file), region.lines.start(), region.lines.end());
                let lines = format!(
                    "path: {path}\nlanguage: {language}\nstart_line: {first}\nend_line: {last}"
                );
                text += &fenced("file", &lines);
            }
        }
    }
    Ok(text)
}

/// A block whose fence is longer than any in it.
fn fenced(info: &str, inside: &str) -> String {
    let runs = inside.split(|it| it != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}{info}\n{inside}\n{fence}\n")
}

/// What presenterm calls the language of a file.
fn language(file: &Path) -> &'static str {
    match file.extension().and_then(|it| it.to_str()) {
        Some("rs") => "rust",
        Some("proto") => "protobuf",
        Some("py") => "python",
        Some("sh") => "bash",
        Some("toml") => "toml",
        Some("yaml" | "yml") => "yaml",
        Some("js") => "javascript",
        _ => "text",
    }
}

/// A path as YAML takes it whatever is in it: a string as JSON writes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().context("a file lies in a folder")?;
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, text));
    written.with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository of a file, a demo and a deck.
    fn filled(deck: &str) -> Result<String> {
        let root = tempfile::tempdir().expect("a temporary folder");
        let demos = root.path().join(crate::demo::FOLDER);
        fs::create_dir_all(&demos).expect("a folder");
        let demo = "# About.\n# expect: 8\nsecret=1\n# shown\nadd 5 3\n";
        fs::write(demos.join("call.sh"), demo).expect("a file");
        let code = "// region: add\nfn add() {}\n// endregion: add\n";
        fs::write(root.path().join("a.rs"), code).expect("a file");
        let head = "---\ntitle: A\nminutes: 1\n---\n";
        let deck = Deck::parse(Path::new("a.md"), &format!("{head}{deck}")).expect("a deck");
        let text = text(root.path(), &deck)?;
        Ok(text.replace(&root.path().display().to_string(), "ROOT"))
    }

    #[test]
    fn a_region_becomes_lines_of_its_file() {
        let text = filled("A\n===\n```region\na.rs add\n```\n").expect("it is there");
        let block =
            "```file\npath: \"ROOT/a.rs\"\nlanguage: rust\nstart_line: 2\nend_line: 2\n```\n";
        assert!(text.contains(block), "{text}");
    }

    #[test]
    fn a_demo_becomes_a_snippet_that_hides_its_name_and_what_is_not_shown() {
        let text = filled("A\n===\n```demo\ncall\n```\n").expect("it is there");
        let block = "```bash +exec\n/// # demo: call\nadd 5 3\n```\n";
        assert!(text.contains(block), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn a_region_that_is_gone_stops_it_and_tells_the_slide() {
        let error = filled("A\n===\n```region\na.rs sub\n```\n").expect_err("it is gone");
        let error = format!("{error:#}");
        assert!(
            error.contains("a.md, line 5") && error.contains("region: sub"),
            "{error}"
        );
    }

    #[test]
    fn a_fence_is_longer_than_those_in_its_block() {
        assert_eq!(fenced("text", "a ``` b"), "````text\na ``` b\n````\n");
    }
}
