//! `trivium talk`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::check::{self, Selection};
use crate::deck::LANGUAGES;
use crate::stage::Stage;
use crate::{play, record};

/// What `talk` is told.
#[derive(Debug, Clone, Args)]
pub struct TalkArguments {
    /// The deck: a file of slides/en, without .md
    #[arg(value_name = "DECK")]
    pub deck: Option<String>,
    /// The deck's language
    #[arg(long, value_name = "LANGUAGE", value_parser = PossibleValuesParser::new(LANGUAGES))]
    pub lang: Option<String>,
    /// Look for all that could go wrong with a deck, or with all: runs its demos, draws its slides
    #[arg(long)]
    pub check: bool,
    /// Record the tapes of these demos, or of all if none is named, from what they print now
    #[arg(long, value_name = "DEMO", num_args = 0..)]
    pub record: Option<Vec<String>>,
    /// Run one demo, or play its tape: what slides/run calls
    #[arg(long, value_name = "DEMO", hide = true)]
    pub play: Option<String>,
}

/// Does what it is told.
///
/// # Errors
/// It is not run in the repository, or what it is told fails.
pub fn run(arguments: &TalkArguments) -> Result<ExitCode> {
    let root = root()?;
    let stage = Stage::of(&root);
    if let Some(name) = &arguments.play {
        play::run(&stage, name)?;
    } else if let Some(names) = &arguments.record {
        return record::run(&stage, names);
    } else if arguments.check {
        return check::run(&root, arguments.selection());
    }
    Ok(ExitCode::SUCCESS)
}

impl TalkArguments {
    /// The decks that are meant; all where none is named.
    fn selection(&self) -> Selection<'_> {
        Selection {
            deck: self.deck.as_deref(),
            language: self.lang.as_deref(),
        }
    }
}

/// The repository that this is run in.
fn root() -> Result<PathBuf> {
    let here = env::current_dir().context("there is no current folder")?;
    let found = here.ancestors().find(|it| it.join("slides/run").is_file());
    let found =
        found.context("this is not Trivium's repository: talk needs its slides/, so go there")?;
    Ok(found.to_owned())
}
