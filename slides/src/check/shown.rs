//! What a deck is drawn with: its filled text, and what its demos printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::Named;
use super::demos::Outcome;
use super::drawn::Whole;
use crate::deck::{Deck, Part, Slide};
use crate::demo::Demo;
use crate::export::{AMPERSAND, Source};
use crate::fill;
use crate::mask::without_colours;
use crate::region;

/// A deck that is ready to be drawn.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    program: &'a Path,
    root: &'a Path,
    replay: &'a Path,
    deck: PathBuf,
    /// What must stand whole in a row, slide by slide.
    pub(super) whole: Vec<Whole>,
}

impl<'a> Shown<'a> {
    /// Fills a deck in.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(super) fn of(
        root: &'a Path,
        Named {
            name,
            language,
            deck,
        }: &Named,
        program: &'a Path,
        replay: &'a Path,
        outcomes: &BTreeMap<String, Outcome>,
    ) -> Result<Self> {
        let deck = present(root, deck);
        let slides = deck.slides.iter();
        let whole = slides.map(|slide| whole(root, slide, outcomes));
        Ok(Self {
            program,
            root,
            replay,
            deck: fill::fill(root, name, language, &deck)?.deck,
            whole: whole.collect::<Result<_>>()?,
        })
    }

    /// What draws it.
    pub(super) fn source(&self) -> Source<'_> {
        Source {
            program: self.program,
            root: self.root,
            deck: &self.deck,
            replay: self.replay,
        }
    }
}

/// A deck without the code and the demos that are not there: that was told, and more may be wrong.
fn present(root: &Path, deck: &Deck) -> Deck {
    let mut deck = deck.clone();
    for slide in &mut deck.slides {
        slide.parts.retain(|part| match part {
            Part::Line(_) | Part::Block { .. } => true,
            Part::Region { file, name, .. } => region::find(root, file, name).is_ok(),
            Part::Demo { name, .. } => Demo::read(root, name).is_ok(),
        });
    }
    deck
}

/// A folder of outputs that `slides/run` prints again.
///
/// # Errors
/// It cannot be written.
pub(crate) fn replay<'a>(outputs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<TempDir> {
    let folder = tempfile::tempdir().context("there is no temporary folder")?;
    for (name, output) in outputs {
        let file = folder.path().join(format!("{name}.out"));
        let written = fs::write(&file, output.replace('&', &AMPERSAND.to_string()));
        written.with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(folder)
}

fn whole(root: &Path, slide: &Slide, outcomes: &BTreeMap<String, Outcome>) -> Result<Whole> {
    let mut lines = Vec::new();
    for part in &slide.parts {
        match part {
            Part::Line(_) => {}
            Part::Block { lines: inside, .. } => lines.extend(inside.iter().map(|it| bare(it))),
            Part::Region { file, name, .. } => {
                lines.extend(region::find(root, file, name)?.text.lines().map(bare));
            }
            Part::Demo { name, .. } => {
                lines.extend(Demo::read(root, name)?.shown.lines().map(bare));
                let output = outcomes.get(name).map_or("", |it| &it.output);
                lines.extend(output.lines().map(bare));
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    Ok(lines)
}

/// A line as it stands in a row, whatever its colours and wherever it begins.
fn bare(line: &str) -> String {
    let text = without_colours(line).replace('\t', "    ");
    // So presenterm's page has them, unless they come of a replayed output.
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.trim().to_owned()
}
