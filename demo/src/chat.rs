//! `chat`: talks to everybody who is at the server, or at one that shares its room.

mod line;
mod look;
mod plain;
mod raw_mode;
pub mod session;
mod talk;
mod terminal;
mod typed;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use services::ClientOptions;

pub use session::{Event, Session};

use crate::call::{given_url, url};
use crate::program::Program;
use plain::Plain;
use talk::Talk;
use terminal::Terminal;

/// What `chat` is told.
#[derive(Debug, Clone, Args)]
pub struct ChatArguments {
    /// Your name, which everybody sees
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub name: String,
    /// The server; several with commas between are tried in turn
    #[arg(long, value_name = "URL,URL", value_delimiter = ',', value_parser = given_url)]
    pub url: Vec<String>,
    /// Begin after the line of that number; 0 is all that the server keeps. Without it only what is
    /// said from now on comes
    #[arg(long, value_name = "NUMBER")]
    pub after: Option<u64>,
}

impl ChatArguments {
    fn urls(&self, program: &Program) -> Vec<String> {
        if self.url.is_empty() {
            return vec![url(program.scheme, program.address)];
        }
        let given = self.url.iter();
        given.map(|given| url(program.scheme, given)).collect()
    }
}

/// Talks until the end of input, `/quit`, or Ctrl-C.
///
/// # Errors
/// Where no server can be reached at the start, an error that cannot get better, own lines that did
/// not come back, and failures of the terminal.
pub async fn run(program: &Program, arguments: &ChatArguments) -> anyhow::Result<ExitCode> {
    let (connect, urls) = (program.connect, arguments.urls(program));
    let servers = urls.len();
    let session = Session::new(&arguments.name, urls, arguments.after, move |url| {
        connect(url, ClientOptions::default())
    });
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        let face = Terminal::open(&arguments.name).context("the terminal cannot be used")?;
        Talk::new(session, servers, face).run().await
    } else {
        Talk::new(session, servers, Plain::new()).run().await
    }
}
