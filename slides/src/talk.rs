//! The command: `trivium talk`.

use std::env;
use std::io::{self, IsTerminal as _, Write as _, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::check::{self, Selection};
use crate::deck::{Deck, LANGUAGES};
use crate::rows::{fitted, harmless};
use crate::stage::Stage;
use crate::{console, handout, play, record};

use give::Talk;

mod give;

/// The deck where none is named.
const DECK: &str = "what-is-rpc";

/// What `talk` is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:\n  \
    trivium talk\n      gives the class What is RPC\n  \
    trivium talk --console\n      in a second terminal: clock, pace, notes, what comes next\n  \
    trivium talk --lang pt-BR --rehearse\n      gives it in Portuguese and keeps the time of each slide\n  \
    trivium talk bytes-on-the-wire\n      gives the short one\n\n\
    In the deck: space goes on, ctrl+e runs the slide's demo, 12G jumps to slide\n\
    12, ? tells all keys, q leaves.\n\n\
    Before that it asks whether to build or install what is missing: there Enter\n\
    alone is a no.")]
pub struct TalkArguments {
    /// The deck: a file of slides/en, without .md [default: what-is-rpc]
    #[arg(value_name = "DECK")]
    pub deck: Option<String>,
    /// The deck's language [default: en]
    #[arg(long, value_name = "LANGUAGE", value_parser = PossibleValuesParser::new(LANGUAGES))]
    pub lang: Option<String>,
    /// Show the presenter's console of the deck that another terminal shows
    #[arg(long, group = "way")]
    pub console: bool,
    /// Keep how long each slide took, beside the deck, when it ends
    #[arg(long, group = "way")]
    pub rehearse: bool,
    /// Look for all that could go wrong with a deck, or with all: runs its demos, draws its slides
    #[arg(long, group = "way")]
    pub check: bool,
    /// Write the decks as pages, with what their demos print: slides/handouts
    #[arg(long, group = "way")]
    pub handout: bool,
    /// Record the tapes of these demos, or of all if none is named, from what they print now
    #[arg(long, value_name = "DEMO", num_args = 0.., group = "way")]
    pub record: Option<Vec<String>>,
    /// Run one demo, or play its tape: what slides/run calls
    #[arg(long, value_name = "DEMO", hide = true)]
    pub play: Option<String>,
}

/// Does what it is told; on a terminal it tells itself what failed, in rows.
///
/// # Errors
/// It is not run in the repository, or what it is told fails.
pub fn run(arguments: &TalkArguments) -> Result<ExitCode> {
    does(arguments).or_else(|error| {
        // Whoever started the program knows of a reader that has gone.
        if !stderr().is_terminal() || is_closed_pipe(&error) {
            return Err(error);
        }
        let told = fitted(&failure(&error), &stderr());
        let (error, why) = told.split_at(FAILURE.len());
        writeln!(anstream::stderr(), "{FAILED}{error}{FAILED:#}{why}")?;
        Ok(ExitCode::FAILURE)
    })
}

const FAILURE: &str = "error:";
const FAILED: Style = AnsiColor::Red.on_default().bold();

fn failure(error: &anyhow::Error) -> String {
    harmless(&format!("{FAILURE} {error:#}"))
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|it| it.downcast_ref());
    causes.any(|cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe)
}

fn does(arguments: &TalkArguments) -> Result<ExitCode> {
    let root = root()?;
    let stage = Stage::of(&root);
    if let Some(name) = &arguments.play {
        play::run(&stage, name)?;
    } else if let Some(names) = &arguments.record {
        return record::run(&stage, names);
    } else if arguments.check {
        return check::run(&root, arguments.selection());
    } else if arguments.handout {
        return handout::run(&root, arguments.selection());
    } else {
        return show(arguments, stage);
    }
    Ok(ExitCode::SUCCESS)
}

impl TalkArguments {
    /// The decks that are meant; all where none is named.
    fn selection(&self) -> Selection<'_> {
        Selection {
            deck: self.deck.as_deref().map(stem),
            language: self.lang.as_deref(),
        }
    }
}

/// A deck, or its console.
fn show(arguments: &TalkArguments, stage: Stage) -> Result<ExitCode> {
    let root = stage.root();
    let language = arguments.lang.as_deref().unwrap_or(LANGUAGES[0]);
    let name = known(root, arguments.deck.as_deref().unwrap_or(DECK), language)?;
    if arguments.console {
        console::run(root, &name, language)?;
        return Ok(ExitCode::SUCCESS);
    }
    let talk = Talk {
        deck: Deck::read(root, &name, language)?,
        stage,
        name,
        language: language.to_owned(),
    };
    talk.give(arguments.rehearse)
}

/// The repository that this is run in.
fn root() -> Result<PathBuf> {
    let here = env::current_dir().context("there is no current folder")?;
    let found = here.ancestors().find(|it| it.join("slides/run").is_file());
    let found =
        found.context("this is not Trivium's repository: talk needs its slides/, so go there")?;
    // presenterm tells of decks by paths without links.
    let real = found.canonicalize();
    real.with_context(|| format!("{} cannot be read", found.display()))
}

/// A deck's name, without the folder and the ending that a shell completed.
fn stem(named: &str) -> &str {
    let name = named.strip_suffix(".md").unwrap_or(named);
    name.rsplit('/').next().unwrap_or(name)
}

/// The name of a deck that there is.
fn known(root: &Path, named: &str, language: &str) -> Result<String> {
    let name = stem(named);
    let names =
        Deck::names(root, language).with_context(|| format!("slides/{language} cannot be read"))?;
    if !names.iter().any(|it| it == name) {
        bail!(
            "there is no deck {named:?} in {language}: choose one of {}",
            names.join(", ")
        );
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn a_deck_is_known_by_its_name_and_by_its_file() {
        for named in ["bytes-on-the-wire", "slides/en/bytes-on-the-wire.md"] {
            assert_eq!(known(&root(), named, "en").unwrap(), "bytes-on-the-wire");
        }
    }

    #[test]
    fn a_failure_tells_its_causes_and_steers_nothing() {
        let closed = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_closed_pipe(&closed));
        let error = anyhow::anyhow!("it is taken\u{1b}").context("no port");
        assert_eq!(failure(&error), "error: no port: it is taken\u{fffd}");
        assert!(!is_closed_pipe(&error));
    }

    #[test]
    fn an_unknown_deck_is_told_which_there_are() {
        let error = known(&root(), "what-is-soap\u{1b}", "en")
            .unwrap_err()
            .to_string();
        assert!(error.contains("what-is-soap\\u{1b}"), "{error}");
        assert!(
            error.contains("choose one of") && error.contains("bytes-on-the-wire"),
            "{error}"
        );
    }
}
