//! `trivium talk --handout`: a deck as a page to scroll through, on paper too.
//!
//! Slides come as presenterm draws them, demos with the output of their tapes: so a handout changes only
//! when the deck, a tape or the code does. Below each slide stand its notes and where its code is.

mod page;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::check::{self, Named, Selection};
use crate::export::{Size, Source};
use crate::fill;
use crate::ready::presenterm;
use crate::stage::Stage;
use crate::tape::Tape;

/// The width that all decks fit, and rows for everything: those that stay empty are left out.
const SIZE: Size = Size {
    columns: 80,
    rows: 200,
};

/// Writes the handouts of these decks.
///
/// # Errors
/// There is no such deck, it cannot be drawn, or presenterm is missing.
pub fn run(root: &Path, selection: Selection<'_>) -> Result<ExitCode> {
    let program = presenterm::exact(&Stage::of(root))?;
    let (decks, faults) = check::read(root, selection)?;
    if let Some(fault) = faults.first() {
        bail!("{fault}");
    }
    for named in &decks {
        let file = file(&named.name, named.language);
        let page = page(root, &program, named)?;
        write(&root.join(&file), &page)?;
        println!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Where a deck's handout is, from the repository's root.
pub fn file(name: &str, language: &str) -> PathBuf {
    Path::new("slides/handouts")
        .join(language)
        .join(format!("{name}.html"))
}

/// A deck's handout as it is today.
///
/// # Errors
/// The deck cannot be drawn, or a tape is missing.
pub(crate) fn page(root: &Path, program: &Path, named: &Named) -> Result<String> {
    let Named {
        name,
        language,
        deck,
    } = named;
    let tapes: Vec<(&str, String)> = deck
        .demos()
        .map(|demo| Ok((demo, tape(root, demo)?)))
        .collect::<Result<_>>()?;
    let outputs = tapes.iter().map(|(demo, output)| (*demo, &**output));
    let replay = check::replay(outputs)?;
    let filled = fill::fill(root, name, language, deck)?;
    let source = Source {
        program,
        root,
        deck: &filled.deck,
        replay: replay.path(),
    };
    let drawn = source.draw(SIZE)?;
    if drawn.slides.len() != deck.slides.len() {
        bail!(
            "presenterm shows other slides of {} than it has: trivium talk {name} --check",
            deck.file.display()
        );
    }
    Ok(page::write(deck, language, &drawn))
}

fn tape(root: &Path, demo: &str) -> Result<String> {
    let tape = Tape::read(root, demo);
    let tape = tape.with_context(|| format!("{} cannot be read", Tape::file(demo).display()))?;
    Ok(tape.output)
}

fn write(file: &Path, page: &str) -> Result<()> {
    let folder = file.parent().context("a handout lies in a folder")?;
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, page));
    written.with_context(|| format!("{} cannot be written", file.display()))
}
