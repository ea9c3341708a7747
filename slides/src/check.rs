//! `trivium talk --check`: what would embarrass a presenter is found before the class.
//!
//! First what can be told from the files ([`mod@statics`], [`topics`], [`twins`]), then each demo once, live,
//! then each deck as presenterm draws it at three sizes, with what the demos printed.

mod demos;
mod drawn;
mod fault;
mod report;
mod shown;
pub mod statics;
pub mod topics;
pub mod twins;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

pub use drawn::SIZES;
pub use fault::Fault;
pub use report::Report;
pub(crate) use shown::replay;

use crate::deck::{Deck, LANGUAGES};
use crate::handout;
use crate::ready::presenterm;
use crate::stage::Stage;
use demos::Outcome;
use fault::told;
use topics::{CLASS, Topics};

/// Which decks; all where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selection<'a> {
    /// A deck's name.
    pub deck: Option<&'a str>,
    /// A language's folder.
    pub language: Option<&'a str>,
}

/// A deck that could be read.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) language: &'static str,
    pub(crate) deck: Deck,
}

/// Checks decks and says what it found; the exit code is 1 where something is wrong.
///
/// # Errors
/// There is no such deck, or something outside of the decks cannot be read.
pub fn run(root: &Path, selection: Selection<'_>) -> Result<ExitCode> {
    Ok(look(root, selection)?.end())
}

/// Checks decks; what it found can be read or said.
///
/// # Errors
/// As of [`run`].
pub fn look(root: &Path, selection: Selection<'_>) -> Result<Report> {
    let mut report = Report::default();
    let (decks, faults) = read(root, selection)?;
    report.wrong(faults);
    report.wrong(statics_of(root, selection, &decks)?);
    let stage = Stage::of(root);
    let outcomes = live(&stage, &decks, &mut report);
    drawn_of(&stage, &decks, &outcomes, &mut report)?;
    Ok(report)
}

/// The decks that are selected, and what is wrong with those that cannot be read.
///
/// # Errors
/// There is none.
pub(crate) fn read(root: &Path, selection: Selection<'_>) -> Result<(Vec<Named>, Vec<Fault>)> {
    let (mut decks, mut faults) = (Vec::new(), Vec::new());
    let known = names(root)?;
    let wanted = |it: &str, only: Option<&str>| only.is_none_or(|only| only == it);
    for name in known.iter().filter(|name| wanted(name, selection.deck)) {
        for language in LANGUAGES
            .into_iter()
            .filter(|it| wanted(it, selection.language))
        {
            match Deck::read(root, name, language) {
                Ok(deck) => decks.push(Named {
                    name: name.clone(),
                    language,
                    deck,
                }),
                Err(error) => faults.push(error.into()),
            }
        }
    }
    if decks.is_empty() && faults.is_empty() {
        let (known, languages) = (known.join(", "), LANGUAGES.join(" or "));
        bail!("there is no such deck: choose one of {known}, in {languages}");
    }
    Ok((decks, faults))
}

/// Decks that exist in any language.
fn names(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for language in LANGUAGES {
        let found = Deck::names(root, language);
        names.extend(found.with_context(|| format!("slides/{language} cannot be read"))?);
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// What is wrong with decks that needs nothing run.
///
/// # Errors
/// The list of topics cannot be read.
pub fn statics(root: &Path, selection: Selection<'_>) -> Result<Vec<Fault>> {
    let (decks, mut faults) = read(root, selection)?;
    faults.extend(statics_of(root, selection, &decks)?);
    Ok(faults)
}

fn statics_of(root: &Path, selection: Selection<'_>, decks: &[Named]) -> Result<Vec<Fault>> {
    let topics = Topics::read(root);
    let topics = topics.with_context(|| format!("{} cannot be read", Topics::file().display()))?;
    let mut faults = Vec::new();
    for Named { name, deck, .. } in decks {
        faults.extend(statics::check(root, deck, &topics));
        if name == CLASS {
            faults.extend(topics.check(deck));
        }
    }
    if selection.language.is_none() {
        faults.extend(pairs(decks));
    }
    Ok(faults)
}

/// Decks against the same deck in the first language that has it.
fn pairs(decks: &[Named]) -> Vec<Fault> {
    let mut by_name: BTreeMap<&str, &Deck> = BTreeMap::new();
    let mut faults = Vec::new();
    for Named { name, deck, .. } in decks {
        match by_name.get(&**name) {
            Some(first) => faults.extend(twins::check(first, deck)),
            None => drop(by_name.insert(name, deck)),
        }
    }
    faults
}

/// Runs each demo of these decks once.
fn live(stage: &Stage, decks: &[Named], report: &mut Report) -> BTreeMap<String, Outcome> {
    let mut outcomes = BTreeMap::new();
    let names: Vec<&str> = decks.iter().flat_map(|named| named.deck.demos()).collect();
    for name in names {
        if !outcomes.contains_key(name) {
            report.doing(&format!("live: {name}"));
            let mut outcome = demos::run(stage, name);
            report.wrong(std::mem::take(&mut outcome.faults));
            report.ran(name, &outcome);
            outcomes.insert(name.to_owned(), outcome);
        }
    }
    outcomes
}

fn drawn_of(
    stage: &Stage,
    decks: &[Named],
    outcomes: &BTreeMap<String, Outcome>,
    report: &mut Report,
) -> Result<()> {
    let program = match presenterm::exact(stage) {
        Ok(program) => program,
        Err(error) => {
            report.skipped(&format!("no slide was drawn, since {error}"));
            return Ok(());
        }
    };
    let root = stage.root();
    let outputs = outcomes.iter().map(|(name, it)| (&**name, &*it.output));
    let replay = replay(outputs)?;
    for named in decks {
        let shown = shown::Shown::of(root, named, &program, replay.path(), outcomes)?;
        report.wrong(handout_of(root, &program, named));
        for size in SIZES {
            report.doing(&format!("drawn: {} {} {size}", named.name, named.language));
            match drawn::check(&shown.source(), &named.deck, &shown.whole, size) {
                Ok(drawn) => report.drawn(named, size, drawn),
                Err(error) => report.wrong([Fault::new(&named.deck.file, 1, told(error))]),
            }
        }
    }
    Ok(())
}

/// A handout is committed: it must be what the deck, its tapes and its code give today.
fn handout_of(root: &Path, program: &Path, named: &Named) -> Option<Fault> {
    let file = handout::file(&named.name, named.language);
    // What keeps a deck from being drawn is told by others.
    let today = handout::page(root, program, named).ok()?;
    let kept = fs::read_to_string(root.join(&file)).unwrap_or_default();
    let what = "this is not the deck of today: trivium talk --handout writes it anew";
    (kept != today).then(|| Fault::new(&file, 1, what))
}

/// Whether what is missing on this machine is a failure, as it is in CI.
fn peers_are_required() -> bool {
    env::var_os("REQUIRE_PEERS").is_some_and(|value| value == "1")
}
